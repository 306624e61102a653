"""机构变更: one row per dated change of an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from jineng.engines.exchange import Column, Kind, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange.exporting import change_rows
from jineng.registry.exchange.latest import refresh_many
from jineng.registry.exchange.organisations import KINDS
from jineng.registry.exchange.resolving import resolve_column
from jineng.registry.kinds import Change
from jineng.registry.models import Division, OrganisationState

CHANGES = {str(label): value for value, label in Change.choices if value != Change.ENTERED}


class ChangeLanding(Landing):
    """机构变更: one row per dated change."""

    room: ClassVar[str] = "registry"
    right: ClassVar[Right] = Right.EDIT_REGISTRY
    sheet: ClassVar[Sheet] = Sheet(
        "organisation_changes",
        "机构变更",
        (
            Column("code", "机构代码", Kind.CODE, required=True, refers_to="organisation"),
            Column("change", "变更", Kind.CHOICE, required=True, choices=CHANGES),
            Column("since", "变更日期", Kind.DATE, required=True),
            Column("name", "变更后名称", Kind.TEXT, max_length=100),
            Column("kind", "变更后类别", Kind.CHOICE, choices=KINDS),
            Column("division_code", "变更后区划代码", Kind.CODE, length=6),
            Column("authority_code", "变更后主管单位代码", Kind.CODE, refers_to="organisation"),
            Column(
                "related_code",
                "相关机构代码",
                Kind.CODE,
                refers_to="organisation",
                help="并入哪个机构，或由哪个机构设立。",
            ),
            Column("document", "依据文号", Kind.TEXT, max_length=100),
        ),
        key=("code", "change", "since"),
        note="空白的“变更后”栏表示不变。",
    )
    spec = Merge(
        OrganisationState,
        (
            Field("organisation_id", key=True),
            Field("since", key=True),
            Field("change", key=True),
            Field("name"),
            Field("kind"),
            Field("division_code"),
            Field("authority_id"),
            Field("related_id"),
            Field("closed"),
            Field("document"),
        ),
        (
            "code",
            "since",
            "change",
            "name",
            "kind",
            "division_code",
            "authority_code",
            "related_code",
            "change",
            "document",
        ),
    )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """What happened to organisations of the scope in ``year``."""
        return change_rows(actor, year)

    def land(self, table: Table, hall: Hall) -> None:
        """Fill in what a row leaves blank from the state that held before it, in order of date."""
        column = table.columns
        subjects = resolve_column(hall, table, "code")
        authorities = resolve_column(hall, table, "authority_code")
        related = resolve_column(hall, table, "related_code", must_be_in_scope=False)
        divisions = set(Division.objects.values_list("code", flat=True))
        for index, division in enumerate(column["division_code"]):
            if division and division not in divisions:
                hall.unknown(table, index, "division_code", "区划", "division")
        good = sorted(hall.good(table), key=lambda index: (column["since"][index], index))
        before = _states([known.id for index in good if (known := subjects[index])])
        rows = []
        for index in good:
            subject = subjects[index]
            assert subject is not None
            change, since = column["change"][index], column["since"][index]
            history = before.setdefault(subject.id, [])
            last = next((item for item in reversed(history) if item[0] <= since and item[::5] != (since, change)), None)
            name, kind, division, authority = last[1:5] if last else ("", "", "", None)
            authority_known = authorities[index]
            related_known = related[index]
            values = (
                since,
                column["name"][index] or name,
                column["kind"][index] or kind,
                column["division_code"][index] or division,
                authority_known.id if authority_known else authority,
                change,
            )
            history[:] = sorted(
                [*(item for item in history if item[::5] != (since, change)), values], key=lambda item: item[0]
            )
            rows.append(
                (
                    subject.id,
                    since,
                    change,
                    *values[1:5],
                    related_known.id if related_known else None,
                    change in (Change.MERGED, Change.CLOSED),
                    column["document"][index] or "",
                )
            )
        hall.merge(table, self.spec, good, rows)
        refresh_many([subject.id for index in good if (subject := subjects[index])])


State = tuple[date, str, str, str, UUID | None, str]


def _states(ids: Sequence[UUID]) -> dict[UUID, list[State]]:
    states: dict[UUID, list[State]] = {}
    for row in (
        OrganisationState.objects.filter(STANDS, organisation__in=ids)
        .order_by("since", "recorded_at")
        .values_list("organisation_id", "since", "name", "kind", "division_id", "authority_id", "change")
    ):
        states.setdefault(row[0], []).append(row[1:])
    return states

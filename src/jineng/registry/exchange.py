"""The registry's sheets of the return: organisations, their changes, posts are not returned (they are appointed)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import connection

from jineng.engines.exchange import Column, ErrorCode, Kind, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge, register
from jineng.kernel.rights import Right
from jineng.registry.installation import BEGINNING
from jineng.registry.kinds import Change, CodeScheme, Nature, OrganisationKind
from jineng.registry.models import Division, Organisation, OrganisationState
from jineng.registry.rules import code_fault
from jineng.registry.scope import reach

KINDS = {str(label): value for value, label in OrganisationKind.choices}
CHANGES = {str(label): value for value, label in Change.choices if value != Change.ENTERED}
NATURES = {str(label): value for value, label in Nature.choices}
SCHEMES = {str(label): value for value, label in CodeScheme.choices}


@dataclass(frozen=True)
class Known:
    """What a code stands for: the organisation's id, kind, and whether it lies in the importer's scope."""

    id: UUID
    kind: str
    in_scope: bool


def resolve_organisations(actor: Actor, codes: Iterable[str]) -> dict[str, Known]:
    """Organisations by code, also those out of scope, in two queries whatever the number of codes.

    Whoever knows a code may name its organisation; what may be done with it is decided by ``in_scope``.
    """
    wanted = sorted({code for code in codes if code})
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id, kind FROM registry_organisations_by_code(%s)", [wanted])
        rows = cursor.fetchall()
    mine = None if actor.sees_all else set(reach(actor))
    return {code: Known(pk, kind, mine is None or pk in mine) for code, pk, kind in rows}


def resolve_column(hall: Hall, table: Table, column: str, *, must_be_in_scope: bool = True) -> list[Known | None]:
    """The organisations named by ``column``, row by row; what is unknown or out of scope is refused there."""
    codes = table.columns[column]
    known = resolve_organisations(hall.actor, set(codes))
    result: list[Known | None] = []
    for index, code in enumerate(codes):
        found = known.get(code) if code else None
        if code and found is None:
            hall.unknown(table, index, column, "机构", "organisation")
        elif found is not None and must_be_in_scope and not found.in_scope:
            hall.out_of_scope(table, index, column)
            found = None
        result.append(found)
    return result


class OrganisationLanding(Landing):
    """机构: one row per organisation as it first entered the books."""

    room: ClassVar[str] = "registry"
    right: ClassVar[Right] = Right.EDIT_REGISTRY
    sheet: ClassVar[Sheet] = Sheet(
        "organisations",
        "机构",
        (
            Column("code", "机构代码", Kind.CODE, required=True, max_length=18),
            Column("code_scheme", "代码体系", Kind.CHOICE, required=True, choices=SCHEMES),
            Column("credit_code", "统一社会信用代码", Kind.CREDIT_CODE),
            Column("name", "名称", Kind.TEXT, required=True, max_length=100),
            Column("kind", "类别", Kind.CHOICE, required=True, choices=KINDS),
            Column("division_code", "所在区划代码", Kind.CODE, required=True, refers_to="division", length=6),
            Column(
                "authority_code",
                "主管单位代码",
                Kind.CODE,
                refers_to="organisation",
                help="国家部委不填。 Blank for national ministries.",
            ),
            Column("nature", "举办性质", Kind.CHOICE, choices=NATURES),
            Column(
                "since",
                "设立日期",
                Kind.DATE,
                help="不填表示系统启用前已存在。 Blank: existed before the records begin.",
            ),
            Column("document", "依据文号", Kind.TEXT, max_length=100),
            Column("is_synthetic", "示例数据", Kind.BOOLEAN, help="虚构的机构填“是”。 Yes for an invented one."),
        ),
        key=("code",),
        note="每行一个机构，填写其最初状态；此后的变化填“机构变更”。",
    )
    spec = Merge(
        Organisation,
        (
            Field("code", key=True),
            Field("code_scheme"),
            Field("credit_code"),
            Field("nature"),
            Field("is_synthetic"),
            Field("name", first=True),
            Field("kind", first=True),
            Field("division_id", first=True),
            Field("authority_id", first=True),
        ),
        (
            "code",
            "code_scheme",
            "credit_code",
            "nature",
            "is_synthetic",
            "name",
            "kind",
            "division_code",
            "authority_code",
        ),
    )
    first_state = Merge(
        OrganisationState,
        (
            Field("organisation_id", key=True),
            Field("since", key=True),
            Field("change", key=True),
            Field("name"),
            Field("kind"),
            Field("division_code"),
            Field("authority_id"),
            Field("closed"),
            Field("document"),
        ),
        ("code", "since", "since", "name", "kind", "division_code", "authority_code", "code", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Authorities first: organisations land level by level along the sheet's own tree."""
        self._check(table, hall)
        waiting = set(hall.good(table))
        codes, above = table.columns["code"], table.columns["authority_code"]
        inside = {codes[index] for index in waiting}
        while waiting:
            ready = [index for index in sorted(waiting) if above[index] not in inside]
            if not ready:
                for index in sorted(waiting):
                    self._refuse_circle(table, hall, index)
                return
            self._land_level(table, hall, ready)
            waiting -= set(ready)
            inside -= {codes[index] for index in ready}

    def _check(self, table: Table, hall: Hall) -> None:
        divisions = set(Division.objects.values_list("code", flat=True))
        for index, (code, scheme, division) in enumerate(
            zip(table.columns["code"], table.columns["code_scheme"], table.columns["division_code"], strict=True)
        ):
            if division not in divisions:
                hall.unknown(table, index, "division_code", "区划", "division")
            fault = code_fault(code, scheme)
            if fault:
                hall.refuse(table, index, "code", ErrorCode.BAD_CODE, *fault)

    @staticmethod
    def _refuse_circle(table: Table, hall: Hall, index: int) -> None:
        hall.refuse(
            table,
            index,
            "authority_code",
            ErrorCode.UNKNOWN_REFERENCE,
            "主管单位形成循环。",
            "The authorities form a circle.",
            "请检查各行的主管单位代码。",
            "Check the authority codes of these rows.",
        )

    def _land_level(self, table: Table, hall: Hall, indices: list[int]) -> None:
        column = table.columns
        authorities = resolve_organisations(hall.actor, {column["authority_code"][index] for index in indices})
        good = []
        for index in indices:
            authority = authorities.get(column["authority_code"][index])
            if not column["authority_code"][index] and _may_stand_alone(hall.actor, column["kind"][index]):
                good.append(index)
            elif authority is None:
                hall.unknown(table, index, "authority_code", "机构", "organisation")
            elif not authority.in_scope:
                hall.out_of_scope(table, index, "authority_code")
            else:
                good.append(index)
        hall.merge(
            table,
            self.spec,
            good,
            [
                (
                    column["code"][index],
                    column["code_scheme"][index],
                    column["credit_code"][index] or "",
                    column["nature"][index] or Nature.PUBLIC,
                    bool(column["is_synthetic"][index]),
                    column["name"][index],
                    column["kind"][index],
                    column["division_code"][index],
                    _id_of(authorities, column["authority_code"][index]),
                )
                for index in good
            ],
        )
        ids = resolve_organisations(hall.actor, {column["code"][index] for index in good})
        hall.merge(
            table,
            self.first_state,
            good,
            [
                (
                    ids[column["code"][index]].id,
                    column["since"][index] or BEGINNING,
                    Change.FOUNDED if column["since"][index] else Change.ENTERED,
                    column["name"][index],
                    column["kind"][index],
                    column["division_code"][index],
                    _id_of(authorities, column["authority_code"][index]),
                    False,
                    column["document"][index] or "",
                )
                for index in good
            ],
        )
        refresh_many([known.id for known in ids.values()])


def _may_stand_alone(actor: Actor, kind: str) -> bool:
    """National ministries answer to nobody in the province; only the root may enter them."""
    return actor.sees_all and kind == OrganisationKind.GOVERNMENT_DEPARTMENT


def _id_of(known: dict[str, Known], code: str | None) -> UUID | None:
    found = known.get(code) if code else None
    return found.id if found else None


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


def refresh_many(ids: Sequence[UUID]) -> None:
    """Make organisations' own columns say what their latest standing states say, in one statement."""
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE registry_organisation AS o SET name = s.name, kind = s.kind, division_id = s.division_code,
              authority_id = s.authority_id, closed_on = CASE WHEN s.closed THEN s.since END
            FROM (SELECT DISTINCT ON (organisation_id) * FROM registry_organisationstate
                  WHERE voided_at IS NULL AND organisation_id = ANY(%s)
                  ORDER BY organisation_id, since DESC, recorded_at DESC, id DESC) AS s
            WHERE o.id = s.organisation_id AND (o.name, o.kind, o.division_id, o.authority_id, o.closed_on)
              IS DISTINCT FROM (s.name, s.kind, s.division_code, s.authority_id, CASE WHEN s.closed THEN s.since END)
            """,
            [list(ids)],
        )


register(100, OrganisationLanding())
register(110, ChangeLanding())

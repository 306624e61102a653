"""机构: one row per organisation as it first entered the books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from jineng.engines.exchange import Column, ErrorCode, Kind, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange.exporting import organisation_rows
from jineng.registry.exchange.latest import refresh_many
from jineng.registry.exchange.resolving import Known, resolve_organisations
from jineng.registry.installation import BEGINNING
from jineng.registry.kinds import Change, CodeScheme, Nature, OrganisationKind
from jineng.registry.models import Division, Organisation, OrganisationState
from jineng.registry.rules import code_fault

KINDS = {str(label): value for value, label in OrganisationKind.choices}
NATURES = {str(label): value for value, label in Nature.choices}
SCHEMES = {str(label): value for value, label in CodeScheme.choices}


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

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Organisations of the scope that were in being in ``year``, as they first entered the books."""
        return organisation_rows(actor, year)

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

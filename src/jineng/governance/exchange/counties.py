"""一县一校一中心 and 应统筹部门: how the state of counties, and what it is held against, come in and go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q

from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.governance.exchange import sheets
from jineng.governance.exchange.refusing import bad_order
from jineng.governance.exchange.striking import land_voids, need_reasons, standing_rows
from jineng.governance.kinds import CountyItem
from jineng.governance.models import CountyFact, PooledDepartment
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import Known, resolve_column
from jineng.registry.kinds import AUTHORITY_KINDS
from jineng.registry.models import Organisation
from jineng.registry.scope import visible

NEEDS = {
    CountyItem.SCHOOL: "org_code",
    CountyItem.CENTRE: "org_code",
    CountyItem.DIRECTOR: "post_title",
    CountyItem.DEPARTMENT: "department",
}
"""The cell that each kind of fact fills; the others of these stay blank."""


class CountyLanding(Landing):
    """一县一校一中心: one row per fact of a county."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.COUNTIES
    spec = Merge(
        CountyFact,
        (
            Field("division_id", key=True),
            Field("item", key=True),
            Field("department", key=True),
            Field("since", key=True),
            Field("office_id"),
            Field("organisation_id"),
            Field("post_title"),
            Field("until"),
            Field("document"),
        ),
        (
            "office_code",
            "item",
            "department",
            "since",
            "office_code",
            "org_code",
            "post_title",
            "until",
            "document",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """A fact lands where the county's education department lies in the importer's scope."""
        offices = resolve_column(hall, table, "office_code")
        bodies = resolve_column(hall, table, "org_code", must_be_in_scope=False)
        self._check_offices(hall, table, offices)
        self._check_cells(hall, table)
        bad_order(hall, table, "until", "since")
        need_reasons(hall, table)
        ids = {office.id for office in offices if office is not None}
        places = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "division_id"))
        column = table.columns
        rows = {
            index: (
                places[office.id],
                column["item"][index],
                column["department"][index] or "",
                column["since"][index],
                office.id,
                body.id if (body := bodies[index]) is not None else None,
                column["post_title"][index] or "",
                column["until"][index],
                column["document"][index] or "",
            )
            for index, office in enumerate(offices)
            if office is not None
        }
        good = standing_rows(hall, table)
        hall.merge(table, self.spec, good, [rows[index] for index in good])
        land_voids(hall, table, self.spec, rows)

    @staticmethod
    def _check_offices(hall: Hall, table: Table, offices: Sequence[Known | None]) -> None:
        for index, office in enumerate(offices):
            if office is not None and office.kind not in AUTHORITY_KINDS:
                hall.unknown(table, index, "office_code", "教育行政部门", "education department")

    @staticmethod
    def _check_cells(hall: Hall, table: Table) -> None:
        for index, item in enumerate(table.columns["item"]):
            if item is None:
                continue
            needed = NEEDS[CountyItem(item)]
            for name in sorted(set(NEEDS.values())):
                filled = table.columns[name][index] is not None
                if filled != (name == needed):
                    heading = table.sheet.by_name[name].heading
                    hall.refuse(
                        table,
                        index,
                        name,
                        ErrorCode.CONFLICT if filled else ErrorCode.REQUIRED,
                        f"{CountyItem(item).label}{'不填' if filled else '须填'}{heading}。",
                        "This cell stays blank here." if filled else "This cell is needed here.",
                        "请删去。" if filled else "请填写。",
                        "Clear it." if filled else "Fill it in.",
                    )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Facts that held on a day of ``year``."""
        for row in (
            visible(actor, CountyFact)
            .filter(STANDS, since__lte=date(year, 12, 31))
            .filter(Q(until__isnull=True) | Q(until__gte=date(year, 1, 1)))
            .order_by("division", "item", "department", "since")
            .values_list(
                "office__code",
                "item",
                "department",
                "since",
                "until",
                "organisation__code",
                "post_title",
                "document",
            )
            .iterator(5000)
        ):
            yield *(cell if cell != "" else None for cell in row), None, None


class PooledLanding(Landing):
    """应统筹部门: which departments' training a county centre has to pool; the province's to say."""

    room: ClassVar[str] = "governance"
    right: ClassVar[Right] = Right.EDIT_GOVERNANCE
    sheet: ClassVar[Sheet] = sheets.POOLED
    spec = Merge(
        PooledDepartment,
        (Field("department", key=True), Field("since", key=True), Field("until"), Field("document")),
        ("department", "since", "until", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Only the province says what has to be pooled."""
        if not hall.actor.sees_all:
            for index in range(len(table)):
                hall.out_of_scope(table, index, "department")
        bad_order(hall, table, "until", "since")
        column = table.columns
        good = hall.good(table)
        hall.merge(
            table,
            self.spec,
            good,
            [tuple(column[name][index] for name in ("department", "since", "until", "document")) for index in good],
        )

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """What had to be pooled on a day of ``year``."""
        return (
            visible(actor, PooledDepartment)
            .filter(STANDS, since__lte=date(year, 12, 31))
            .filter(Q(until__isnull=True) | Q(until__gte=date(year, 1, 1)))
            .order_by("since", "department")
            .values_list("department", "since", "until", "document")
        )

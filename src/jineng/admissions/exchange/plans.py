"""招生计划: one row per plan, filed by the institution or by an authority of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import IntegrityError

from jineng.admissions.exchange import sheets
from jineng.admissions.exchange.breaking import broken, merge_within_caps
from jineng.admissions.exchange.keys import PLAN_FIELDS, PlanKey, known_plans, plan_key, resolve_seasons
from jineng.admissions.exchange.refusing import refuse, refuse_text
from jineng.admissions.exchange.voids import land_voids, need_reasons
from jineng.admissions.models import Plan
from jineng.admissions.programmes import programmes
from jineng.admissions.rules import plan_faults
from jineng.engines.exchange import ErrorCode, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Landing, Merge
from jineng.kernel.rights import Right
from jineng.registry.exchange import resolve_column
from jineng.registry.models import Division
from jineng.registry.scope import visible

DAYS = ("filed_on", "accepted_on", "withdrawn_on")
FACTS = ("programme_name", "level", "major_id", "group_code", "seats", *DAYS, "document")
NO_PROGRAMME = (
    "不是专业目录中的代码。",
    "No catalogue holds this code.",
    "职业教育专业填目录中的6位代码，普通本科专业填如 080901。",
    "Use the six digits of the catalogue, or a code like 080901 for an ordinary bachelor's major.",
)
NO_NAME = (
    "普通本科专业须填专业名称。",
    "An ordinary bachelor's major needs its name.",
    "请填写专业名称。",
    "Fill in the name.",
)
HELD = (
    "已确认的考生多于调整后的计划。",
    "More seats are confirmed than the plan would keep.",
    "请核对计划数；撤回计划前须先终止录取。",
    "Check the seats; end the admissions before the plan is withdrawn.",
)


class PlanLanding(Landing):
    """Brings the sheet 招生计划 into the register."""

    room: ClassVar[str] = "admissions"
    right: ClassVar[Right] = Right.EDIT_ADMISSIONS
    sheet: ClassVar[Sheet] = sheets.PLANS
    spec = Merge(
        Plan,
        (*(Field(name, key=True) for name in PLAN_FIELDS), *map(Field, FACTS)),
        (
            "season_code",
            *sheets.PLAN_NAMES,
            "programme_name",
            "programme_code",
            "programme_code",
            "group_code",
            "seats",
            *DAYS,
            "document",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Resolve, judge by the rules, merge under the caps. A blank day of acceptance keeps the one on record."""
        need_reasons(hall, table)
        rows = self._resolved(table, hall)
        good = [index for index in hall.good(table) if index in rows]
        voided = table.columns["voided"]
        land_voids(hall, table, self.spec, {index: rows[index] for index in good if voided[index]})
        sound = [(index, rows[index]) for index in hall.good(table) if index in rows and not voided[index]]
        try:
            merge_within_caps(hall, table, self.spec, sound, "seats")
        except IntegrityError as error:
            _tell_holders(hall, table, sound, error)

    def _resolved(self, table: Table, hall: Hall) -> dict[int, tuple[Any, ...]]:
        column = table.columns
        seasons = resolve_seasons(hall, table)
        bodies = resolve_column(hall, table, "org_code")
        known = programmes(set(column["programme_code"]))
        counties = set(column["county_code"]) - {None}
        places = set(Division.objects.filter(code__in=counties, level="county").values_list("code", flat=True))
        keyed: dict[int, PlanKey] = {}
        cells = list(zip(*(column[name] for name in sheets.PLAN_NAMES[1:]), strict=True))
        for index in hall.good(table):
            season, body, programme = seasons[index], bodies[index], known.get(column["programme_code"][index])
            county = column["county_code"][index]
            if programme is None:
                refuse_text(hall, table, index, "programme_code", ErrorCode.UNKNOWN_REFERENCE, NO_PROGRAMME)
            elif not programme.name and not column["programme_name"][index]:
                refuse_text(hall, table, index, "programme_name", ErrorCode.REQUIRED, NO_NAME)
            if county and county not in places:
                hall.unknown(table, index, "county_code", "县区", "county")
            if season is not None and body is not None:
                keyed[index] = plan_key(season.id, body.id, cells[index])
        standing = known_plans(set(keyed.values()), "accepted_on")
        rows = {}
        for index in hall.good(table):
            if index not in keyed:
                continue
            key, programme = keyed[index], known[column["programme_code"][index]]
            filed_on, accepted_on, withdrawn_on = (column[name][index] for name in DAYS)
            if accepted_on is None and key in standing:
                accepted_on = standing[key][1]
            for fault in plan_faults(
                pool=key[5], county_code=key[6], filed_on=filed_on, accepted_on=accepted_on, withdrawn_on=withdrawn_on
            ):
                refuse(hall, table, index, fault)
            rows[index] = (
                *key,
                column["programme_name"][index] or programme.name,
                programme.level,
                programme.major_id,
                column["group_code"][index] or "",
                column["seats"][index],
                filed_on,
                accepted_on,
                withdrawn_on,
                column["document"][index] or "",
            )
        return rows

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Plans of the seasons of ``year`` in the actor's scope."""
        rows = visible(actor, Plan).filter(STANDS, season__year=year, season__voided_at__isnull=True)
        return (
            (*row[:6], row[6] or None, *row[7:], None, None)
            for row in rows.order_by("season__code", "organisation__code", *PLAN_FIELDS[2:])
            .values_list(
                "season__code",
                "organisation__code",
                "programme_code",
                "joint_college",
                "channel",
                "pool",
                "county_code",
                "programme_name",
                "group_code",
                "seats",
                *DAYS,
                "document",
            )
            .iterator(5000)
        )


def _tell_holders(hall: Hall, table: Table, rows: Sequence[tuple[int, tuple[Any, ...]]], error: IntegrityError) -> None:
    """Refuse the rows of plans that would keep fewer seats than are confirmed; raise any other error again."""
    name, plans = broken(error)
    if name != "holders_within_seats":
        raise error
    narrowed = {plan["plan"] for plan in plans}
    standing = known_plans({row[:7] for _, row in rows})
    for index, row in rows:
        if row[:7] in standing and str(standing[row[:7]][0]) in narrowed:
            refuse_text(hall, table, index, "seats", ErrorCode.OUT_OF_RANGE, HELD)

"""The figures that this room answers for.

What is counted is the pair of a college and a major (专业点), whatever the durations. A college counts by the kind
that it was on the day in question, so a college that becomes a university takes its pairs out of the stock without
any having been revoked.
"""

from __future__ import annotations

from typing import Any

import ibis

from jineng.engines.measures import (
    ORGANISATION_STATE,
    Dimension,
    Distinct,
    Over,
    Period,
    Sources,
    SourceTable,
    as_of,
    as_records,
    indicator,
)
from jineng.kernel import measures
from jineng.majors.kinds import MajorLevel
from jineng.majors.rules import law_on
from jineng.registry.kinds import HIGHER_VOCATIONAL_KINDS, VOCATIONAL_KINDS, OrganisationKind

OFFERING = SourceTable(
    "majors_majoroffering",
    {
        "id": "uuid",
        "organisation_id": "uuid",
        "major_id": "uuid",
        "duration_years": "decimal(3, 1)",
        "opened_on": "date",
        "revoked_on": "date",
        "voided_at": "timestamp('UTC')",
    },
)
MAJOR = SourceTable(
    "majors_major",
    {"id": "uuid", "category_id": "uuid", "code": "string", "name": "string", "level": "string"},
)
CATEGORY = SourceTable("majors_category", {"id": "uuid", "number": "int16", "name": "string"})

RECORD_TYPE = "major_offering"
CATEGORIES = Dimension("category", "专业大类", "category")
KINDS = Dimension("college_kind", "办学机构类别", "kind of college", dict(OrganisationKind.choices))
LEVELS = Dimension("level", "层次", "level", dict(MajorLevel.choices))
_HIGHER: dict[str, Any] = {"room": "majors", "record_type": RECORD_TYPE, "dimensions": (CATEGORIES, KINDS)}
PAIR = ("organisation_id", "code")
DAY = ibis.interval(days=1)
FOREVER = ibis.date(9999, 12, 31)
"""The revocation of what is not revoked, so that it compares as later than any."""
_SHARED = "同一专业可由多所学校开设，各部分之和大于或等于总数。"
_SHARED_EN = "Several colleges may run the same major, so the parts may sum to more than the whole."


def declare() -> None:
    """Declare the room's sources and add its figures to the house's catalogue."""
    for table in (OFFERING, MAJOR, CATEGORY):
        measures.sources.declare(table)
    for figure in FIGURES:
        measures.indicators.add(figure)


@indicator(
    key="major_categories",
    label="高职专业覆盖大类数",
    label_en="categories covered by higher vocational majors",
    unit="个",
    over=Over.STOCK,
    aggregate=Distinct(),
    reason="同一大类可由多所学校覆盖，各部分之和大于或等于总数。",
    reason_en="Several colleges may cover the same category, so the parts may sum to more than the whole.",
    **_HIGHER,
)
def major_categories(sources: Sources, period: Period) -> ibis.Table:
    """期末高等职业院校在开设的专科层次专业所属的专业大类，同一大类计一次；目录共设19个大类。"""
    stock = _stock(sources, period)
    return _records(stock, stock.opened_on, stock.number.cast("string"))


@indicator(
    key="majors",
    label="高职开设专业数",
    label_en="majors run by higher vocational colleges",
    unit="个",
    over=Over.STOCK,
    aggregate=Distinct(),
    reason=_SHARED,
    reason_en=_SHARED_EN,
    **_HIGHER,
)
def majors(sources: Sources, period: Period) -> ibis.Table:
    """期末高等职业院校在开设的专科层次专业，按目录代码计，多校开设的同一专业计一次。"""
    stock = _stock(sources, period)
    return _records(stock, stock.opened_on, stock.code)


@indicator(
    key="major_offerings",
    label="高职专业点数",
    label_en="offerings of higher vocational colleges",
    unit="个",
    over=Over.STOCK,
    aggregate=Distinct(),
    additive=True,
    **_HIGHER,
)
def major_offerings(sources: Sources, period: Period) -> ibis.Table:
    """期末在办的高职专业点：高等职业院校（高职、高专、职业本科学校）开设的专科层次专业，一校一专业计一个，
    不论设几种修业年限。院校类别以期末为准；期末当日撤销的不计，作废的记录从不计入，已终止的院校不计。"""
    stock = _stock(sources, period)
    return _records(stock, stock.opened_on, _pair(stock))


@indicator(
    key="major_offerings_added",
    label="新增高职专业点数",
    label_en="offerings added by higher vocational colleges",
    unit="个",
    over=Over.FLOW,
    aggregate=Distinct(),
    additive=True,
    **_HIGHER,
)
def major_offerings_added(sources: Sources, period: Period) -> ibis.Table:
    """期内新增的高职专业点：该校该专业在期内开设，且开设前一日没有以任何修业年限在办。
    院校类别以开设当日为准；给在办专业添设另一种修业年限不算新增，停办后重新开设算新增。"""
    added = _added(sources, period)
    added = added.filter(added.level == MajorLevel.HIGHER.value, added.kind.isin(_values(HIGHER_VOCATIONAL_KINDS)))
    return _records(added, added.opened_on, _pair(added))


@indicator(
    key="major_offerings_revoked",
    label="撤销高职专业点数",
    label_en="offerings revoked by higher vocational colleges",
    unit="个",
    over=Over.FLOW,
    aggregate=Distinct(),
    additive=True,
    **_HIGHER,
)
def major_offerings_revoked(sources: Sources, period: Period) -> ibis.Table:
    """期内撤销的高职专业点：该校该专业在期内撤销，且撤销当日不再以任何修业年限在办。
    院校类别以撤销前一日（最后在办之日）为准；只撤销几种修业年限之一不算撤销。"""
    gone = _ended(sources, period)
    gone = gone.filter(gone.level == MajorLevel.HIGHER.value, gone.kind.isin(_values(HIGHER_VOCATIONAL_KINDS)))
    return _records(gone, gone.revoked_on, _pair(gone))


@indicator(
    key="rural_major_offerings_added",
    label="新增涉农相关专业点数",
    label_en="offerings added in categories that serve the countryside",
    unit="个",
    over=Over.FLOW,
    aggregate=Distinct(),
    additive=True,
    room="majors",
    record_type=RECORD_TYPE,
    dimensions=(CATEGORIES, KINDS, LEVELS),
)
def rural_major_offerings_added(sources: Sources, period: Period) -> ibis.Table:
    """期内各级职业院校在农林牧渔、食品药品与粮食、旅游三个大类新增的专业点，中职、专科、本科层次都算，
    一校一专业计一个；新增的口径与“新增高职专业点数”相同，但范围更宽，不必包含在其中。"""
    added = _added(sources, period)
    rural = sorted(law_on(period.end).rural)
    added = added.filter(added.number.isin(rural), added.kind.isin(_values(VOCATIONAL_KINDS)))
    return _records(added, added.opened_on, _pair(added), level=added.level)


FIGURES = (
    major_categories,
    majors,
    major_offerings,
    major_offerings_added,
    major_offerings_revoked,
    rural_major_offerings_added,
)


def _values(kinds: tuple[OrganisationKind, ...]) -> list[str]:
    return [kind.value for kind in kinds]


def _offerings(sources: Sources) -> ibis.Table:
    """Standing offerings with code, name, level of their major and number and name of its category."""
    offering = sources.table(OFFERING.name)
    major = sources.table(MAJOR.name).rename(of_major="id")
    category = sources.table(CATEGORY.name).rename(of_category="id", category_name="name")
    standing = offering.filter(offering.voided_at.isnull())
    named = standing.join(major, standing.major_id == major.of_major)
    return named.join(category, named.category_id == category.of_category).select(
        "id", "organisation_id", "opened_on", "revoked_on", "code", "name", "level", "number", "category_name"
    )


def _stock(sources: Sources, period: Period) -> ibis.Table:
    """Offerings of the higher level in being on the last day, at colleges that are such on that day."""
    offering = _offerings(sources)
    standing = offering.filter(
        offering.level == MajorLevel.HIGHER.value, period.stands(offering.opened_on, offering.revoked_on)
    )
    college = as_of(sources, period.last_day)
    college = college.filter(~college.closed, college.kind.isin(_values(HIGHER_VOCATIONAL_KINDS)))
    college = college.select(of_organisation="organisation_id", kind="kind")
    return standing.join(college, standing.organisation_id == college.of_organisation)


def _added(sources: Sources, period: Period) -> ibis.Table:
    """Offerings opened in the period whose pair was not in being the day before, with the kind on that day."""
    offering = _offerings(sources)
    before = ibis.range_window(group_by=PAIR, order_by="opened_on", preceding=(None, DAY))
    begun = offering.mutate(held_until=offering.revoked_on.fill_null(FOREVER).max().over(before))
    begun = begun.filter(
        period.holds(begun.opened_on), begun.held_until.isnull() | (begun.held_until < begun.opened_on)
    )
    return _with_kind(sources, begun.mutate(judged_on=begun.opened_on))


def _ended(sources: Sources, period: Period) -> ibis.Table:
    """Offerings revoked in the period whose pair was not in being that day, with the kind on the day before."""
    offering = _offerings(sources)
    offering = offering.mutate(until=offering.revoked_on.fill_null(FOREVER))
    after = ibis.range_window(group_by=PAIR, order_by="until", following=(DAY, None))
    ended = offering.mutate(held_from=offering.opened_on.min().over(after))
    ended = ended.filter(
        period.holds(ended.revoked_on), ended.held_from.isnull() | (ended.held_from > ended.revoked_on)
    )
    return _with_kind(sources, ended.mutate(judged_on=(ended.revoked_on - DAY).cast("date")))


def _with_kind(sources: Sources, events: ibis.Table) -> ibis.Table:
    """``events`` and the kind of their organisation on the day ``judged_on``."""
    states = sources.table(ORGANISATION_STATE.name)
    states = states.filter(~states.voided).select(
        "since", "recorded_at", "kind", state_id="id", of_organisation="organisation_id"
    )
    dated = events.join(states, [events.organisation_id == states.of_organisation, states.since <= events.judged_on])
    ranked = dated.mutate(
        rank=ibis.row_number().over(
            group_by=dated.id, order_by=[dated.since.desc(), dated.recorded_at.desc(), dated.state_id.desc()]
        )
    )
    return ranked.filter(ranked["rank"] < 1)


def _pair(table: ibis.Table) -> ibis.Value:
    return table.organisation_id.cast("string") + ":" + table.code


def _records(table: ibis.Table, on: ibis.Value, counted_id: ibis.Value, **dimensions: ibis.Value) -> ibis.Table:
    return as_records(
        table,
        record_type=RECORD_TYPE,
        record_id=table.id,
        counted_id=counted_id,
        organisation_id=table.organisation_id,
        on=on,
        label=table.code + " " + table.name,
        category=table.number.cast("string").lpad(2, "0") + " " + table.category_name,
        college_kind=table.kind,
        **dimensions,
    )

"""The figures that this room answers for.

What counts is a confirmed seat: confirmed within the period and not ended by its last day. A seat given up in the
same year has never counted by the year's end; one given up in the next year stays in the year in which it was taken.
"""

from __future__ import annotations

from typing import Any

import ibis

from jineng.admissions.kinds import VOCATIONAL_LEVELS, ApplicantCategory, ProgrammeLevel, SeasonKind
from jineng.engines.measures import (
    DIVISION,
    Dimension,
    Distinct,
    Over,
    Period,
    Ratio,
    Sources,
    SourceTable,
    Sum,
    as_records,
    indicator,
)
from jineng.kernel import measures
from jineng.registry.indicators import identity

VOID = {"voided_at": "timestamp('UTC')"}
SEASON = SourceTable("admissions_season", {"id": "uuid", "kind": "string", "year": "int16", "opens_on": "date", **VOID})
ROUND = SourceTable(
    "admissions_round",
    {
        "id": "uuid",
        "season_id": "uuid",
        "ordinal": "int16",
        "supplement": "int16",
        "name": "string",
        "opens_on": "date",
        "cancelled_on": "date",
        "reporter_id": "uuid",
        **VOID,
    },
)
EXEMPT = SourceTable("admissions_exemptcategory", {"id": "uuid", "code": "string", "name": "string", **VOID})
PLAN = SourceTable(
    "admissions_plan",
    {
        "id": "uuid",
        "season_id": "uuid",
        "organisation_id": "uuid",
        "programme_code": "string",
        "programme_name": "string",
        "level": "string",
        "joint_college": "string",
        "seats": "int32",
        "accepted_on": "date",
        "withdrawn_on": "date",
        **VOID,
    },
)
APPLICANT = SourceTable(
    "admissions_applicant",
    {
        "id": "uuid",
        "person_id": "uuid",
        "category": "string",
        "home_id": "string",
        "exempt_category_id": "uuid",
        **VOID,
    },
    pseudonyms=frozenset({"person_id"}),
)
ADMISSION = SourceTable(
    "admissions_admission",
    {
        "id": "uuid",
        "applicant_id": "uuid",
        "plan_id": "uuid",
        "organisation_id": "uuid",
        "confirmed_on": "date",
        "ended_on": "date",
        **VOID,
    },
)
TABLES = (SEASON, ROUND, EXEMPT, PLAN, APPLICANT, ADMISSION)
ADMISSION_RECORD, PLAN_RECORD, ROUND_RECORD = "admission", "admission_plan", "admission_round"
SINO_GERMAN = "sino-german-college"
"""Code of the joint college with Germany, as plans name it."""
LEVELS = Dimension("level", "层次", "level", dict(ProgrammeLevel.choices))
SEASONS = Dimension("season_kind", "招生类别", "kind of season", dict(SeasonKind.choices))
CATEGORIES = Dimension("applicant_category", "考生类别", "category of applicant", dict(ApplicantCategory.choices))
HOMES = Dimension("home", "户籍县区", "home county")
_ROOM = "admissions"
_REASON = "同一人在两校先后确认的分别列在两校，各部分之和可能大于总数。"
_REASON_EN = "Somebody who is counted at two institutions stands in both parts, so the parts may exceed the whole."
_PEOPLE: dict[str, Any] = {
    "unit": "人",
    "over": Over.FLOW,
    "aggregate": Distinct(),
    "reason": _REASON,
    "reason_en": _REASON_EN,
    "room": _ROOM,
    "record_type": ADMISSION_RECORD,
    "dimensions": (CATEGORIES, HOMES, LEVELS),
}


def declare() -> None:
    """Declare the room's sources and add its figures to the house's catalogue."""
    for table in TABLES:
        measures.sources.declare(table)
    for figure in FIGURES:
        measures.indicators.add(figure)


@indicator(
    key="vocational_bachelor_enrolled",
    label="职业本科招生数",
    label_en="enrolled in vocational bachelor programmes",
    **_PEOPLE,
)
def vocational_bachelor_enrolled(sources: Sources, period: Period) -> ibis.Table:
    """期内确认录取到职业本科（高等职业教育本科层次）专业的人数，不论经何类招生，同一人计一次；
    期内确认又放弃、被取消的不计，作废的从不计入。"""
    seats = _confirmed(sources, period)
    return _people(sources, seats.filter(seats.level == ProgrammeLevel.BACHELOR.value))


@indicator(
    key="sino_german_enrolled",
    label="中德学院招生数",
    label_en="intake of the Sino-German college",
    **_PEOPLE,
)
def sino_german_enrolled(sources: Sources, period: Period) -> ibis.Table:
    """期内确认录取到中德学院专业的人数，各成员院校、高职与中职合计，同一人计一次；首届招生即其首次招生之年的本数。
    期内确认又放弃、被取消的不计。"""
    seats = _confirmed(sources, period)
    return _people(sources, seats.filter(seats.joint_college == SINO_GERMAN))


@indicator(
    key="admission_rounds",
    label="高职分类考试招生轮次",
    label_en="rounds of the classified examination admission",
    unit="轮",
    over=Over.FLOW,
    room=_ROOM,
    record_type=ROUND_RECORD,
)
def admission_rounds(sources: Sources, period: Period) -> ibis.Table:
    """期内开始的高职分类考试招生轮次；公布后取消的不计，一轮之后的征集不另计一轮。"""
    rounds, season = sources.table(ROUND.name), sources.table(SEASON.name)
    held = rounds.filter(
        rounds.voided_at.isnull(), rounds.cancelled_on.isnull(), rounds.supplement == 0, period.holds(rounds.opens_on)
    )
    classified = season.filter(season.voided_at.isnull(), season.kind == SeasonKind.CLASSIFIED.value)
    held = held.semi_join(classified, held.season_id == classified.id)
    return as_records(
        held,
        record_type=ROUND_RECORD,
        record_id=held.id,
        organisation_id=held.reporter_id,
        on=held.opens_on,
        label=held.ordinal.cast("string") + " " + held.name,
    )


@indicator(
    key="vocational_plan_seats",
    label="职业院校招生计划数",
    label_en="seats planned for vocational admission",
    unit="人",
    over=Over.FLOW,
    aggregate=Sum(),
    room=_ROOM,
    record_type=PLAN_RECORD,
    dimensions=(LEVELS, SEASONS),
)
def vocational_plan_seats(sources: Sources, period: Period) -> ibis.Table:
    """期内开始的各类招生季中，期末已核准且未撤回的中职、高职专科和职业本科招生计划数之和；普通本科的不计。"""
    plan = _plans(sources, period)
    return as_records(
        plan,
        record_type=PLAN_RECORD,
        record_id=plan.plan_id,
        organisation_id=plan.plan_organisation_id,
        on=plan.opens_on,
        label=plan.programme_name,
        measure=plan.seats,
        level=plan.level,
        season_kind=plan.kind,
    )


@indicator(
    key="vocational_admissions",
    label="职业院校招生录取数",
    label_en="confirmed vocational admissions",
    unit="人",
    over=Over.FLOW,
    room=_ROOM,
    record_type=ADMISSION_RECORD,
    dimensions=(LEVELS, SEASONS),
)
def vocational_admissions(sources: Sources, period: Period) -> ibis.Table:
    """“职业院校招生计划数”所计的计划中，期内确认且期末仍有效的录取，一份录取计一个。"""
    plan = _plans(sources, period)
    seats = _held(sources, period)
    taken = seats.join(plan, seats.plan_id == plan.plan_id)
    return as_records(
        taken,
        record_type=ADMISSION_RECORD,
        record_id=taken.id,
        organisation_id=taken.organisation_id,
        on=taken.confirmed_on,
        label=taken.programme_name,
        level=taken.level,
        season_kind=taken.kind,
    )


@indicator(
    key="admission_plan_completion",
    label="招生计划完成率",
    label_en="completion of admission plans",
    unit="比",
    over=Over.FLOW,
    aggregate=Ratio("vocational_admissions", "vocational_plan_seats"),
    room=_ROOM,
    record_type=ADMISSION_RECORD,
    dimensions=(LEVELS, SEASONS),
)
def admission_plan_completion(sources: Sources, period: Period) -> None:
    """职业院校招生录取数与招生计划数之比，高职与中职合计；分子、分母各见其口径。"""


@indicator(
    key="upgrade_exempt_categories",
    label="专升本免试类别数",
    label_en="categories of applicants upgraded without examination",
    unit="类",
    over=Over.FLOW,
    aggregate=Distinct(),
    reason="同一类别可由多校录取，各部分之和大于或等于总数。",
    reason_en="Several universities admit the same category, so the parts may sum to more than the whole.",
    room=_ROOM,
    record_type=ADMISSION_RECORD,
    dimensions=(Dimension("exempt_category", "免试类别", "exempt category"),),
)
def upgrade_exempt_categories(sources: Sources, period: Period) -> ibis.Table:
    """期内专升本招生中，以免试资格确认录取的考生所属的免试类别，同一类别计一次；
    当年公布而无人录取的类别不计，确认后放弃的不计。"""
    seats = _confirmed(sources, period)
    exempt = sources.table(EXEMPT.name)
    exempt = exempt.filter(exempt.voided_at.isnull()).select(of_category="id", code="code", category_name="name")
    seats = seats.filter(seats.kind == SeasonKind.UPGRADE.value)
    spared = seats.join(exempt, seats.exempt_category_id == exempt.of_category)
    return as_records(
        spared,
        record_type=ADMISSION_RECORD,
        record_id=spared.id,
        counted_id=spared.code,
        organisation_id=spared.organisation_id,
        on=spared.confirmed_on,
        label=spared.category_name + " " + spared.programme_name,
        exempt_category=spared.category_name,
    )


@indicator(
    key="expansion_enrolled",
    label="高职扩招人数",
    label_en="enrolled under the expansion",
    **_PEOPLE,
)
def expansion_enrolled(sources: Sources, period: Period) -> ibis.Table:
    """期内在高职扩招中确认录取的人数，同一人计一次；期内确认又放弃、被取消的不计，作废的从不计入。"""
    seats = _confirmed(sources, period)
    return _people(sources, seats.filter(seats.kind == SeasonKind.EXPANSION.value))


FIGURES = (
    vocational_bachelor_enrolled,
    sino_german_enrolled,
    admission_rounds,
    vocational_plan_seats,
    vocational_admissions,
    admission_plan_completion,
    upgrade_exempt_categories,
    expansion_enrolled,
)


def _held(sources: Sources, period: Period) -> ibis.Table:
    """Standing admissions confirmed within the period and not ended by its last day."""
    seat = sources.table(ADMISSION.name)
    return seat.filter(
        seat.voided_at.isnull(), period.holds(seat.confirmed_on), period.stands(seat.confirmed_on, seat.ended_on)
    ).drop("voided_at")


def _named_plans(sources: Sources) -> ibis.Table:
    """Standing plans with the kind and the opening of their season."""
    plan, season = sources.table(PLAN.name), sources.table(SEASON.name)
    season = season.filter(season.voided_at.isnull()).select(of_season="id", kind="kind", opens_on="opens_on")
    standing = plan.filter(plan.voided_at.isnull()).drop("voided_at")
    standing = standing.rename(plan_id="id", plan_organisation_id="organisation_id")
    return standing.join(season, standing.season_id == season.of_season)


def _plans(sources: Sources, period: Period) -> ibis.Table:
    """Vocational plans of the seasons that open in the period, accepted and not withdrawn by its last day."""
    plan = _named_plans(sources)
    return plan.filter(
        period.holds(plan.opens_on),
        plan.level.isin([level.value for level in VOCATIONAL_LEVELS]),
        period.stands(plan.accepted_on, plan.withdrawn_on),
    ).select("plan_id", "plan_organisation_id", "programme_name", "level", "kind", "opens_on", "seats")


def _confirmed(sources: Sources, period: Period) -> ibis.Table:
    """Seats held, with what is known of their plan and their applicant."""
    seat, plan, applicant = _held(sources, period), _named_plans(sources), sources.table(APPLICANT.name)
    plan = plan.select(
        of_plan="plan_id",
        programme_name="programme_name",
        level="level",
        joint_college="joint_college",
        kind="kind",
    )
    applicant = applicant.filter(applicant.voided_at.isnull()).select(
        of_applicant="id",
        person_id="person_id",
        category="category",
        home_id="home_id",
        exempt_category_id="exempt_category_id",
    )
    planned = seat.join(plan, seat.plan_id == plan.of_plan)
    return planned.join(applicant, planned.applicant_id == applicant.of_applicant)


def _people(sources: Sources, seats: ibis.Table) -> ibis.Table:
    """One record per seat; people count once, whatever identities they were registered under."""
    place = sources.table(DIVISION.name).select(of_home="code", home_name="name")
    seats = identity(sources, seats)
    homed = seats.left_join(place, seats.home_id == place.of_home)
    return as_records(
        homed,
        record_type=ADMISSION_RECORD,
        record_id=homed.id,
        counted_id=homed.person_id.cast("string"),
        organisation_id=homed.organisation_id,
        on=homed.confirmed_on,
        label=homed.programme_name,
        applicant_category=homed.category,
        home=homed.home_id + " " + homed.home_name,
        level=homed.level,
    )

"""The figures that this room answers for. Each docstring is the definition that is printed.

A class counts by what its organiser and its field were on the day on which it began; a person-time (人次) is one
enrolment, a person (人) one identity, whatever became of its papers since.
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
    as_records,
    indicator,
)
from jineng.kernel import measures
from jineng.learning.kinds import CourseKind, Department, EnrolmentState, Theme
from jineng.registry.indicators import identity
from jineng.registry.kinds import VOCATIONAL_KINDS, OrganisationKind

ENROLMENT = SourceTable(
    "learning_enrolment",
    {
        "id": "uuid",
        "offering_id": "uuid",
        "person_id": "uuid",
        "state": "string",
        "enrolled_on": "date",
        "ended_on": "date",
        "voided_at": "timestamp('UTC')",
    },
    pseudonyms=frozenset({"person_id"}),
)
OFFERING = SourceTable(
    "learning_courseoffering",
    {
        "id": "uuid",
        "course_id": "uuid",
        "organiser_id": "uuid",
        "code": "string",
        "department": "string",
        "starts_on": "date",
        "project_id": "uuid",
        "voided_at": "timestamp('UTC')",
    },
)
COURSE = SourceTable(
    "learning_course",
    {"id": "uuid", "name": "string", "kind": "string", "field_code": "string"},
)
FIELD = SourceTable(
    "learning_fieldstate",
    {
        "id": "uuid",
        "code": "string",
        "since": "date",
        "recorded_at": "timestamp('UTC')",
        "name": "string",
        "is_rural": "boolean",
        "theme": "string",
        "voided_at": "timestamp('UTC')",
    },
)
RECORD_TYPE = "enrolment"
FOREVER = ibis.date(9999, 12, 31)
"""The end of what has none, so that it compares as later than any."""
FIELDS = Dimension("field", "领域", "field")
DEPARTMENTS = Dimension("department", "经费部门", "funding department", dict(Department.choices))
KINDS = Dimension("organiser_kind", "举办机构类别", "kind of organiser", dict(OrganisationKind.choices))
COURSES = Dimension("course_kind", "课程类型", "kind of course", dict(CourseKind.choices))
_SHARED: dict[str, Any] = {"room": "learning", "record_type": RECORD_TYPE, "over": Over.FLOW}
_TRAINING: dict[str, Any] = {**_SHARED, "unit": "人次", "dimensions": (DEPARTMENTS, KINDS, FIELDS)}
_ABROAD: dict[str, Any] = {**_SHARED, "dimensions": (KINDS, COURSES, FIELDS)}


def declare() -> None:
    """Declare the room's sources and add its figures to the house's catalogue."""
    for table in (ENROLMENT, OFFERING, COURSE, FIELD):
        measures.sources.declare(table)
    for figure in FIGURES:
        measures.indicators.add(figure)


@indicator(key="training_person_times", label="职业培训人次", label_en="training person-times", **_TRAINING)
def training_person_times(sources: Sources, period: Period) -> ibis.Table:
    """期内在职业院校（高职、高专、职业本科、中职学校和县级职教中心）举办的职业培训班次中结业的人次，一人结业一个班次计一人次。
    机构类别以开班之日为准；退出、未结业、在读的不计，作废的班次和记录不计，国际合作项目下的培训另计，不在其内。"""
    return _records(_training(sources, period))


@indicator(
    key="training_person_times_rural",
    label="涉农领域培训人次",
    label_en="training person-times in agriculture-related fields",
    **_TRAINING,
)
def training_person_times_rural(sources: Sources, period: Period) -> ibis.Table:
    """职业培训人次中，课程领域在开班之日列为涉农的部分。"""
    trained = _training(sources, period)
    return _records(trained.filter(trained.is_rural))


@indicator(
    key="international_learners",
    label="国际合作项目培养人次",
    label_en="learners under international projects",
    unit="人次",
    **_ABROAD,
)
def international_learners(sources: Sources, period: Period) -> ibis.Table:
    """国际合作项目下的学历教育和技能培训人次：期内结业的，加上期末仍在读的。
    中华传统文化培训、中医药培训另计，不在其内；期末前退出或未结业的不计。"""
    learner = _learners(sources)
    learner = learner.filter(
        learner.project_id.notnull(),
        learner.theme == Theme.NONE.value,
        learner.course_kind.isin([CourseKind.DEGREE.value, CourseKind.TRAINING.value]),
    )
    finished = (learner.state == EnrolmentState.COMPLETED.value) & period.holds(learner.ended_on)
    ongoing = learner.enrolled_on.notnull() & period.stands(learner.enrolled_on, learner.ended_on)
    return _records(learner.filter(finished.fill_null(False) | ongoing.fill_null(False)), began=True)


@indicator(
    key="culture_training_learners",
    label="中华传统文化培训人次",
    label_en="person-times in Chinese culture training",
    unit="人次",
    **_ABROAD,
)
def culture_training_learners(sources: Sources, period: Period) -> ibis.Table:
    """国际合作项目下、领域属中华传统文化专题的培训，期内结业的人次。"""
    return _records(_themed(sources, period, Theme.CULTURE))


@indicator(
    key="chinese_medicine_learners",
    label="中医药知识培训人数",
    label_en="persons in Chinese medicine training",
    unit="名",
    aggregate=Distinct(),
    reason="同一人可在多处结业，各部分之和大于或等于总数",
    reason_en="one person may finish classes in several places and counts once in the total",
    **_ABROAD,
)
def chinese_medicine_learners(sources: Sources, period: Period) -> ibis.Table:
    """国际合作项目下、领域属中医药专题的培训，期内结业的人数，一人结业几个班次只计一次；已合并的身份为一人。"""
    themed = identity(sources, _themed(sources, period, Theme.CHINESE_MEDICINE))
    return _records(themed, themed.person_id)


FIGURES = (
    training_person_times,
    training_person_times_rural,
    international_learners,
    culture_training_learners,
    chinese_medicine_learners,
)


def _training(sources: Sources, period: Period) -> ibis.Table:
    """Completions in the period of training by vocational institutions, international projects apart."""
    learner = _finished(sources, period)
    return learner.filter(
        learner.course_kind == CourseKind.TRAINING.value,
        learner.organiser_kind.isin([kind.value for kind in VOCATIONAL_KINDS]),
        learner.project_id.isnull(),
    )


def _themed(sources: Sources, period: Period, theme: Theme) -> ibis.Table:
    """Completions in the period of training under international projects in fields of a theme."""
    learner = _finished(sources, period)
    return learner.filter(
        learner.course_kind == CourseKind.TRAINING.value, learner.project_id.notnull(), learner.theme == theme.value
    )


def _finished(sources: Sources, period: Period) -> ibis.Table:
    learner = _learners(sources)
    return learner.filter(learner.state == EnrolmentState.COMPLETED.value, period.holds(learner.ended_on))


def _learners(sources: Sources) -> ibis.Table:
    """Standing enrolments of standing classes, with what their class was on the day on which it began."""
    seat = sources.table(ENROLMENT.name)
    seat = seat.filter(seat.voided_at.isnull()).drop("voided_at")
    held = _classes(sources)
    return seat.join(held, seat.offering_id == held.of_offering)


def _classes(sources: Sources) -> ibis.Table:
    """Standing classes with course, field and kind of organiser as of their first day."""
    held = sources.table(OFFERING.name)
    held = held.filter(held.voided_at.isnull()).select(
        "course_id", "organiser_id", "code", "department", "starts_on", "project_id", of_offering="id"
    )
    course = sources.table(COURSE.name).select("field_code", of_course="id", course_name="name", course_kind="kind")
    named = held.join(course, held.course_id == course.of_course)
    kinds = _lasting(_organisations(sources), "of_organisation")
    placed = named.join(
        kinds,
        [named.organiser_id == kinds.of_organisation, kinds.since <= named.starts_on, named.starts_on < kinds.until],
    ).drop("since", "until")
    fields = _lasting(_fields(sources), "of_field")
    listed = placed.left_join(
        fields,
        [placed.field_code == fields.of_field, fields.since <= placed.starts_on, placed.starts_on < fields.until],
    )
    return listed.drop("since", "until").mutate(
        is_rural=listed.is_rural.fill_null(False),
        theme=listed.theme.fill_null(Theme.NONE.value),
        field_name=listed.field_name.fill_null(""),
    )


def _organisations(sources: Sources) -> ibis.Table:
    state = sources.table(ORGANISATION_STATE.name)
    return state.filter(~state.voided).select(
        "since", "recorded_at", state_id="id", of_organisation="organisation_id", organiser_kind="kind"
    )


def _fields(sources: Sources) -> ibis.Table:
    state = sources.table(FIELD.name)
    return state.filter(state.voided_at.isnull()).select(
        "since", "recorded_at", "is_rural", "theme", state_id="id", of_field="code", field_name="name"
    )


def _lasting(states: ibis.Table, subject: str) -> ibis.Table:
    """States with ``until``, the day on which the next of the same subject began; of one day's the last one lasts."""
    order = [states.since.asc(), states.recorded_at.asc(), states.state_id.asc()]
    following = states.since.lead().over(ibis.window(group_by=subject, order_by=order))
    return states.mutate(until=following.fill_null(FOREVER)).drop("recorded_at", "state_id")


def _records(table: ibis.Table, counted_id: ibis.Value | None = None, *, began: bool = False) -> ibis.Table:
    """Records, dated by the completion; with ``began`` by the enrolment where nothing has ended."""
    return as_records(
        table,
        record_type=RECORD_TYPE,
        record_id=table.id,
        counted_id=counted_id,
        organisation_id=table.organiser_id,
        on=table.ended_on.coalesce(table.enrolled_on) if began else table.ended_on,
        label=table.course_name + " " + table.code,
        department=table.department,
        organiser_kind=table.organiser_kind,
        course_kind=table.course_kind,
        field=table.field_code + " " + table.field_name,
    )

"""What counts and what does not: each figure on a small register, made through the verbs and sheets."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from jineng.engines.measures import Period, drill, records, value
from jineng.kernel.actors import acting
from jineng.kernel.measures import indicators, live_engine, record_doors, sources
from jineng.kernel.references import Reference
from jineng.learning.indicators import FIGURES, RECORD_TYPE
from jineng.learning.models import CourseOffering, Enrolment
from jineng.learning.verbs import cancel_class, correct_enrolment, declare_field, void_class, void_enrolment
from jineng.registry.kinds import Change, OrganisationKind
from jineng.registry.verbs import change_organisation, merge_people
from tests.calls.small_world import report
from tests.learning.classrooms import CENTRE, END, START, Projects, class_row, learner_row

PROJECT = Reference(uuid4(), None, "示例项目", "/", "GJ-1")
TIMES, RURAL, ABROAD, CULTURE, MEDICINE = (figure.key for figure in FIGURES)


def figure(key: str, year: int = 2021) -> int:
    """A figure of a year, live."""
    return int(value(live_engine, indicators, sources, key, Period.year(year)).value or 0)


def figures(year: int = 2021) -> tuple[int, ...]:
    """All figures of the room."""
    return tuple(figure(each.key, year) for each in FIGURES)


@pytest.fixture
def told(learning):
    """Lands sheets as the province and acts in its scope."""
    chief = learning.actor("province_officer")

    def land(**sheets):
        with Projects(PROJECT):
            receipt = report(chief, **sheets)
        assert receipt.state == "landed", receipt.errors
        return chief

    with acting(chief):
        yield land


def test_the_room_answers_for_these_figures():
    assert {each.key for each in indicators.of_room("learning")} == {TIMES, RURAL, ABROAD, CULTURE, MEDICINE}
    assert RECORD_TYPE in record_doors
    assert all(each.definition for each in FIGURES)


def test_completions_of_training_by_vocational_institutions_count(told):
    told(
        classes=[class_row(), class_row("2021-02", course_code="PX-JX01"), class_row("A", "LZ-FIRM")],
        enrolments=[
            learner_row(1),
            learner_row(1, "2021-02"),
            learner_row(2),
            learner_row(3, state="not_completed", list_number=None),
            learner_row(4, state="withdrawn", list_number=None),
            learner_row(5, state="enrolled", ended_on=None, list_number=None),
            learner_row(6, voided=True, void_reason="误录"),
            learner_row(7, "A", "LZ-FIRM"),
        ],
    )
    assert figures() == (3, 2, 0, 0, 0)
    assert figures(2020) == figures(2022) == (0,) * 5
    listed = records(live_engine, indicators, sources, TIMES, Period.year(2021))
    assert listed.total == 3
    assert all("种植" in row["label"] or "焊工" in row["label"] for row in listed.rows)
    parts = drill(live_engine, indicators, sources, TIMES, Period.year(2021), by="department")
    assert [(part.code, part.value) for part in parts.parts] == [("agriculture", 3)]


@pytest.mark.parametrize("course", ["KF-01", "WK-01", "XL-JX01"])
def test_other_kinds_of_courses_are_no_training(told, course):
    told(classes=[class_row(course_code=course)], enrolments=[learner_row(1)])
    assert figures() == (0,) * 5


def test_the_year_is_that_of_the_completion(told):
    late = {"starts_on": date(2021, 12, 20), "ends_on": date(2022, 1, 8)}
    dates = {"applied_on": date(2021, 12, 10), "enrolled_on": date(2021, 12, 18)}
    told(
        classes=[class_row(**late)],
        enrolments=[
            learner_row(1, **dates, ended_on=date(2022, 1, 8)),
            learner_row(2, **dates, ended_on=date(2021, 12, 31)),
        ],
    )
    assert (figure(TIMES), figure(TIMES, 2022)) == (1, 1)


def test_a_field_counts_by_what_it_was_when_the_class_began(told, learning):
    chief = told(classes=[class_row(course_code="PX-JX01")], enrolments=[learner_row(1)])
    assert figure(RURAL) == 0
    declare_field(actor=chief, code="JX01", since=START + timedelta(days=1), name="焊接", is_rural=True)
    assert figure(RURAL) == 0
    declare_field(actor=chief, code="JX01", since=START, name="焊接", is_rural=True)
    assert figures() == (1, 1, 0, 0, 0)


def test_an_organiser_counts_by_what_it_was_when_the_class_began(told, learning):
    chief = told(classes=[class_row()], enrolments=[learner_row(1)])
    change_organisation(
        actor=chief,
        organisation_id=learning["centre"].pk,
        change=Change.REDESIGNATED,
        on=START + timedelta(days=1),
        kind=OrganisationKind.OTHER,
    )
    assert figure(TIMES) == 1
    change_organisation(
        actor=chief,
        organisation_id=learning["centre"].pk,
        change=Change.REDESIGNATED,
        on=START,
        kind=OrganisationKind.OTHER,
    )
    assert figure(TIMES) == 0


def test_international_projects_stand_apart(told):
    abroad = {"project_code": "GJ-1"}
    told(
        classes=[
            class_row("T", **abroad),
            class_row("D", course_code="XL-JX01", **abroad),
            class_row("C", course_code="PX-WH01", **abroad),
            class_row("M", course_code="PX-ZY01", **abroad),
            class_row("N", course_code="PX-ZY01", **abroad),
            class_row("H", course_code="PX-WH01"),
        ],
        enrolments=[
            learner_row(1, "T"),
            learner_row(2, "T", state="not_completed", list_number=None),
            learner_row(1, "D", state="enrolled", ended_on=None, list_number=None),
            learner_row(2, "D", state="withdrawn", list_number=None),
            learner_row(3, "D"),
            learner_row(1, "C"),
            learner_row(2, "C"),
            learner_row(1, "M"),
            learner_row(2, "M"),
            learner_row(1, "N"),
            learner_row(3, "N", state="enrolled", ended_on=None, list_number=None),
            learner_row(9, "H"),
        ],
    )
    assert figures() == (1, 0, 3, 2, 2)
    assert figure(ABROAD, 2022) == 1


def test_merged_identities_are_one_person_and_as_many_person_times(told):
    chief = told(
        classes=[class_row("M", course_code="PX-ZY01", project_code="GJ-1"), class_row("T")],
        enrolments=[learner_row(1, "M"), learner_row(2, "M"), learner_row(1, "T"), learner_row(2, "T")],
    )
    assert (figure(MEDICINE), figure(TIMES)) == (2, 2)
    one, two = Enrolment.objects.filter(offering__code="M").values_list("person_id", flat=True)
    merge_people(actor=chief, kept_id=one, absorbed_id=two, reason="同一人")
    assert (figure(MEDICINE), figure(TIMES)) == (1, 2)


def test_what_is_struck_out_or_cancelled_leaves_the_figures(told):
    chief = told(
        classes=[class_row("T"), class_row("D", course_code="XL-JX01", project_code="GJ-1")],
        enrolments=[
            learner_row(1, "T"),
            learner_row(2, "T"),
            learner_row(1, "D", state="enrolled", ended_on=None, list_number=None),
        ],
    )
    assert figures() == (2, 2, 1, 0, 0)
    held = {made.code: made for made in CourseOffering.objects.all()}
    cancel_class(actor=chief, offering_id=held["D"].pk, cancelled_on=END, reason="停办")
    assert figure(ABROAD) == 0
    first, second = Enrolment.objects.filter(offering=held["T"]).order_by("id")
    void_enrolment(actor=chief, enrolment_id=first.pk, reason="误录")
    assert figure(TIMES) == 1
    correct_enrolment(actor=chief, enrolment_id=second.pk, ended_on=date(2022, 1, 5), reason="延期")
    assert (figure(TIMES), figure(TIMES, 2022)) == (0, 1)
    void_class(actor=chief, offering_id=held["T"].pk, reason="误录")
    assert figures(2022) == (0,) * 5


def test_figures_follow_where_the_organiser_lies(told):
    told(classes=[class_row()], enrolments=[learner_row(1)])
    parts = drill(live_engine, indicators, sources, TIMES, Period.year(2021), by="county")
    assert [(part.code, part.value) for part in parts.parts] == [("620121", 1)]
    assert CENTRE

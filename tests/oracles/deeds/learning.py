"""What perturbs the learning."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor
from jineng.kernel.clock import clock_at
from jineng.learning import verbs
from jineng.learning.models import Course, CourseOffering, Enrolment
from jineng.registry.kinds import Change, OrganisationKind
from jineng.registry.models import Division
from jineng.registry.verbs import change_organisation, merge_people
from tests.calls.small_world import report
from tests.learning.classrooms import paper
from tests.oracles.deeds.entering import deed
from tests.oracles.deeds.spine import landed, organisation
from tests.reference_year import ReferenceYear

CENTRE, NEIGHBOUR, RURAL_CENTRE = "12620523JN0001603R", "620502", "12620503JN0001574F"
COLLEGE, MEDICINE, CULTURE = "4162012836", "4162014517", "4162014738"
SPRING, SUMMER = date(2021, 5, 10), date(2021, 5, 21)


def held(by: str, code: str) -> CourseOffering:
    """A standing class by organiser and number."""
    return _of(by).get(code=code)


def _of(by: str) -> Any:
    return CourseOffering.objects.filter(voided_at=None, organiser=organisation(by))


def learner(of: CourseOffering, state: str = "completed") -> Enrolment:
    """The first learner of a class in a state."""
    return Enrolment.objects.filter(voided_at=None, offering=of, state=state).order_by("id").first()


def _class_row(org: str, code: str) -> dict[str, Any]:
    return {
        "org_code": org,
        "class_code": code,
        "course_owner": "620000-JY",
        "course_code": "PX-NY01",
        "department": "agriculture",
        "mode": "place",
        "hours": 40,
        "capacity": 10,
        "starts_on": SPRING,
        "ends_on": SUMMER,
        "completed_on": SUMMER,
    }


def _learner_row(org: str, code: str, number: int) -> dict[str, Any]:
    return {
        "org_code": org,
        "class_code": code,
        "person_name": f"增补{number}",
        "resident_id": paper(number),
        "is_synthetic": True,
        "state": "completed",
        "applied_on": date(2021, 5, 1),
        "enrolled_on": date(2021, 5, 8),
        "ended_on": SUMMER,
    }


@deed
def void_a_training_enrolment(year: ReferenceYear, actor: Actor) -> None:
    seat = learner(held(CENTRE, "2021-NY01-01"))
    verbs.void_enrolment(actor=actor, enrolment_id=seat.pk, reason="误录")


@deed
def complete_a_class_twice(year: ReferenceYear, actor: Actor) -> None:
    of = held(CENTRE, "2021-NY01-01")
    with pytest.raises(ValidationError):
        verbs.complete_class(
            actor=actor, offering_id=of.pk, completed_on=of.ends_on, list_number="2", completed=[learner(of).pk]
        )


@deed
def void_a_training_class(year: ReferenceYear, actor: Actor) -> None:
    verbs.void_class(actor=actor, offering_id=held(CENTRE, "2021-JJ01-01").pk, reason="误录")


@deed
def complete_a_class_in_the_year(year: ReferenceYear, actor: Actor) -> None:
    with clock_at(SPRING):
        of = verbs.open_class(
            actor=actor,
            organiser_id=organisation(CENTRE).pk,
            course=Course.objects.get(voided_at=None, code="PX-NY01"),
            code="2021-X-1",
            department="agriculture",
            hours=40,
            capacity=2,
            starts_on=SPRING,
            ends_on=SUMMER,
        )
        first, _ = (
            verbs.enrol(actor=actor, offering_id=of.pk, name=f"增补{number}", number=paper(number))
            for number in (701, 702)
        )
    verbs.complete_class(
        actor=actor, offering_id=of.pk, completed_on=SUMMER, list_number="2021-X-1", completed=[first.pk]
    )


@deed
def complete_after_the_year(year: ReferenceYear, actor: Actor) -> None:
    seat = learner(held(CENTRE, "2021-JJ01-01"))
    verbs.correct_enrolment(actor=actor, enrolment_id=seat.pk, ended_on=date(2022, 1, 5), reason="补考后结业")


@deed
def fail_a_learner(year: ReferenceYear, actor: Actor) -> None:
    seat = learner(held(CENTRE, "2021-JJ01-01"))
    verbs.correct_enrolment(
        actor=actor, enrolment_id=seat.pk, state="not_completed", list_number="", reason="考核未通过"
    )


@deed
def import_a_class_from_city_and_centre(year: ReferenceYear, actor: Actor) -> None:
    sheets = {
        "classes": [_class_row(CENTRE, "2021-X-2")],
        "enrolments": [_learner_row(CENTRE, "2021-X-2", number) for number in (711, 712)],
    }
    landed(report(year.actor("city"), **sheets))
    landed(report(year.actor("county"), **sheets))


@deed
def import_a_class_of_an_enterprise(year: ReferenceYear, actor: Actor) -> None:
    firm = _of("兰州兰石集团有限公司").first().organiser.code
    landed(report(actor, classes=[_class_row(firm, "2021-X-3")], enrolments=[_learner_row(firm, "2021-X-3", 721)]))


@deed
def move_a_centre(year: ReferenceYear, actor: Actor) -> None:
    change_organisation(
        actor=actor,
        organisation_id=organisation(CENTRE).pk,
        change=Change.MOVED,
        on=date(2021, 12, 15),
        division=Division.objects.get(code=NEIGHBOUR),
    )


@deed
def redesignate_a_centre(year: ReferenceYear, actor: Actor) -> None:
    change_organisation(
        actor=actor,
        organisation_id=organisation(RURAL_CENTRE).pk,
        change=Change.REDESIGNATED,
        on=date(2021, 7, 1),
        kind=OrganisationKind.OTHER,
    )


@deed
def list_a_field_as_rural(year: ReferenceYear, actor: Actor) -> None:
    verbs.declare_field(actor=actor, code="JX01", since=date(2021, 10, 1), name="焊接与机械加工", is_rural=True)


@deed
def cancel_a_class_abroad(year: ReferenceYear, actor: Actor) -> None:
    of = held(COLLEGE, "202109-THXL-01")
    verbs.cancel_class(actor=actor, offering_id=of.pk, cancelled_on=date(2021, 12, 20), reason="停办")


@deed
def leave_a_class_abroad_next_year(year: ReferenceYear, actor: Actor) -> None:
    seat = learner(held(COLLEGE, "202109-THXL-01"), "enrolled")
    verbs.withdraw(actor=actor, enrolment_id=seat.pk, left_on=date(2022, 3, 1))


@deed
def merge_two_medicine_learners(year: ReferenceYear, actor: Actor) -> None:
    seats = Enrolment.objects.filter(voided_at=None, offering=held(MEDICINE, "202104-ZYZS-05"), state="completed")
    one, two = seats.order_by("-person_id").values_list("person_id", flat=True)[:2]
    merge_people(actor=actor, kept_id=one, absorbed_id=two, reason="护照换发，实为同一人")


@deed
def void_a_culture_learner(year: ReferenceYear, actor: Actor) -> None:
    seat = learner(held(CULTURE, "202106-WHCT-01"))
    verbs.void_enrolment(actor=actor, enrolment_id=seat.pk, reason="误录")

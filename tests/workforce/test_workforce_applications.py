"""Recognition by way of a case: proposed by the school, under notice, judged by the standard when it is recognised."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from jineng.cases.models import Case
from jineng.cases.verbs import act_on_case, begin_case, open_intake, save_answers
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.workforce.models import Recognition, Teacher
from jineng.workforce.verbs import recognise_teacher
from tests.cases.shipped import published
from tests.factories import World
from tests.workforce.small_school import equip, teacher


def proposed(world: World, whom: Teacher, level: str) -> Case:
    """A case of the county's school at the city's office, up to the notice."""
    city, school = world.actor("city_officer"), world.actor("school_officer")
    procedure = published(world, "dual-qualified")
    intake = open_intake(
        actor=city,
        name="2021年双师型教师认定",
        office_id=world["lanzhou"].pk,
        procedure_id=procedure.pk,
        opens_on=date(2021, 6, 1),
        closes_on=date(2021, 6, 30),
    )
    case = begin_case(actor=school, intake_id=intake.pk, title="某教师")
    answers = {
        "teacher": {"id": str(whom.person_id), "label": "某教师"},
        "level": level,
        "teaching": "好",
        "practice": "多",
    }
    save_answers(actor=school, case_id=case.pk, raw=answers)
    act_on_case(actor=school, case_id=case.pk, action="submit")
    act_on_case(actor=city, case_id=case.pk, action="pass")
    return case


def test_who_meets_the_standard_is_recognised_after_the_notice_and_the_record_names_the_case(school: World) -> None:
    made = teacher(school, 1)
    equip(school, made.pk, months=13, title="intermediate")
    own = school.actor("school_officer")
    recognise_teacher(actor=own, teacher_id=made.pk, level="elementary", recognised_on=date(2021, 5, 1))
    case, city = proposed(school, made, "intermediate"), school.actor("city_officer")
    with pytest.raises(ValidationError, match="公示期未满"):
        act_on_case(actor=city, case_id=case.pk, action="recognise")
    with clock_at(date(2021, 6, 15)):
        act_on_case(actor=city, case_id=case.pk, action="recognise")
    with acting(city):
        found = Recognition.objects.get(level="intermediate")
        assert found.recognised_on == date(2021, 6, 15)
        assert (found.origin_kind, found.origin_id, found.document) == ("case", case.pk, case.number)


def test_who_lacks_something_is_told_what_and_the_case_stays(school: World) -> None:
    made = teacher(school, 1)
    case, city = proposed(school, made, "intermediate"), school.actor("city_officer")
    with clock_at(date(2021, 6, 15)), pytest.raises(ValidationError, match="尚不符合条件"):
        act_on_case(actor=city, case_id=case.pk, action="recognise")
    with acting(city):
        assert not Recognition.objects.exists()
        case.refresh_from_db()
    assert case.stage == "notice"


def test_only_who_teaches_there_is_proposed(school: World) -> None:
    made = teacher(school, 1)
    with acting(school.actor("province_officer")):
        Teacher.objects.filter(pk=made.pk).update(until=date(2021, 5, 31))
    with pytest.raises(ValidationError, match="不在本校任教"):
        proposed(school, made, "elementary")

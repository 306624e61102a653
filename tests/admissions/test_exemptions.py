"""Who is spared the examination: decided as a case; their places are planned apart and given out before the others."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jineng.admissions.models import Applicant, Plan, Score, Season
from jineng.admissions.tickets import told
from jineng.admissions.verbs import (
    declare_exempt,
    declare_scheme,
    grant_exemption,
    start_run,
    waive_exemption,
)
from jineng.admissions.verbs.schemes import first_scheme
from jineng.cases.facts import results_of
from jineng.cases.models import Case, Intake
from jineng.cases.verbs import act_on_case, attach_file, begin_case, open_intake, save_answers
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed, acting
from tests.admissions.small_rounds import Rounds
from tests.admissions.small_season import (
    OPENS,
    UNIVERSITY,
    accepted,
    admission,
    admission_row,
    applicant,
    classified,
    held_round,
)
from tests.calls.small_world import report, resident
from tests.cases.shipped import published
from tests.cases.small_call import PDF
from tests.factories import World

pytestmark = pytest.mark.django_db
VETERAN = "veteran"
SOFTWARE: dict[str, Any] = {"programme": "080902", "name": "软件工程"}
DESIGN: dict[str, Any] = {"programme": "130502", "name": "视觉传达设计"}


def upgrade(world: World) -> Season:
    """A season of upgrading with one exempt category, by the scheme that such a season begins with."""
    officer = world.actor("province_officer")
    season = classified(world, "2021-upgrade", kind="upgrade")
    declare_exempt(actor=officer, season_id=season.pk, code=VETERAN, name="退役士兵", evidence="退役证")
    declare_scheme(actor=officer, season_id=season.pk, data=first_scheme("upgrade"), declared_on=OPENS)
    return season


@pytest.fixture
def season(world: World) -> Rounds:
    """An exempt round and one by examination; software with exempt and ordinary places, design with ordinary ones."""
    held = upgrade(world)
    made = Rounds(world, held, held_round(world, held, 1), held_round(world, held, 2))
    made.plans = {
        "software-exempt": accepted(world, held, "university", 2, pool="exempt", **SOFTWARE),
        "software": accepted(world, held, "university", 1, **SOFTWARE),
        "design": accepted(world, held, "university", 1, **DESIGN),
    }
    return made


def enrol(season: Rounds, who: int, *points: int, exempt: bool = False, **fields: Any) -> Applicant:
    """A graduate of the college with points of professional basis, computing and English."""
    made = season.enrol(who, "0", where="petrochemical", category="college_graduate", **fields)
    parts = (("professional", ""), ("culture", "计算机"), ("culture", "英语"))
    with acting(season.province):
        for (component, subject), each in zip(parts, points, strict=False):
            Score.objects.create(applicant=made, component=component, subject=subject, points=Decimal(each), out_of=200)
    if exempt:
        grant_exemption(actor=season.province, applicant_id=made.pk, category=VETERAN, document="甘退〔2021〕1号")
    return made


def intake(world: World) -> Intake:
    """The province takes applications for exemption."""
    return open_intake(
        actor=world.actor("province_officer"),
        name="免试资格审定",
        office_id=world.root.pk,
        procedure_id=published(world, "grant-exemption").pk,
        opens_on=clock.today(),
        closes_on=clock.today() + timedelta(days=20),
    )


def asked(world: World, at: Intake, who: Applicant, title: str, **answers: str) -> Case:
    """A case of the college, filled in, with its evidence."""
    college = world.actor("college_officer")
    case = begin_case(actor=college, intake_id=at.pk, title=title)
    given = {"season": "2021-upgrade", "category": VETERAN, **answers}
    given["applicant"] = {"id": str(who.person_id), "label": "考生"}  # type: ignore[assignment]
    save_answers(actor=college, case_id=case.pk, raw=given)
    attach_file(actor=college, case_id=case.pk, field="evidence", name="退役证.pdf", content=PDF)
    return case


def test_an_exemption_is_decided_as_a_case_on_its_evidence(world: World) -> None:
    who = applicant(world, upgrade(world), 1, category="college_graduate")
    elsewhere = applicant(world, classified(world), 2)
    college, office, at = world.actor("college_officer"), world.actor("province_officer"), intake(world)
    bare = begin_case(actor=college, intake_id=at.pk, title="无材料")
    save_answers(actor=college, case_id=bare.pk, raw={"season": "2021-upgrade", "category": VETERAN})
    with pytest.raises(ValidationError):
        act_on_case(actor=college, case_id=bare.pk, action="submit")
    with pytest.raises(ValidationError, match="没有此免试类别"):
        act_on_case(actor=college, case_id=asked(world, at, who, "类别有误", category="x").pk, action="submit")
    with pytest.raises(ValidationError, match="未在本单位报名"):
        act_on_case(actor=college, case_id=asked(world, at, elsewhere, "他季考生").pk, action="submit")

    case = asked(world, at, who, "考生1")
    act_on_case(actor=college, case_id=case.pk, action="submit")
    act_on_case(actor=office, case_id=case.pk, action="grant")
    with acting(office):
        who.refresh_from_db()
        case.refresh_from_db()
        assert who.exempt_category is not None
        assert (who.exempt_category.code, case.outcome) == (VETERAN, "granted")
        assert [(each.title, each.key) for each in results_of(case)] == [("退役士兵", who.pk)]
    with pytest.raises(ValidationError, match="已有免试资格"):
        act_on_case(actor=college, case_id=asked(world, at, who, "再申请").pk, action="submit")
    with pytest.raises(NotAllowed):
        grant_exemption(actor=college, applicant_id=elsewhere.pk, category=VETERAN, document="自定")
    with pytest.raises(ValidationError, match="没有此免试类别"):
        grant_exemption(actor=office, applicant_id=elsewhere.pk, category="x", document="x")


def test_exempt_places_are_given_out_before_the_examination_and_roll_to_it(season: Rounds) -> None:
    enrol(season, 1, exempt=True)
    enrol(season, 2, 150, 60, 70)
    opening = season.open()
    with acting(season.province):
        assert [(offer.pool, offer.seats) for offer in opening.offers.all()] == [("exempt", 2)]
    with pytest.raises(ValidationError, match="不符合本轮报考条件"):
        season.submit(opening, 2, "software-exempt")
    season.submit(opening, 1, "software-exempt")
    season.publish(opening)
    assert season.admitted() == {1: "software-exempt"}
    season.answer(1)
    season.end(opening)

    second = season.open(season.second)
    with acting(season.province):
        seats = {offer.plan_id: offer.seats for offer in second.offers.all()}
        assert seats == {season.plans["software"].pk: 2, season.plans["design"].pk: 1}
        assert Plan.objects.get(pk=season.plans["software-exempt"].pk).seats == 1
    season.submit(second, 2, "software")
    season.publish(second)
    assert season.admitted(season.second) == {2: "software"}


def test_who_is_exempt_takes_no_ordinary_seat_unless_the_exemption_is_given_up(season: Rounds) -> None:
    enrol(season, 1, 150, 60, 70, exempt=True)
    enrol(season, 2, 10, 20, 30)
    opening = season.open()
    season.submit(opening, 1, "software-exempt")
    season.publish(opening)
    with pytest.raises(ValidationError, match="已有录取"):
        waive_exemption(actor=season.province, applicant_id=season.people[1].pk, reason="改考试")
    season.answer(1, confirms=False)
    season.end(opening)

    second = season.open(season.second)
    season.submit(second, 1, "design")
    season.submit(second, 2, "design")
    season.shut(second)
    run = start_run(actor=season.province, opening_id=second.pk)
    assert run.counts == {"admitted": 1, "unplaced": 1}
    with acting(season.province):
        assert run.results.get(outcome="admitted").applicant == season.people[2]
        (line,) = run.results.get(outcome="unplaced").why
        assert line["why"] == "not_entitled"
    with pytest.raises(ValidationError, match="正在投档录取"):
        waive_exemption(actor=season.province, applicant_id=season.people[1].pk, reason="改考试")


def test_the_province_ends_an_exemption_for_a_reason(season: Rounds) -> None:
    one = enrol(season, 1, 150, 60, 70, exempt=True)
    chief = season.province
    with pytest.raises(NotAllowed):
        waive_exemption(actor=season.world.actor("college_officer"), applicant_id=one.pk, reason="改考试")
    with pytest.raises(ValidationError, match="原因"):
        waive_exemption(actor=chief, applicant_id=one.pk, reason=" ")
    assert waive_exemption(actor=chief, applicant_id=one.pk, reason="改考试").exempt_category is None
    with pytest.raises(ValidationError, match="没有免试资格"):
        waive_exemption(actor=chief, applicant_id=one.pk, reason="改考试")


def test_households_come_first_and_ties_go_by_professional_basis_computing_english(season: Rounds) -> None:
    enrol(season, 1, 100, 80, 60)
    enrol(season, 2, 100, 70, 70)
    enrol(season, 3, 90, 90, 60, is_household=True)
    opening = season.open(season.first)
    season.publish(opening)
    season.end(opening)
    second = season.open(season.second)
    for who in (1, 2, 3):
        season.submit(second, who, "design", "software")
    season.publish(second)
    assert season.admitted(season.second)[3] == "design", "the household comes first with the fewest points"
    assert season.admitted(season.second)[1] == "software", "240 points each: computing decides"
    page = told(season.tickets[2])
    assert page is not None
    assert "同分排序在后" in str(page["rounds"]["2"]["reasons"])


def test_an_exempt_person_is_recorded_at_exempt_places_only(season: Rounds) -> None:
    one = enrol(season, 1, exempt=True)
    with pytest.raises(ValidationError, match="只占免试计划"):
        admission(season.world, one, season.plans["software"], season.second)
    other = enrol(season, 2)
    with pytest.raises(ValidationError, match="免试类别"):
        admission(season.world, other, season.plans["software-exempt"], season.first)


def test_no_return_decides_who_is_exempt_in_a_season_that_is_run_here(season: Rounds) -> None:
    enrol(season, 1, exempt=True)
    season.open()
    row = admission_row(
        1,
        UNIVERSITY,
        season_code="2021-upgrade",
        category="college_graduate",
        exempt_code=VETERAN,
        programme_code="080902",
        pool="exempt",
    )
    told = report(season.province, admissions=[row, {**row, "resident_id": resident(2), "person_name": "考生2"}])
    assert [(error["cell"], error["code"]) for error in told.errors] == [("H4", "conflict")]
    assert report(season.province, admissions=[row]).state == "landed"

"""Appeals against results: reviewed as cases, decided by who entered neither sheet; certificate and figures follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jineng.cases.verbs import act_on_case, open_intake, save_answers
from jineng.credentials.kinds import Attendance, Outcome
from jineng.credentials.marking import ABSENT, Entry
from jineng.credentials.models import AssessmentSession, Candidate, Certificate, ComponentResult, SealedCertificate
from jineng.credentials.rules import read_number
from jineng.credentials.verbs import correct_result, issue_certificates, revoke_certificate, settle_results
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.registry.kinds import Role
from tests.calls.selections import Selection, counted
from tests.cases.shipped import published
from tests.credentials.assessments import certificate_type, entered_twice, people, seated, session, settled, sheet
from tests.factories import World, _appoint

SETTLED, ASKED, ISSUED, LATER = date(2021, 6, 15), date(2021, 7, 1), date(2021, 7, 5), date(2021, 7, 8)
OPENS, CLOSES = date(2021, 6, 1), date(2021, 12, 31)


@pytest.fixture(autouse=True)
def july() -> Iterator[None]:
    with clock_at(ASKED):
        yield


@dataclass
class Review:
    """A session at the county's school, the candidates of seats 1 to 4 (odd ones passed), and who reviews."""

    selection: Selection
    session: AssessmentSession
    candidates: list[Candidate]

    @property
    def office(self) -> Actor:
        """The province, which entered nothing."""
        return self.selection.office

    def asked(self, place: int, /, **more: Any) -> dict[str, Any]:
        """What the school says of the candidate in a place, from 0."""
        learner = {"id": str(self.candidates[place].person_id), "label": "考生"}
        return {"session": "KH-1", "learner": learner, "part": "实操", "grounds": "漏计一题", **more}

    def found(self, place: int, corrected: str, /, **more: Any) -> UUID:
        """A case that was handed in and looked at."""
        key = self.selection.apply("county_school", f"复核{place}", self.asked(place, **more))
        act_on_case(actor=self.school, case_id=key, action="submit")
        self.report(key, corrected)
        return key

    def report(self, key: UUID, corrected: str) -> None:
        """What the office found."""
        answers = {"found": "漏计第三题", "corrected": corrected}
        save_answers(actor=self.office, case_id=key, raw=answers)
        act_on_case(actor=self.office, case_id=key, action="answer")

    def uphold(self, key: UUID) -> None:
        """The province decides."""
        act_on_case(actor=self.office, case_id=key, action="uphold")

    def now(self, place: int) -> tuple[str, Decimal | None, list[str]]:
        """What a candidate is now, their score, and the certificates that they hold."""
        with acting(self.office):
            candidate = Candidate.objects.get(pk=self.candidates[place].pk)
            held = Certificate.objects.filter(person=candidate.person_id, revoked_on=None)
            return candidate.outcome, candidate.score, [each.number for each in held]

    def issue(self) -> None:
        """The two who passed get their certificates."""
        with clock_at(ISSUED):
            issue_certificates(actor=self.office, session_id=self.session.pk, issued_on=ISSUED)

    @property
    def school(self) -> Actor:
        """Whoever applies."""
        return self.selection.world.actor("school_officer")


def intake_of(world: World, office: str, actor: Actor) -> Selection:
    """An office takes applications for review."""
    intake = open_intake(
        actor=actor,
        name="2021年成绩复核",
        office_id=world[office].pk,
        procedure_id=published(world, "result-review").pk,
        opens_on=OPENS,
        closes_on=CLOSES,
    )
    return Selection(world, intake)


@pytest.fixture
def review(world: World) -> Review:
    """Results settled in June, entered by the county and the city."""
    world.accounts["officer of county_school"] = world.accounts["school_officer"]
    of = session(world, certificate_type(world))
    county, city = world.actor("county_officer"), world.actor("city_officer")
    with clock_at(SETTLED):
        four = seated(county, of, people(1, 4))
        settled(of, four, county, city)
    return Review(intake_of(world, "province", world.actor("province_officer")), of, four)


def test_an_upheld_appeal_corrects_the_result_and_says_why(review: Review) -> None:
    assert review.now(1) == (Outcome.FAILED, Decimal(120), [])
    key = review.found(1, "65.5")
    review.uphold(key)
    assert review.now(1) == (Outcome.PASSED, Decimal("155.5"), [])
    with acting(review.office):
        result = ComponentResult.objects.get(candidate=review.candidates[1], component__order=2)
    assert (result.score, result.passed, result.origin_id) == (Decimal("65.5"), True, key)
    assert result.settled_by_id == review.office.account_id
    client = Client()
    client.force_login(
        review.selection.world.accounts["school_officer"], backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(reverse("candidate", args=[review.candidates[1].pk])).content.decode()
    for told in ("原为 30，已更正", "漏计第三题", reverse("case", args=[key])):
        assert told in page
    case_page = client.get(reverse("case", args=[key])).content.decode()
    assert reverse("candidate", args=[review.candidates[1].pk]) in case_page
    review.issue()
    parts = [read_number(number) for place in (0, 1, 2) for number in review.now(place)[2]]
    assert [part.serial for part in parts if part] == [1, 2, 3]


def test_who_passes_after_certificates_are_issued_gets_the_next_number(review: Review) -> None:
    review.issue()
    before, _ = counted("certificate_holders")
    key = review.found(3, "60")
    with clock_at(LATER), acting(review.office):
        review.uphold(key)
        made = Certificate.objects.get(person=review.candidates[3].person_id)
        assert SealedCertificate.objects.filter(certificate=made).exists()
    parts = read_number(made.number)
    assert parts is not None
    assert (parts.serial, made.issued_on, made.origin_id) == (3, LATER, key)
    assert counted("certificate_holders")[0] == before + 1


def test_who_fails_now_holds_no_certificate_any_more(review: Review) -> None:
    review.issue()
    before, _ = counted("certificate_holders")
    key = review.found(0, "缺考")
    (number,) = review.now(0)[2]
    with clock_at(LATER):
        with pytest.raises(ValidationError, match=f"请先撤销证书 {number}"):
            review.uphold(key)
        assert review.now(0) == (Outcome.PASSED, Decimal(150), [number])
        with acting(review.office):
            held = Certificate.objects.get(number=number)
        revoke_certificate(actor=review.office, certificate_id=held.pk, on=LATER, reason="成绩复核不合格")
        review.uphold(key)
    assert review.now(0) == (Outcome.FAILED, Decimal(70), [])
    assert counted("certificate_holders")[0] == before - 1


def test_a_correction_that_changes_no_outcome_leaves_certificates_alone(review: Review) -> None:
    review.issue()
    review.uphold(review.found(0, "95"))
    review.uphold(review.found(1, "40"))
    assert [(review.now(place)[1], len(review.now(place)[2])) for place in (0, 1)] == [(165, 1), (130, 0)]


def test_a_certificate_revoked_for_another_reason_does_not_come_back(review: Review) -> None:
    review.issue()
    key = review.found(0, "95")
    with clock_at(LATER):
        with acting(review.office):
            held = Certificate.objects.get(person=review.candidates[0].person_id)
        revoke_certificate(actor=review.office, certificate_id=held.pk, on=LATER, reason="替考")
        review.uphold(key)
    assert review.now(0) == (Outcome.PASSED, Decimal(165), [])


def test_who_fails_and_then_passes_after_all_gets_another(review: Review) -> None:
    review.issue()
    told: dict[str, Any] = {"actor": review.office, "candidate_id": review.candidates[0].pk, "order": 2}
    with clock_at(LATER):
        with acting(review.office):
            held = Certificate.objects.get(person=review.candidates[0].person_id)
        revoke_certificate(actor=review.office, certificate_id=held.pk, on=LATER, reason="成绩复核不合格")
        correct_result(entry=Entry(Decimal(50)), reason="多计", **told)
        correct_result(entry=Entry(Decimal(80)), reason="未多计", **told)
    outcome, _, (number,) = review.now(0)
    assert (outcome, number == held.number) == (Outcome.PASSED, False)


def test_who_was_absent_sat_after_all(review: Review) -> None:
    with clock_at(SETTLED):
        world = review.selection.world
        of = session(world, certificate_type(world), code="KH-2")
        county, city = world.actor("county_officer"), world.actor("city_officer")
        (absent,) = seated(county, of, people(50, 1))
        marks = sheet([absent], (None, None))
        entered_twice(of, marks, county, city)
        settle_results(actor=county, session_id=of.pk)
    before, _ = counted("certificate_candidates")
    correct_result(actor=review.office, candidate_id=absent.pk, order=1, entry=Entry(Decimal(80)), reason="签到表漏登")
    with acting(review.office):
        absent.refresh_from_db()
    assert (absent.attendance, absent.outcome, absent.score) == (Attendance.SAT, Outcome.FAILED, 80)
    assert counted("certificate_candidates")[0] == before + 1


def test_whoever_entered_a_sheet_decides_nothing(review: Review) -> None:
    """The office is the city, whose officer made the second sheet: another officer of the city decides."""
    world = review.selection.world
    city = world.actor("city_officer")
    with acting(review.office):
        selection = intake_of(world, "lanzhou", city)
    key = selection.apply("county_school", "复核", review.asked(1))
    act_on_case(actor=review.school, case_id=key, action="submit")
    save_answers(actor=city, case_id=key, raw={"found": "漏计", "corrected": "65"})
    act_on_case(actor=city, case_id=key, action="answer")
    with pytest.raises(NotAllowed, match="未参与录入"):
        act_on_case(actor=city, case_id=key, action="uphold")
    assert review.now(1)[0] == Outcome.FAILED
    with acting(city), transaction.atomic(), pytest.raises(IntegrityError, match="entered neither sheet"):
        ComponentResult.objects.filter(candidate=review.candidates[1]).update(reason="x", settled_by=city.account_id)
    _appoint(world, "second of the city", "lanzhou", Role.OFFICER)
    act_on_case(actor=world.actor("second of the city"), case_id=key, action="uphold")
    assert review.now(1)[0] == Outcome.PASSED


def test_a_review_is_asked_for_within_fifteen_working_days(review: Review) -> None:
    """Settled on Tuesday 15 June 2021; fifteen working days later it is Tuesday 6 July."""
    first = review.selection.apply("county_school", "按时", review.asked(1))
    late = review.selection.apply("county_school", "逾期", review.asked(3))
    with clock_at(date(2021, 7, 6)):
        act_on_case(actor=review.school, case_id=first, action="submit")
    with clock_at(date(2021, 7, 7)):
        with pytest.raises(ValidationError, match="超过15个工作日"):
            act_on_case(actor=review.school, case_id=late, action="submit")
        act_on_case(actor=review.office, case_id=first, action="return", reason="请写明题号")
        act_on_case(actor=review.school, case_id=first, action="submit")
    assert review.selection.stage("按时") == "look"


@pytest.mark.parametrize("wrong", [{"session": "KH-9"}, {"host": "3662050001"}, {"host": "NOBODY"}, {"part": "口试"}])
def test_what_was_never_settled_is_not_reviewed(review: Review, wrong: dict[str, Any]) -> None:
    key = review.selection.apply("county_school", "复核", review.asked(1, **wrong))
    with pytest.raises(ValidationError, match="没有该考生此项已确认的成绩"):
        act_on_case(actor=review.school, case_id=key, action="submit")
    save_answers(actor=review.school, case_id=key, raw=review.asked(1, host="3662010002"))
    act_on_case(actor=review.school, case_id=key, action="submit")


def test_what_is_not_filled_in_yet_is_told_by_the_form(review: Review) -> None:
    key = review.selection.apply("county_school", "复核", {"grounds": "漏计"})
    with pytest.raises(ValidationError, match="是必填项") as refusal:
        act_on_case(actor=review.school, case_id=key, action="submit")
    assert "没有该考生" not in " ".join(refusal.value.messages)


def test_neither_a_strange_school_nor_an_open_session_is_reviewed(review: Review) -> None:
    """The city's school names a learner whom it knows, but who sat for the county's; and a session that is not settled
    yet."""
    world = review.selection.world
    of = session(world, certificate_type(world), code="KH-2")
    seated(review.office, of, people(2, 1, world["city_school"]))
    (waiting,) = seated(world.actor("county_officer"), of, people(60, 1))
    key = review.selection.apply("city_school", "他校", review.asked(1, host="3662010002"))
    with pytest.raises(ValidationError, match="没有该考生此项已确认的成绩"):
        act_on_case(actor=world.actor("officer of city_school"), case_id=key, action="submit")
    review.candidates.append(waiting)
    early = review.selection.apply("county_school", "过早", review.asked(4, session="KH-2"))
    with pytest.raises(ValidationError, match="没有该考生此项已确认的成绩"):
        act_on_case(actor=review.school, case_id=early, action="submit")


@pytest.mark.parametrize("corrected", ["101", "30", "及格", "70.55"])
def test_a_correction_fits_the_part_and_changes_something(review: Review, corrected: str) -> None:
    key = review.selection.apply("county_school", "复核", review.asked(1))
    act_on_case(actor=review.school, case_id=key, action="submit")
    with pytest.raises(ValidationError, match="更正成绩应为"):
        review.report(key, corrected)


def test_an_appeal_that_is_not_upheld_changes_nothing(review: Review) -> None:
    key = review.found(1, "")
    with pytest.raises(ValidationError, match="更正成绩"):
        review.uphold(key)
    act_on_case(actor=review.office, case_id=key, action="again", reason="请复核第四题")
    act_on_case(actor=review.office, case_id=key, action="answer")
    act_on_case(actor=review.office, case_id=key, action="dismiss", reason="评分无误")
    assert (review.now(1)[:2], review.selection.stage("复核1")) == ((Outcome.FAILED, Decimal(120)), "dismissed")


def test_what_holds_already_by_the_time_of_the_decision_is_refused(review: Review) -> None:
    first, second = review.found(1, "65"), review.selection.apply("county_school", "再次", review.asked(1))
    act_on_case(actor=review.school, case_id=second, action="submit")
    review.report(second, "65")
    review.uphold(first)
    with pytest.raises(ValidationError, match="与原成绩相同"):
        review.uphold(second)


def test_only_settled_results_of_ones_own_sessions_are_corrected(review: Review) -> None:
    world, office = review.selection.world, review.office
    told: dict[str, Any] = {"candidate_id": review.candidates[1].pk, "order": 2, "entry": ABSENT, "reason": "复核"}
    for actor in (world.actor("other_city_officer"), world.actor("college_officer")):
        with pytest.raises(NotAllowed):
            correct_result(actor=actor, **told)
    for wrong, words in (
        ({"reason": " "}, "请填写原因"),
        ({"order": 3}, "没有此考核项目"),
        ({"entry": Entry(Decimal("100.5"))}, "超出满分"),
        ({"entry": Entry(Decimal(30))}, "与原成绩相同"),
    ):
        with pytest.raises(ValidationError, match=words):
            correct_result(actor=office, **{**told, **wrong})
    of = session(world, certificate_type(world), code="KH-2")
    (waiting,) = seated(world.actor("county_officer"), of, people(60, 1))
    with pytest.raises(ValidationError, match="未经两次录入确认"):
        correct_result(actor=office, **{**told, "candidate_id": waiting.pk})

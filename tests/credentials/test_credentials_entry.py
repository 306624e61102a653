"""Results entered twice: sealed, by two accounts, differences settled by a third, numbers without a gap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jineng.credentials.marking import ABSENT, Entry
from jineng.credentials.models import (
    AssessmentSession,
    Candidate,
    Certificate,
    ComponentResult,
    EntrySheet,
    Mark,
    NumberSeries,
)
from jineng.credentials.rules import read_number
from jineng.credentials.verbs import (
    enter_marks,
    issue_certificates,
    register_candidates,
    revoke_certificate,
    settle_results,
    void_candidate,
    void_certificate,
)
from jineng.credentials.verbs.settling import Resolution, compared
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.registry.kinds import Role
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from tests.credentials.assessments import (
    certificate_type,
    entered_twice,
    people,
    seated,
    session,
    settled,
    sheet,
)
from tests.factories import World, _appoint

AFTER = date(2021, 7, 20)


@pytest.fixture
def held(world: World) -> tuple[AssessmentSession, list[Candidate]]:
    """A session at the county school with three candidates, in the county officer's scope."""
    of = session(world, certificate_type(world))
    county = world.actor("county_officer")
    with acting(county):
        return of, seated(county, of, people(1, 3))


def test_a_body_enters_results_of_a_host_that_it_does_not_see(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, seats = held
    with acting(world.actor("province_officer")):
        world.organisations["body"] = Organisation.objects.get(pk=of.body_id)
    _appoint(world, "body_officer", "body", Role.OFFICER)
    officer = world.actor("body_officer")
    with acting(officer):
        assert not visible(officer, Organisation).filter(pk=of.host_id).exists()
        marks = sheet(seats, *[(70, 80)] * len(seats))
        made = enter_marks(actor=officer, session_id=of.pk, marks=marks, hand_in=True)
        assert list(visible(officer, AssessmentSession)) == [of]
    assert made.slot == 1


def test_each_enters_their_own_sheet_and_sees_no_other(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county, city, province = (world.actor(name) for name in ("county_officer", "city_officer", "province_officer"))
    first = sheet(three, (70, 80), (61, 59), (None, None))
    enter_marks(actor=county, session_id=of.pk, marks=first, hand_in=True)
    enter_marks(actor=city, session_id=of.pk, marks=sheet(three[:1], (71, 80)))
    for actor, own in ((county, 6), (city, 2), (province, 0)):
        with acting(actor):
            assert Mark.objects.count() == own, actor.label
            assert EntrySheet.objects.count() == 2
            assert compared(AssessmentSession.objects.get(pk=of.pk)).first == {}
    enter_marks(actor=city, session_id=of.pk, marks=sheet(three, (71, 80), (61, 59), (None, None)), hand_in=True)
    with acting(county):
        assert Mark.objects.count() == 12
        both = compared(AssessmentSession.objects.get(pk=of.pk))
    assert both.differing == [(three[0].pk, 1)]


def test_a_draft_may_be_changed_and_emptied_until_it_is_handed_in(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county = world.actor("county_officer")
    with acting(county):
        enter_marks(actor=county, session_id=of.pk, marks=sheet(three, (1, 2), (3, 4), (5, 6)))
        cell = (three[0].pk, 1)
        enter_marks(actor=county, session_id=of.pk, marks={cell: Entry(Decimal(99))}, cleared=[(three[2].pk, 2)])
        assert Mark.objects.get(candidate=three[0], component__order=1).score == 99
        assert Mark.objects.count() == 5
        with pytest.raises(ValidationError, match="座位未录完：3"):
            enter_marks(actor=county, session_id=of.pk, marks={}, hand_in=True)
        enter_marks(actor=county, session_id=of.pk, marks={(three[2].pk, 2): ABSENT}, hand_in=True)
        with pytest.raises(ValidationError, match="不能再改"):
            enter_marks(actor=county, session_id=of.pk, marks={cell: ABSENT})


def test_impossible_marks_are_refused(world: World, held: tuple[AssessmentSession, list[Candidate]]) -> None:
    of, three = held
    county = world.actor("county_officer")
    with acting(county):
        for marks, words in (
            ({(three[0].pk, 3): ABSENT}, "没有此考生或考核项目"),
            ({(of.pk, 1): ABSENT}, "没有此考生或考核项目"),
            ({(three[0].pk, 1): Entry(Decimal("100.5"))}, "超出满分"),
        ):
            with pytest.raises(ValidationError, match=words):
                enter_marks(actor=county, session_id=of.pk, marks=marks)
        empty = session(world, of.certificate_type, code="KH-2", actor=county)
        with pytest.raises(ValidationError, match="还没有考生"):
            enter_marks(actor=county, session_id=empty.pk, marks={})


def test_a_third_account_gets_no_sheet_and_strangers_none_at_all(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    marks = sheet(three, (70, 80), (70, 80), (70, 80))
    entered_twice(of, marks, world.actor("county_officer"))
    enter_marks(actor=world.actor("city_officer"), session_id=of.pk, marks={})
    with pytest.raises(NotAllowed, match="两次录入已由"):
        enter_marks(actor=world.actor("province_officer"), session_id=of.pk, marks={})
    with pytest.raises(NotAllowed, match="不由本岗位"):
        enter_marks(actor=world.actor("other_city_officer"), session_id=of.pk, marks={})


def test_the_database_refuses_the_same_account_for_both(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county = world.actor("county_officer")
    with acting(county):
        enter_marks(actor=county, session_id=of.pk, marks=sheet(three[:1], (1, 2)))
        with pytest.raises(IntegrityError, match="entry_sheets_by_two_accounts"), transaction.atomic():
            EntrySheet.objects.create(session=of, slot=2, account_id=county.account_id, label="again")
        with pytest.raises(IntegrityError, match="sheets are compared"), transaction.atomic():
            AssessmentSession.objects.filter(pk=of.pk).update(compared_at=of.recorded_at)
        enter_marks(actor=county, session_id=of.pk, marks=sheet(three, (1, 2), (1, 2), (1, 2)), hand_in=True)
        with pytest.raises(IntegrityError, match="handed in is not changed"), transaction.atomic():
            EntrySheet.objects.update(handed_in_at=None)


def test_equal_sheets_are_settled_by_anybody_who_answers_for_the_session(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county, city = world.actor("county_officer"), world.actor("city_officer")
    marks = sheet(three, (70, 80), (61, 59), (None, None))
    with pytest.raises(ValidationError, match="尚未都提交"):
        settle_results(actor=county, session_id=of.pk)
    entered_twice(of, marks, county, city)
    settle_results(actor=county, session_id=of.pk)
    with acting(county):
        told = list(Candidate.objects.order_by("seat").values_list("attendance", "outcome", "score"))
        assert told == [("sat", "passed", 150), ("sat", "failed", 120), ("absent", "", None)]
        assert ComponentResult.objects.filter(passed=True).count() == 3
    with pytest.raises(ValidationError, match="已确认"):
        settle_results(actor=county, session_id=of.pk)


def test_differences_are_settled_by_somebody_who_entered_neither(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county, city, province = (world.actor(name) for name in ("county_officer", "city_officer", "province_officer"))
    entered_twice(of, sheet(three, (70, 80), (61, 59), (60, 60)), county)
    entered_twice(of, sheet(three, (70, 80), (61, 95), (None, 60)), city)
    one, other = (three[1].pk, 2), (three[2].pk, 1)
    answers = {one: Resolution(Entry(Decimal(59)), "查阅原卷"), other: Resolution(Entry(Decimal(60)), "签到表有名")}
    with pytest.raises(NotAllowed, match="第三人"):
        settle_results(actor=city, session_id=of.pk, resolutions=answers)
    for wrong, words in (
        ({one: answers[one]}, "还有 1 处差异"),
        ({**answers, (three[0].pk, 1): answers[one]}, "只能处理"),
        ({**answers, one: Resolution(Entry(Decimal(59)), " ")}, "请填写原因"),
        ({**answers, one: Resolution(Entry(Decimal(101)), "查卷")}, "超出满分"),
    ):
        with pytest.raises(ValidationError, match=words):
            settle_results(actor=province, session_id=of.pk, resolutions=wrong)
    settle_results(actor=province, session_id=of.pk, resolutions=answers)
    with acting(province):
        assert list(Candidate.objects.order_by("seat").values_list("outcome", flat=True)) == [
            "passed",
            "failed",
            "passed",
        ]
        settled_one = ComponentResult.objects.get(candidate=three[1], component__order=2)
        assert (settled_one.score, settled_one.reason, settled_one.settled_by_id) == (
            59,
            "查阅原卷",
            province.account_id,
        )
        with pytest.raises(IntegrityError, match="entered neither sheet"), transaction.atomic():
            ComponentResult.objects.filter(pk=settled_one.pk).update(settled_by=city.account_id)


def test_certificates_are_numbered_by_seat_without_a_gap(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county, city = world.actor("county_officer"), world.actor("city_officer")
    with pytest.raises(ValidationError, match="尚未确认"):
        issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)
    settled(of, three, county, city)
    with clock_at(AFTER):
        for wrong in (date(2021, 6, 11), date(2021, 7, 21)):
            with pytest.raises(ValidationError, match="发证日期"):
                issue_certificates(actor=county, session_id=of.pk, issued_on=wrong)
        made = issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)
        with pytest.raises(ValidationError, match="已发证"):
            issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)
    parts = [read_number(certificate.number) for certificate in made]
    assert [part and (part.code, part.year, part.level, part.serial) for part in parts] == [
        ("X01", 2021, "elementary", 1),
        ("X01", 2021, "elementary", 2),
    ]
    assert [certificate.person_id for certificate in made] == [three[0].person_id, three[2].person_id]


def test_who_holds_the_certificate_gets_no_second_one_until_it_is_revoked(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county, city = world.actor("county_officer"), world.actor("city_officer")
    settled(of, three, county, city)
    with clock_at(AFTER):
        first, second = issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)
        revoke_certificate(actor=county, certificate_id=second.pk, on=AFTER, reason="舞弊")
        with acting(county):
            again = session(world, of.certificate_type, code="KH-2", actor=county)
            same = seated(county, again, people(1, 3))
        settled(again, same, county, city)
        made = issue_certificates(actor=county, session_id=again.pk, issued_on=AFTER)
    assert [certificate.person_id for certificate in made] == [second.person_id]
    part = read_number(made[0].number)
    assert part is not None
    assert part.serial == 3
    with acting(county):
        assert Certificate.objects.filter(person=first.person_id).count() == 1


def test_rolled_back_numbers_are_given_again(world: World, held: tuple[AssessmentSession, list[Candidate]]) -> None:
    of, three = held
    county = world.actor("county_officer")
    settled(of, three, county, world.actor("city_officer"))
    with clock_at(AFTER):
        with transaction.atomic():
            assert len(issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)) == 2
            transaction.set_rollback(True)
        made = issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)
    assert [part.serial for item in made if (part := read_number(item.number))] == [1, 2]
    with acting(county):
        assert NumberSeries.objects.count() == 0, "counters are nobody's to read below the province"
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE credentials_numberseries SET last = 0")


def test_revoking_and_voiding_need_a_reason_and_a_possible_day(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county = world.actor("county_officer")
    settled(of, three, county, world.actor("city_officer"))
    with clock_at(AFTER):
        one, other = issue_certificates(actor=county, session_id=of.pk, issued_on=AFTER)
    for on, reason, words in ((date(2021, 7, 19), "舞弊", "不能早于发证"), (AFTER, " ", "请填写原因")):
        with pytest.raises(ValidationError, match=words):
            revoke_certificate(actor=county, certificate_id=one.pk, on=on, reason=reason)
    with pytest.raises(NotAllowed):
        revoke_certificate(actor=world.actor("other_city_officer"), certificate_id=one.pk, on=AFTER, reason="舞弊")
    assert revoke_certificate(actor=county, certificate_id=one.pk, on=AFTER, reason="舞弊").revoked_on == AFTER
    with pytest.raises(ValidationError, match="已撤销"):
        revoke_certificate(actor=county, certificate_id=one.pk, on=AFTER, reason="舞弊")
    with pytest.raises(ValidationError, match="请填写原因"):
        void_certificate(actor=county, certificate_id=other.pk, reason="")
    with pytest.raises(ValidationError, match="先作废证书"):
        void_candidate(actor=county, candidate_id=three[2].pk, reason="误报")
    assert void_certificate(actor=county, certificate_id=other.pk, reason="误发").is_void
    assert void_candidate(actor=county, candidate_id=three[2].pk, reason="误报").is_void
    with pytest.raises(NotAllowed):
        void_candidate(actor=county, candidate_id=three[2].pk, reason="误报")
    with pytest.raises(NotAllowed):
        void_certificate(actor=county, certificate_id=other.pk, reason="误发")


def test_nobody_registers_twice_nor_beyond_the_places(
    world: World, held: tuple[AssessmentSession, list[Candidate]]
) -> None:
    of, three = held
    county = world.actor("county_officer")
    with acting(county):
        with pytest.raises(ValidationError, match="已报名"):
            seated(county, of, people(3, 2))
        with pytest.raises(ValidationError, match="名额不够"):
            seated(county, of, people(50, 28))
        with transaction.atomic():
            AssessmentSession.objects.filter(pk=of.pk).update(capacity=2)
            with pytest.raises(IntegrityError, match="no place left"):
                Candidate.objects.filter(pk=three[0].pk).update(score=None)
            transaction.set_rollback(True)
        more = register_candidates(actor=county, session_id=of.pk, people=people(60, 1, world["city_school"]))
        assert [item.seat for item in more] == [4]
        enter_marks(actor=county, session_id=of.pk, marks={})
        with pytest.raises(ValidationError, match="名单不能再变"):
            seated(county, of, people(70, 1))

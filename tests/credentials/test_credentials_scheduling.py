"""Sites, times and seats: what the verbs refuse in words, and what the database refuses whoever writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jineng.credentials.models import AssessmentRoom, AssessmentSession, AssessmentSite, Candidate
from jineng.credentials.verbs import (
    add_room,
    end_site,
    enter_marks,
    move_session,
    register_candidates,
    set_up_site,
    void_candidate,
    void_room,
)
from jineng.kernel.actors import Actor, NotAllowed, acting
from jineng.kernel.models import AuditLine
from tests.calls.small_world import resident
from tests.credentials.assessments import HELD, certificate_type, land, people, refusals, seated, session, sheet, site
from tests.factories import World

NEXT = date(2021, 6, 13)
MORNING = {"begins_at": time(9), "ends_at": time(11)}


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint


def moved(actor: Actor, of: AssessmentSession, **changed: Any) -> AssessmentSession:
    values = {
        "held_on": of.held_on,
        "capacity": of.capacity,
        "site_id": of.site_id,
        "begins_at": of.begins_at,
        "ends_at": of.ends_at,
        **changed,
    }
    return move_session(actor=actor, session_id=of.pk, **values)


def test_a_site_is_set_up_with_rooms_and_ends(world: World) -> None:
    county = world.actor("county_officer")
    place = site(world, 20, 10)
    with acting(county):
        assert list(AssessmentRoom.objects.filter(site=place).values_list("order", "name", "seats")) == [
            (1, "第1考场", 20),
            (2, "第2考场", 10),
        ]
        for deed, words in (
            (lambda: add_room(actor=county, site_id=place.pk, name=" 第1考场 ", seats=5), "已有此名称的考场"),
            (lambda: add_room(actor=county, site_id=place.pk, name="第3考场", seats=0), "座位数"),
            (lambda: end_site(actor=county, site_id=place.pk, on=place.approved_on), "晚于批准日期"),
            (lambda: site(world, 5), "已有此代码的站点"),
        ):
            with pytest.raises(ValidationError, match=words):
                deed()
        wrong = AssessmentRoom.objects.get(site=place, order=2)
        void_room(actor=county, room_id=wrong.pk, reason="座位数有误")
        assert add_room(actor=county, site_id=place.pk, name="第2考场", seats=12).order == 2
        assert end_site(actor=county, site_id=place.pk, on=NEXT).ended_on == NEXT
        assert AuditLine.objects.filter(verb="end_site", details__on=NEXT.isoformat()).count() == 1
        with pytest.raises(ValidationError, match="已停用"):
            add_room(actor=county, site_id=place.pk, name="第4考场", seats=5)
        with pytest.raises(ValidationError, match="已停用"):
            end_site(actor=county, site_id=place.pk, on=date(2022, 1, 1))


def test_strangers_change_no_site(world: World) -> None:
    place = site(world, 20)
    other = world.actor("other_county_officer")
    with acting(other):
        room = AssessmentRoom.objects.get(site=place)
        deeds: list[Callable[[], object]] = [
            lambda: add_room(actor=other, site_id=place.pk, name="x", seats=5),
            lambda: void_room(actor=other, room_id=room.pk, reason="x"),
            lambda: end_site(actor=other, site_id=place.pk, on=NEXT),
            lambda: session(world, certificate_type(world), "other_school", site_id=place.pk, actor=other, **MORNING),
            lambda: set_up_site(
                actor=other,
                organisation_id=world["county_school"].pk,
                code="x",
                name="x",
                address="x",
                approved_on=HELD,
            ),
        ]
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed()
        assert AssessmentSite.objects.filter(pk=place.pk).update(name="别名") == 0
        assert AssessmentRoom.objects.filter(pk=room.pk).update(seats=99) == 0


def test_sessions_share_a_site_while_it_has_seats_and_each_has_its_own(world: World) -> None:
    kind, place = certificate_type(world), site(world, 20, 20)
    at: dict[str, Any] = {"site_id": place.pk, **MORNING}
    first = session(world, kind, code="KH-1", capacity=30, **at)
    second = session(world, kind, code="KH-2", capacity=10, **at)
    assert (first.first_seat, second.first_seat) == (1, 31)
    with pytest.raises(ValidationError) as caught:
        session(world, kind, code="KH-3", capacity=1, **at)
    (words,) = caught.value.messages
    assert "共 40 座，本场 1 人" in words
    assert re.search(r"场次 KH-[12]（.*2021-06-12 09:00–11:00）", words)
    assert "下一空档" in words
    after = session(world, kind, code="KH-3", capacity=40, site_id=place.pk, begins_at=time(11), ends_at=time(12))
    assert after.first_seat == 1
    next_day = session(world, kind, code="KH-4", capacity=40, held_on=NEXT, **at)
    with pytest.raises(ValidationError, match="共 40 座，本场 41 人，同时段没有其他场次"):
        session(world, kind, code="KH-5", capacity=41, held_on=date(2021, 6, 14), **at)
    with pytest.raises(ValidationError, match="先改排"):
        end_site(actor=world.actor("county_officer"), site_id=place.pk, on=NEXT)
    end_site(actor=world.actor("county_officer"), site_id=place.pk, on=date(2021, 6, 14))
    with pytest.raises(ValidationError, match="该日已停用"):
        session(world, kind, code="KH-5", held_on=date(2021, 6, 14), **at)
    with pytest.raises(ValidationError, match="该日尚未批准"):
        moved(world.actor("county_officer"), next_day, held_on=date(2018, 1, 1))


def test_seats_that_lie_apart_do_not_serve(world: World) -> None:
    kind, place = certificate_type(world), site(world, 30)
    county = world.actor("county_officer")
    at: dict[str, Any] = {"site_id": place.pk, **MORNING}
    parts = [session(world, kind, code=f"KH-{n}", capacity=10, **at) for n in (1, 2, 3)]
    assert [part.first_seat for part in parts] == [1, 11, 21]
    for part in (parts[0], parts[2]):
        moved(county, part, site_id=None, begins_at=None, ends_at=None)
    with pytest.raises(ValidationError, match="空余座位不相连，安排不下 20 人"):
        session(world, kind, code="KH-4", capacity=20, **at)
    assert moved(county, parts[1], capacity=8).first_seat == 11, "a session that stays keeps its seats"
    assert moved(county, parts[1], capacity=25).first_seat == 1, "unless they do not suffice"


def test_times_are_two_and_in_order_and_needed_at_a_site(world: World) -> None:
    kind, place = certificate_type(world), site(world, 20)
    for times, field, words in (
        ({"begins_at": time(9)}, "ends_at", "同时填写"),
        ({"ends_at": time(9)}, "begins_at", "同时填写"),
        ({"begins_at": time(9), "ends_at": time(9)}, "ends_at", "晚于开始"),
        ({"site_id": place.pk}, "begins_at", "须填开始和结束时间"),
    ):
        with pytest.raises(ValidationError) as caught:
            session(world, kind, **times)
        assert words in caught.value.message_dict[field][0]


def test_nobody_is_registered_for_two_sessions_at_once(world: World) -> None:
    kind, county = certificate_type(world), world.actor("county_officer")
    one = session(world, kind, code="KH-1", **MORNING)
    two = session(world, kind, code="KH-2", begins_at=time(10), ends_at=time(12))
    three = session(world, kind, "other_school", code="KH-9", begins_at=time(11), ends_at=time(12))
    mine = seated(county, one, people(1, 2))
    with pytest.raises(ValidationError, match=r"有 1 名考生同时段参加场次 KH-1（.*09:00–11:00）"):
        seated(county, two, people(2, 2))
    with pytest.raises(ValidationError, match="可见范围之外的一场考核"):
        seated(world.actor("other_county_officer"), moved_to_morning(world, three), people(1, 1))
    void_candidate(actor=county, candidate_id=mine[1].pk, reason="改报")
    others = seated(county, two, people(2, 2))
    early = moved(county, one, begins_at=time(8), ends_at=time(10))
    seated(county, early, people(2, 1))
    with pytest.raises(ValidationError, match=r"有 1 名考生同时段参加场次 KH-2.*请换时间，或先作废其中一次报名"):
        moved(county, early, **MORNING)
    assert len(others) == 2


def moved_to_morning(world: World, of: AssessmentSession) -> AssessmentSession:
    return moved(world.actor("other_county_officer"), of, **MORNING)


def test_a_struck_seat_is_given_again_only_when_no_other_is_left(world: World) -> None:
    kind, place, county = certificate_type(world), site(world, 3), world.actor("county_officer")
    of = session(world, kind, capacity=3, site_id=place.pk, **MORNING)
    mine = seated(county, of, people(1, 2))
    void_candidate(actor=county, candidate_id=mine[0].pk, reason="未报名")
    assert [one.seat for one in seated(county, of, people(3, 1))] == [3]
    assert [one.seat for one in seated(county, of, people(4, 1))] == [1]
    with pytest.raises(ValidationError, match="容量"):
        moved(county, of, capacity=2)


def test_a_session_whose_results_are_on_their_way_stays(world: World) -> None:
    of, county = session(world, certificate_type(world)), world.actor("county_officer")
    mine = seated(county, of, people(1, 1))
    enter_marks(actor=county, session_id=of.pk, marks=sheet(mine, (70, 80)))
    with pytest.raises(ValidationError, match="不能再改排"):
        moved(county, of, **MORNING)


def test_the_sheet_says_of_each_row_who_sits_elsewhere(world: World) -> None:
    kind, county = certificate_type(world), world.actor("county_officer")
    one = session(world, kind, code="KH-1", **MORNING)
    session(world, kind, code="KH-2", begins_at=time(10), ends_at=time(12))
    session(world, kind, code="KH-3")
    (first,) = seated(county, one, people(1, 1))

    def row(code: str, number: int, **more: Any) -> dict[str, Any]:
        return {
            "host_code": world["county_school"].code,
            "session_code": code,
            "person_name": f"学生{number}",
            "resident_id": resident(number),
            "is_synthetic": True,
            "attendance": "registered",
            **more,
        }

    with acting(county):
        rows = [row("KH-2", 1), row("KH-1", 2), row("KH-2", 2), row("KH-2", 3), row("KH-3", 1)]
        assert [code for _, code in refusals(county, assessment_candidates=rows)] == ["conflict", "conflict"]
        land(county, assessment_candidates=[row("KH-1", 2), row("KH-2", 3), row("KH-3", 1)])
        land(county, assessment_candidates=[row("KH-2", 2, attendance="absent")])
        struck = row("KH-1", 1, voided=True, void_reason="改报")
        land(county, assessment_candidates=[struck, row("KH-2", 1)])
        assert Candidate.objects.get(pk=first.pk).is_void
        told = Candidate.objects.filter(session__code="KH-2").values_list("person__name", "seat")
        assert dict(told) == {"学生3": 1, "学生2": None, "学生1": 2}


def test_a_workbook_moves_no_session_that_has_its_times(world: World) -> None:
    kind, place, county = certificate_type(world), site(world, 40), world.actor("county_officer")
    session(world, kind, code="KH-1", site_id=place.pk, actor=county, **MORNING)
    row = {
        "host_code": world["county_school"].code,
        "session_code": "KH-1",
        "certificate_code": kind.code,
        "level": "elementary",
        "held_on": HELD,
        "capacity": 30,
        "place": "实训楼",
    }
    with acting(county):
        land(county, assessment_sessions=[row])
        for changed in ({"held_on": NEXT}, {"capacity": 31}):
            assert [code for _, code in refusals(county, assessment_sessions=[{**row, **changed}])] == ["conflict"]
        of = AssessmentSession.objects.get(code="KH-1")
        assert (of.place, of.begins_at, of.first_seat) == ("实训楼", time(9), 1)


def test_the_database_refuses_what_the_code_forgets(world: World) -> None:
    kind, place, county = certificate_type(world), site(world, 20, 20), world.actor("county_officer")
    at: dict[str, Any] = {"site_id": place.pk, **MORNING}
    one = session(world, kind, code="KH-1", capacity=20, **at)
    two = session(world, kind, code="KH-2", capacity=20, **at)
    elsewhere = session(world, kind, code="KH-3", begins_at=time(11), ends_at=time(12))
    (first,) = seated(county, one, people(1, 1))
    with acting(county):
        sessions, sites, rooms = AssessmentSession.objects, AssessmentSite.objects, AssessmentRoom.objects
        for changed in ({"first_seat": 20}, {"capacity": 21}, {"first_seat": 22}):
            with refused("session_fits_site"):
                sessions.filter(pk=two.pk).update(**changed)
        with refused("session_at_open_site"):
            sessions.filter(pk=two.pk).update(held_on=date(2018, 1, 1))
        with refused("site_keeps_its_sessions"):
            sites.filter(pk=place.pk).update(ended_on=HELD)
        with refused("booked_rooms_stay"):
            rooms.filter(site=place, order=1).update(seats=30)
        with refused("nobody_sits_twice"):
            Candidate.objects.create(session=two, person_id=first.person_id, institution_id=first.institution_id)
        Candidate.objects.create(session=elsewhere, person_id=first.person_id, institution_id=first.institution_id)
        with refused("nobody_sits_twice"):
            sessions.filter(pk=elsewhere.pk).update(begins_at=time(10))
        with refused("seat_within_session"):
            Candidate.objects.filter(pk=first.pk).update(seat=21)
        for changed, name in (
            ({"ends_at": None}, "assessment_session_ends_after_beginning"),
            ({"first_seat": None}, "assessment_session_at_a_site_has_times_and_seats"),
        ):
            with refused(name):
                sessions.filter(pk=one.pk).update(**changed)


def test_the_book_of_a_site_is_told_with_sessions_out_of_sight(world: World) -> None:
    """The school books its own site and meets a session of another host there, of which it is told only when."""
    kind, place = certificate_type(world), site(world, 20)
    session(world, kind, "city_school", code="KH-8", capacity=20, site_id=place.pk, **MORNING)
    with pytest.raises(ValidationError, match=r"可见范围之外的一场考核（2021-06-12 09:00–11:00）"):
        session(world, kind, code="KH-1", capacity=1, site_id=place.pk, actor=world.actor("school_officer"), **MORNING)


def test_a_registration_still_needs_a_place(world: World) -> None:
    of, county = session(world, certificate_type(world), capacity=1, **MORNING), world.actor("county_officer")
    with pytest.raises(ValidationError, match="名额不够"):
        register_candidates(actor=county, session_id=of.pk, people=people(1, 2))
    assert connection.is_usable()

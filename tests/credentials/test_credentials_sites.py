"""Pages of sites, the form of times, and the button for the next free slot."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from jineng.credentials.models import AssessmentRoom, AssessmentSession, AssessmentSite
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from tests.credentials.assessments import CODE, HELD, certificate_type, people, seated, session, site
from tests.credentials.test_credentials_pages import browser
from tests.factories import World
from tests.shown import count_shown

TODAY = date(2021, 6, 1)
MORNING: dict[str, Any] = {"begins_at": time(9), "ends_at": time(11)}


@pytest.fixture
def county(world: World) -> Client:
    return browser(world, "county_officer")


def test_a_site_is_set_up_page_by_page(world: World, county: Client) -> None:
    school = world["county_school"]
    form = {
        "organisation": school.code,
        "code": "KD-1",
        "name": "实训考点",
        "address": "示例路1号",
        "approved_on": "2021-01-01",
    }
    made = county.post(reverse("set_up_site"), form).url
    again = county.post(reverse("set_up_site"), form)
    assert again.status_code == 422
    assert "已有此代码的站点" in again.content.decode()
    with acting(world.actor("county_officer")):
        place = AssessmentSite.objects.get()
    assert made == reverse("assessment_site", args=[place.pk])
    add = reverse("add_assessment_room", args=[place.pk])
    assert county.post(add, {"name": "甲教室", "seats": "0"}).status_code == 422
    for name in ("甲教室", "乙教室"):
        assert county.post(add, {"name": name, "seats": "20"}).status_code == 302
    with acting(world.actor("county_officer")):
        wrong = AssessmentRoom.objects.get(name="乙教室")
    county.post(reverse("void_assessment_room", args=[wrong.pk]), {"reason": "没有此教室"})
    shown = county.get(made).content.decode()
    assert "甲教室" in shown
    assert "乙教室" not in shown
    assert county.post(reverse("end_assessment_site", args=[place.pk]), {"on": "2021-01-01"}).status_code == 422
    county.post(reverse("end_assessment_site", args=[place.pk]), {"on": "2021-05-01"})
    assert "已停用" in county.get(made).content.decode()
    listed = reverse("assessment_sites")
    for asked, count in (({}, 1), ({"q": "示例路"}, 1), ({"q": "无"}, 0), ({"organisation": school.code}, 1)):
        assert count_shown(county.get(listed, asked)) == count


def test_a_session_is_scheduled_at_a_site_and_conflicts_stand_in_the_form(world: World, county: Client) -> None:
    certificate_type(world)
    place, other = site(world, 20), site(world, 20, of="other_school")
    form = {
        "host": world["county_school"].code,
        "code": "KH-1",
        "certificate": CODE,
        "level": "elementary",
        "held_on": "2021-06-12",
        "capacity": "15",
        "site": str(place.pk),
        "begins_at": "09:00",
        "ends_at": "11:00",
    }
    address = reverse("schedule_session")
    with clock_at(TODAY):
        shown = county.get(address).content.decode()
        assert str(place.pk) in shown
        assert str(other.pk) not in shown
        page = county.post(address, form).url
        assert "09:00–11:00" in county.get(page).content.decode()
        refused = county.post(address, {**form, "code": "KH-2"})
        assert refused.status_code == 422
        assert "场次 KH-1" in refused.content.decode()
        assert county.post(address, {**form, "code": "KH-2", "ends_at": ""}).status_code == 422
        assert county.post(address, {**form, "code": "KH-2", "site": str(other.pk)}).status_code == 422
        move = page + "move/"
        assert 'value="09:00"' in county.get(move).content.decode()
        later = {"held_on": "2021-06-13", "begins_at": "14:00", "ends_at": "16:00", "site": str(place.pk)}
        assert county.post(move, {**later, "capacity": "21"}).status_code == 422
        assert county.post(move, {**later, "capacity": "20"}).url == page
        assert "2021-06-13" in county.get(page).content.decode()


def test_the_next_free_slot_is_found_and_taken_over(world: World, county: Client) -> None:
    kind, place = certificate_type(world), site(world, 20)
    session(world, kind, code="KH-1", capacity=20, site_id=place.pk, held_on=date(2021, 6, 2), begins_at=time(8),
            ends_at=time(17))  # fmt: skip
    address = reverse("next_free_slot", args=[place.pk])
    asked = {"since": "2021-06-02", "days": "2", "opens": "08:00", "closes": "18:00", "minutes": "90", "capacity": "20"}
    with clock_at(TODAY):
        assert 'value="2021-06-02"' in county.get(address).content.decode()
        answer = county.get(address, asked)
        assert "2021-06-03 08:00–09:30" in answer.content.decode()
        use = answer.context["use"]
        assert 'value="09:30"' in county.get(use).content.decode()
        taken = dict(parse_qsl(urlsplit(use).query))
        form = {"host": world["county_school"].code, "code": "KH-2", "certificate": CODE, "level": "elementary"}
        assert county.post(reverse("schedule_session"), {**form, **taken}).status_code == 302
        answer = county.get(address, asked)
        assert "2021-06-03 09:30–11:00" in answer.content.decode()
        assert "没有空档" in county.get(address, {**asked, "days": "1"}).content.decode()
        for wrong in ({"minutes": "660"}, {"since": ""}, {"since": "9999-12-31"}, {"opens": "x"}):
            assert county.get(address, {**asked, **wrong}).status_code == 422


def test_a_slot_for_a_session_spares_its_candidates(world: World, county: Client) -> None:
    kind, place, officer = certificate_type(world), site(world, 20), world.actor("county_officer")
    of = session(world, kind, code="KH-1", capacity=5)
    busy = session(world, kind, "city_school", code="KH-9", held_on=date(2021, 6, 13), **MORNING)
    seated(officer, of, people(1, 1))
    seated(world.actor("province_officer"), busy, people(1, 1))
    asked = {"since": "2021-06-13", "days": "1", "opens": "08:30", "closes": "18:00", "minutes": "60", "capacity": "5"}
    with clock_at(TODAY):
        answer = county.get(reverse("next_free_slot", args=[place.pk]), {**asked, "session": str(of.pk)})
        assert "11:00–12:00" in answer.content.decode()
        assert county.post(answer.context["use"].split("?")[0], dict(parse_qsl(urlsplit(answer.context["use"]).query)))
        assert county.get(reverse("next_free_slot", args=[place.pk]), {"session": "x"}).status_code == 200
    with acting(officer):
        moved = AssessmentSession.objects.get(pk=of.pk)
    assert (moved.held_on, moved.begins_at, moved.first_seat) == (date(2021, 6, 13), time(11), 1)


def test_the_page_of_a_site_lists_its_sessions_in_sight(world: World, county: Client) -> None:
    kind, place = certificate_type(world), site(world, 20)
    session(world, kind, code="KH-1", capacity=10, site_id=place.pk, held_on=HELD, **MORNING)
    session(world, kind, "city_school", code="KH-8", capacity=10, site_id=place.pk, held_on=HELD, **MORNING)
    shown = county.get(reverse("assessment_site", args=[place.pk])).content.decode()
    assert "KH-1" in shown
    assert "KH-8" not in shown
    stranger = browser(world, "other_county_officer").get(reverse("assessment_site", args=[place.pk]))
    assert "KH-1" not in stranger.content.decode()

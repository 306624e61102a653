"""Admission slips: what one says, who makes them, and what whoever scans one is told."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jineng.credentials.codes import slip_code
from jineng.credentials.models import AssessmentSession, Candidate
from jineng.credentials.verbs import enter_marks, export_slips, move_session, void_candidate
from jineng.engines.documents.slip import SlipPaper, render_slips
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import CHINA, clock_at
from jineng.kernel.memory import memory
from jineng.kernel.models import AuditLine
from jineng.kernel.web import limits
from tests.calls.small_world import resident
from tests.credentials.assessments import HELD, certificate_type, people, seated, session, sheet, site
from tests.credentials.test_credentials_pages import browser
from tests.factories import World

BEFORE = date(2021, 6, 1)
MORNING: dict[str, Any] = {"begins_at": time(9), "ends_at": time(11)}
Held = tuple[AssessmentSession, list[Candidate]]


@pytest.fixture
def held(world: World) -> Held:
    """Three candidates at a site with rooms for two and for ten."""
    place = site(world, 2, 10)
    of = session(world, certificate_type(world), capacity=5, site_id=place.pk, **MORNING)
    return of, seated(world.actor("county_officer"), of, people(1, 3))


def scan(candidate: Candidate, code: str | None = None, at: datetime | date = BEFORE) -> Any:
    with clock_at(at):
        return Client().get(reverse("check_slip", args=[candidate.pk, code or slip_code(candidate.pk)]))


def test_a_slip_says_who_sits_where_and_masks_the_number(world: World, held: Held) -> None:
    of, three = held
    county = world.actor("county_officer")
    papers = export_slips(actor=county, session_id=of.pk)
    assert [paper.number for paper in papers] == ["KH-1-001", "KH-1-002", "KH-1-003"]
    last, lines = papers[2], dict(papers[2].lines)
    assert last.holder == "学生3"
    assert last.issuer == world["county_school"].name
    number = resident(3)
    assert lines == {
        "证件号码": number[:6] + "********" + number[-4:],
        "证书": "证书X01",
        "等级": "初级",
        "日期": "2021年6月12日",
        "时间": "09:00–11:00",
        "考点": f"{world['county_school'].name}考点",
        "地址": "示例路1号",
        "考场": "第2考场",
        "座位号": "1",
        "说明": "示例数据，不作凭证",
    }
    assert last.link.endswith(f"/verify/slip/{three[2].pk}/{slip_code(three[2].pk)}/")
    with acting(county):
        noted = AuditLine.objects.get(verb="export_slips")
    assert (noted.subject_id, noted.details) == (str(of.pk), {"people": 3})


def test_a_page_each_and_the_same_bytes_again() -> None:
    papers = [
        SlipPaper("王小明", f"KH-{n}", (("证书", "示例 #1"), ("等级", "初级")), "示例学校", f"https://example.cn/{n}/")
        for n in (1, 2, 3)
    ]
    made = render_slips(papers, ["携带本证。"], BEFORE)
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 3
    assert made == render_slips(papers, ["携带本证。"], BEFORE)


def test_files_are_made_from_both_pages_by_who_may_read_names(world: World, held: Held) -> None:
    of, three = held
    client = browser(world, "county_officer")
    page, own = (reverse(name, args=[pk]) for name, pk in (("assessment_session", of.pk), ("candidate", three[0].pk)))
    for shown, route, pk in ((page, "admission_slips", of.pk), (own, "admission_slip", three[0].pk)):
        address = reverse(route, args=[pk])
        assert address in client.get(shown).content.decode()
        answer = client.post(address)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store"
        assert answer.content.startswith(b"%PDF-")
        assert browser(world, "auditor").post(address).status_code == 403
    with acting(world.actor("county_officer")):
        assert AuditLine.objects.filter(verb="export_slips", details__people=1).count() == 1
    assert "第1考场 1 号" in client.get(own).content.decode()
    assert "第2考场 1 号" in client.get(page).content.decode()
    assert client.post(reverse("admission_slips", args=[of.pk]), {"after": "500"}).url == page, "nobody sits there"


def test_slips_end_when_results_are_entered_and_need_times(world: World, held: Held) -> None:
    of, three = held
    county = world.actor("county_officer")
    untimed = session(world, of.certificate_type, code="KH-2")
    (other,) = seated(county, untimed, people(9, 1))
    with pytest.raises(ValidationError, match="还没有排定时间"):
        export_slips(actor=county, session_id=untimed.pk)
    with pytest.raises(NotAllowed):
        export_slips(actor=county, session_id=of.pk, candidate_id=other.pk)
    with pytest.raises(NotAllowed):
        export_slips(actor=world.actor("other_county_officer"), session_id=of.pk)
    enter_marks(actor=county, session_id=of.pk, marks=sheet(three, *[(70, 80)] * 3))
    with pytest.raises(ValidationError, match="不再出准考证"):
        export_slips(actor=county, session_id=of.pk)
    page = reverse("assessment_session", args=[of.pk])
    client = browser(world, "county_officer")
    assert reverse("admission_slips", args=[of.pk]) not in client.get(page).content.decode()
    assert client.post(reverse("admission_slip", args=[three[0].pk])).url == reverse("candidate", args=[three[0].pk])


def test_a_school_makes_slips_of_its_own_learners_only(world: World) -> None:
    of = session(world, certificate_type(world), "other_school", **MORNING)
    seated(world.actor("province_officer"), of, [*people(1, 1, world["county_school"]), *people(2, 2)])
    papers = export_slips(actor=world.actor("county_officer"), session_id=of.pk)
    assert [paper.holder for paper in papers] == ["学生1"]
    assert dict(papers[0].lines)["地点"] == "另行通知"


def test_whoever_scans_a_slip_is_told_what_holds_now(world: World, held: Held) -> None:
    of, three = held
    answer = scan(three[2])
    told = answer.content.decode()
    for words in ("有效 Valid", "学**", "KH-1-003", "第2考场", "2021-06-12", "09:00–11:00", "示例路1号"):
        assert words in told
    assert "学生3" not in told
    assert answer["Cache-Control"] == "no-store"
    move_session(
        actor=world.actor("county_officer"),
        session_id=of.pk,
        held_on=date(2021, 6, 20),
        capacity=5,
        site_id=of.site_id,
        begins_at=time(14),
        ends_at=time(16),
    )
    assert "2021-06-20" in scan(three[2]).content.decode()
    assert "有效 Valid" in scan(three[2], at=datetime(2021, 6, 20, 15, 59, tzinfo=CHINA)).content.decode()
    assert "本场已结束" in scan(three[2], at=datetime(2021, 6, 20, 16, 1, tzinfo=CHINA)).content.decode()
    void_candidate(actor=world.actor("county_officer"), candidate_id=three[2].pk, reason="改报")
    assert "已作废 Void" in scan(three[2]).content.decode()


def test_a_wrong_code_tells_as_little_as_no_slip(world: World, held: Held) -> None:
    of, three = held
    untimed = session(world, of.certificate_type, code="KH-2")
    (other,) = seated(world.actor("county_officer"), untimed, people(9, 1))
    wrong = scan(three[0], slip_code(three[1].pk))
    none = Client().get(reverse("check_slip", args=[of.pk, slip_code(of.pk)]))
    assert wrong.status_code == none.status_code == scan(other).status_code == 404
    assert "没有此准考证" in wrong.content.decode()
    assert "KH-1" not in wrong.content.decode()
    assert scan(three[0], slip_code(three[0].pk).lower()).status_code == 200


def test_guessing_is_stopped_and_scanning_is_not(world: World, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    _, three = held
    monkeypatch.setitem(limits.RATES, "verify_guess", "2/h/key,9/h/ip")
    limits.plan_of.cache_clear()
    try:
        assert [scan(three[0]).status_code for _ in range(4)] == [200] * 4
        assert [scan(three[0], "ABCD2345").status_code for _ in range(3)] == [404, 404, 429]
        assert "稍后再试" in scan(three[0], "ABCD2345").content.decode()
    finally:
        limits.plan_of.cache_clear()


def test_the_seating_list_goes_room_by_room_with_masked_names(world: World, held: Held) -> None:
    of, _ = held
    shown = browser(world, "county_officer").get(reverse("seating_list", args=[of.pk])).content.decode()
    assert shown.index("第1考场") < shown.index("第2考场")
    assert "学生1" not in shown
    assert shown.count("学**") == 3
    untimed = session(world, of.certificate_type, code="KH-2", held_on=HELD)
    empty = browser(world, "county_officer").get(reverse("seating_list", args=[untimed.pk])).content.decode()
    assert "还没有编座的考生" in empty


def test_pages_and_slips_ask_as_often_for_five_as_for_three(world: World, held: Held) -> None:
    of, _ = held
    county, client = world.actor("county_officer"), browser(world, "county_officer")
    site_page = reverse("assessment_site", args=[of.site_id])
    pages = [*(reverse(name, args=[of.pk]) for name in ("assessment_session", "seating_list")), site_page]

    def asked() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            memory.forget()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            export_slips(actor=county, session_id=of.pk)
        return [*found, len(queries)]

    few = asked()
    seated(county, of, people(4, 2))
    session(world, of.certificate_type, code="KH-2", capacity=5, site_id=of.site_id, **MORNING)
    assert asked() == few

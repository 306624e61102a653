"""Pages and API of the room as their users meet them: lists, the two entries, what is refused, tasks at home."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jineng.credentials.models import AssessmentSession, Candidate, Certificate, CertificatePilot
from jineng.credentials.verbs import enter_marks, issue_certificates
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from tests.calls.small_world import resident
from tests.credentials.assessments import batch, certificate_type, people, pilot, seated, session, settled, sheet
from tests.factories import World
from tests.shown import count_shown

BACKEND = "django.contrib.auth.backends.ModelBackend"
ISSUED = date(2021, 7, 20)
Held = tuple[AssessmentSession, list[Candidate]]


@pytest.fixture
def held(world: World) -> Held:
    """A session with three candidates at the county school."""
    of = session(world, certificate_type(world))
    county = world.actor("county_officer")
    with acting(county):
        return of, seated(county, of, people(1, 3))


def browser(world: World, account: str) -> Client:
    client = Client()
    client.force_login(world.accounts[account], backend=BACKEND)
    return client


def marks(**changed: str) -> dict[str, str]:
    return {"m_1_1": "70", "m_1_2": "80", "m_2_1": "61", "m_2_2": "59", "m_3_1": "缺考", "m_3_2": "缺考", **changed}


def test_lists_answer_to_their_filters(world: World, held: Held) -> None:
    of, three = held
    first = batch(world)
    standing = pilot(world, first, "county_school", of.certificate_type)
    refused = pilot(world, first, "city_school", of.certificate_type, approved=False)
    settled(of, three, world.actor("county_officer"), world.actor("city_officer"))
    issue_certificates(actor=world.actor("county_officer"), session_id=of.pk, issued_on=ISSUED)
    client = browser(world, "city_officer")
    pilots, sessions, certificates = (
        reverse(name) for name in ("certificate_pilots", "assessment_sessions", "certificates")
    )
    for address, asked, count in (
        (pilots, {}, 2),
        (pilots, {"status": "standing"}, 1),
        (pilots, {"status": "refused"}, 1),
        (pilots, {"status": "applied", "on": "2019-06-19"}, 2),
        (pilots, {"status": "withdrawn"}, 0),
        (pilots, {"batch": 1, "q": "X01", "level": "elementary", "organisation": "永登"}, 1),
        (sessions, {"stage": "certified"}, 1),
        (sessions, {"stage": "open"}, 0),
        (sessions, {"stage": "entering"}, 0),
        (sessions, {"stage": "settled"}, 0),
        (sessions, {"stage": "compared"}, 0),
        (sessions, {"year": 2021, "organisation": "3662010002"}, 1),
        (certificates, {"number": "X01-2021"}, 2),
        (certificates, {"status": "held", "on": "2021-07-20"}, 2),
        (certificates, {"status": "revoked"}, 0),
        (certificates, {"status": "void"}, 0),
        (certificates, {"year": 2021, "organisation": "永登"}, 2),
        (reverse("skill_standards"), {"q": "无", "on": "2021-01-01"}, 0),
        (reverse("assessment_session", args=[of.pk]), {"outcome": "passed", "attendance": "sat"}, 2),
    ):
        answer = client.get(address, asked)
        assert count_shown(answer) == count, (address, asked)
    for found, word in ((standing, "试点中"), (refused, "未通过")):
        assert word in client.get(reverse("certificate_pilot", args=[found.pk])).content.decode()
    assert client.get(certificates, {"export": "xlsx"}).status_code == 200


def test_a_sheet_is_saved_corrected_and_handed_in(world: World, held: Held) -> None:
    of, _ = held
    client, address = browser(world, "county_officer"), reverse("enter_results", args=[of.pk])
    answer = client.post(address, marks(m_1_1="101", m_2_1="六十"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"m_1_1", "m_2_1"}
    assert client.post(address, marks(m_1_1="", save="1")).status_code == 302
    assert 'value="80"' in client.get(address).content.decode()
    answer = client.post(address, marks(m_1_1="", hand_in="1"))
    assert answer.status_code == 422
    assert "座位未录完" in answer.content.decode()
    assert client.post(address, marks(hand_in="1")).url == reverse("assessment_session", args=[of.pk])
    assert client.post(address, marks(save="1")).status_code == 422
    assert "已提交" in client.get(reverse("assessment_session", args=[of.pk])).content.decode()


def test_the_second_sheet_is_blank_and_the_third_person_resolves(world: World, held: Held) -> None:
    of, _ = held
    county, city, province = (browser(world, f"{name}_officer") for name in ("county", "city", "province"))
    enter, settle = (reverse(name, args=[of.pk]) for name in ("enter_results", "settle_results"))
    county.post(enter, marks(hand_in="1"))
    assert "待第二次录入成绩" in city.get("/").content.decode()
    assert 'value="70"' not in city.get(enter).content.decode()
    city.post(enter, marks(save="1", m_1_1="71"))
    assert province.get(enter).status_code == 403
    assert "成绩未录完" in city.get("/").content.decode()
    city.post(enter, marks(hand_in="1", m_1_1="71"))
    assert "待核对成绩" in province.get("/").content.decode()
    assert county.get(settle).status_code == 403
    assert city.post(settle, {"confirm": "1"}).status_code == 403
    page = province.get(settle)
    assert [(row["first"], row["second"]) for row in page.context["form"].rows()]
    for wrong in ({}, {"v_1_1": "101", "r_1_1": "查卷"}, {"v_1_1": "70", "r_1_1": ""}):
        assert province.post(settle, {"confirm": "1", **wrong}).status_code == 422
    assert province.post(settle, {"confirm": "1", "v_1_1": "70", "r_1_1": "查卷"}).status_code == 302
    assert province.post(settle, {"confirm": "1"}).status_code == 422
    assert "待发证" in county.get("/").content.decode()
    issue = reverse("issue_certificates", args=[of.pk])
    assert county.post(issue, {"issued_on": "2021-06-01"}).status_code == 422
    with acting(world.actor("province_officer")):
        pk = Candidate.objects.get(seat=1).pk
    assert "差异处理：查卷" in province.get(reverse("candidate", args=[pk])).content.decode()


def test_names_are_masked_until_asked_for_and_asking_is_noted(world: World, held: Held) -> None:
    of, three = held
    county = world.actor("county_officer")
    settled(of, three, county, world.actor("city_officer"))
    made = issue_certificates(actor=county, session_id=of.pk, issued_on=ISSUED)[0]
    client = browser(world, "county_officer")
    for shown, asked, pk in (
        ("candidate", "candidate_person", three[0].pk),
        ("certificate", "certificate_holder", made.pk),
    ):
        page = client.get(reverse(shown, args=[pk])).content.decode()
        assert "学**" in page
        assert "学生1" not in page
        page = client.post(reverse(asked, args=[pk])).content.decode()
        assert "学生1" in page
        assert resident(1) in page
    with acting(county):
        assert AuditLine.objects.filter(verb="read_people").count() == 2


def test_void_and_ended_records_say_so(world: World, held: Held) -> None:
    of, three = held
    client = browser(world, "province_officer")
    of_batch = batch(world)
    one = pilot(world, of_batch, "county_school", of.certificate_type)
    assert client.post(reverse("withdraw_pilot", args=[one.pk]), {"on": "2019-06-20"}).status_code == 422
    assert client.post(reverse("withdraw_pilot", args=[one.pk]), {"on": "2021-01-01"}).status_code == 302
    assert client.post(reverse("withdraw_pilot", args=[one.pk]), {"on": "2021-02-01"}).status_code == 422
    assert (
        client.post(reverse("decide_pilot", args=[one.pk]), {"answer": "refused", "on": "2021-02-01"}).status_code
        == 422
    )
    assert client.post(reverse("void_pilot", args=[one.pk]), {"reason": "误报"}).status_code == 302
    page = client.get(reverse("certificate_pilot", args=[one.pk])).content.decode()
    assert "已作废" in page
    assert client.get(reverse("void_pilot", args=[one.pk])).status_code == 403
    assert client.post(reverse("void_candidate", args=[three[0].pk]), {"reason": "误报"}).status_code == 302
    assert client.get(reverse("void_candidate", args=[three[0].pk])).status_code == 403
    assert "第1批" in client.get(reverse("pilot_batch", args=[of_batch.pk])).content.decode()


def test_standards_are_recorded_and_ended_on_pages(world: World) -> None:
    client = browser(world, "city_officer")
    form = {
        "name": "标准一",
        "code": "BZ-1",
        "levels": ["intermediate", "elementary"],
        "developer": "LZ-FIRM",
        "role": "lead",
        "published_on": "2021-03-01",
    }
    made = client.post(reverse("add_skill_standard"), form)
    page = client.get(made.url).content.decode()
    assert "初级、中级" in page
    assert "示例化工集团" in page
    assert client.post(reverse("add_skill_standard"), form).status_code == 422
    assert client.get(reverse("skill_standards"), {"export": "xlsx"}).status_code == 200
    end = made.url + "withdraw/"
    assert client.post(end, {"on": "2021-03-01"}).status_code == 422
    assert client.post(end, {"on": "2021-04-01"}).status_code == 302
    assert client.post(end, {"on": "2021-05-01"}).status_code == 422
    assert "已废止" in client.get(made.url).content.decode()
    assert client.post(made.url + "void/", {"reason": "误报"}).status_code == 302
    assert client.get(end).status_code == 403


def send(client: Client, address: str, **payload: Any) -> Any:
    return client.post(address, json.dumps(payload), content_type="application/json")


def test_the_task_by_machine(world: World, held: Held) -> None:
    of, _ = held
    county, city, province = (browser(world, f"{name}_officer") for name in ("county", "city", "province"))
    own = f"/api/v1/assessment-sessions/{of.pk}"
    first = [{"seat": seat, "part": part, "score": 70} for seat in (1, 2, 3) for part in (1, 2)]
    second = [{**mark, "score": None} if mark == first[0] else mark for mark in first]
    assert send(county, f"{own}/marks", marks=first, hand_in=True).json()["handed_in"] is True
    assert send(city, f"{own}/marks", marks=[{"seat": 9, "part": 1}]).status_code == 422
    assert send(city, f"{own}/marks", marks=second, hand_in=True).json()["slot"] == 2
    assert send(city, f"{own}/settlement", resolutions=[]).status_code == 403
    assert send(province, f"{own}/settlement", resolutions=[]).status_code == 422
    answer = {"seat": 1, "part": 1, "score": 70, "reason": "查卷"}
    told = send(province, f"{own}/settlement", resolutions=[answer]).json()
    assert (told["stage"], [seat["outcome"] for seat in told["seats"]]) == ("settled", ["passed"] * 3)
    with clock_at(ISSUED):
        made = send(county, f"{own}/certificates", issued_on="2021-07-20").json()
    assert len(made) == 3
    one = f"/api/v1/certificates/{made[0]['id']}"
    assert send(county, f"{one}/revocation", on="2021-07-21", reason="舞弊").json()["revoked_on"] == "2021-07-21"
    assert county.get("/api/v1/certificates", {"status": "revoked"}).json()["count"] == 1
    assert county.get("/api/v1/certificates", {"number": made[1]["number"]}).json()["count"] == 1
    assert county.get("/api/v1/assessment-sessions", {"stage": "certified", "year": 2021}).json()["count"] == 1
    with acting(world.actor("county_officer")):
        assert Certificate.objects.count() == 3


def test_pilots_by_machine(world: World) -> None:
    certificate_type(world)
    batch(world)
    city, province = browser(world, "city_officer"), browser(world, "province_officer")
    told = {
        "batch": 1,
        "institution_code": world["city_school"].code,
        "certificate": "X01",
        "level": "elementary",
        "planned": 40,
        "applied_on": "2019-06-20",
    }
    made = send(city, "/api/v1/certificate-pilots", **told).json()
    assert made["status"] == "applied"
    for wrong in ({"batch": 9}, {"level": "advanced"}, {"institution_code": "LZ-FIRM"}):
        assert send(city, "/api/v1/certificate-pilots", **{**told, **wrong}).status_code == 422
    assert send(city, "/api/v1/certificate-pilots", **told).status_code == 422
    one = f"/api/v1/certificate-pilots/{made['id']}"
    assert send(city, f"{one}/decision", approved=True, on="2019-06-20").status_code == 403
    assert send(province, f"{one}/decision", approved=True, on="2019-06-20").json()["status"] == "standing"
    assert send(city, f"{one}/withdrawal", on="2021-01-01").json()["status"] == "withdrawn"
    assert city.get("/api/v1/certificate-pilots", {"status": "withdrawn"}).json()["count"] == 1
    assert city.get("/api/v1/skill-standards", {"text": "无"}).json()["count"] == 0
    with acting(world.actor("city_officer")):
        assert CertificatePilot.objects.get().planned == 40


def test_a_hundred_seats_to_a_page(world: World) -> None:
    of = session(world, certificate_type(world), capacity=120)
    county = world.actor("county_officer")
    with acting(county):
        many = seated(county, of, people(1, 101))
    client, address = browser(world, "county_officer"), reverse("enter_results", args=[of.pk])
    assert len(client.get(address).context["form"].seats) == 100
    assert client.post(address, {"m_1_1": "70", "save": "1"}).url == f"{address}?page=2"
    assert [seat.number for seat in client.get(f"{address}?page=2").context["form"].seats] == [101]
    assert [seat.number for seat in client.get(f"{address}?page=x").context["form"].seats][:1] == [1]
    enter_marks(actor=county, session_id=of.pk, marks=sheet(many, *[(1, 2)] * 101), hand_in=True)


def test_a_school_opens_the_session_in_which_its_learner_sits_elsewhere(world: World) -> None:
    """The host lies out of the school's sight: its name is not told, the session is."""
    of = session(world, certificate_type(world), "other_school", code="KH-9")
    (one,) = seated(world.actor("province_officer"), of, people(1, 1, world["county_school"]))
    client = browser(world, "county_officer")
    for route, pk in (("assessment_session", of.pk), ("candidate", one.pk)):
        answer = client.get(reverse(route, args=[pk]))
        assert answer.status_code == 200
        assert world["other_school"].name not in answer.content.decode()
    assert client.get(f"/api/v1/assessment-sessions/{of.pk}").status_code == 200

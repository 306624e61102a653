"""The pages and the API of the calls, as somebody with a browser or a program meets them."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from jineng.calls.models import Award
from jineng.calls.verbs import add_holder, set_status, void_award
from jineng.kernel import clock
from jineng.kernel.actors import acting
from jineng.kernel.models import AuditLine
from jineng.registry.verbs.people import PersonRow, ensure_people
from tests.calls.small_world import DAY, award, batch, call, resident
from tests.factories import World

JSON = "application/json"


@pytest.fixture(autouse=True)
def business_day():
    with clock.clock_at(date(2021, 12, 31)):
        yield


@pytest.fixture
def filled(world: World) -> World:
    """A call with three awards: recognised, a candidate, and one that was struck out."""
    actor = world.actor("province_officer")
    with acting(actor):
        first = batch(world, call(world, name="名师工作室", holder_form="studio"), document="甘教1号")
        studio = award(world, first, "county_school", "机电工作室")
        person = ensure_people(actor=actor, rows=[PersonRow("试验员", resident(1), world["county_school"].pk, DAY)])[0]
        add_holder(actor=actor, award_id=studio.pk, kind="person", person_id=person, role="leader")
        add_holder(actor=actor, award_id=studio.pk, kind="organisation", organisation_id=world["forestry"].pk)
        award(world, first, "other_school", "护理工作室", "candidate")
        void_award(actor=actor, award_id=award(world, first, "city_school", "误报").pk, reason="误录")
    return world


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args: Any, expected: int = 200, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == expected
    return answer.content.decode()


def only(world: World, title: str) -> Award:
    """The award of that title with its statuses at hand, whoever asked for a page before."""
    with acting(world.actor("province_officer")):
        return Award.objects.prefetch_related("statuses").get(title=title)


def audit(world: World, verb: str) -> list[AuditLine]:
    with acting(world.actor("province_officer")):
        return list(AuditLine.objects.filter(verb=verb).order_by("id"))


def test_lists_show_what_is_in_sight(filled: World) -> None:
    province, city = browser(filled, "province_officer"), browser(filled, "city_officer")
    text = page(province, "awards")
    assert "机电工作室" in text
    assert "护理工作室" in text
    assert "误报" not in text
    assert "护理工作室" not in page(city, "awards")
    assert "名师工作室" in page(city, "calls")


def test_the_latest_recorded_comes_first(filled: World) -> None:
    with clock.clock_at(date(2022, 1, 5)), acting(filled.actor("province_officer")):
        award(filled, only(filled, "机电工作室").batch, "city_school", "最新一项")
    province = browser(filled, "province_officer")
    for query, first in (({}, "最新一项"), ({"sort": "call"}, ""), ({"sort": "title"}, "护理工作室")):
        text = page(province, "awards", **query)
        shown = sorted((t for t in ("最新一项", "机电工作室", "护理工作室")), key=lambda t: text.index(f">{t}</a>"))
        assert not first or shown[0] == first


def test_a_page_of_awards_shows_the_status_of_its_day(filled: World) -> None:
    province = browser(filled, "province_officer")
    shown = page(province, "awards", q="机电")
    assert '<span class="mark ok">认定</span>' in shown
    assert "2021-05-20" in shown
    before = page(province, "awards", q="机电", on="2021-05-19")
    assert "机电工作室" in before
    assert "2021-05-20" not in before
    assert '<span class="mark red">已作废</span>' in page(province, "awards", validity="void")
    sheet = load_workbook(BytesIO(province.get(reverse("awards"), {"export": "xlsx", "q": "机电"}).content)).active
    assert sheet is not None
    told = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "认定" in told
    assert any(str(cell).startswith("2021-05-20") for cell in told)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"status": "recognised"}, {"机电工作室"}),
        ({"status": "recognised", "on": "2021-05-19"}, set()),
        ({"status": "candidate"}, {"护理工作室"}),
        ({"validity": "void"}, {"误报"}),
        ({"validity": "all"}, {"机电工作室", "护理工作室", "误报"}),
        ({"organisation": "36620500"}, {"护理工作室"}),
        ({"q": "机电"}, {"机电工作室"}),
        ({"year": 2020}, set()),
        ({"call": "master-teacher-studio", "batch": 1, "level": "provincial"}, {"机电工作室", "护理工作室"}),
        ({"on": "no day"}, set()),
    ],
)
def test_filters(filled: World, query: dict[str, Any], titles: set[str]) -> None:
    text = page(browser(filled, "province_officer"), "awards", **query)
    assert {title for title in ("机电工作室", "护理工作室", "误报") if f">{title}</a>" in text} == titles


def test_a_list_goes_out_as_a_workbook(filled: World) -> None:
    client = browser(filled, "province_officer")
    for name in ("awards", "calls"):
        answer = client.get(reverse(name), {"export": "xlsx", "validity": "all"})
        assert answer["Content-Type"].endswith("sheet")


def test_a_call_counts_its_awards_by_status(filled: World) -> None:
    text = page(browser(filled, "province_officer"), "call", "master-teacher-studio")
    assert "甘教1号" in text
    assert "甘肃省教育厅" in text
    page(browser(filled, "province_officer"), "call", "unheard-of", expected=404)


def test_an_award_and_the_names_behind_it(filled: World) -> None:
    client = browser(filled, "province_officer")
    studio = only(filled, "机电工作室")
    text = page(client, "award", studio.pk)
    assert "试**" in text
    assert "试验员" not in text
    assert audit(filled, "read_people") == []
    answer = client.post(reverse("award_names", args=[studio.pk]))
    assert "试验员" in answer.content.decode()
    assert [(line.subject_id, line.details) for line in audit(filled, "read_people")] == [
        (str(studio.pk), {"people": 1})
    ]
    assert client.get(reverse("award_names", args=[studio.pk])).status_code == 405
    assert browser(filled, "auditor").post(reverse("award_names", args=[studio.pk])).status_code == 403


def test_a_party_sees_the_award_and_not_the_person(filled: World) -> None:
    studio = only(filled, "机电工作室")
    with acting(filled.actor("province_officer")):
        add_holder(
            actor=filled.actor("province_officer"),
            award_id=studio.pk,
            kind="organisation",
            organisation_id=filled["petrochemical"].pk,
        )
    client = browser(filled, "college_officer")
    text = page(client, "award", studio.pk)
    assert "可见范围之外的人员" in text
    assert "试" not in client.post(reverse("award_names", args=[studio.pk])).content.decode().split("持有者")[1][:300]


def test_what_lies_out_of_sight_is_not_there(filled: World) -> None:
    client = browser(filled, "other_city_officer")
    page(client, "award", only(filled, "机电工作室").pk, expected=404)
    for name in ("set_award_status", "void_award", "correct_award"):
        page(client, name, only(filled, "机电工作室").pk, expected=404)
    page(client, "void_award_status", only(filled, "机电工作室").statuses.all()[0].pk, expected=404)
    assert browser(filled, "school_officer").get(reverse("record_award")).status_code == 403
    assert Client().get(reverse("awards")).status_code == 302


def test_forms_open_only_for_who_may_send_them(filled: World) -> None:
    """The city answers for the studio's school; the province reported the award and decides the call."""
    client, studio = browser(filled, "city_officer"), only(filled, "机电工作室")
    page(client, "correct_award", studio.pk)
    page(client, "set_award_status", studio.pk, expected=403)
    page(client, "void_award", studio.pk, expected=403)
    page(client, "void_award_status", studio.statuses.all()[0].pk, expected=403)
    page(client, "add_batch", "master-teacher-studio", expected=403)
    page(client, "add_batch", "unheard-of", expected=404)
    void = only(filled, "误报").pk
    for name in ("correct_award", "set_award_status", "void_award"):
        page(browser(filled, "province_officer"), name, void, expected=403)


def test_striking_out_is_offered_to_whom_it_is_open(filled: World) -> None:
    studio = only(filled, "机电工作室")
    link = reverse("void_award", args=[studio.pk])
    assert link in page(browser(filled, "province_officer"), "award", studio.pk)
    county = page(browser(filled, "county_officer"), "award", studio.pk)
    assert link not in county, "the province reported it"
    assert reverse("correct_award", args=[studio.pk]) in county


def test_void_and_withdrawn_are_said(filled: World) -> None:
    client = browser(filled, "province_officer")
    text = page(client, "award", only(filled, "误报").pk)
    assert "已作废" in text
    assert "误录" in text
    assert reverse("set_award_status", args=[only(filled, "误报").pk]) not in text


def test_from_a_call_to_a_withdrawal_by_hand(filled: World) -> None:
    client = browser(filled, "province_officer")
    answer = client.post(
        reverse("announce_call"),
        {
            "name": "新遴选",
            "code": "fresh",
            "level": "provincial",
            "deciders": "620000-JY、620000-CZ",
            "holder_form": "team",
        },
    )
    assert answer.headers["Location"] == reverse("call", args=["fresh"])
    client.post(reverse("add_batch", args=["fresh"]), {"number": 1, "year": 2021, "decided_on": "2021-06-01"})
    form = {"call": "fresh", "number": 1, "organisation": "3662010002", "title": "甲队", "status": "recognised"}
    assert client.post(reverse("record_award"), form).status_code == 302
    made = only(filled, "甲队")
    client.post(reverse("correct_award", args=[made.pk]), {"title": "乙队", "level": "provincial"})
    client.post(reverse("set_award_status", args=[made.pk]), {"status": "withdrawn", "since": "2021-12-01"})
    withdrawn = next(row for row in only(filled, "乙队").statuses.all() if row.status == "withdrawn")
    client.post(reverse("void_award_status", args=[withdrawn.pk]), {"reason": "录错"})
    client.post(reverse("void_award", args=[made.pk]), {"reason": "误报"})
    again = only(filled, "乙队")
    assert (again.title, again.void_reason) == ("乙队", "误报")
    page(client, "award", made.pk)


def test_forms_say_what_is_wrong(filled: World) -> None:
    client = browser(filled, "province_officer")
    for name, args, form, word in (
        (
            "announce_call",
            [],
            {"code": "x", "name": "x", "level": "city", "deciders": "XX", "holder_form": "team"},
            "XX",
        ),
        (
            "record_award",
            [],
            {"call": "master-teacher-studio", "number": 9, "organisation": "3662010002", "title": "x"},
            "没有这一批",
        ),
        (
            "set_award_status",
            [only(filled, "机电工作室").pk],
            {"status": "refused", "since": "2021-12-01"},
            "“认定”之后不能是“未通过”",
        ),
        ("void_award", [only(filled, "机电工作室").pk], {"reason": ""}, ""),
        ("add_batch", ["master-teacher-studio"], {"number": 1, "year": 2021}, ""),
    ):
        answer = client.post(reverse(name, args=args), form)
        assert answer.status_code == 422
        assert word in answer.content.decode()
        assert client.get(reverse(name, args=args)).status_code == 200


@pytest.mark.parametrize("name", ["awards", "calls"])
def test_queries_do_not_grow_with_rows(filled: World, name: str) -> None:
    client = browser(filled, "province_officer")
    page(client, name)
    with CaptureQueriesContext(connection) as few:
        page(client, name)
    with acting(filled.actor("province_officer")):
        for number in range(20):
            more = batch(filled, call(filled, f"more-{number}"))
            award(filled, more, "county_school")
    page(client, name)
    with CaptureQueriesContext(connection) as many:
        page(client, name)
    assert len(many) == len(few)


def test_the_api_reads_and_decides(filled: World) -> None:
    client = browser(filled, "province_officer")
    calls = client.get("/api/v1/calls").json()["items"]
    assert [(row["code"], row["deciders"], row["batch_count"], row["award_count"]) for row in calls] == [
        ("master-teacher-studio", ["620000-JY"], 1, 2)
    ]
    assert client.get("/api/v1/calls?level=city&text=x").json()["items"] == []
    assert client.get("/api/v1/calls/master-teacher-studio/batches").json()[0]["document"] == "甘教1号"
    found = client.get("/api/v1/awards?status=recognised&call=master-teacher-studio").json()["items"]
    assert [(row["title"], row["batch"], row["status"]) for row in found] == [("机电工作室", 1, "recognised")]
    one = client.get(f"/api/v1/awards/{found[0]['id']}").json()
    assert [row["status"] for row in one["statuses"]] == ["recognised"]
    assert {row["kind"] for row in one["holders"]} == {"person", "organisation"}
    said = {"status": "withdrawn", "since": "2021-12-01"}
    path = f"/api/v1/awards/{one['id']}/statuses"
    assert client.post(path, json.dumps(said), content_type=JSON).status_code == 201
    doors = {row.status: row.origin_kind for row in only(filled, "机电工作室").statuses.all()}
    assert doors == {"recognised": "return", "withdrawn": "api"}
    assert client.post(path, json.dumps(said), content_type=JSON).status_code == 422
    stranger = browser(filled, "other_city_officer")
    assert stranger.get(f"/api/v1/awards/{one['id']}").status_code == 404
    assert stranger.post(path, json.dumps(said), content_type=JSON).status_code == 404
    assert browser(filled, "school_officer").post(path, json.dumps(said), content_type=JSON).status_code == 403


def test_status_follows_the_day_asked_for(filled: World) -> None:
    actor = filled.actor("province_officer")
    with acting(actor):
        set_status(actor=actor, award_id=only(filled, "护理工作室").pk, status="recognised", since=date(2021, 9, 1))
    client = browser(filled, "province_officer")
    for day, status in (("2021-08-31", "candidate"), ("2021-09-01", "recognised")):
        found = client.get("/api/v1/awards", {"text": "护理", "on": day}).json()["items"]
        assert found[0]["status"] == status

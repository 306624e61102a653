"""The room's pages: the task from list to recognition, masked names, filters, exports, tasks on the home page."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jineng.kernel.actors import acting
from jineng.kernel.models import AuditLine
from jineng.kernel.web.shell import tasks_of
from jineng.workforce.models import PracticeStay, Qualification, Recognition, Standard, Teacher
from jineng.workforce.queries import standards
from jineng.workforce.verbs import recognise_teacher, record_practice
from jineng.workforce.web.wording import condition_in_words, levels_in_words
from tests.calls.small_world import resident
from tests.factories import World
from tests.shown import Row, rows_shown
from tests.workforce.small_school import DAY, equip, teacher

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.accounts[name], backend=BACKEND)
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def rows(world: World, name: str, address: str) -> list[Row]:
    """The rows of a list as ``name`` sees them."""
    return rows_shown(browser(world, name).get(address))


def opened_by(row: Row) -> UUID:
    """What a row leads to."""
    return UUID(row.links[0].partition("?")[0].rstrip("/").rpartition("/")[2])


@pytest.fixture
def staffed(school: World) -> tuple[World, list[Teacher]]:
    """Three teachers: one ready, one who lacks months and a grade, one recognised."""
    made = [teacher(school, number, field="电气") for number in (1, 2, 3)]
    equip(school, made[0].pk, months=7)
    equip(school, made[1].pk, months=2, grade="middle")
    equip(school, made[2].pk, months=7)
    actor = school.actor("school_officer")
    with acting(actor):
        recognise_teacher(actor=actor, teacher_id=made[2].pk, level="elementary", recognised_on=date(2021, 5, 1))
    return school, made


def test_the_school_sees_who_is_ready_and_what_others_lack(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    client = browser(world, "school_officer")
    page = reverse("dual_candidates", args=[world["county_school"].pk])
    shown = client.get(page)
    assert (shown.context["teaching"], shown.context["recognised"], shown.context["ready"]) == (3, 1, 1)
    assert "师*" in text(shown)
    assert "师1" not in text(shown)
    for query, expected in (
        ("state=ready", {made[0].pk}),
        ("state=recognised", {made[2].pk}),
        ("level=elementary&state=ready", {made[0].pk, made[2].pk}),
        ("level=elementary&state=recognised", {made[2].pk}),
        ("level=elementary&lack=practice", {made[1].pk}),
        ("lack=skill", {made[1].pk}),
        ("lack=title", {made[0].pk, made[2].pk}),
        ("level=intermediate&state=lacking", {one.pk for one in made}),
        ("level=elementary", {one.pk for one in made}),
        ("kind=general", set()),
        ("on=2018-08-31", set()),
    ):
        assert {opened_by(row) for row in rows(world, "school_officer", f"{page}?{query}")} == expected, query
    lacking = text(client.get(f"{page}?lack=skill"))
    assert "初级：技能等级须达三级（高级工），现为四级（中级工），或缺其他职业资格" in lacking
    assert "还差4个月" in lacking


def test_the_list_goes_out_as_a_workbook(staffed: tuple[World, list[Teacher]]) -> None:
    world, _ = staffed
    page = reverse("dual_candidates", args=[world["county_school"].pk])
    answer = browser(world, "school_officer").get(f"{page}?export=xlsx")
    assert answer["Content-Type"].endswith("sheet")
    assert answer.content[:2] == b"PK"


def test_names_are_masked_until_asked_for_and_the_reading_is_noted(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    client = browser(world, "school_officer")
    page = reverse("teacher", args=[made[0].pk])
    masked = text(client.get(page))
    assert "师1" not in masked
    assert resident(1) not in masked
    full = text(client.post(reverse("teacher_names", args=[made[0].pk])))
    assert "师1" in full
    assert resident(1) in full
    with acting(world.actor("province_officer")):
        line = AuditLine.objects.get(verb="read_people")
        assert (line.subject_id, line.details["people"]) == (str(made[0].pk), 1)


def test_a_gap_is_filled_and_the_teacher_recognised(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    client = browser(world, "school_officer")
    refused = client.post(
        reverse("recognise_teacher", args=[made[1].pk]), {"level": "elementary", "recognised_on": "2021-06-01"}
    )
    assert refused.status_code == 422
    assert "尚不符合条件" in text(refused)
    for route, data in (
        ("record_qualification", {"kind": "professional", "name": "建造师", "issued_on": "2020-01-01"}),
        (
            "record_practice",
            {
                "kind": "base",
                "place": "某基地",
                "first_day": "2019-01-01",
                "last_day": "2019-06-01",
                "days": "130",
            },
        ),
        ("record_title", {"series": "engineer", "level": "assistant", "awarded_on": "2020-01-01"}),
        ("recognise_teacher", {"level": "elementary", "recognised_on": "2021-06-01"}),
    ):
        answer = client.post(reverse(route, args=[made[1].pk]) + "?on=2021-06-01", data)
        assert answer.status_code == 302, text(answer)
        assert answer["Location"].endswith("?on=2021-06-01")
    page = text(client.get(reverse("teacher", args=[made[1].pk])))
    assert "双师型初级" in page
    assert "助理工程师" in page


def test_who_teaches_at_two_schools_shows_both(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    other = teacher(world, 1, "city_school", kind="part_time")
    page = browser(world, "city_officer").get(reverse("teacher", args=[other.pk]))
    assert reverse("teacher", args=[made[0].pk]) in text(page)
    assert page.context["standing"].reachable == "elementary"


def test_a_day_without_standard_is_said(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    client = browser(world, "school_officer")
    page = reverse("dual_candidates", args=[world["county_school"].pk])
    assert "没有施行的认定标准" in text(client.get(f"{page}?on=2019-06-01"))
    assert "没有施行的标准" in text(client.get(reverse("teacher", args=[made[0].pk]) + "?on=2019-06-01"))
    assert client.get(f"{page}?on=2021-13-41").context["day"] == DAY
    assert client.get(f"{page}?on=nothing").context["day"] == DAY


def test_schools_are_told_what_waits(staffed: tuple[World, list[Teacher]]) -> None:
    world, _ = staffed
    actor = world.actor("school_officer")
    with acting(actor):
        assert [task.title for task in tasks_of(actor) if "双师型" in task.title] == ["1 名教师已达到双师型认定条件"]
        Recognition.objects.update(until=date(2021, 8, 1))
        assert "1 项双师型认定将在 90 天内到期" in [task.title for task in tasks_of(actor)]
    city = world.actor("city_officer")
    with acting(city):
        assert not [task for task in tasks_of(city) if "双师型" in task.title]


def test_schools_are_listed_with_their_numbers(staffed: tuple[World, list[Teacher]]) -> None:
    world, _ = staffed
    listed = rows(world, "city_officer", reverse("dual_schools"))
    assert [(row[""], row["教师"], row["双师型"]) for row in listed] == [("示例永登职教中心", "3", "1")]
    assert rows(world, "city_officer", reverse("dual_schools") + "?q=秦州") == []


@pytest.mark.parametrize(
    ("route", "query", "count"),
    [
        ("teachers", "organisation=永登&kind=professional&field=电&on=2021-06-01", 3),
        ("teachers", "validity=void", 0),
        ("teachers", "validity=all", 3),
        ("recognitions", "level=elementary&on=2021-06-01&organisation=3662", 1),
        ("recognitions", "level=senior", 0),
        ("dual_standards", "", 1),
        ("autonomies", "autonomy=posts", 0),
    ],
)
def test_lists_narrow(staffed: tuple[World, list[Teacher]], route: str, query: str, count: int) -> None:
    world, _ = staffed
    assert len(rows(world, "province_officer", f"{reverse(route)}?{query}")) == count


def test_a_standard_is_read_in_words(staffed: tuple[World, list[Teacher]]) -> None:
    world, _ = staffed
    with acting(world.actor("school_officer")):
        pk = Standard.objects.get().pk
        found = standards().get()
        elementary, intermediate = levels_in_words(found)
        condition = found.levels.all()[0].conditions.all()[0]
        for kind, words in (
            ("kind", "企业兼职教师"),
            ("service", "任教满3年"),
            ("earlier", "已认定双师型初级以上满3年"),
        ):
            condition.kind, condition.amount = kind, 3
            condition.option = {"kind": "part_time", "earlier": "elementary"}.get(kind, "")
            assert condition_in_words(condition) == words
    assert elementary["items"][1:] == [
        "技能等级三级（高级工）以上（可按职业发展贯通），或有职业资格证书",
        "近5年企业实践满6个月",
    ]
    assert (intermediate["recogniser"], intermediate["validity"]) == ("市级主管部门", "长期")
    page = text(browser(world, "school_officer").get(reverse("dual_standard", args=[pk])))
    assert "二级（技师）" in page
    assert browser(world, "school_officer").get(reverse("dual_standard", args=[world.root.pk])).status_code == 404


def test_what_never_was_is_struck_out_from_the_page(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    client = browser(world, "school_officer")
    with acting(world.actor("school_officer")):
        qualification = Qualification.objects.filter(person=made[0].person_id).first()
        stay = PracticeStay.objects.filter(person=made[0].person_id).first()
    assert qualification is not None
    assert stay is not None
    for route, pk in (("void_qualification", qualification.pk), ("void_practice", stay.pk)):
        assert client.post(reverse(route, args=[pk]), {"reason": "录入有误"}).status_code == 302
    recognition = opened_by(rows(world, "school_officer", reverse("recognitions"))[0])
    shown = client.get(reverse("recognition", args=[recognition]))
    assert shown.context["may_change"]
    assert client.post(reverse("void_recognition", args=[recognition]), {"reason": "x"}).status_code == 302
    assert "已作废" in text(client.get(reverse("recognition", args=[recognition])))
    assert client.get(reverse("recognition", args=[made[0].pk])).status_code == 404
    assert client.get(reverse("void_title", args=[made[0].pk])).status_code == 404


def test_an_authority_grants_and_revokes_on_pages(school: World) -> None:
    client = browser(school, "county_officer")
    made = client.post(
        reverse("grant_autonomy"),
        {"organisation": "3662010002", "autonomy": "pay_talent", "granted_on": "2021-01-01"},
    )
    assert made.status_code == 302
    page = client.get(made["Location"])
    assert page.context["may_change"]
    assert not browser(school, "school_officer").get(made["Location"]).context["may_change"]
    assert client.post(made["Location"] + "revoke/", {"revoked_on": "2021-05-01"}).status_code == 302
    assert "已收回" in text(client.get(made["Location"]))
    assert client.post(made["Location"] + "void/", {"reason": "没有下放"}).status_code == 302
    assert "已作废" in text(client.get(made["Location"]))


def test_a_school_asks_as_often_for_many_teachers_as_for_few(staffed: tuple[World, list[Teacher]]) -> None:
    world, _ = staffed
    client = browser(world, "school_officer")
    counts = []
    for more in (0, 6):
        for number in range(more):
            equip(world, teacher(world, 10 + number).pk)
        for address in (
            reverse("dual_candidates", args=[world["county_school"].pk]),
            reverse("home"),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_a_teacher_of_the_past_is_judged_as_of_then(staffed: tuple[World, list[Teacher]]) -> None:
    world, made = staffed
    actor = world.actor("school_officer")
    with acting(actor), pytest.raises(ValidationError, match="还差"):
        recognise_teacher(actor=actor, teacher_id=made[0].pk, level="elementary", recognised_on=date(2020, 3, 1))
    with acting(actor):
        record_practice(
            actor=actor,
            teacher_id=made[0].pk,
            kind="enterprise",
            place="某厂",
            first_day=date(2018, 10, 1),
            last_day=date(2019, 4, 1),
            days=180,
        )
        done = recognise_teacher(actor=actor, teacher_id=made[0].pk, level="elementary", recognised_on=date(2020, 3, 1))
        assert done.standard.code == "2020"

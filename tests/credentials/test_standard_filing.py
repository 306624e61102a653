"""Skill-level standards: filed as cases, in editions that follow each other; the figure counts each enterprise once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jineng.cases.models import Case
from jineng.cases.verbs import act_on_case, open_intake, save_answers
from jineng.cases.verbs.acting import SomeRefused
from jineng.credentials.models import SkillStandard, StandardDeveloper
from jineng.credentials.rules import Being, revision_fault
from jineng.credentials.verbs import publish_standard, void_standard, withdraw_standard
from jineng.credentials.verbs.standards import Entry, publish_standards
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from tests.calls.selections import Selection, counted, officer
from tests.cases.shipped import published
from tests.credentials.assessments import body, land, refusals
from tests.factories import World

OPENS, FILED, LATER, CLOSES = date(2021, 1, 4), date(2021, 3, 10), date(2021, 9, 20), date(2021, 12, 31)
PUBLISHED, AGAIN = date(2021, 3, 1), date(2021, 9, 15)


@pytest.fixture(autouse=True)
def march() -> Iterator[None]:
    with clock_at(FILED):
        yield


@pytest.fixture
def filing(world: World) -> Selection:
    """The province files standards all the year."""
    world.organisations["body"] = body(world)
    intake = open_intake(
        actor=world.actor("province_officer"),
        name="2021年职业技能等级标准备案",
        office_id=world.root.pk,
        procedure_id=published(world, "skill-standard").pk,
        opens_on=OPENS,
        closes_on=CLOSES,
    )
    return Selection(world, intake)


def asked(code: str, /, **more: Any) -> dict[str, Any]:
    """What an application says."""
    return {
        "code": code,
        "name": f"标准{code}",
        "levels": ["intermediate", "elementary"],
        "published_on": PUBLISHED.isoformat(),
        "basis": "岗位调研",
        **more,
    }


def handed_in(filing: Selection, where: str, title: str, **more: Any) -> UUID:
    """An application for the standard with the code ``title``, handed in."""
    key = filing.apply(where, title, asked(title, **more))
    filing.do(officer(filing.world, where), "submit", [title])
    return key


def standard(filing: Selection, code: str) -> SkillStandard:
    with acting(filing.office):
        return SkillStandard.objects.get(code=code)


def page_of(world: World, name: str, **more: Any) -> str:
    client = Client()
    client.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse(name, **more)).content.decode()


def publish(world: World, code: str, who: str = "city_officer", **fields: Any) -> SkillStandard:
    told = {
        "name": "标准",
        "levels": ["elementary"],
        "developers": [(world["firm"].pk, "lead")],
        "published_on": PUBLISHED,
        **fields,
    }
    return publish_standard(actor=world.actor(who), code=code, **told)


def test_what_is_filed_is_published_with_its_developers(filing: Selection) -> None:
    world = filing.world
    partners = [
        {"code": "BODY-1", "role": "participant"},
        {"code": world["other_school"].code, "role": "lead"},
    ]
    key = handed_in(filing, "firm", "BZ-1", partners=partners, document="备字1号")
    filing.do(filing.office, "return", reason="请补充文号")
    assert filing.stage("BZ-1") == "apply"
    filing.do(officer(world, "firm"), "submit")
    with clock_at(LATER):
        filing.do(filing.office, "file")
    made = standard(filing, "BZ-1")
    assert (made.levels, made.published_on, made.edition, made.document) == (
        ["elementary", "intermediate"],
        PUBLISHED,
        1,
        "备字1号",
    )
    assert (made.origin_kind, made.origin_id, made.reporter_id) == ("case", key, world.root.pk)
    with acting(filing.office):
        developers = set(StandardDeveloper.objects.values_list("organisation__code", "role", "origin_id"))
    assert developers == {
        ("LZ-FIRM", "lead", key),
        ("BODY-1", "participant", key),
        (world["other_school"].code, "lead", key),
    }
    assert counted("skill_standard_enterprises") == (1, {made.pk}), "neither a body nor a school is an enterprise"
    assert reverse("skill_standard", args=[made.pk]) in page_of(world, "case", args=[key])
    assert reverse("case", args=[key]) in page_of(world, "skill_standard", args=[made.pk])


def test_a_body_files_and_a_refusal_publishes_nothing(filing: Selection) -> None:
    handed_in(filing, "body", "BZ-B")
    handed_in(filing, "firm", "BZ-F")
    filing.do(filing.office, "refuse", ["BZ-F"], reason="与国家标准重复")
    filing.do(filing.office, "file", ["BZ-B"])
    with acting(filing.office):
        assert [each.code for each in SkillStandard.objects.all()] == ["BZ-B"]
        assert Case.objects.get(pk=filing.cases["BZ-F"]).outcome == "refused"
    assert counted("skill_standard_enterprises")[0] == 0


def test_a_revision_takes_the_place_of_the_earlier_edition(filing: Selection) -> None:
    handed_in(filing, "firm", "BZ-1")
    filing.do(filing.office, "file")
    with clock_at(LATER):
        handed_in(filing, "firm", "BZ-2", revises="BZ-1", published_on=AGAIN.isoformat())
        filing.do(filing.office, "file", ["BZ-2"])
    first, second = standard(filing, "BZ-1"), standard(filing, "BZ-2")
    assert (first.withdrawn_on, second.edition, second.revises_id, second.withdrawn_on) == (AGAIN, 2, first.pk, None)
    assert counted("skill_standard_enterprises") == (1, {second.pk})
    for one, other in ((first, second), (second, first)):
        page = page_of(filing.world, "skill_standard", args=[one.pk])
        assert reverse("skill_standard", args=[other.pk]) in page
    with acting(filing.office), pytest.raises(ValidationError, match="没有所修订"):
        publish(filing.world, "BZ-3", "province_officer", revises_id=UUID(int=1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "BZ-0"},
        {"revises": "BZ-9"},
        {"revises": "BZ-0", "published_on": "2021-02-01"},
        {"revises": "OLD"},
        {"revises": "ENDED"},
        {"partners": [{"code": "NOBODY", "role": "participant"}]},
        {"partners": [{"code": "LZ-FIRM", "role": "participant"}]},
    ],
)
def test_what_cannot_be_filed_is_not_handed_in(filing: Selection, wrong: dict[str, Any]) -> None:
    world = filing.world
    publish(world, "BZ-0", published_on=date(2021, 2, 1))
    old = publish(world, "OLD", published_on=date(2019, 1, 1))
    publish(world, "NEW", published_on=date(2020, 1, 1), revises_id=old.pk)
    ended = publish(world, "ENDED", published_on=date(2019, 1, 1))
    withdraw_standard(actor=world.actor("city_officer"), standard_id=ended.pk, on=date(2020, 1, 1))
    key, firm = filing.apply("firm", "标准", asked("BZ-1", **wrong)), officer(world, "firm")
    with pytest.raises(ValidationError, match="标准代码已被使用，或没有此合作开发单位，或所修订的标准不存在"):
        act_on_case(actor=firm, case_id=key, action="submit")
    save_answers(actor=firm, case_id=key, raw=asked("BZ-1", revises="", partners=[]))
    act_on_case(actor=firm, case_id=key, action="submit")


def test_what_is_not_filled_in_yet_is_told_by_the_form(filing: Selection) -> None:
    key = filing.apply("firm", "标准", {"partners": [{"role": "lead"}], "published_on": "明天"})
    with pytest.raises(ValidationError, match="是必填项"):
        act_on_case(actor=officer(filing.world, "firm"), case_id=key, action="submit")


def test_of_two_cases_with_one_code_the_second_is_told_why(filing: Selection) -> None:
    for title in ("甲", "乙"):
        filing.apply("firm", title, asked("BZ-1"))
    filing.do(officer(filing.world, "firm"), "submit")
    with pytest.raises(SomeRefused) as refusal:
        filing.do(filing.office, "file")
    assert [("标准代码已被使用" in told) for told in refusal.value.by_case.values()] == [True]
    filing.do(filing.office, "file", ["甲"])
    with pytest.raises(SomeRefused) as late:
        filing.do(filing.office, "file", ["乙"])
    assert "标准代码已被使用" in late.value.by_case[filing.cases["乙"]]


def test_many_are_filed_in_as_few_queries_as_one(filing: Selection) -> None:
    publish(filing.world, "OLD-1", "province_officer", published_on=date(2019, 1, 1))
    publish(filing.world, "OLD-2", "province_officer", published_on=date(2019, 1, 1))
    for number in range(6):
        revised = {"revises": f"OLD-{number}"} if number in (1, 2) else {}
        partners = [{"code": "BODY-1", "role": "participant"}]
        filing.apply("firm", f"BZ-{number}", asked(f"BZ-{number}", partners=partners, **revised))
    filing.do(officer(filing.world, "firm"), "submit")
    with acting(filing.office):
        counts = []
        for titles in (["BZ-1"], ["BZ-0", "BZ-2", "BZ-3", "BZ-4", "BZ-5"]):
            with CaptureQueriesContext(connection) as queries:
                filing.do(filing.office, "file", titles)
            counts.append(len(queries))
    # Cases that move together fetch what they share by queries of their own.
    assert counts[1] <= counts[0] + 3


def test_a_city_files_what_its_own_lead(world: World) -> None:
    city, firm, stranger = world.actor("city_officer"), world["firm"].pk, world["other_school"].pk

    def entry(code: str, *developers: tuple[UUID, str]) -> Entry:
        told = {"origin_kind": "case", "origin_id": UUID(int=1), "reporter_id": world["lanzhou"].pk}
        return Entry(code, "标准", ["elementary"], developers, PUBLISHED, "", None, told)

    with acting(city), transaction.atomic():
        publish_standards(city, [entry("BZ-1", (firm, "lead"), (stranger, "participant"))])
        with pytest.raises(NotAllowed):
            publish_standards(city, [entry("BZ-2", (firm, "lead"), (stranger, "lead"))])
        for wrong in ((), ((firm, "lead"), (firm, "participant"))):
            with pytest.raises(ValidationError):
                publish_standards(city, [entry("BZ-3", *wrong)])
    with pytest.raises(NotAllowed):
        publish(world, "BZ-4", developers=[(stranger, "participant")])


def test_an_edition_follows_one_that_its_own_office_reported(world: World) -> None:
    first = publish(world, "BZ-1")
    ours = publish(world, "BZ-P", "province_officer")
    for wrong, words in (
        ({"published_on": PUBLISHED}, "晚于所修订"),
        ({"code": "BZ-1"}, "标准代码已被使用"),
    ):
        with pytest.raises(ValidationError, match=words):
            publish(world, **{"code": "BZ-2", "published_on": AGAIN, "revises_id": first.pk, **wrong})
    with pytest.raises(NotAllowed):
        publish(world, "BZ-2", published_on=AGAIN, revises_id=ours.pk)
    second = publish(world, "BZ-2", published_on=AGAIN, revises_id=first.pk)
    with pytest.raises(ValidationError, match="已被修订"):
        publish(world, "BZ-3", published_on=date(2021, 10, 1), revises_id=first.pk)
    third = publish(world, "BZ-3", published_on=date(2021, 10, 1), revises_id=second.pk)
    assert third.edition == 3
    page = page_of(world, "skill_standard", args=[first.pk])
    assert page.index("BZ-2") < page.index("BZ-3"), "all editions, in order"


def test_a_revision_that_never_was_leaves_the_earlier_edition_in_force(world: World) -> None:
    city, first = world.actor("city_officer"), publish(world, "BZ-1")
    second = publish(world, "BZ-2", published_on=AGAIN, revises_id=first.pk)
    with pytest.raises(ValidationError, match="BZ-2”修订"):
        void_standard(actor=city, standard_id=first.pk, reason="误报")
    void_standard(actor=city, standard_id=second.pk, reason="误报")
    with acting(city):
        first.refresh_from_db()
    assert first.withdrawn_on is None
    again = publish(world, "BZ-3", published_on=AGAIN, revises_id=first.pk)
    assert again.edition == 2


def test_the_database_keeps_editions_in_order(world: World) -> None:
    first = publish(world, "BZ-1")
    publish(world, "BZ-2", published_on=AGAIN, revises_id=first.pk)
    for wrong in ({"withdrawn_on": None}, {"withdrawn_on": date(2021, 9, 16)}, {"edition": 2}):
        with acting(world.actor("city_officer")), transaction.atomic(), pytest.raises(IntegrityError):
            SkillStandard.objects.filter(pk=first.pk).update(**wrong)


def test_a_workbook_does_not_undo_a_revision(world: World) -> None:
    city, first = world.actor("city_officer"), publish(world, "BZ-1")
    publish(world, "BZ-2", published_on=AGAIN, revises_id=first.pk)
    row = {"standard_code": "BZ-1", "name": "标准", "levels": "初级", "published_on": PUBLISHED}
    assert refusals(city, skill_standards=[row]) == [("E3", "conflict")]
    later = {**row, "standard_code": "BZ-2", "published_on": PUBLISHED}
    assert refusals(city, skill_standards=[later]) == [("D3", "conflict")]
    land(city, skill_standards=[{**row, "withdrawn_on": AGAIN}, {**later, "published_on": AGAIN}])
    with acting(city):
        assert SkillStandard.objects.get(code="BZ-2").revises_id == first.pk


def test_a_revision_is_recorded_on_a_page(world: World) -> None:
    publish(world, "BZ-1")
    client = Client()
    client.force_login(world.accounts["city_officer"], backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "name": "标准",
        "code": "BZ-2",
        "levels": ["elementary"],
        "developer": "LZ-FIRM",
        "role": "lead",
        "published_on": AGAIN.isoformat(),
        "revises": "BZ-9",
    }
    refused = client.post(reverse("add_skill_standard"), form)
    assert (refused.status_code, "没有此代码的标准" in refused.content.decode()) == (422, True)
    made = client.post(reverse("add_skill_standard"), {**form, "revises": "BZ-1"})
    assert made.status_code == 302
    assert "此前版次" in client.get(made.url).content.decode()


DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@given(since=DAYS, until=st.none() | DAYS, on=DAYS)
def test_of_two_editions_one_is_in_force_at_a_time(since: date, until: date | None, on: date) -> None:
    """Where an edition may take another's place, the earlier one was in force until then, and only until then."""
    fault = revision_fault(Being(since, until), on)
    if until is None or until > since:
        assert (fault is None) == (since < on and (until is None or until >= on))

"""Offerings by way of cases: an ordinary major is filed, a state-controlled one approved by several, one is revoked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.cases.models import Case, Intake
from jineng.cases.verbs import act_on_case, begin_case, open_intake, save_answers
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.majors.models import Major, MajorOffering
from tests.cases.shipped import published
from tests.factories import World

ORDINARY, CONTROLLED = "460301", "520401"
NEW = {"places": "60", "opened_on": "2022-09-01", "demand": "需求", "staff": "师资"}


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    with clock_at(date(2021, 9, 6)):
        yield


def intake(world: World, code: str, *deciders: str) -> Intake:
    office = world.actor("province_officer")
    procedure = published(world, code)
    return open_intake(
        actor=office,
        name="2022年专业设置",
        office_id=world["province"].pk,
        procedure_id=procedure.pk,
        opens_on=date(2021, 9, 1),
        closes_on=date(2021, 9, 30),
        decider_ids=[world[name].pk for name in deciders],
    )


def applied(world: World, found: Intake, code: str, **more: Any) -> Case:
    college = world.actor("college_officer")
    case = begin_case(actor=college, intake_id=found.pk, title=f"专业 {code}")
    with acting(college):
        major = Major.objects.get(code=code)
    given = {"major": {"id": str(major.pk), "label": str(major)}, "duration": "3"}
    return save_answers(actor=college, case_id=case.pk, raw={**given, **(more or NEW)})


def act(world: World, case: Case, *steps: tuple[str, str]) -> None:
    for who, action in steps:
        act_on_case(actor=world.actor(who), case_id=case.pk, action=action, reason="因故")


def offerings(world: World) -> list[tuple[str, str, Any]]:
    with acting(world.actor("province_officer")):
        rows = MajorOffering.objects.filter(organisation=world["petrochemical"]).select_related("major")
        return [(each.major.code, each.origin_kind, each.origin_id) for each in rows]


def test_an_ordinary_major_is_filed(world: World) -> None:
    case = applied(world, intake(world, "open-offering"), ORDINARY)
    act(world, case, ("college_officer", "submit"), ("province_officer", "file"))
    assert offerings(world) == [(ORDINARY, "case", case.pk)]
    page = Client()
    page.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    assert ORDINARY in page.get(reverse("case", args=[case.pk])).content.decode()


def test_a_state_controlled_major_is_approved_by_several_before_it_is_registered(world: World) -> None:
    found = intake(world, "open-offering", "province", "finance")
    case = applied(world, found, CONTROLLED)
    with pytest.raises(ValidationError, match="行业主管部门意见"):
        act(world, case, ("college_officer", "submit"))
    save_answers(actor=world.actor("college_officer"), case_id=case.pk, raw={"consent": "同意"})
    act(world, case, ("college_officer", "submit"))
    with acting(world.actor("province_officer")):
        case.refresh_from_db()
    assert case.stage == "opinion"
    act(world, case, ("province_officer", "favour"), ("province_officer", "approve"))
    assert offerings(world) == [], "one of two has signed"


def test_what_is_offered_is_not_filed_again_and_may_be_revoked(world: World, opened: Any) -> None:
    opened("petrochemical", ORDINARY)
    again = applied(world, intake(world, "open-offering"), ORDINARY)
    with pytest.raises(ValidationError, match="已开设"):
        act(world, again, ("college_officer", "submit"))
    case = applied(
        world, intake(world, "revoke-offering"), ORDINARY, revoked_on="2021-12-31", students="0", reasons="停招"
    )
    act(world, case, ("college_officer", "submit"), ("province_officer", "grant"))
    with acting(world.actor("province_officer")):
        assert MajorOffering.objects.get().revoked_on == date(2021, 12, 31)


def test_a_school_writes_a_code_and_the_form_knows_the_major(world: World) -> None:
    college = world.actor("college_officer")
    case = begin_case(actor=college, intake_id=intake(world, "open-offering").pk, title="新专业")
    client = Client()
    client.force_login(world.accounts["college_officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("fill_case", args=[case.pk])
    assert client.post(page, {"major": "460301", "duration": "3"}).status_code == 302
    with acting(college):
        major = Major.objects.get(code=ORDINARY)
    assert major.name in client.get(reverse("case", args=[case.pk])).content.decode()
    assert client.post(page, {"major": "999999"}).status_code == 302
    assert "999999" in client.get(page).content.decode(), "kept as typed, and told"

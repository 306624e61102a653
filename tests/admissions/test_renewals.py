"""An offering that admitted nobody for three years is applied for again; then it is kept, or revoked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.admissions.applications import years_without_intake
from jineng.cases.models import Case
from jineng.cases.verbs import act_on_case, begin_case, open_intake, save_answers
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.majors.models import Major, MajorOffering
from jineng.majors.verbs import open_offering
from tests.admissions.small_season import MACHINES, accepted, admission, applicant, classified, held_round
from tests.cases.shipped import published
from tests.factories import World
from tests.shown import rows_shown

NOW = date(2024, 5, 6)
ANSWERS = {"duration": "3", "why": "生源不足", "demand": "需求", "staff": "师资", "places": "40"}


@pytest.fixture
def case(world: World) -> Case:
    """An offering of 2019 that admitted people in 2021 only; seasons up to 2024; a case that asks to keep it."""
    office, college = world.actor("province_officer"), world.actor("college_officer")
    with clock_at(NOW), acting(office):
        major = Major.objects.get(code=MACHINES)
        open_offering(
            actor=office,
            organisation_id=world["petrochemical"].pk,
            major=major,
            duration_years=Decimal(3),
            opened_on=date(2019, 9, 1),
        )
        first = classified(world)
        admission(world, applicant(world, first, 1), accepted(world, first), held_round(world, first))
        for year in (2022, 2023):
            classified(world, f"season-{year}", opens_on=date(year, 3, 1))
        intake = open_intake(
            actor=office,
            name="重新申报",
            office_id=world.root.pk,
            procedure_id=published(world, "renew-offering").pk,
            opens_on=date(2024, 5, 1),
            closes_on=date(2024, 5, 31),
        )
        made = begin_case(actor=college, intake_id=intake.pk, title="重新申报机械")
        given = {**ANSWERS, "major": {"id": str(major.pk), "label": str(major)}}
        return save_answers(actor=college, case_id=made.pk, raw=given)


def act(world: World, case: Case, *steps: tuple[str, str]) -> None:
    for who, action in steps:
        act_on_case(actor=world.actor(who), case_id=case.pk, action=action, reason="因故")


def in_being(world: World) -> bool:
    with acting(world.actor("province_officer")):
        return MajorOffering.objects.get(organisation=world["petrochemical"]).revoked_on is None


def test_two_years_are_not_enough_and_three_are(world: World, case: Case) -> None:
    with clock_at(NOW):
        with pytest.raises(ValidationError, match="未招生不满三年"):
            act(world, case, ("college_officer", "submit"))
        with acting(world.actor("province_officer")):
            classified(world, "season-2024", opens_on=date(2024, 3, 1))
        act(world, case, ("college_officer", "submit"), ("province_officer", "favour"), ("province_officer", "keep"))
    assert in_being(world)


def test_what_is_not_kept_is_revoked_by_the_case(world: World, case: Case) -> None:
    with clock_at(NOW):
        with acting(world.actor("province_officer")):
            classified(world, "season-2024", opens_on=date(2024, 3, 1))
        act(world, case, ("college_officer", "submit"), ("province_officer", "favour"), ("province_officer", "revoke"))
        with acting(world.actor("province_officer")):
            offering = MajorOffering.objects.get(organisation=world["petrochemical"])
            assert (offering.revoked_on, offering.document) == (NOW, case.number)


def warned(world: World, who: str, asked: str = "") -> list[tuple[str, str]]:
    """Colleges and the words of the early warning that somebody is shown, each with a year."""
    client = Client()
    client.force_login(world.accounts[who], backend="django.contrib.auth.backends.ModelBackend")
    rows = rows_shown(client.get(reverse("idle_offerings") + asked))
    assert all(row["最近招生或开设"].isdigit() for row in rows)
    return [(row[""], row["预警"]) for row in rows]


def test_the_early_warning_tells_what_the_procedure_counts(world: World, case: Case) -> None:
    college = "示例石化职业学院"
    for day, years, words in (
        (date(2021, 5, 6), 0, []),
        (date(2022, 5, 6), 1, [(college, "一年未招生")]),
        (NOW, 2, [(college, "连续两年未招生")]),
    ):
        with clock_at(day):
            with acting(world.actor("province_officer")):
                assert years_without_intake(case) == years
            assert warned(world, "province_officer") == warned(world, "college_officer") == words, day
            assert warned(world, "city_officer") == []
            for other in (1, 2):
                assert warned(world, "province_officer", f"?years={other}") == (words if other == years else [])
    with clock_at(NOW):
        with acting(world.actor("province_officer")):
            classified(world, "season-2024", opens_on=date(2024, 3, 1))
            assert years_without_intake(case) == 3
        assert warned(world, "province_officer") == [], "it has to be applied for anew"

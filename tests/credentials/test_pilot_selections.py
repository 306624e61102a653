"""Certificate pilots in four batches, from the application to the register; the figures count what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jineng.cases.verbs import act_on_case, open_intake
from jineng.cases.verbs.acting import SomeRefused
from jineng.credentials.models import CertificatePilot
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from tests.calls.selections import BEGUN, CLOSES, OPENS, OVER, Selection, counted, officer, published
from tests.credentials.assessments import batch, certificate_type
from tests.factories import World

CODES = ("X01", "X02", "X03", "X04")


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    """Everything is handed in on one day of September 2021."""
    with clock_at(BEGUN):
        yield


def opened(world: World, number: int) -> Selection:
    """An intake for a batch of the pilot."""
    office = world.actor("province_officer")
    intake = open_intake(
        actor=office,
        name=f"证书试点第{number}批",
        office_id=world.root.pk,
        procedure_id=published(world, "certificate-pilot").pk,
        opens_on=OPENS,
        closes_on=CLOSES,
    )
    return Selection(world, intake)


def asked(number: int, code: str, level: str = "elementary") -> dict[str, str]:
    """What an application says."""
    return {"batch": str(number), "certificate": code, "level": level, "planned": "40", "conditions": "齐备"}


def test_certificates_are_piloted_batch_by_batch(world: World) -> None:
    approved: set[UUID] = set()
    for code in CODES:
        certificate_type(world, code)
    for number, code in enumerate(CODES, 1):
        batch(world, number, date(2021, 9, 1))
        found = opened(world, number)
        for where in ("county_school", "petrochemical", *(("city_school",) if number == 1 else ())):
            found.apply(where, f"{where}试点{code}", asked(number, code))
            found.do(officer(world, where), "submit", [f"{where}试点{code}"])
        found.allot(lanzhou=1, province=1)
        ours, college, *theirs = found.cases
        found.rank(world.actor("city_officer"), [ours])
        found.rank(found.office, [college])
        found.do(world.actor("city_officer"), "recommend", [ours])
        if theirs:
            found.do(world.actor("city_officer"), "decline", theirs, "名额所限")
        found.do(found.office, "recommend", [college])
        for action in ("pass", "propose", "approve"):
            found.do(found.office, action, [ours, college])
        with clock_at(OVER):
            found.do(found.office, "confirm", [ours, college])
        with acting(found.office):
            made = CertificatePilot.objects.filter(batch__number=number)
            assert {each.origin_id for each in made} == {found.cases[ours], found.cases[college]}
            assert {(each.origin_kind, each.approved_on, each.applied_on) for each in made} == {("case", OVER, BEGUN)}
            approved |= {each.pk for each in made}
    assert counted("certificate_pilots") == (8, approved)
    assert counted("certificate_pilot_batches")[0] == 4
    assert counted("certificate_pilot_institutions")[0] == 2, "each once, however many batches"
    client = Client()
    client.force_login(world.accounts["province_officer"], backend="django.contrib.auth.backends.ModelBackend")
    pilot = max(made, key=lambda each: each.pk)
    case_page, pilot_page = reverse("case", args=[pilot.origin_id]), reverse("certificate_pilot", args=[pilot.pk])
    assert case_page in client.get(pilot_page).content.decode()
    assert pilot_page in client.get(case_page).content.decode()


def test_what_two_cases_ask_for_is_approved_once(world: World) -> None:
    certificate_type(world, "X01")
    batch(world, 1, date(2021, 9, 1))
    found = opened(world, 1)
    for title in ("甲", "乙"):
        found.apply("petrochemical", title, asked(1, "X01"))
        found.do(officer(world, "petrochemical"), "submit", [title])
    found.rank(found.office, ["甲", "乙"])
    for action in ("recommend", "pass", "propose", "approve"):
        found.do(found.office, action)
    with clock_at(OVER):
        with pytest.raises(SomeRefused) as refusal:
            found.do(found.office, "confirm")
        assert len(refusal.value.by_case) == 1
        with acting(found.office):
            assert not CertificatePilot.objects.exists(), "all or none"
        found.do(found.office, "confirm", ["乙"])
        with pytest.raises(SomeRefused, match="不能办理"):
            found.do(found.office, "confirm", ["甲"])
    assert counted("certificate_pilots")[0] == 1


@pytest.mark.parametrize("wrong", [{"batch": "9"}, {"certificate": "ZZZ"}, {"level": "advanced"}])
def test_what_cannot_be_piloted_is_not_handed_in(world: World, wrong: dict[str, str]) -> None:
    certificate_type(world, "X01")
    batch(world, 1, date(2021, 9, 1))
    found = opened(world, 1)
    key = found.apply("county_school", "试点", {**asked(1, "X01"), **wrong})
    with pytest.raises(ValidationError, match="没有此批次、证书或等级"):
        act_on_case(actor=officer(world, "county_school"), case_id=key, action="submit")

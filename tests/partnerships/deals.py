"""Agreements, bodies and projects to test with, made through the verbs that users use."""

from __future__ import annotations

from datetime import date
from typing import Any

from jineng.kernel.actors import acting
from jineng.partnerships.models import Agreement, AgreementParty, AgreementTerm, Body, InternationalProject
from jineng.partnerships.verbs import Partner, found_body, record_agreement, record_project
from tests.factories import World

SIGNED = date(2018, 8, 20)
SINCE, UNTIL = date(2018, 9, 1), date(2021, 8, 31)
"""The usual term: its parties are asked from 31 May 2021 on."""


def partner(world: World, where: str) -> Partner:
    """An organisation of the world as the other side."""
    return Partner(world[where].name, world[where].pk)


def agreement(
    world: World,
    where: str = "county_school",
    code: str = "XY-1",
    *,
    other: Partner | None = None,
    until: date | None = UNTIL,
    by: str = "province_officer",
    **more: Any,
) -> Agreement:
    """An agreement kept by ``where`` with ``other`` (an outside firm unless said), for the usual term."""
    actor = world.actor(by)
    given: dict[str, Any] = {
        "code": code,
        "name": f"协议{code}",
        "kind": "school_enterprise",
        "signed_on": SIGNED,
        "since": SINCE,
        "until": until,
    }
    with acting(actor):
        return record_agreement(
            actor=actor,
            organisation_id=world[where].pk,
            organisation_name=world[where].name,
            partner=other or Partner("示例外省企业", province="61"),
            **given | more,
        )


def body(
    world: World,
    where: str = "county_school",
    code: str = "CY-1",
    *,
    of: Agreement | None = None,
    by: str = "province_officer",
    **more: Any,
) -> Body:
    """An industry college led by ``where``."""
    actor = world.actor(by)
    given: dict[str, Any] = {"name": f"产业学院{code}", "kind": "industry_college", "founded_on": SINCE}
    with acting(actor):
        return found_body(
            actor=actor,
            organisation_id=world[where].pk,
            code=code,
            agreement_id=of.pk if of else None,
            **given | more,
        )


def project(
    world: World, where: str = "petrochemical", code: str = "GJ-1", *, by: str = "province_officer", **more: Any
) -> InternationalProject:
    """A training project with Pakistan."""
    actor = world.actor(by)
    given: dict[str, Any] = {
        "name": f"项目{code}",
        "kind": "training",
        "country": "PK",
        "partner": "示例技术学院",
        "since": SINCE,
    }
    with acting(actor):
        return record_project(actor=actor, organisation_id=world[where].pk, code=code, **given | more)


def party_of(world: World, agreement: Agreement, name: str) -> AgreementParty:
    """The agreement's party of that name."""
    with acting(world.actor("province_officer")):
        return AgreementParty.objects.get(agreement=agreement, name=name)


def term_of(world: World, agreement: Agreement) -> AgreementTerm:
    """The agreement's first term."""
    with acting(world.actor("province_officer")):
        found = AgreementTerm.objects.filter(agreement=agreement).order_by("since").first()
        assert found is not None
        return found

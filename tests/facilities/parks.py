"""Parks, phases and facilities to test with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from jineng.facilities.models import Park, Phase, SharedFacility, SharingMember
from jineng.facilities.verbs import book_investment, open_facility, report_phase, share_facility
from jineng.kernel.actors import acting
from tests.factories import World

STARTED, DUE = date(2018, 4, 1), date(2020, 12, 31)
PLANNED = Decimal(1_000_000)


def park(world: World, where: str, code: str = "") -> Park:
    """A park run by ``where``."""
    with acting(world.actor("province_officer")):
        return Park.objects.create(code=code or f"park-{where}", name=f"{where}园区", organisation=world[where])


def phase(world: World, of: Park, number: int = 1, planned: Decimal = PLANNED) -> Phase:
    """A phase of a park."""
    with acting(world.actor("province_officer")):
        return Phase.objects.create(
            park=of,
            number=number,
            name=f"{of.name}{number}期",
            planned_investment=planned,
            started_on=STARTED,
            planned_completion=DUE,
        )


def book(world: World, of: Phase, amount: int, on: date = STARTED, voucher: str = "V-1") -> Any:
    """Money booked on a phase."""
    actor = world.actor("province_officer")
    with acting(actor):
        return book_investment(
            actor=actor, phase_id=of.pk, voucher=voucher, booked_on=on, amount=Decimal(amount), funding="bond"
        )


def complete(world: World, of: Phase, since: date = DUE, reason: str = "") -> Any:
    """A phase reported complete."""
    actor = world.actor("province_officer")
    with acting(actor):
        return report_phase(actor=actor, phase_id=of.pk, status="completed", since=since, reason=reason)


def facility(world: World, of: Park, code: str = "F-1") -> SharedFacility:
    """A workshop of a park, open for 70 hours a week."""
    actor = world.actor("province_officer")
    with acting(actor):
        return open_facility(
            actor=actor,
            park_id=of.pk,
            code=code,
            name=f"设施{code}",
            kind="workshop",
            capacity=40,
            weekly_hours=Decimal(70),
            opened_on=STARTED,
        )


def share(
    world: World, of: SharedFacility, where: str, since: date = STARTED, until: date | None = None
) -> SharingMember:
    """``where`` shares the facility."""
    actor = world.actor("province_officer")
    with acting(actor):
        return share_facility(
            actor=actor,
            facility_id=of.pk,
            organisation_id=world[where].pk,
            name=world[where].name,
            since=since,
            until=until,
        )

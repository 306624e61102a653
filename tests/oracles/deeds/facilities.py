"""What perturbs the facilities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jineng.facilities import verbs
from jineng.facilities.models import InvestmentBooking, Phase, PhaseReport
from jineng.kernel.actors import Actor
from tests.oracles.deeds.entering import deed
from tests.reference_year import ReferenceYear


def phase(number: int) -> Phase:
    """A phase of the Tianshui park."""
    return Phase.objects.get(voided_at=None, park__code="tianshui-park", number=number)


def book(actor: Actor, on: date, amount: int) -> None:
    """Book money on the first phase."""
    verbs.book_investment(
        actor=actor,
        phase_id=phase(1).pk,
        voucher=f"NEW-{on}",
        booked_on=on,
        amount=Decimal(amount),
        funding="own",
    )


@deed
def void_a_booking(year: ReferenceYear, actor: Actor) -> None:
    booking = InvestmentBooking.objects.get(voided_at=None, voucher="TS1-0007")
    verbs.void_booking(actor=actor, booking_id=booking.pk, reason="误记")


@deed
def book_more_on_the_first_phase(year: ReferenceYear, actor: Actor) -> None:
    book(actor, date(2021, 11, 11), 20_000_000)


@deed
def book_on_the_first_phase_later(year: ReferenceYear, actor: Actor) -> None:
    book(actor, date(2022, 2, 2), 5_000_000)


@deed
def complete_the_second_phase(year: ReferenceYear, actor: Actor) -> None:
    verbs.report_phase(
        actor=actor, phase_id=phase(2).pk, status="completed", since=date(2021, 12, 20), reason="尾款待决算"
    )


@deed
def suspend_the_first_phase(year: ReferenceYear, actor: Actor) -> None:
    verbs.report_phase(actor=actor, phase_id=phase(1).pk, status="suspended", since=date(2021, 12, 30))


@deed
def void_the_completion(year: ReferenceYear, actor: Actor) -> None:
    report = PhaseReport.objects.get(voided_at=None, phase=phase(1), status="completed")
    verbs.void_report(actor=actor, report_id=report.pk, reason="误报")

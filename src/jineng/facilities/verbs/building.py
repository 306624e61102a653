"""Book money on a phase, report what becomes of it, strike out what was booked or reported by mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.facilities.kinds import PhaseStatus
from jineng.facilities.models import InvestmentBooking, PhaseReport
from jineng.facilities.queries import booked_by, reports_of, status_of
from jineng.facilities.rules import money_fault
from jineng.facilities.verbs.keeping import OUTSIDE, ROOM, fault, locked_phase, save, strike, through_door
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb


@verb(Right.EDIT_FACILITIES, room=ROOM)
def book_investment(
    *,
    actor: Actor,
    phase_id: UUID,
    voucher: str,
    booked_on: date,
    amount: Decimal,
    funding: str,
    document: str = "",
    through: str = Origin.PAGE,
) -> InvestmentBooking:
    """Book ``amount`` yuan on a phase under the number of its voucher.

    Raises:
        NotAllowed: no such phase in the scope.
        ValidationError: no money, a day to come, or the voucher stands on the phase already.
    """
    phase = locked_phase(actor, phase_id)
    through_door(through)
    if amount <= 0:
        raise ValidationError({"amount": "金额应大于零。 The amount must be above zero."})
    if booked_on > clock.today():
        raise ValidationError({"booked_on": "入账日期不能晚于今天。 Money is not booked ahead of time."})
    booking = InvestmentBooking(
        phase=phase,
        voucher=voucher.strip(),
        booked_on=booked_on,
        amount=amount,
        funding=funding,
        document=document.strip(),
        **origin(),
    )
    save(booking)
    current_deed().note(f"{phase} 入账 {amount:,} 元", subject=booking)
    return booking


@verb(Right.EDIT_FACILITIES, room=ROOM)
def void_booking(*, actor: Actor, booking_id: UUID, reason: str) -> InvestmentBooking:
    """Strike a booking out as never having been made.

    Raises:
        NotAllowed: no such booking in the scope.
        ValidationError: void already, or no reason.
    """
    booking = InvestmentBooking.objects.filter(pk=booking_id).first()
    if booking is None:
        raise NotAllowed(OUTSIDE)
    locked_phase(actor, booking.phase_id)
    return strike(booking, reason)


@verb(Right.EDIT_FACILITIES, room=ROOM)
def report_phase(
    *,
    actor: Actor,
    phase_id: UUID,
    status: str,
    since: date,
    document: str = "",
    reason: str = "",
    through: str = Origin.PAGE,
) -> PhaseReport:
    """Say what a phase is from ``since`` on.

    A phase is reported complete when the money booked by then fits its plan by the tolerance of the day, or with
    the ``reason`` why it does not.

    Raises:
        NotAllowed: no such phase in the scope.
        ValidationError: a day to come, that status already, a second report on the day, or money off the plan
            without a reason.
    """
    phase = locked_phase(actor, phase_id)
    through_door(through)
    if since > clock.today():
        raise ValidationError({"since": "进度不能报到今天以后。 What is to come is not reported."})
    if status == status_of(reports_of(phase), since):
        raise ValidationError({"status": "该期当日已是此状态。 The phase has this status on that day."})
    booked = booked_by(phase, since)
    if status == PhaseStatus.COMPLETED and not reason.strip():
        found = money_fault(phase.planned_investment, booked, since)
        if found is not None:
            raise fault(found)
    report = PhaseReport(
        phase=phase, status=status, since=since, document=document.strip(), reason=reason.strip(), **origin()
    )
    save(report)
    current_deed().note(
        f"{phase} 自 {since} {report.get_status_display()}",
        subject=report,
        planned=str(phase.planned_investment),
        booked=str(booked),
        reason=reason.strip(),
    )
    return report


@verb(Right.EDIT_FACILITIES, room=ROOM)
def void_report(*, actor: Actor, report_id: UUID, reason: str) -> PhaseReport:
    """Strike a report out as wrong from the start.

    Raises:
        NotAllowed: no such report in the scope.
        ValidationError: void already, or no reason.
    """
    report = PhaseReport.objects.filter(pk=report_id).first()
    if report is None:
        raise NotAllowed(OUTSIDE)
    locked_phase(actor, report.phase_id)
    return strike(report, reason)

"""What becomes of an award: recognised, refused, withdrawn from a date on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.calls.kinds import Status
from jineng.calls.models import Award, AwardStatus
from jineng.calls.rules import Event, first_fault
from jineng.calls.verbs.reach import OUTSIDE, require_decision, writable_award
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import came_through, current_deed, origin, verb

ROOM = "calls"


@verb(Right.EDIT_CALLS, room=ROOM)
def set_status(
    *, actor: Actor, award_id: UUID, status: str, since: date, document: str = "", through: str = Origin.PAGE
) -> AwardStatus:
    """Say what an award is from ``since`` on: recognise it, refuse it, withdraw it.

    A withdrawal leaves everything before its date as it was. ``through`` says by which door the word came.

    Raises:
        NotAllowed: no department in the actor's scope decides the award's call.
        ValidationError: the status may not follow the one before it, or stands on that day already.
    """
    if through == Origin.API:
        came_through(Origin.API, current_deed().id)
    award = _decided_award(actor, award_id)
    fresh = AwardStatus(award=award, status=status, since=since, document=document.strip(), **origin())
    fresh.full_clean(exclude=["award"])
    _check(award, Event(since, fresh.recorded_at, status))
    fresh.save(force_insert=True)
    current_deed().note(f"{Status(status).label}（{since}）", subject=award, status=status, since=str(since))
    return fresh


@verb(Right.EDIT_CALLS, room=ROOM)
def void_status(*, actor: Actor, status_id: UUID, reason: str) -> AwardStatus:
    """Strike out a status that the award never had.

    Raises:
        NotAllowed: no department in the actor's scope decides the award's call.
        ValidationError: no reason, or what is left of the timeline is impossible.
    """
    status = AwardStatus.objects.filter(STANDS, pk=status_id).first()
    if status is None:
        raise NotAllowed(OUTSIDE)
    award = _decided_award(actor, status.award_id)
    if not reason.strip():
        raise ValidationError({"reason": "请填写作废原因。 Give a reason."})
    _check(award, without=status.pk)
    status.voided_at, status.void_reason = clock.now(), reason.strip()
    status.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废状态 {status.get_status_display()}（{status.since}）", subject=award)
    return status


def _decided_award(actor: Actor, award_id: UUID) -> Award:
    award = writable_award(actor, award_id)
    require_decision(actor, award.batch.call_id)
    return award


def _check(award: Award, *fresh: Event, without: UUID | None = None) -> None:
    told = AwardStatus.objects.filter(STANDS, award=award)
    if without is not None:
        told = told.exclude(pk=without)
    events = [Event(*row) for row in told.values_list("since", "recorded_at", "status")]
    fault = first_fault([*events, *fresh])
    if fault is not None:
        before = f"“{Status(fault.before).label}”之后" if fault.before else "此前没有其他状态时"
        raise ValidationError(
            {
                "status": f"{before}不能是“{Status(fault.after).label}”（{fault.since}）。 "
                f"{fault.after} ({fault.since}) cannot follow {fault.before or 'nothing'}."
            }
        )

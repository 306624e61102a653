"""Close a class with its completion list; correct what an enrolment says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, verb
from jineng.learning.kinds import PENDING, SEATED, EnrolmentState
from jineng.learning.models import CourseOffering, Enrolment
from jineng.learning.rules import enrolment_faults
from jineng.learning.verbs.reach import (
    ROOM,
    fill_from_waiting,
    locked_class,
    locked_enrolment,
    need_reason,
    raise_faults,
    taken_seats,
)

CORRECTABLE = ("state", "applied_on", "enrolled_on", "ended_on", "list_number")


@verb(Right.EDIT_LEARNING, room=ROOM)
def complete_class(
    *, actor: Actor, offering_id: UUID, completed_on: date, list_number: str, completed: Collection[UUID]
) -> CourseOffering:
    """Close a class: those of ``completed`` (ids of enrolments) finished it and stand on the list, the others did not.

    Whoever still waits has left.

    Raises:
        NotAllowed: no such class in the actor's scope.
        ValidationError: void, cancelled or completed already; a day before somebody's enrolment; nobody in it; or
            an id of somebody who is not in the class.
    """
    held = locked_class(actor, offering_id, going=True)
    seats = list(Enrolment.objects.filter(STANDS, offering=held, state=EnrolmentState.ENROLLED).select_for_update())
    wanted = set(completed)
    if wanted - {seat.pk for seat in seats}:
        raise ValidationError({"completed": "名单中有不在读的人。 Somebody on the list is not in the class."})
    if not seats:
        raise ValidationError("班内没有在读学员。 Nobody is in the class.")
    earliest = max(held.starts_on, *(seat.enrolled_on for seat in seats if seat.enrolled_on))
    if completed_on < earliest:
        raise ValidationError({"completed_on": f"不能早于 {earliest}。 Not before {earliest}."})
    if wanted and not list_number.strip():
        raise ValidationError({"list_number": "请填写结业名册号。 Give the number of the completion list."})
    for seat in seats:
        done = seat.pk in wanted
        seat.state = EnrolmentState.COMPLETED if done else EnrolmentState.NOT_COMPLETED
        seat.ended_on, seat.list_number = completed_on, list_number.strip() if done else ""
    update_many(seats, ["state", "ended_on", "list_number"])
    left = list(Enrolment.objects.filter(STANDS, offering=held, state__in=PENDING))
    for seat in left:
        seat.state, seat.ended_on = EnrolmentState.WITHDRAWN, max(completed_on, seat.applied_on)
    update_many(left, ["state", "ended_on"])
    held.completed_on = completed_on
    held.save(update_fields=["completed_on"])
    current_deed().note(
        f"结班 {held}：结业 {len(wanted)} 人，未结业 {len(seats) - len(wanted)} 人",
        subject=held,
        completed=len(wanted),
        not_completed=len(seats) - len(wanted),
    )
    return held


@verb(Right.EDIT_LEARNING, room=ROOM)
def correct_enrolment(*, actor: Actor, enrolment_id: UUID, reason: str, **facts: Any) -> Enrolment:
    """Correct what an enrolment says; what it said before stays in its history.

    Raises:
        NotAllowed: no such enrolment in the actor's scope.
        TypeError: a fact that cannot be corrected.
        ValidationError: void, no reason, nothing differs, a rule is broken, or no seat is left.
    """
    if unknown := set(facts) - set(CORRECTABLE):
        raise TypeError(f"cannot correct {sorted(unknown)}")
    held, seat = locked_enrolment(actor, enrolment_id)
    why = need_reason(reason)
    changed = {name: value for name, value in facts.items() if value != getattr(seat, name)}
    if not changed:
        raise ValidationError("内容没有变化。 Nothing differs from what is recorded.")
    seated = seat.state in SEATED
    for name, value in changed.items():
        setattr(seat, name, value)
    raise_faults(
        enrolment_faults(
            seat.state,
            applied_on=seat.applied_on,
            enrolled_on=seat.enrolled_on,
            ended_on=seat.ended_on,
            list_number=seat.list_number,
            starts_on=held.starts_on,
            cancelled_on=held.cancelled_on,
        )
    )
    if not seated and seat.state in SEATED and held.capacity is not None and taken_seats(held) >= held.capacity:
        raise ValidationError({"state": "该班次的名额已满。 The class has no seat left."})
    seat.save(update_fields=list(changed))
    admitted = fill_from_waiting(held) if seated and seat.state not in SEATED else 0
    current_deed().note(f"更正 {held} 的学员记录：{why}", subject=seat, changed=sorted(changed), admitted=admitted)
    return seat

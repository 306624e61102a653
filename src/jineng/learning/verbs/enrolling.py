"""Let people into a class and out of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.learning.kinds import ENDED, EnrolmentState
from jineng.learning.models import Enrolment
from jineng.learning.rules import seat_for
from jineng.learning.verbs.reach import (
    ROOM,
    fill_from_waiting,
    locked_class,
    locked_enrolment,
    need_reason,
    taken_seats,
    through_door,
)
from jineng.registry.kinds import DocumentKind
from jineng.registry.verbs import ensure_people
from jineng.registry.verbs.people import PersonRow


@verb(Right.EDIT_LEARNING, room=ROOM)
def enrol(
    *,
    actor: Actor,
    offering_id: UUID,
    name: str,
    number: str,
    document: str = DocumentKind.RESIDENT_ID,
    through: str = Origin.PAGE,
) -> Enrolment:
    """Sign somebody up for a class: with a seat while there is one, else on the waiting list.

    Whether they sit in another class at the same hour does not hinder; it is told to both organisers.

    Raises:
        NotAllowed: no such class in the actor's scope.
        ValidationError: the class takes nobody in, or the person is in it already.
    """
    held = locked_class(actor, offering_id, going=True)
    through_door(through)
    day = clock.today()
    if held.signup_from is not None and day < held.signup_from:
        raise ValidationError(f"{held.signup_from} 起报名。 Sign-up begins on {held.signup_from}.")
    (person_id,) = ensure_people(
        actor=actor, rows=[PersonRow(name, number, organisation_id=held.organiser_id, document=document)]
    )
    known = Enrolment.objects.filter(STANDS, offering=held, person_id=person_id).first()
    if known is not None:
        raise ValidationError(
            {"number": f"此人已在本班（{known.get_state_display()}）。 This person is in the class already."}
        )
    state = seat_for(taken_seats(held), held.capacity)
    seat = Enrolment.objects.create(
        offering=held,
        organiser_id=held.organiser_id,
        person_id=person_id,
        state=state,
        applied_on=day,
        enrolled_on=day if state == EnrolmentState.ENROLLED else None,
        **origin(),
    )
    current_deed().note(f"报名 {held}：{seat.get_state_display()}", subject=seat)
    return seat


@verb(Right.EDIT_LEARNING, room=ROOM)
def withdraw(*, actor: Actor, enrolment_id: UUID, left_on: date) -> Enrolment:
    """Record that somebody left a class, or its waiting list, from a day on; the seat goes to who waits first.

    Raises:
        NotAllowed: no such enrolment in the actor's scope.
        ValidationError: void, ended already, or the day lies before it began.
    """
    held, seat = locked_enrolment(actor, enrolment_id)
    if seat.state in ENDED:
        raise ValidationError(f"该学员{seat.get_state_display()}，无需退出。 This enrolment has ended already.")
    if left_on < (seat.enrolled_on or seat.applied_on):
        raise ValidationError({"left_on": "早于报名或入班日期。 It lies before the enrolment."})
    seat.state, seat.ended_on = EnrolmentState.WITHDRAWN, left_on
    seat.save(update_fields=["state", "ended_on"])
    admitted = fill_from_waiting(held)
    current_deed().note(f"退出 {held}，自 {left_on}", subject=seat, admitted=admitted)
    return seat


@verb(Right.EDIT_LEARNING, room=ROOM)
def void_enrolment(*, actor: Actor, enrolment_id: UUID, reason: str) -> Enrolment:
    """Strike an enrolment out as never having been; it leaves all figures of all years.

    Raises:
        NotAllowed: no such enrolment in the actor's scope.
        ValidationError: void already, or no reason.
    """
    held, seat = locked_enrolment(actor, enrolment_id)
    seat.void_reason, seat.voided_at = need_reason(reason), clock.now()
    seat.save(update_fields=["voided_at", "void_reason"])
    admitted = fill_from_waiting(held)
    current_deed().note(f"作废 {held} 的学员记录：{seat.void_reason}", subject=seat, admitted=admitted)
    return seat

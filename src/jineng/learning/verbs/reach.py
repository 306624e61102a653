"""What every verb of the room asks first: is it yours, does it stand; and how a refusal is worded."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import came_through, current_deed
from jineng.learning.kinds import PENDING, SEATED, EnrolmentState
from jineng.learning.models import CourseOffering, Enrolment
from jineng.learning.rules import Fault, free_seats
from jineng.registry.scope import in_reach

ROOM = "learning"
OUTSIDE = "该班次不存在或不在本岗位管辖范围内。 There is no such class in your scope."
ORGANISATION_OUTSIDE = "该机构不在本岗位管辖范围内。 The organisation lies outside your scope."


def through_door(door: str) -> None:
    """Say that the running verb came through the API, where it did."""
    if door == Origin.API:
        came_through(door, current_deed().id)


def need_reason(reason: str) -> str:
    """The reason without blanks around it.

    Raises:
        ValidationError: there is none.
    """
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    return reason.strip()


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise what is wrong, by field; nothing where nothing is."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(str(fault))
    if found:
        raise ValidationError(found)


def locked_class(actor: Actor, offering_id: UUID, *, going: bool = False) -> CourseOffering:
    """The class, its row locked, so that whoever changes its seats goes one after the other.

    With ``going`` it must be neither cancelled nor completed.

    Raises:
        NotAllowed: no such class in the actor's scope.
        ValidationError: it is void, or not going on.
    """
    held = (
        CourseOffering.objects.select_for_update(of=("self",), no_key=True)
        .select_related("course")
        .filter(pk=offering_id)
        .first()
    )
    if held is None or not in_reach(actor, held.organiser_id):
        raise NotAllowed(OUTSIDE)
    if held.is_void:
        raise ValidationError("该班次已作废。 The class is void.")
    if going and held.cancelled_on is not None:
        raise ValidationError("该班次已取消。 The class was cancelled.")
    if going and held.completed_on is not None:
        raise ValidationError("该班次已结班。 The class is completed.")
    return held


def locked_enrolment(actor: Actor, enrolment_id: UUID) -> tuple[CourseOffering, Enrolment]:
    """The enrolment and its class, both locked, the class first.

    Raises:
        NotAllowed: no such enrolment in the actor's scope.
        ValidationError: it or its class is void.
    """
    offering_id = Enrolment.objects.filter(pk=enrolment_id).values_list("offering_id", flat=True).first()
    if offering_id is None:
        raise NotAllowed(OUTSIDE)
    held = locked_class(actor, offering_id)
    seat = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment_id)
    if seat.is_void:
        raise ValidationError("该学员记录已作废。 The enrolment is void.")
    return held, seat


def taken_seats(held: CourseOffering) -> int:
    """How many seats of the class are taken."""
    return Enrolment.objects.filter(STANDS, offering=held, state__in=SEATED).count()


def fill_from_waiting(held: CourseOffering) -> int:
    """Give free seats to those who wait, who came first before who came later; returns to how many.

    A class that is completed or cancelled takes nobody in any more.
    """
    if held.completed_on is not None or held.cancelled_on is not None:
        return 0
    waiting = Enrolment.objects.filter(STANDS, offering=held, state__in=PENDING).order_by(
        "applied_on", "recorded_at", "id"
    )
    free = free_seats(taken_seats(held), held.capacity)
    admitted = list(waiting if free is None else waiting[:free])
    for seat in admitted:
        seat.state, seat.enrolled_on = EnrolmentState.ENROLLED, max(clock.today(), seat.applied_on)
    update_many(admitted, ["state", "enrolled_on"])
    return len(admitted)

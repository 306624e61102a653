"""Open, correct, cancel and strike out classes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Greatest

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.learning.kinds import ENDED, EnrolmentState, Mode
from jineng.learning.models import Course, CourseOffering, Enrolment
from jineng.learning.rules import ClassDates, class_faults
from jineng.learning.verbs.reach import (
    ORGANISATION_OUTSIDE,
    ROOM,
    fill_from_waiting,
    locked_class,
    need_reason,
    raise_faults,
    taken_seats,
    through_door,
)
from jineng.registry.scope import in_reach

CORRECTABLE = (
    "department",
    "mode",
    "place",
    "hours",
    "capacity",
    "signup_from",
    "starts_on",
    "ends_on",
)


@verb(Right.EDIT_LEARNING, room=ROOM)
def open_class(
    *,
    actor: Actor,
    organiser_id: UUID,
    course: Course,
    code: str,
    department: str,
    hours: int,
    starts_on: date,
    ends_on: date,
    capacity: int | None = None,
    mode: str = Mode.PLACE,
    place: str = "",
    signup_from: date | None = None,
    project_id: UUID | None = None,
    through: str = Origin.PAGE,
) -> CourseOffering:
    """Hold a class of a course at an organiser in the actor's scope.

    Raises:
        NotAllowed: the organiser lies outside the scope.
        ValidationError: a date is wrong, the course is void, or the organiser has a class of that number.
    """
    if not in_reach(actor, organiser_id):
        raise NotAllowed(ORGANISATION_OUTSIDE)
    through_door(through)
    if course.is_void:
        raise ValidationError({"course": "该课程已作废。 The course is void."})
    raise_faults(class_faults(ClassDates(signup_from, starts_on, ends_on)))
    if CourseOffering.objects.filter(STANDS, organiser_id=organiser_id, code=code.strip()).exists():
        raise ValidationError({"code": "该机构已有此编号的班次。 The organiser has a class of this number."})
    held = CourseOffering.objects.create(
        organiser_id=organiser_id,
        course=course,
        code=code.strip(),
        department=department,
        mode=mode,
        place=place.strip(),
        hours=hours,
        capacity=capacity,
        signup_from=signup_from,
        starts_on=starts_on,
        ends_on=ends_on,
        project_id=project_id,
        **origin(),
    )
    current_deed().note(f"开设 {held}，{starts_on} 至 {ends_on}", subject=held)
    return held


@verb(Right.EDIT_LEARNING, room=ROOM)
def correct_class(*, actor: Actor, offering_id: UUID, reason: str, **facts: Any) -> CourseOffering:
    """Correct or change a class that is recorded; more seats go to those who wait.

    Raises:
        NotAllowed: no such class in the actor's scope.
        TypeError: a fact that cannot be corrected.
        ValidationError: void, no reason, nothing differs, dates out of order, or fewer seats than are taken.
    """
    if unknown := set(facts) - set(CORRECTABLE):
        raise TypeError(f"cannot correct {sorted(unknown)}")
    held = locked_class(actor, offering_id)
    why = need_reason(reason)
    changed = {name: value for name, value in facts.items() if value != getattr(held, name)}
    if not changed:
        raise ValidationError("内容没有变化。 Nothing differs from what is recorded.")
    for name, value in changed.items():
        setattr(held, name, value)
    raise_faults(
        class_faults(ClassDates(held.signup_from, held.starts_on, held.ends_on, held.completed_on, held.cancelled_on))
    )
    taken = taken_seats(held)
    if held.capacity is not None and held.capacity < taken:
        raise ValidationError({"capacity": f"已有 {taken} 人入班。 {taken} seats are taken."})
    held.save(update_fields=list(changed))
    admitted = fill_from_waiting(held) if "capacity" in changed else 0
    current_deed().note(f"更正 {held}：{why}", subject=held, changed=sorted(changed), admitted=admitted)
    return held


@verb(Right.EDIT_LEARNING, room=ROOM)
def cancel_class(*, actor: Actor, offering_id: UUID, cancelled_on: date, reason: str) -> CourseOffering:
    """Cancel a class from a day on: whoever is in it, or waits, has left it that day.

    Raises:
        NotAllowed: no such class in the actor's scope.
        ValidationError: void, cancelled or completed, no reason, or somebody finished it already.
    """
    held = locked_class(actor, offering_id, going=True)
    why = need_reason(reason)
    seats = Enrolment.objects.filter(STANDS, offering=held)
    if seats.filter(state=EnrolmentState.COMPLETED).exists():
        raise ValidationError("已有学员结业，不能取消。 Somebody finished this class; correct that first.")
    left = seats.exclude(state__in=ENDED).update(
        state=EnrolmentState.WITHDRAWN, ended_on=Greatest(cancelled_on, F("applied_on"), F("enrolled_on"))
    )
    held.cancelled_on, held.cancel_reason = cancelled_on, why
    held.save(update_fields=["cancelled_on", "cancel_reason"])
    current_deed().note(f"取消 {held}：{why}", subject=held, left=left)
    return held


@verb(Right.EDIT_LEARNING, room=ROOM)
def void_class(*, actor: Actor, offering_id: UUID, reason: str) -> CourseOffering:
    """Strike a class out as never held; its enrolments leave all figures with it.

    Raises:
        NotAllowed: no such class in the actor's scope.
        ValidationError: void already, or no reason.
    """
    held = locked_class(actor, offering_id)
    held.void_reason, held.voided_at = need_reason(reason), clock.now()
    held.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废 {held}：{held.void_reason}", subject=held)
    return held

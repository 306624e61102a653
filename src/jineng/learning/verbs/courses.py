"""Keep courses and the list of fields."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.learning.models import Course, CourseOffering, FieldState
from jineng.learning.verbs.reach import ORGANISATION_OUTSIDE, ROOM, need_reason
from jineng.registry.scope import in_reach

CORRECTABLE = ("name", "kind", "field_code", "hours")


@verb(Right.EDIT_LEARNING, room=ROOM)
def declare_field(
    *, actor: Actor, code: str, since: date, name: str, is_rural: bool, theme: str = "", document: str = ""
) -> FieldState:
    """Say what a field of the list is from a day on; what it was before stays.

    Raises:
        NotAllowed: the actor does not act for the province.
        ValidationError: the field has a state from that very day already.
    """
    if not actor.sees_all:
        raise NotAllowed("学习领域由省级维护。 The province keeps the list of fields.")
    if FieldState.objects.filter(STANDS, code=code, since=since).exists():
        raise ValidationError({"since": "该领域自该日起已有登记。 The field has an entry from that day."})
    return FieldState.objects.create(
        code=code, since=since, name=name, is_rural=is_rural, theme=theme, document=document, **origin()
    )


@verb(Right.EDIT_LEARNING, room=ROOM)
def add_course(
    *,
    actor: Actor,
    owner_id: UUID,
    code: str,
    name: str,
    kind: str,
    field_code: str,
    hours: int | None = None,
) -> Course:
    """Put a course into an owner's catalogue.

    Raises:
        NotAllowed: the owner lies outside the scope.
        ValidationError: no such field, or the owner has a course of that code.
    """
    if not in_reach(actor, owner_id):
        raise NotAllowed(ORGANISATION_OUTSIDE)
    _need_field(field_code)
    if Course.objects.filter(STANDS, owner_id=owner_id, code=code).exists():
        raise ValidationError({"code": "该机构已有此代码的课程。 The owner has a course of this code."})
    return Course.objects.create(
        owner_id=owner_id, code=code, name=name, kind=kind, field_code=field_code, hours=hours, **origin()
    )


@verb(Right.EDIT_LEARNING, room=ROOM)
def correct_course(*, actor: Actor, course_id: UUID, reason: str, **facts: Any) -> Course:
    """Correct what was recorded wrongly of a course; what it said before stays in its history.

    Raises:
        NotAllowed: no such course of an owner in the actor's scope.
        TypeError: a fact that cannot be corrected.
        ValidationError: void, no reason, nothing differs, or no such field.
    """
    if unknown := set(facts) - set(CORRECTABLE):
        raise TypeError(f"cannot correct {sorted(unknown)}")
    course = _locked(actor, course_id)
    why = need_reason(reason)
    changed = {name: value for name, value in facts.items() if value != getattr(course, name)}
    if not changed:
        raise ValidationError("内容没有变化。 Nothing differs from what is recorded.")
    _need_field(changed.get("field_code", course.field_code))
    for name, value in changed.items():
        setattr(course, name, value)
    course.save(update_fields=list(changed))
    current_deed().note(f"更正课程 {course}：{why}", subject=course, changed=sorted(changed))
    return course


@verb(Right.EDIT_LEARNING, room=ROOM)
def void_course(*, actor: Actor, course_id: UUID, reason: str) -> Course:
    """Strike a course out as never having been; one with classes stays.

    Raises:
        NotAllowed: no such course of an owner in the actor's scope.
        ValidationError: void already, no reason, or classes of it stand.
    """
    course = _locked(actor, course_id)
    course.void_reason = need_reason(reason)
    if CourseOffering.objects.filter(STANDS, course=course).exists():
        raise ValidationError("该课程已有班次，不能作废。 Classes of this course stand; void them first.")
    course.voided_at = clock.now()
    course.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废课程 {course}", subject=course)
    return course


def _locked(actor: Actor, course_id: UUID) -> Course:
    course = Course.objects.select_for_update(no_key=True).filter(pk=course_id).first()
    if course is None or not in_reach(actor, course.owner_id):
        raise NotAllowed("该课程不存在或不属于本岗位管辖的机构。 There is no such course in your scope.")
    if course.is_void:
        raise ValidationError("该课程已作废。 The course is void.")
    return course


def _need_field(code: str) -> None:
    if not FieldState.objects.filter(STANDS, code=code).exists():
        raise ValidationError({"field_code": "没有此学习领域。 There is no such field."})

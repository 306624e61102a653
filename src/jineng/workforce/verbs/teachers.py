"""Who teaches where: enter, end, strike out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.engines.exchange.codes import resident_id_fault
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.verbs.people import PersonRow, ensure_people
from jineng.workforce.models import Teacher
from jineng.workforce.verbs.saving import ROOM, find, need_reach, save, strike, through_door


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def enter_teacher(
    *,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    resident_id: str,
    kind: str,
    since: date,
    field: str = "",
    through: str = Origin.PAGE,
) -> Teacher:
    """Record that a person teaches at a school in the actor's scope from ``since`` on.

    The person is recognised by the number; somebody not known yet is recorded.

    Raises:
        NotAllowed: the school lies outside the scope.
        ValidationError: a bad number or one of another name, or the person teaches there on some of these days.
    """
    need_reach(actor, organisation_id)
    through_door(through)
    if resident_id_fault(resident_id):
        raise ValidationError({"resident_id": "居民身份证号不对，请对照证件核对18位。 Not a valid resident ID number."})
    row = PersonRow(name.strip(), resident_id.strip(), organisation_id, since)
    (person_id,) = ensure_people(actor=actor, rows=[row])
    earlier = Teacher.objects.filter(STANDS, person=person_id, organisation=organisation_id)
    if earlier.filter(until__isnull=True).exists() or earlier.filter(until__gt=since).exists():
        raise ValidationError({"since": "该教师当时已在此校任教。 The teacher teaches there already."})
    teacher = Teacher(
        person_id=person_id, organisation_id=organisation_id, kind=kind, field=field.strip(), since=since, **origin()
    )
    save(teacher)
    current_deed().note(f"登记教师：{teacher}", subject=teacher)
    return teacher


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def end_teaching(*, actor: Actor, teacher_id: UUID, until: date) -> Teacher:
    """The teacher no longer teaches there from ``until`` on.

    Raises:
        NotAllowed: no such teacher in the actor's scope.
        ValidationError: void or ended already, or the day does not lie after the first.
    """
    teacher = find(actor, Teacher, teacher_id)
    if teacher.until is not None:
        raise ValidationError(f"已于 {teacher.until} 起不再任教。 The teaching has ended already.")
    if until <= teacher.since:
        raise ValidationError({"until": "应晚于任教之日；从未任教的请作废。 The end must lie after the beginning."})
    teacher.until = until
    save(teacher)
    current_deed().note(f"离任：{teacher}，自 {until}", subject=teacher)
    return teacher


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def void_teacher(*, actor: Actor, teacher_id: UUID, reason: str) -> Teacher:
    """Strike a teacher out as never having taught there.

    Raises:
        NotAllowed: no such teacher in the actor's scope.
        ValidationError: void already, or no reason.
    """
    teacher = find(actor, Teacher, teacher_id)
    strike(teacher, reason)
    return teacher

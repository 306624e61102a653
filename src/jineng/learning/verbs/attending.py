"""Plan the sessions of a class and mark who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.updating import update_many
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.learning.kinds import SEATED, Presence
from jineng.learning.models import Attendance, ClassSession, CourseOffering, Enrolment
from jineng.learning.rules import overlap
from jineng.learning.verbs.reach import OUTSIDE, ROOM, locked_class, need_reason


@verb(Right.EDIT_LEARNING, room=ROOM)
def add_sessions(
    *,
    actor: Actor,
    offering_id: UUID,
    days: Sequence[date],
    starts: time,
    ends: time,
    place: str = "",
    topic: str = "",
) -> list[ClassSession]:
    """Plan a class to meet on ``days`` from ``starts`` to ``ends``.

    Raises:
        NotAllowed: no such class in the actor's scope.
        ValidationError: void, cancelled or completed; no day; a day outside the class; times out of order; or the
            class meets at that hour already.
    """
    held = locked_class(actor, offering_id, going=True)
    if not days:
        raise ValidationError({"first": "没有一天符合。 No day is left."})
    if ends <= starts:
        raise ValidationError({"ends": "结束时间不晚于开始时间。 It ends before it starts."})
    outside = [day for day in days if not held.starts_on <= day <= held.ends_on]
    if outside:
        raise ValidationError({"first": f"{outside[0]} 不在班期内。 {outside[0]} lies outside the class."})
    for met in ClassSession.objects.filter(STANDS, offering=held, held_on__in=days):
        if overlap(starts, ends, met.starts, met.ends):
            raise ValidationError({"starts": f"与 {met} 的课次重叠。 It overlaps the session of {met}."})
    made = ClassSession.objects.bulk_create(
        [
            ClassSession(
                offering=held,
                held_on=day,
                starts=starts,
                ends=ends,
                place=place.strip(),
                topic=topic.strip(),
                **origin(),
            )
            for day in sorted(set(days))
        ]
    )
    current_deed().note(f"安排 {held} 课次 {len(made)} 次", subject=held, sessions=len(made))
    return made


@verb(Right.EDIT_LEARNING, room=ROOM)
def void_session(*, actor: Actor, session_id: UUID, reason: str) -> ClassSession:
    """Strike a session out as never held.

    Raises:
        NotAllowed: no such session in the actor's scope.
        ValidationError: void already, no reason, or attendance is marked.
    """
    _, met = _locked(actor, session_id)
    why = need_reason(reason)
    if Attendance.objects.filter(STANDS, session=met).exists():
        raise ValidationError("该课次已有考勤，不能作废。 Attendance is marked; the session was held.")
    met.voided_at, met.void_reason = clock.now(), why
    met.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废课次 {met}：{why}", subject=met)
    return met


@verb(Right.EDIT_LEARNING, room=ROOM)
def mark_attendance(*, actor: Actor, session_id: UUID, marks: Mapping[UUID, str]) -> int:
    """Record how those of ``marks`` (by enrolment) attended a session; returns how many marks were new or differ.

    Raises:
        NotAllowed: no such session in the actor's scope.
        ValidationError: the session is void or still to come, or somebody is not in its class.
    """
    held, met = _locked(actor, session_id)
    if met.held_on > clock.today():
        raise ValidationError("还没有上课。 The session is still to come.")
    if set(marks.values()) - set(Presence.values):
        raise ValidationError("没有这种出勤。 There is no such mark.")
    seats = set(Enrolment.objects.filter(STANDS, offering=held, state__in=SEATED).values_list("pk", flat=True))
    if set(marks) - seats:
        raise ValidationError("有人不在本班。 Somebody is not in this class.")
    known = {mark.enrolment_id: mark for mark in Attendance.objects.filter(STANDS, session=met).select_for_update()}
    changed = []
    for seat, presence in marks.items():
        mark = known.get(seat)
        if mark is not None and mark.presence != presence:
            mark.presence = presence
            changed.append(mark)
    fresh = [
        Attendance(enrolment_id=seat, session=met, presence=presence, **origin())
        for seat, presence in marks.items()
        if seat not in known
    ]
    update_many(changed, ["presence"])
    Attendance.objects.bulk_create(fresh)
    current_deed().note(f"考勤 {held} {met}", subject=met, new=len(fresh), corrected=len(changed))
    return len(fresh) + len(changed)


def _locked(actor: Actor, session_id: UUID) -> tuple[CourseOffering, ClassSession]:
    met = ClassSession.objects.filter(pk=session_id).first()
    if met is None:
        raise NotAllowed(OUTSIDE)
    held = locked_class(actor, met.offering_id)
    if met.is_void:
        raise ValidationError("该课次已作废。 The session is void.")
    return held, met

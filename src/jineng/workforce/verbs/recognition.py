"""Recognise a teacher as dual-qualified by the standard of the day; withdraw, or strike out, a recognition."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.workforce.kinds import DualLevel, Recogniser
from jineng.workforce.models import Recognition, Teacher
from jineng.workforce.queries import judge_in_force, standings_of
from jineng.workforce.rules import above, may_recognise, years_after
from jineng.workforce.verbs.saving import ROOM, find, need_reach, save, strike, through_door


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def recognise_teacher(
    *,
    actor: Actor,
    teacher_id: UUID,
    level: str,
    recognised_on: date | None = None,
    document: str = "",
    through: str = Origin.PAGE,
) -> Recognition:
    """Recognise a teacher on ``level`` by the version of the standard in force on the day (today unless said).

    The actor's organisation recognises; how long it holds is the version's to say.

    Raises:
        NotAllowed: no such teacher in the scope.
        ValidationError: no version is in force, the body may not recognise this level, the teacher does not teach on
            that day, is recognised on it or above already, or does not meet a condition: it says what is missing.
    """
    teacher = find(actor, Teacher, teacher_id)
    through_door(through)
    day = recognised_on or clock.today()
    if day > clock.today():
        raise ValidationError({"recognised_on": "认定日期不能晚于今天。 The day lies in the future."})
    if not teacher.teaches_on(day):
        raise ValidationError({"recognised_on": "该教师当日不在此校任教。 Not a teacher there on that day."})
    found = judge_in_force(day)
    asked = found[1].version.level(level) if found else None
    if found is None or asked is None:
        raise ValidationError({"level": "当日没有施行此等级的标准。 No standard of this level is in force."})
    if not may_recognise(asked.recogniser, actor.level):
        body = Recogniser(asked.recogniser).label
        raise ValidationError(
            {"level": f"此等级须由{body}或其上级认定。 This level is recognised by a higher body ({asked.recogniser})."}
        )
    standing = standings_of(actor, [teacher], found[1])[teacher.pk]
    if not above(level, standing.recognised):
        now = DualLevel(standing.recognised).label
        raise ValidationError({"level": f"当日已认定为{now}。 The teacher is recognised at that level already."})
    assessment = standing.at(level)
    if assessment is not None and assessment.missing:
        missing = "；".join(map(str, assessment.missing))
        raise ValidationError({"level": f"尚不符合条件：{missing}。 Not all conditions are met."})
    made = Recognition(
        person_id=teacher.person_id,
        organisation_id=teacher.organisation_id,
        standard=found[0],
        level=level,
        recognised_by_id=actor.organisation_id,
        recognised_on=day,
        until=years_after(day, asked.valid_years) if asked.valid_years else None,
        document=document.strip(),
        **origin(),
    )
    save(made)
    current_deed().note(f"认定{made}", subject=made, standard=found[0].code, level=level)
    return made


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def withdraw_recognition(*, actor: Actor, recognition_id: UUID, until: date) -> Recognition:
    """A recognition no longer holds from ``until`` on; only who recognised, or its authorities, may withdraw.

    Raises:
        NotAllowed: none such in the actor's sight, or somebody else recognised.
        ValidationError: void, or the day does not lie between its first day and its end.
    """
    found = _own(actor, recognition_id)
    if until <= found.recognised_on or (found.until is not None and until >= found.until):
        raise ValidationError({"until": "应在认定之日与有效期满之间。 The day must lie within its validity."})
    found.until = until
    save(found)
    current_deed().note(f"撤销{found}，自 {until}", subject=found)
    return found


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def void_recognition(*, actor: Actor, recognition_id: UUID, reason: str) -> Recognition:
    """Strike out a recognition that never was; only who recognised, or its authorities, may.

    Raises:
        NotAllowed: none such in the actor's sight, or somebody else recognised.
        ValidationError: void already, or no reason.
    """
    found = _own(actor, recognition_id)
    strike(found, reason)
    return found


def _own(actor: Actor, recognition_id: UUID) -> Recognition:
    found = find(actor, Recognition, recognition_id)
    try:
        need_reach(actor, found.recognised_by_id)
    except NotAllowed:
        raise NotAllowed("只有认定单位或其主管单位可以更改。 Only who recognised may change it.") from None
    return found

"""What a teacher can show: record certificates, titles, stays in enterprises; strike out what never was."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.workforce.kinds import QualificationKind
from jineng.workforce.models import PracticeStay, Qualification, Teacher, Title
from jineng.workforce.verbs.saving import ROOM, find, save, strike, through_door

ENDS = "应晚于起始日期。 The end must lie after the beginning."


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def record_qualification(
    *,
    actor: Actor,
    teacher_id: UUID,
    kind: str,
    name: str,
    issued_on: date,
    grade: str = "",
    issuer: str = "",
    until: date | None = None,
    through: str = Origin.PAGE,
) -> Qualification:
    """Record a certificate of a teacher in the actor's scope; ``until`` is the first day without it.

    Raises:
        NotAllowed: no such teacher in the scope.
        ValidationError: a skill certificate without a grade or another with one, dates in disorder, or known already.
    """
    teacher = find(actor, Teacher, teacher_id)
    through_door(through)
    if (kind == QualificationKind.SKILL) != bool(grade):
        raise ValidationError({"grade": "技能等级证书须填等级，其他证书不填。 Only skill certificates have a grade."})
    if until is not None and until <= issued_on:
        raise ValidationError({"until": ENDS})
    made = Qualification(
        person_id=teacher.person_id,
        kind=kind,
        name=name.strip(),
        grade=grade,
        issuer=issuer.strip(),
        issued_on=issued_on,
        until=until,
        **origin(),
    )
    save(made)
    current_deed().note(f"登记证书：{made}", subject=made)
    return made


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def record_title(
    *,
    actor: Actor,
    teacher_id: UUID,
    series: str,
    level: str,
    awarded_on: date,
    document: str = "",
    through: str = Origin.PAGE,
) -> Title:
    """Record a professional title of a teacher in the actor's scope.

    Raises:
        NotAllowed: no such teacher in the scope.
        ValidationError: known already.
    """
    teacher = find(actor, Teacher, teacher_id)
    through_door(through)
    made = Title(
        person_id=teacher.person_id,
        series=series,
        level=level,
        awarded_on=awarded_on,
        document=document.strip(),
        **origin(),
    )
    save(made)
    current_deed().note(f"登记职称：{made}", subject=made)
    return made


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def record_practice(
    *,
    actor: Actor,
    teacher_id: UUID,
    kind: str,
    place: str,
    first_day: date,
    last_day: date,
    days: int,
    content: str = "",
    through: str = Origin.PAGE,
) -> PracticeStay:
    """Record that a teacher in the actor's scope practised at ``place``: first and last day, days worked in all.

    Raises:
        NotAllowed: no such teacher in the scope.
        ValidationError: dates in disorder, more days than there are, or known already.
    """
    teacher = find(actor, Teacher, teacher_id)
    through_door(through)
    if last_day < first_day:
        raise ValidationError({"last_day": "结束日期早于起始日期。 The last day lies before the first."})
    if not 1 <= days <= (last_day - first_day).days + 1:
        raise ValidationError({"days": "天数与起止日期不符。 The days do not fit between first and last."})
    made = PracticeStay(
        person_id=teacher.person_id,
        kind=kind,
        place=place.strip(),
        first_day=first_day,
        last_day=last_day,
        days=days,
        content=content.strip(),
        **origin(),
    )
    save(made)
    current_deed().note(f"登记企业实践：{made}，{days}天", subject=made)
    return made


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def void_qualification(*, actor: Actor, qualification_id: UUID, reason: str) -> Qualification:
    """Strike out a certificate that never was.

    Raises:
        NotAllowed: none such in the actor's scope.
        ValidationError: void already, or no reason.
    """
    found = find(actor, Qualification, qualification_id)
    strike(found, reason)
    return found


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def void_title(*, actor: Actor, title_id: UUID, reason: str) -> Title:
    """Strike out a title that never was.

    Raises:
        NotAllowed: none such in the actor's scope.
        ValidationError: void already, or no reason.
    """
    found = find(actor, Title, title_id)
    strike(found, reason)
    return found


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def void_practice(*, actor: Actor, practice_id: UUID, reason: str) -> PracticeStay:
    """Strike out a stay that never was.

    Raises:
        NotAllowed: none such in the actor's scope.
        ValidationError: void already, or no reason.
    """
    found = find(actor, PracticeStay, practice_id)
    strike(found, reason)
    return found

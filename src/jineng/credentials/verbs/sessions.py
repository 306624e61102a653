"""Schedule sessions and say who sits in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.credentials.kinds import Attendance
from jineng.credentials.models import AssessmentComponent, AssessmentSession, Candidate, Certificate, CertificateType
from jineng.credentials.rules import no_such_level
from jineng.credentials.seating import next_seats
from jineng.credentials.verbs.placing import Times, require_nobody_elsewhere, take_times
from jineng.credentials.verbs.reach import NOT_YOURS, ROOM, own_session, save_valid, strike_out
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs.people import PersonRow, ensure_people


class Part(NamedTuple):
    """A component of an assessment: its name, full marks, and the marks that pass it."""

    name: str
    full_marks: Decimal
    pass_marks: Decimal


USUAL = (Part("理论", Decimal(100), Decimal(60)), Part("实操", Decimal(100), Decimal(60)))
"""What a session consists of where nothing else is said."""
HELD = "成绩已开始录入或已填报，不能再改排。 Results are there or on their way; the session is not moved."
BEGUN = "成绩已开始录入，名单不能再变。 Results are being entered; the list is closed."


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def schedule_session(
    *,
    actor: Actor,
    host_id: UUID,
    code: str,
    certificate_type_id: UUID,
    level: str,
    held_on: date,
    capacity: int,
    place: str = "",
    parts: Sequence[Part] = USUAL,
    site_id: UUID | None = None,
    begins_at: time | None = None,
    ends_at: time | None = None,
) -> AssessmentSession:
    """Announce a session of a certificate's body at a host; at a site of the scope or the host's own it takes seats.

    Raises:
        NotAllowed: neither the host nor the body lies in the actor's scope, or the site lies outside it.
        ValidationError: the certificate has no such level, the host has a session of that code, a part is impossible,
            the times are none, or the site does not take the session then.
    """
    kind = CertificateType.objects.filter(STANDS, pk=certificate_type_id).first()
    if kind is None:
        raise ValidationError({"certificate": "没有此证书。 There is no such certificate."})
    if not in_reach(actor, host_id) and not in_reach(actor, kind.body_id):
        raise NotAllowed(NOT_YOURS)
    if level not in kind.levels:
        raise ValidationError({"level": str(no_such_level(kind.levels))})
    if not parts:
        raise ValidationError("请至少设一个考核项目。 An assessment has one part at least.")
    session = AssessmentSession(
        host_id=host_id,
        code=code.strip(),
        certificate_type=kind,
        level=level,
        body_id=kind.body_id,
        place=place.strip(),
        **origin(),
    )
    take_times(actor, session, Times(held_on, begins_at, ends_at, site_id), capacity)
    save_valid(session, exclude=("host", "body", "site"))
    add_parts(session, parts)
    current_deed().note(f"安排考核 {session}", subject=session)
    return session


def add_parts(session: AssessmentSession, parts: Sequence[Part]) -> list[AssessmentComponent]:
    """Give a session its components; one that came by a return has none until results are entered."""
    return [
        save_valid(AssessmentComponent(session=session, order=order, **part._asdict(), **origin()))
        for order, part in enumerate(parts, 1)
    ]


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def move_session(
    *,
    actor: Actor,
    session_id: UUID,
    held_on: date,
    capacity: int,
    site_id: UUID | None = None,
    begins_at: time | None = None,
    ends_at: time | None = None,
) -> AssessmentSession:
    """Give a session another day, other times, another site, or none; its candidates keep their seats.

    Raises:
        NotAllowed: the session lies outside the actor's scope, or the site does.
        ValidationError: results are being entered or came by a return, there are more candidates than places, the
            times are none, or the site or somebody's time does not take it then.
    """
    session = own_session(actor, session_id)
    registered = Candidate.objects.filter(STANDS, session=session)
    told = registered.exclude(attendance=Attendance.REGISTERED)
    if session.compared_at is not None or session.sheets.exists() or told.exists():
        raise ValidationError(HELD)
    last = max(registered.count(), registered.aggregate(last=Max("seat"))["last"] or 0)
    if capacity < last:
        raise ValidationError({"capacity": f"已有考生坐到 {last} 号，容量不能更小。 Seats up to {last} are taken."})
    take_times(actor, session, Times(held_on, begins_at, ends_at, site_id), capacity)
    session.save(update_fields=["held_on", "capacity", "site", "begins_at", "ends_at", "first_seat"])
    current_deed().note(f"改排考核 {session}", subject=session, held_on=held_on.isoformat())
    return session


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def register_candidates(*, actor: Actor, session_id: UUID, people: Sequence[PersonRow]) -> list[Candidate]:
    """Register learners for a session; each is seated in the order given. ``organisation_id`` is the learner's school.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: no place is left, somebody is registered already, a name differs from the register's, or
            results are being entered, or somebody sits elsewhere at that time.
    """
    session = own_session(actor, session_id)
    if session.compared_at is not None or session.sheets.exists():
        raise ValidationError(BEGUN)
    taken = Candidate.objects.filter(STANDS, session=session)
    if taken.count() + len(people) > session.capacity:
        raise ValidationError(f"容量 {session.capacity} 人，名额不够。 Only {session.capacity} places.")
    schools = [row.organisation_id or session.host_id for row in people]
    named = zip(people, schools, strict=True)
    ids = ensure_people(actor=actor, rows=[row._replace(organisation_id=school) for row, school in named])
    ensure_people(actor=actor, rows=[row._replace(organisation_id=session.host_id) for row in people])
    if len(set(ids)) < len(ids) or taken.filter(person__in=ids).exists():
        raise ValidationError("名单中有人已报名本场。 Somebody is registered for this session already.")
    require_nobody_elsewhere(actor, session, ids)
    seated = {seat for seat in taken.values_list("seat", flat=True) if seat is not None}
    seats = next_seats(seated, session.capacity, len(ids))
    made = Candidate.objects.bulk_create(
        Candidate(
            session=session,
            person_id=person,
            institution_id=school,
            seat=seat,
            **origin(),
        )
        for seat, person, school in zip(seats, ids, schools, strict=True)
    )
    current_deed().note(f"报名 {len(made)} 人", subject=session, candidates=len(made))
    return made


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def void_candidate(*, actor: Actor, candidate_id: UUID, reason: str) -> Candidate:
    """Strike out a candidature that never was.

    Raises:
        NotAllowed: the session lies outside the actor's scope.
        ValidationError: no reason, or a certificate of the session stands on it.
    """
    candidate = visible(actor, Candidate).filter(STANDS, pk=candidate_id).first()
    if candidate is None:
        raise NotAllowed(NOT_YOURS)
    own_session(actor, candidate.session_id)
    issued = Certificate.objects.filter(STANDS, session=candidate.session_id, person=candidate.person_id)
    if issued.exists():
        raise ValidationError("该考生已发证，请先作废证书。 Void the certificate first.")
    strike_out(candidate, reason)
    current_deed().note("作废考生", subject=candidate)
    return candidate

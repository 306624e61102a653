"""Make admission slips: they tell names, so each making leaves a line."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from jineng.credentials.kinds import Attendance, Stage
from jineng.credentials.queries import any_session_of, seated_of
from jineng.credentials.slips import paper_of
from jineng.credentials.verbs.reach import ROOM
from jineng.engines.documents.slip import SlipPaper
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.identities import identities_of

MOST = 500
"""Slips in one file: some four seconds of one core."""
NO_TIMES = "本场还没有排定时间，请先改排。 The session has no times yet; give it some."
RESULTS = "成绩已开始录入，不再出准考证。 Results are being entered; no slips are made any more."
NOBODY = "可见范围内没有已报名的考生。 Nobody in your sight is registered."


@verb(Right.VIEW_PERSONAL_DATA, room=ROOM)
def export_slips(
    *, actor: Actor, session_id: UUID, candidate_id: UUID | None = None, after: int = 0
) -> list[SlipPaper]:
    """The slips of a session's registered candidates in sight, of the ``MOST`` seats behind the seat ``after``; or the
    slip of one of them, wherever it sits.

    Raises:
        NotAllowed: the session lies outside the actor's sight, or there is no such candidate in it.
        ValidationError: the session has no times, results are being entered, or nobody is registered.
    """
    session = any_session_of(actor).filter(STANDS, pk=session_id).first()
    if session is None:
        raise NotAllowed
    if session.begins_at is None:
        raise ValidationError(NO_TIMES)
    if session.stage != Stage.OPEN:
        raise ValidationError(RESULTS)
    rows = seated_of(actor).filter(session=session_id, seat__isnull=False, attendance=Attendance.REGISTERED)
    asked = Q(seat__gt=after, seat__lte=after + MOST) if candidate_id is None else Q(pk=candidate_id)
    candidates = list(rows.filter(asked).order_by("seat"))
    if not candidates and candidate_id is not None:
        raise NotAllowed
    people = identities_of(actor, {candidate.person_id for candidate in candidates})
    papers = [
        paper_of(candidate, people[candidate.person_id], getattr(session, "host_name", ""))
        for candidate in candidates
        if candidate.person_id in people
    ]
    if not papers:
        raise ValidationError(NOBODY)
    subject = session if candidate_id is None else candidates[0]
    current_deed().note("导出准考证", subject=subject, people=len(papers))
    return papers

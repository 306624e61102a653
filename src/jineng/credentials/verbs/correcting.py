"""Correct a result that was settled, once it has been looked at again; what follows for the certificate."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.credentials.kinds import Outcome
from jineng.credentials.marking import Entry, verdict
from jineng.credentials.models import AssessmentSession, Candidate, Certificate, ComponentResult
from jineng.credentials.verbs.issuing import issue_to
from jineng.credentials.verbs.reach import NO_REASON, NOT_YOURS, ROOM, own_session
from jineng.credentials.verbs.sealing import seal_session_soon
from jineng.credentials.verbs.settling import entered_by
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import visible

NEITHER = "更正成绩须由未参与录入的人办理。 A result is corrected by somebody who entered neither sheet."
NOT_SETTLED = (
    "本场成绩未经两次录入确认，不能在此更正。 These results were not settled by two entries; nothing to correct here."
)
NO_PART = "没有此考核项目。 There is no such part."
UNCHANGED = "更正后的成绩与原成绩相同。 The result is the same as before."
REVOKE_FIRST = (
    "更正后不合格，请先撤销证书 {number}，再更正成绩。 It fails now: revoke the certificate first, then correct it."
)


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def correct_result(*, actor: Actor, candidate_id: UUID, order: int, entry: Entry, reason: str) -> ComponentResult:
    """Put right what holds of a candidate in the part that stands at ``order``, and what follows from all parts.

    What was said before stays in the history. Where the certificates of the session are issued, whoever passes now gets
    one of today, with the series' next number; whoever fails now must hold none of them any more.

    Raises:
        NotAllowed: the session lies outside the actor's scope, or the actor entered one of its sheets.
        ValidationError: the results were not settled by two entries, there is no such part, the score does not fit it
            or is what holds already, no reason is given, or a certificate would be held by who failed.
    """
    candidate = visible(actor, Candidate).filter(STANDS, pk=candidate_id).first()
    if candidate is None:
        raise NotAllowed(NOT_YOURS)
    session = own_session(actor, candidate.session_id)
    settler = actor.account_id
    if settler is None or entered_by(actor, session.pk):
        raise NotAllowed(NEITHER)
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    result = _corrected(session, candidate, order, entry)
    result.settled_by_id, result.reason = settler, reason.strip()
    result.origin_kind, result.origin_id = origin()["origin_kind"], origin()["origin_id"]
    result.clean_fields(exclude=["candidate", "component", "settled_by"])
    result.save(update_fields=["score", "absent", "passed", "settled_by", "reason", "origin_kind", "origin_id"])
    before = candidate.outcome
    _tell_candidate(candidate)
    current_deed().note(f"更正成绩：{result.component.name}", subject=candidate, part=order, outcome=candidate.outcome)
    if session.certified_at is not None:
        _settle_certificate(actor, session, candidate, passed_before=before == Outcome.PASSED)
    return result


def _corrected(session: AssessmentSession, candidate: Candidate, order: int, entry: Entry) -> ComponentResult:
    """The result of a part with the new entry in it, not saved."""
    results = ComponentResult.objects.select_for_update(of=("self",)).select_related("component")
    results = results.filter(STANDS, candidate=candidate)
    if session.settled_at is None or not results:
        raise ValidationError(NOT_SETTLED)
    result = next((each for each in results if each.component.order == order), None)
    if result is None:
        raise ValidationError(NO_PART)
    part = result.component
    if entry.score is not None and not 0 <= entry.score <= part.full_marks:
        raise ValidationError("成绩超出满分。 The score is too high.")
    if entry == Entry(result.score):
        raise ValidationError(UNCHANGED)
    result.score, result.absent = entry.score, entry.absent
    result.passed = entry.score is not None and entry.score >= part.pass_marks
    return result


def _tell_candidate(candidate: Candidate) -> None:
    results = ComponentResult.objects.filter(STANDS, candidate=candidate).select_related("component")
    found = verdict([(each.component.pass_marks, Entry(each.score)) for each in results.order_by("component__order")])
    candidate.attendance, candidate.outcome, candidate.score = found.attendance, found.outcome, found.score
    candidate.save(update_fields=["attendance", "outcome", "score"])


def _settle_certificate(actor: Actor, session: AssessmentSession, candidate: Candidate, *, passed_before: bool) -> None:
    """Give the certificate to whoever passes only now; refuse where somebody who fails now would go on holding one. Who
    passed before gets none anew: if theirs was revoked, it was for another reason."""
    given = Certificate.objects.filter(STANDS, session=session, person=candidate.person_id)
    held = [each for each in given if each.revoked_on is None or each.revoked_on > clock.today()]
    passes = candidate.outcome == Outcome.PASSED
    if held and not passes:
        raise ValidationError(REVOKE_FIRST.format(number=held[0].number))
    if passes and not passed_before and issue_to(session, [candidate], clock.today()):
        seal_session_soon(actor=actor, session_id=session.pk)

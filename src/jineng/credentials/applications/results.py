"""Results by way of cases: what was settled is looked at again, and corrected where the review says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import Effect, Result, offer_effect, offer_fact, one_by_one, tell_results
from jineng.cases.models import Case
from jineng.cases.situations import answers_of, working_day
from jineng.credentials.marking import Entry, parse_entry
from jineng.credentials.models import AssessmentSession, Candidate, ComponentResult
from jineng.credentials.verbs import correct_result
from jineng.engines.casework import State, Term, Type
from jineng.kernel import clock
from jineng.kernel.actors import Actor, current_actor
from jineng.kernel.records import STANDS, Origin
from jineng.registry.exchange import resolve_organisations

DAYS = 15
"""How many working days after results were settled a review may be asked for."""
NO_SUCH = "没有该考生此项已确认的成绩。 There is no settled result of the candidate in this part."


@dataclass(frozen=True)
class Reviewed:
    """What a case is about: a candidate's settled result in a part."""

    session: AssessmentSession
    candidate: Candidate
    result: ComponentResult


def is_named(case: Case) -> bool:
    """Whether a case says which session, candidate and part it is about."""
    answers = answers_of(case)
    return bool(_text(answers, "session") and _text(answers, "part") and _learner(answers))


def reviewed_of(case: Case) -> Reviewed | None:
    """What a case is about, where the applicant is the candidate's school or the host, and the results are settled."""
    candidate = _candidate_of(case)
    if candidate is None or candidate.session.settled_at is None:
        return None
    if case.applicant_id not in (candidate.institution_id, candidate.session.host_id):
        return None
    part = _text(answers_of(case), "part")
    results = ComponentResult.objects.filter(STANDS, candidate=candidate, component__name=part)
    result = results.select_related("component").first()
    return Reviewed(candidate.session, candidate, result) if result else None


def _candidate_of(case: Case) -> Candidate | None:
    """The candidate whom a case names, in the session with its code at the host with its code, else at the applicant's
    own."""
    answers, actor = answers_of(case), current_actor()
    learner, code = _learner(answers), _text(answers, "host")
    known = resolve_organisations(actor, [code]).get(code) if actor and code else None
    host = known.id if known else None if code else case.applicant_id
    if learner is None or host is None:
        return None
    sitting = Candidate.objects.filter(STANDS, person=learner, session__voided_at__isnull=True)
    sitting = sitting.filter(session__host=host, session__code=_text(answers, "session"))
    return sitting.select_related("session").first()


def _learner(answers: dict[str, Any]) -> UUID | None:
    kept = answers.get("learner")
    return UUID(kept["id"]) if isinstance(kept, dict) and "id" in kept else None


def _text(answers: dict[str, Any], key: str) -> str:
    return str(answers.get(key) or "").strip()


def in_time(case: Case) -> bool:
    """Whether a review may still be asked for today; what was sent back was asked for in time. Of what is not found
    something else is told."""
    found = reviewed_of(case)
    if found is None or found.session.settled_at is None or State.from_data(case.state).sent_from:
        return True
    return clock.today() <= working_day(found.session.settled_at.astimezone(clock.CHINA).date(), DAYS)


def correction_of(case: Case, found: Reviewed) -> Entry | None:
    """The corrected result that the review came to, if it came to one.

    Raises:
        ValueError: it is no score of the part.
    """
    told = _text(answers_of(case), "corrected")
    return parse_entry(told, found.result.component.full_marks) if told else None


def _is_sound(case: Case) -> bool:
    """Whether the corrected result fits the part and differs from what holds; so, too, where there is none."""
    found = reviewed_of(case)
    if found is None:
        return False
    try:
        return correction_of(case, found) != Entry(found.result.score)
    except ValueError:
        return False


def _correct(actor: Actor, case: Case, what: str) -> None:
    """Correct the result as the review found, in the name of whoever decides."""
    found = reviewed_of(case)
    if what != "correct" or found is None:
        raise ValidationError(NO_SUCH)
    try:
        entry = correction_of(case, found)
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault
    if entry is None:
        raise ValidationError("请先填写更正后的成绩。 Fill in the corrected result first.")
    correct_result(
        actor=actor,
        candidate_id=found.candidate.pk,
        order=found.result.component.order,
        entry=entry,
        reason=f"复核 {case.number}：{_text(answers_of(case), 'found')}",
    )


def _results(case: Case) -> list[Result]:
    found = reviewed_of(case)
    if found is None or (found.result.origin_kind, found.result.origin_id) != (Origin.CASE, case.pk):
        return []
    return [
        Result("更正成绩 Corrected", f"{found.result.component.name} {found.result}", "candidate", found.candidate.pk)
    ]


offer_fact(
    "result_settled",
    Term(Type.FLAG, "有该考生此项已确认的成绩", "the candidate has a settled result in the part"),
    lambda case: not is_named(case) or reviewed_of(case) is not None,
)
offer_fact("review_in_time", Term(Type.FLAG, "在复核期限内", "a review may still be asked for"), in_time)
offer_fact("correction_sound", Term(Type.FLAG, "更正成绩有效", "the corrected result fits"), _is_sound)
offer_effect("result", Effect("考核成绩", "a result", one_by_one(_correct)))
tell_results(_results, "result")

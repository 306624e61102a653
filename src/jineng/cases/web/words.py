"""How a case is worded to whoever reads it: applicants read less of the inner stages than staff."""

from __future__ import annotations

from jineng.cases.models import Case
from jineng.engines.casework import Audience, Flow, Outcome, Words, called
from jineng.engines.casework.cutting import Status
from jineng.kernel.actors import Actor

GOOD = frozenset({Outcome.GRANTED, Outcome.COMPLETED})
LOST = frozenset({Outcome.REFUSED, Outcome.REVOKED})

REVIEW_STATES = {
    Status.SELECTED: "入选",
    Status.RESERVE: "备选",
    Status.TIED: "并列待定",
    Status.UNIT_FULL: "单位名额已满",
    Status.NOT_SELECTED: "未入选",
    Status.BELOW_SCORE: "未达总分线",
    Status.BELOW_MINIMUM: "有指标未达最低分",
    Status.TOO_FEW_REVIEWS: "评审数不足",
}
"""What a review came to, as pages say it."""


def audience_of(case: Case, actor: Actor) -> Audience:
    """As whom the actor reads a case: as staff, unless they only belong to the applicant."""
    own = str(actor.organisation_id)
    parties = {party for party, ids in case.parties.items() if own in ids}
    applies_only = case.applicant_id == actor.organisation_id and len(parties) <= 1
    return Audience.APPLICANT if applies_only else Audience.STAFF


def stage_words(case: Case, flow: Flow, audience: Audience) -> Words:
    """Where the case stands, in the audience's words."""
    return called(flow, case.stage, case.outcome, audience)


def stage_mark(case: Case) -> str:
    """The mark beside it."""
    if not case.outcome:
        return "data"
    outcome = Outcome(case.outcome)
    return "ok" if outcome in GOOD else "red" if outcome in LOST else "plain"

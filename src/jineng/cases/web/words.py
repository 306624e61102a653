"""How a case is worded to whoever reads it: applicants read less of the inner stages than staff."""

from __future__ import annotations

from jineng.cases.models import Case
from jineng.engines.casework import Audience, Flow, Outcome, State, Words, told
from jineng.kernel.actors import Actor

GOOD = frozenset({Outcome.GRANTED, Outcome.COMPLETED})
LOST = frozenset({Outcome.REFUSED, Outcome.REVOKED})


def audience_of(case: Case, actor: Actor) -> Audience:
    """As whom the actor reads a case: as staff, unless they only belong to the applicant."""
    own = str(actor.organisation_id)
    parties = {party for party, ids in case.parties.items() if own in ids}
    applies_only = case.applicant_id == actor.organisation_id and len(parties) <= 1
    return Audience.APPLICANT if applies_only else Audience.STAFF


def stage_words(case: Case, flow: Flow, audience: Audience) -> Words:
    """Where the case stands, in the audience's words."""
    return told(flow, State.from_data(case.state), audience)


def stage_mark(case: Case) -> str:
    """The mark beside it."""
    if not case.outcome:
        return "data"
    outcome = Outcome(case.outcome)
    return "ok" if outcome in GOOD else "red" if outcome in LOST else "plain"

"""Who may act on what: the checks that the room's verbs share, and how a step of the engine is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.cases.facts import FactsOf, bring_about
from jineng.cases.models import Case, CaseEntry
from jineng.cases.notices import tell_of_step
from jineng.cases.procedures import Read, digest_of, read
from jineng.cases.situations import answers_of, named_counterparts, situation_of
from jineng.cases.verbs.concerns import keep_concerns
from jineng.engines.casework import Flow, Refused, State, Step, due, next_telling, submitted
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.verbs import current_deed
from jineng.registry.scope import visible

ROOM = "cases"
OUTSIDE = "该事项不在本岗位可见范围内。 The case lies outside your sight."
NOT_A_PARTY = "本单位不是该事项的相关方，不能办理。 Your organisation has no part in this case."


def case_in_sight(actor: Actor, case_id: UUID) -> Case:
    """The standing case, locked.

    Raises:
        NotAllowed: there is no such case in the actor's sight.
    """
    seen = visible(actor, Case).filter(STANDS, pk=case_id).exists()
    case = Case.objects.select_for_update(of=("self",)).select_related("intake", "procedure").filter(pk=case_id).first()
    if not seen or case is None:
        raise NotAllowed(OUTSIDE)
    return case


def read_of(case: Case) -> Read:
    """The form and flow that the case keeps."""
    return read(case.procedure)


@contextmanager
def refusals() -> Iterator[None]:
    """What the engine refuses becomes an error of the form: words first, then each field's fault by its key."""
    try:
        yield
    except Refused as refusal:
        told = [f"{refusal.zh} {refusal.en}"]
        told += [f"{each.zh} {each.en}" for each in refusal.faults]
        raise ValidationError(told, code=refusal.code) from refusal


def keep_step(case: Case, read: Read, step: Step, actor: Actor) -> CaseEntry:
    """Write down a step: the state, the line of the log with what was handed in, the deadline; then its effects.

    When the application leaves its first stage, the other side that it names becomes a party.
    """
    if step.entry.stage == read.flow.stages[0].key and step.entry.to:
        _name_counterparts(case, read)
    settle(case, read.flow, step.state)
    answers = submitted(read.form, answers_of(case), FactsOf(case))
    entry = CaseEntry.objects.create(
        case=case,
        number=step.entry.number,
        data=step.entry.to_data(),
        actor_label=actor.label[:200],
        organisation_id=actor.organisation_id,
        deed=current_deed().id,
        answers_digest=digest_of(answers),
    )
    for effect in step.effects:
        bring_about(actor, case, effect)
    tell_of_step(case, read.flow, step, actor.organisation_id)
    return entry


def _name_counterparts(case: Case, read: Read) -> None:
    answers = answers_of(case)
    named = named_counterparts(read.flow, answers)
    if named:
        case.parties = {**case.parties, **named}
        case.save(update_fields=["parties"])
        # A party is nobody whom the case merely names.
        keep_concerns(case, read.form, answers)


def settle(case: Case, flow: Flow, state: State) -> None:
    """Put a state into the case's columns and find its deadline."""
    case.state, case.stage, case.outcome, case.steps = state.to_data(), state.stage, state.outcome, state.steps
    case.started_on, case.entered_on = state.started_on, state.entered_on
    situation = situation_of(case, read_of(case))
    found = due(flow, state, situation)
    case.due_on = found.on if found else None
    case.remind_on = next_telling(flow, state, clock.today() - timedelta(days=1), situation)
    if case._state.adding:
        case.save(force_insert=True)
    else:
        case.save(update_fields=["state", "stage", "outcome", "steps", "entered_on", "due_on", "remind_on"])

"""Who may act on what: the checks that the room's verbs share, and how steps of the engine are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet

from jineng.cases.facts import FactsAmong, FactsOf, bring_about
from jineng.cases.models import Case, CaseEntry, Procedure
from jineng.cases.notices import told_of_step
from jineng.cases.procedures import Read, digest_of, read
from jineng.cases.situations import answers_of, named_counterparts, situation_of
from jineng.cases.verbs.concerns import keep_concerns
from jineng.cases.writing import create_cases, keep_states
from jineng.engines.casework import Refused, State, Step, due, next_telling, submitted
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.notices import notify_all
from jineng.kernel.records import STANDS
from jineng.kernel.verbs import Deed, current_deed
from jineng.registry.scope import visible

ROOM = "cases"
OUTSIDE = "该事项不在本岗位可见范围内。 The case lies outside your sight."
NOT_A_PARTY = "本单位不是该事项的相关方，不能办理。 Your organisation has no part in this case."


@dataclass(frozen=True)
class Move:
    """A step that a case takes by a deed: the running one, or a part of it where many cases move at once."""

    case: Case
    step: Step
    deed: Deed
    facts: Mapping[str, Any]


def case_in_sight(actor: Actor, case_id: UUID) -> Case:
    """The standing case, locked.

    Raises:
        NotAllowed: there is no such case in the actor's sight.
    """
    case = cases_in_sight(actor, [case_id]).get(case_id)
    if case is None:
        raise NotAllowed(OUTSIDE)
    return case


def cases_in_sight(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Case]:
    """Of these the standing cases that the actor sees, by their ids, locked in one order: two who lock the same wait
    for each other instead of both failing."""
    seen = set(visible(actor, Case).filter(STANDS, pk__in=ids).values_list("pk", flat=True))
    locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=seen).order_by("pk")
    return {case.pk: case for case in _with_procedures(locked, many=len(seen) > 1)}


def _with_procedures(cases: QuerySet[Case], *, many: bool) -> QuerySet[Case]:
    """The cases with what moving them asks for. Many share what they have in common; and what a procedure says is
    fetched once in a process, not with each."""
    if not many:
        return cases.select_related("intake", "procedure").defer("procedure__content")
    procedures = Prefetch("procedure", Procedure.objects.defer("content"))
    return cases.prefetch_related("intake", procedures)


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


def keep_step(case: Case, step: Step, actor: Actor) -> CaseEntry:
    """Write down the step that a case takes by the running deed; see :func:`keep_steps`."""
    return keep_steps([Move(case, step, current_deed(), FactsOf(case))], actor)[0]


def keep_steps(moves: Sequence[Move], actor: Actor) -> list[CaseEntry]:
    """Write down a step of each case: the state, the line of the log with what was handed in, the deadline; then the
    steps' effects and what is told of them. As few queries for many as for one.

    When an application leaves its first stage, the other side that it names becomes a party.
    """
    for move in moves:
        entry = move.step.entry
        if entry.stage == read_of(move.case).flow.stages[0].key and entry.to:
            _name_counterparts(move.case)
        _settle(move.case, move.step.state, move.facts)
    cases = [move.case for move in moves]
    create_cases([case for case in cases if case._state.adding])
    keep_states([move.case for move in moves if move.step.entry.number > 1])
    entries = CaseEntry.objects.bulk_create(_entry(move, actor) for move in moves)
    effects: dict[str, list[Case]] = {}
    for move in moves:
        for effect in move.step.effects:
            effects.setdefault(effect, []).append(move.case)
    for effect, concerned in effects.items():
        bring_about(actor, concerned, effect)
    notify_all(
        message
        for move in moves
        for message in told_of_step(move.case, read_of(move.case).flow, move.step, actor.organisation_id)
    )
    return entries


def _entry(move: Move, actor: Actor) -> CaseEntry:
    answers = submitted(read_of(move.case).form, answers_of(move.case), move.facts)
    return CaseEntry(
        case=move.case,
        number=move.step.entry.number,
        data=move.step.entry.to_data(),
        actor_label=actor.label[:200],
        organisation_id=actor.organisation_id,
        deed=move.deed.id,
        answers_digest=digest_of(answers),
    )


def _name_counterparts(case: Case) -> None:
    known, answers = read_of(case), answers_of(case)
    named = named_counterparts(known.flow, case)
    if named:
        case.parties = {**case.parties, **named}
        case.save(update_fields=["parties"])
        # A party is nobody whom the case merely names.
        keep_concerns(case, known.form, answers)


def _settle(case: Case, state: State, facts: Mapping[str, Any]) -> None:
    """Put a state into the case's columns and find its deadline."""
    case.state, case.stage, case.outcome, case.steps = state.to_data(), state.stage, state.outcome, state.steps
    case.started_on, case.entered_on = state.started_on, state.entered_on
    known = read_of(case)
    situation = situation_of(case, known, facts=facts)
    found = due(known.flow, state, situation)
    case.due_on = found.on if found else None
    case.remind_on = next_telling(known.flow, state, clock.today() - timedelta(days=1), situation)


def facts_of(cases: Sequence[Case]) -> dict[UUID, FactsOf]:
    """The facts of cases that are dealt with together, by their ids."""
    among = FactsAmong(cases)
    return {case.pk: FactsOf(case, among) for case in cases}

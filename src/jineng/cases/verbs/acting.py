"""Move cases: do what the flow offers, for one or for many, give more time, let time run out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from jineng.cases.facts import FactsOf
from jineng.cases.models import Case, CaseEntry
from jineng.cases.notices import tell_of_deadline
from jineng.cases.situations import members_of, situation_of
from jineng.cases.verbs.reach import (
    NOT_A_PARTY,
    OUTSIDE,
    ROOM,
    Move,
    case_in_sight,
    cases_in_sight,
    facts_of,
    keep_step,
    keep_steps,
    read_of,
    refusals,
)
from jineng.engines.casework import Actor as Member
from jineng.engines.casework import Flow, Refused, Role, State, act, expire, extend, next_telling, notices
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import Deed, came_through, current_deed, parts, verb, write_parts


@verb(Right.ACT_ON_CASES, room=ROOM)
def act_on_case(
    *,
    actor: Actor,
    case_id: UUID,
    action: str,
    reason: str = "",
    files: Sequence[str] = (),
    seen: int | None = None,
) -> CaseEntry:
    """Do one of the actions that the flow offers at the case's stage, for one's own organisation.

    ``seen`` is the number of steps that the page showed: whoever decides upon an older state is told so. The action's
    effects (an award, a status) come about in the same transaction.

    Raises:
        NotAllowed: one's organisation has no part in the case, or another party has to act.
        ValidationError: the flow refuses it, with everything that is lacking.
    """
    case = case_in_sight(actor, case_id)
    came_through(Origin.CASE, case.pk)
    move = moved(actor, case, action, Wanted(reason, tuple(files), seen), current_deed(), FactsOf(case))
    return keep_steps([move], actor)[0]


@verb(Right.ACT_ON_CASES, room=ROOM)
def extend_case(*, actor: Actor, case_id: UUID, until: date, reason: str) -> CaseEntry:
    """Give whoever has to act more time, as the office that runs the intake.

    Raises:
        NotAllowed: another office runs the intake.
        ValidationError: there is no deadline, no reason, or the day is not later.
    """
    case = case_in_sight(actor, case_id)
    found = read_of(case)
    office = [key for key, party in found.flow.parties_by_key.items() if party.role is Role.OFFICE]
    if actor.organisation_id != case.intake.office_id or not office:
        raise NotAllowed(NOT_A_PARTY)
    with refusals():
        step = extend(
            found.flow,
            State.from_data(case.state),
            until,
            by=Member(office[0], str(actor.organisation_id)),
            at=clock.now(),
            reason=reason,
            situation=situation_of(case, found),
        )
    entry = keep_step(case, step, actor)
    current_deed().note(f"延期 {case.number} 至 {until}", subject=case)
    return entry


@verb(Right.ACT_ON_CASES, room=ROOM)
def expire_case(*, actor: Actor, case_id: UUID) -> CaseEntry | None:
    """Let the time of a stage run out, where it has and the flow says what follows; for the program itself.

    ``None``: nothing is to be done, now or until what bars it (an objection that waits for its answer) is gone.

    Raises:
        NotAllowed: the actor is no system actor.
    """
    if actor.role != SYSTEM_ROLE:
        raise NotAllowed
    case = case_in_sight(actor, case_id)
    came_through(Origin.CASE, case.pk)
    moves = _run_out([case], [current_deed()])
    return keep_steps(moves, actor)[0] if moves else None


@verb(Right.ACT_ON_CASES, room=ROOM)
def expire_some(*, actor: Actor, case_ids: Collection[UUID]) -> int:
    """Let the time of some cases run out, as :func:`expire_case` does for one; returns how many moved. Each leaves a
    line of its own in the audit trail.

    Raises:
        NotAllowed: the actor is no system actor.
        ValidationError: some effect is refused, so nothing was done: try each by itself.
    """
    if actor.role != SYSTEM_ROLE:
        raise NotAllowed
    cases = list(cases_in_sight(actor, case_ids).values())
    moves = _run_out(cases, parts(len(cases), verb=expire_case.__name__))
    keep_steps(moves, actor)
    write_parts([move.deed for move in moves], room=ROOM)
    current_deed().note(f"到期：{len(moves)} 件", cases=len(moves))
    return len(moves)


def _run_out(cases: Sequence[Case], deeds: Sequence[Deed]) -> list[Move]:
    """What the system does with those of these cases whose time is over and whose flow says what follows."""
    facts, moves = facts_of(cases), []
    for case, deed in zip(cases, deeds, strict=True):
        found = read_of(case)
        situation = situation_of(case, found, facts=facts[case.pk])
        try:
            step = expire(found.flow, State.from_data(case.state), clock.now(), situation)
        except Refused:
            continue
        if step is not None:
            deed.note(f"到期：{case.number}", subject=case, to=step.entry.to)
            moves.append(Move(case, step, deed, facts[case.pk]))
    return moves


@verb(Right.ACT_ON_CASES, room=ROOM)
def remind_of_case(*, actor: Actor, case_id: UUID) -> int:
    """Tell whoever has to act of the deadline, and those above once it is over, as far as that day has come; for the
    program itself. Returns how many notices are new. Done again on the same day it tells nobody.

    Raises:
        NotAllowed: the actor is no system actor.
    """
    if actor.role != SYSTEM_ROLE:
        raise NotAllowed
    case = case_in_sight(actor, case_id)
    today, known = clock.today(), read_of(case)
    if case.ended or case.remind_on is None or case.remind_on > today:
        return 0
    state, situation = State.from_data(case.state), situation_of(case, known)
    told = [each for each in notices(known.flow, state, today, situation) if each.on >= case.remind_on]
    sent = tell_of_deadline(case, told)
    case.remind_on = next_telling(known.flow, state, today, situation)
    case.save(update_fields=["remind_on"])
    current_deed().note(f"期限提醒：{case.number}", subject=case, told=sent)
    return sent


class SomeRefused(ValidationError):
    """Of several cases some cannot be acted on, so none was; ``by_case`` says why, for each that was refused."""

    def __init__(self, by_case: Mapping[UUID, str]) -> None:
        super().__init__(
            f"{len(by_case)} 件不能办理，全部未办。 {len(by_case)} cannot be acted on, so nothing was done."
        )
        self.by_case = by_case


@dataclass(frozen=True)
class Wanted:
    """What goes with an action: the reason, files, and how many steps whoever decided had seen."""

    reason: str = ""
    files: tuple[str, ...] = ()
    seen: int | None = None


@verb(Right.ACT_ON_CASES, room=ROOM)
def act_on_cases(*, actor: Actor, seen: Mapping[UUID, int], action: str, reason: str = "") -> int:
    """Do one action for many cases, all or none; ``seen`` tells of each how many steps the page showed.

    Each leaves a line of its own in the audit trail, under this one's transaction. As few queries are made for many as
    for one, but where some effect is refused: then each is tried by itself, to tell which. Returns how many there were.

    Raises:
        SomeRefused: at least one cannot be acted on, or has moved on since; every one that cannot is told.
        ValidationError: none is chosen, or too many.
    """
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise ValidationError(f"请选择1到{MOST_AT_ONCE}件。 Choose 1 to {MOST_AT_ONCE}.")
    cases = cases_in_sight(actor, seen)
    refused: dict[UUID, str] = {}
    facts, moves = facts_of(list(cases.values())), []
    for case_id, deed in zip(sorted(seen), parts(len(seen), verb=act_on_case.__name__), strict=True):
        with _told_apart(refused, case_id):
            if case_id not in cases:
                raise NotAllowed(OUTSIDE)
            wanted = Wanted(reason, seen=seen[case_id])
            moves.append(moved(actor, cases[case_id], action, wanted, deed, facts[case_id]))
    if refused:
        raise SomeRefused(refused)
    try:
        with transaction.atomic():
            keep_steps(moves, actor)
    except ValidationError:
        for case_id in sorted(seen):
            with _told_apart(refused, case_id), transaction.atomic():
                act_on_case(actor=actor, case_id=case_id, action=action, reason=reason, seen=seen[case_id])
        raise SomeRefused(refused) from None
    write_parts([move.deed for move in moves], room=ROOM)
    current_deed().note(f"批量办理 {action}：{len(seen)} 件", cases=len(seen), action=action)
    return len(seen)


@contextmanager
def _told_apart(refused: dict[UUID, str], case_id: UUID) -> Iterator[None]:
    """Within the block a refusal is noted for the case instead of ending everything."""
    try:
        yield
    except ValidationError as error:
        refused[case_id] = " ".join(error.messages)
    except NotAllowed as error:
        refused[case_id] = error.message


def moved(actor: Actor, case: Case, action: str, wanted: Wanted, deed: Deed, facts: Mapping[str, Any]) -> Move:
    """The step that an action is for a case, as the engine lets it, with the deed noted."""
    found = read_of(case)
    member = _as_whom(case, found.flow, action, actor)
    with refusals():
        step = act(
            found.flow,
            State.from_data(case.state),
            action,
            by=member,
            at=clock.now(),
            situation=situation_of(case, found, actor, facts),
            reason=wanted.reason,
            files=wanted.files,
            seen=wanted.seen,
        )
    deed.note(f"{_name(found.flow, step.entry.stage, action)}：{case.number}", subject=case, to=step.entry.to)
    return Move(case, step, deed, facts)


MOST_AT_ONCE = 500
"""How many cases one deed may move."""
SYSTEM_ROLE = "system"


def _as_whom(case: Case, flow: Flow, action: str, actor: Actor) -> Member:
    """The party as which the actor does an action: one that may do it, if they are any such."""
    members = members_of(case, actor)
    if not members:
        raise NotAllowed(NOT_A_PARTY)
    stage = flow.by_key.get(case.stage)
    wanted = stage.by_key.get(action) if stage else None
    fitting = [member for member in members if stage and wanted and member.party in stage.parties_of(wanted)]
    return (fitting or list(members))[0]


def _name(flow: Flow, stage: str, action: str) -> str:
    return flow.by_key[stage].by_key[action].name

"""Move a case: do what the flow offers, recommend with a rank, give more time, let time run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.cases.models import Case, CaseEntry
from jineng.cases.notices import tell_of_deadline
from jineng.cases.situations import members_of, situation_of
from jineng.cases.verbs.reach import NOT_A_PARTY, ROOM, case_in_sight, keep_step, read_of, refusals
from jineng.engines.casework import Actor as Member
from jineng.engines.casework import Flow, Refused, Role, StageKind, State, act, expire, extend, next_telling, notices
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import came_through, current_deed, verb

QUOTA = "推荐名额已用完。 The quota is used up."
RANK_TAKEN = "该名次已用于另一项。 Another case has this rank."


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
    found = read_of(case)
    member = _as_whom(case, found.flow, action, actor)
    with refusals():
        step = act(
            found.flow,
            State.from_data(case.state),
            action,
            by=member,
            at=clock.now(),
            situation=situation_of(case, found, actor),
            reason=reason,
            files=tuple(files),
            seen=seen,
        )
    entry = keep_step(case, found, step, actor)
    current_deed().note(f"{_name(found.flow, step.entry.stage, action)}：{case.number}", subject=case, to=step.entry.to)
    return entry


@verb(Right.ACT_ON_CASES, room=ROOM)
def recommend_case(*, actor: Actor, case_id: UUID, rank: int | None, is_exempt: bool = False) -> Case:
    """Put a case at a rank among those that one's own office recommends in the intake; ``None`` takes it back.

    The quota is counted by the database under a lock, so that many officers at once cannot exceed it. An exempt case
    takes a rank and no place.

    Raises:
        NotAllowed: one's own organisation does not recommend this case, or it is past that stage.
        ValidationError: the rank is taken or not positive, or the quota is used up.
    """
    case = case_in_sight(actor, case_id)
    flow = read_of(case).flow
    stage = flow.by_key.get(case.stage)
    parties = {key for key, party in flow.parties_by_key.items() if party.role is Role.RECOMMENDER}
    mine = parties & {member.party for member in members_of(case, actor)}
    if stage is None or stage.kind is not StageKind.RECOMMEND or not mine:
        raise NotAllowed(NOT_A_PARTY)
    if rank is not None and rank < 1:
        raise ValidationError({"rank": "名次从1开始。 Ranks begin with 1."})
    taken = Case.objects.filter(STANDS, intake=case.intake_id, recommender=actor.organisation_id, rank=rank)
    if rank is not None and taken.exclude(pk=case.pk).exists():
        raise ValidationError({"rank": RANK_TAKEN})
    case.rank, case.is_exempt = rank, is_exempt and rank is not None
    case.recommender_id = actor.organisation_id if rank is not None else None
    try:
        with transaction.atomic():
            case.save(update_fields=["rank", "is_exempt", "recommender"])
    except IntegrityError as error:
        words = RANK_TAKEN if "case_rank_once" in str(error) else QUOTA
        raise ValidationError({"rank": words}) from error
    current_deed().note(f"排序推荐 {case.number}", subject=case, rank=rank, exempt=is_exempt)
    return case


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
    entry = keep_step(case, found, step, actor)
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
    found = read_of(case)
    try:
        step = expire(found.flow, State.from_data(case.state), clock.now(), situation_of(case, found))
    except Refused:
        return None
    if step is None:
        return None
    entry = keep_step(case, found, step, actor)
    current_deed().note(f"到期：{case.number}", subject=case, to=step.entry.to)
    return entry


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


@verb(Right.ACT_ON_CASES, room=ROOM)
def act_on_cases(*, actor: Actor, seen: Mapping[UUID, int], action: str, reason: str = "") -> int:
    """Do one action for many cases, all or none; ``seen`` tells of each how many steps the page showed.

    Each leaves a line of its own in the audit trail, under this one's transaction. Returns how many there were.

    Raises:
        SomeRefused: at least one cannot be acted on, or has moved on since; every one that cannot is told.
        ValidationError: none is chosen, or too many.
    """
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise ValidationError(f"请选择1到{MOST_AT_ONCE}件。 Choose 1 to {MOST_AT_ONCE}.")
    refused: dict[UUID, str] = {}
    # In one order, so that two who do the same at once wait for each other instead of both failing.
    for case_id in sorted(seen):
        try:
            with transaction.atomic():
                act_on_case(actor=actor, case_id=case_id, action=action, reason=reason, seen=seen[case_id])
        except ValidationError as error:
            refused[case_id] = " ".join(error.messages)
        except NotAllowed as error:
            refused[case_id] = error.message
    if refused:
        raise SomeRefused(refused)
    current_deed().note(f"批量办理 {action}：{len(seen)} 件", cases=len(seen), action=action)
    return len(seen)


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

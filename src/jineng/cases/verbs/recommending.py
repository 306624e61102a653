"""Recommend cases: put them at ranks among those of one's own office, within its quota."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.cases.models import Case
from jineng.cases.situations import members_of
from jineng.cases.verbs.reach import NOT_A_PARTY, OUTSIDE, ROOM, case_in_sight, cases_in_sight, read_of
from jineng.cases.writing import keep_ranks
from jineng.engines.casework import Role, StageKind
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, parts, verb, write_parts

QUOTA = "推荐名额已用完。 The quota is used up."
RANK_TAKEN = "该名次已用于另一项。 Another case has this rank."


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
    _require_recommender(actor, [case])
    _place(actor, {case: rank}, is_exempt)
    current_deed().note(f"排序推荐 {case.number}", subject=case, rank=rank, exempt=is_exempt)
    return case


@verb(Right.ACT_ON_CASES, room=ROOM)
def recommend_cases(*, actor: Actor, ranks: Mapping[UUID, int]) -> int:
    """Put many cases of one intake at their ranks at once, all or none; what stood at other ranks of these is moved.
    Each takes a place of the quota. Returns how many there were.

    Each leaves a line of its own in the audit trail.

    Raises:
        NotAllowed: one's own organisation does not recommend one of these cases, or it is past that stage.
        ValidationError: none is given, they are of several intakes, a rank is taken, given twice or not positive, or
            the quota is used up.
    """
    cases = cases_in_sight(actor, ranks)
    if cases.keys() != ranks.keys():
        raise NotAllowed(OUTSIDE)
    if len({case.intake_id for case in cases.values()}) != 1:
        raise ValidationError("请选择同一受理批次的事项。 Choose cases of one intake.")
    if len(set(ranks.values())) != len(ranks):
        raise ValidationError({"rank": "名次不能重复。 No rank can be given twice."})
    _require_recommender(actor, cases.values())
    _place(actor, {case: ranks[key] for key, case in cases.items()}, is_exempt=False)
    deeds = parts(len(cases), verb=recommend_case.__name__)
    for deed, case in zip(deeds, cases.values(), strict=True):
        deed.note(f"排序推荐 {case.number}", subject=case, rank=case.rank, exempt=False)
    write_parts(deeds, room=ROOM)
    current_deed().note(f"批量排序推荐：{len(cases)} 件", cases=len(cases))
    return len(cases)


def _require_recommender(actor: Actor, cases: Collection[Case]) -> None:
    """Let pass whose own organisation recommends these cases, and now."""
    for case in cases:
        flow = read_of(case).flow
        stage = flow.by_key.get(case.stage)
        parties = {key for key, party in flow.parties_by_key.items() if party.role is Role.RECOMMENDER}
        mine = parties & {member.party for member in members_of(case, actor)}
        if stage is None or stage.kind is not StageKind.RECOMMEND or not mine:
            raise NotAllowed(NOT_A_PARTY)


def _place(actor: Actor, ranks: Mapping[Case, int | None], is_exempt: bool) -> None:
    """Give cases of one intake their ranks; the database knows which are free and how many the quota allows."""
    given = {rank for rank in ranks.values() if rank is not None}
    if any(rank < 1 for rank in given):
        raise ValidationError({"rank": "名次从1开始。 Ranks begin with 1."})
    intake = next(iter(ranks)).intake_id
    taken = Case.objects.filter(STANDS, intake=intake, recommender=actor.organisation_id, rank__in=given)
    if taken.exclude(pk__in=[case.pk for case in ranks]).exists():
        raise ValidationError({"rank": RANK_TAKEN})
    ranked = [case for case in ranks if case.rank is not None]
    try:
        with transaction.atomic():
            # Those that change places meet nobody: first each leaves its own.
            _keep(ranked if len(ranks) > 1 else (), dict.fromkeys(ranked), None, False)
            _keep(ranks, ranks, actor.organisation_id, is_exempt)
    except IntegrityError as error:
        words = RANK_TAKEN if "case_rank_once" in str(error) else QUOTA
        raise ValidationError({"rank": words}) from error


def _keep(cases: Collection[Case], ranks: Mapping[Case, int | None], own: UUID | None, is_exempt: bool) -> None:
    for case in cases:
        case.rank = ranks[case]
        case.is_exempt, case.recommender_id = is_exempt and case.rank is not None, own if case.rank else None
    keep_ranks(cases)

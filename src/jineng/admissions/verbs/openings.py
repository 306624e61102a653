"""Rounds are opened with the seats that are free then; preferences are taken within their windows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.admissions.kinds import Phase
from jineng.admissions.models import Offer, Opening, Plan, Round, ScoreRule, Season
from jineng.admissions.naming import group_key, major_key
from jineng.admissions.rolling import moved, plan_at
from jineng.admissions.verbs.checking import ROOM, need_province, told
from jineng.admissions.verbs.freezing import offer_faults
from jineng.admissions.verbs.schemes import law_of
from jineng.admissions.verbs.season_state import change_seats, keep_seats, stand
from jineng.engines.allocation import commitment
from jineng.engines.allocation.rounds import Phase as Step
from jineng.engines.allocation.rounds import offered
from jineng.engines.allocation.rounds import open_round as rolled_open
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb

SEED_BYTES = 32


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def open_round(*, actor: Actor, round_id: UUID, opens_at: datetime, closes_at: datetime) -> Opening:
    """Open a round: what it offers is listed from then on, and preferences are taken within the window.

    A supplementary round lists what the round before left; what was given back since, or had nowhere to go before the
    round was added, rolls to it first. The lot that breaks ties is drawn now and stays secret;
    its commitment is public.

    Raises:
        NotAllowed: anybody but the province, or no such round.
        ValidationError: no scheme, another round of the season is not closed, nothing is left to offer, the window is
            empty, or what is offered cannot be run by the scheme: caps over schools whose scores do not compare, caps
            that cross; or what rolls over breaks a cap on plans.
    """
    need_province(actor)
    found = Round.objects.select_for_update().filter(STANDS, pk=round_id).select_related("season").first()
    if found is None:
        raise NotAllowed("没有此轮次。 There is no such round.")
    if found.cancelled_on is not None:
        raise ValidationError("该轮次已取消。 The round is cancelled.")
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": "截止须晚于开始。 It closes before it opens."})
    scheme, _ = law_of(found.season_id)
    going = Opening.objects.filter(STANDS, round__season=found.season_id).exclude(phase=Phase.CLOSED).first()
    if going is not None:
        raise ValidationError("本招生季还有轮次未结束，请先结束它。 Another round of the season is not closed yet.")
    standing = stand(found.season, scheme, found, Step.READY)
    opened = rolled_open(standing.season, standing.progress)
    free = offered(standing.season, opened)
    if not free:
        raise ValidationError("本轮没有可填报的计划：请先核准计划。 There are no seats to offer: accept plans first.")
    change_seats(moved(standing.progress.seats, opened.seats))
    keep_seats(found.season, opened.seats)
    seed = secrets.token_hex(SEED_BYTES)
    made = Opening(
        round=found,
        scheme=scheme,
        opens_at=opens_at,
        closes_at=closes_at,
        commitment=commitment(seed),
        seed=seed,
        secret=secrets.token_hex(SEED_BYTES),
        **origin(),
    )
    with told():
        made.save()
    rules = rules_of(found.season) if standing.of.takes_own_rules else {}
    seats = {plan_at(place): number for place, number in free.items()}
    plans = Plan.objects.filter(pk__in=seats).select_related("organisation")
    Offer.objects.bulk_create([_offer(made, plan, seats[plan.pk], rules) for plan in plans], batch_size=2000)
    faults = offer_faults(made, standing)
    if faults:
        raise ValidationError([f"{fault.zh} {fault.en}" for fault in faults])
    current_deed().note(
        f"开放轮次 {found.name}，计划 {sum(seats.values())} 人", subject=made, seats=sum(seats.values())
    )
    return made


def rules_of(season: Season) -> Mapping[tuple[UUID, str], ScoreRule]:
    """The newest filed rule of each institution and way in."""
    rules = ScoreRule.objects.filter(STANDS, season=season).order_by("version")
    return {(rule.organisation_id, rule.channel): rule for rule in rules}


def _offer(opening: Opening, plan: Plan, seats: int, rules: Mapping[tuple[UUID, str], ScoreRule]) -> Offer:
    where = plan.organisation
    rule = rules.get((where.pk, plan.channel)) or rules.get((where.pk, "direct"))
    major = major_key(plan.programme_code, plan.joint_college)
    key = "-".join(part for part in (where.code, major, plan.channel, plan.pool, plan.county_code) if part)
    grouped = plan.group_code
    return Offer(
        opening=opening,
        plan=plan,
        organisation=where,
        rule=rule,
        key=key if len(key) <= 80 else str(plan.pk),
        seats=seats,
        pool=plan.pool,
        county_code=plan.county_code,
        group=group_key(where.code, grouped, major),
        group_name=f"{where.name} {f'专业组{grouped}' if grouped else plan.programme_name}",
        major=major,
        major_name=plan.programme_name,
        **origin(),
    )


@verb(Right.DECIDE_ADMISSIONS, room=ROOM)
def extend_round(*, actor: Actor, opening_id: UUID, closes_at: datetime) -> Opening:
    """Move the end of a round's window: later, or earlier but not into the past of what was submitted.

    Raises:
        NotAllowed: anybody but the province, or no such round.
        ValidationError: preferences are no longer taken, or it would close before it opens.
    """
    need_province(actor)
    found = locked_opening(opening_id)
    if found.phase != Phase.OPEN:
        raise ValidationError("本轮已不再接受志愿。 The round takes no preferences any more.")
    if closes_at <= found.opens_at:
        raise ValidationError({"closes_at": "截止须晚于开始。 It closes before it opens."})
    found.closes_at = closes_at
    found.save(update_fields=["closes_at"])
    current_deed().note(f"调整志愿截止时间 {closes_at:%Y-%m-%d %H:%M}", subject=found)
    return found


def locked_opening(opening_id: UUID) -> Opening:
    """The opening under its lock, with round, season and scheme.

    Raises:
        NotAllowed: there is none.
    """
    found = (
        Opening.objects.select_for_update(of=("self",))
        .select_related("round__season", "scheme")
        .filter(STANDS, pk=opening_id)
        .first()
    )
    if found is None:
        raise NotAllowed("没有此轮次。 There is no such round.")
    return found

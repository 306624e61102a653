"""Rounds that follow each other: the engine's season out of plans and rounds, and who holds what. Pure.

A plan's seats lie in the first round that its way in and its pool belong to; every later round of that way holds none
of them until seats roll over. Seats that roll to another plan (another pool, another way in) change both plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from jineng.admissions.kinds import Channel, Pool
from jineng.admissions.schemes import RoundLaw, order_of
from jineng.admissions.wishes import EXEMPT
from jineng.engines.allocation.rounds import Fate, Held, Phase, Progress, begin
from jineng.engines.allocation.season import Round, Season, Stock, load_season


@dataclass(frozen=True)
class RoundOf:
    """A round that is not cancelled: its key, name, way in and law."""

    key: str
    name: str
    channel: str
    law: RoundLaw

    def takes(self, channel: str, pool: str) -> bool:
        """Whether a plan of this way in and pool has its seats in the round."""
        if self.law.exempt and pool != Pool.EXEMPT:
            return False
        return Channel.DIRECT in (self.channel, channel) or self.channel == channel

    @property
    def enters(self) -> frozenset[str]:
        """Of which tags somebody needs one to enter; none: everybody enters."""
        return frozenset({EXEMPT} if self.law.exempt else {f"category:{category}" for category in self.law.enters})


@dataclass(frozen=True)
class PlanOf:
    """An accepted plan: its programme within its institution, way in, pool and seats."""

    id: UUID
    programme: str
    channel: str
    pool: str
    seats: int


def place(round_key: str, plan_id: UUID | str) -> str:
    """The place of a plan in a round, as the engine's season names it."""
    return f"{round_key}:{plan_id}"


def plan_at(place_key: str) -> UUID:
    """The plan of a place."""
    return UUID(_plan_in(place_key))


def _plan_in(place_key: str) -> str:
    return place_key.split(":", 1)[1]


def season_of(code: str, rounds: Sequence[RoundOf], plans: Iterable[PlanOf]) -> Season:
    """The engine's season. Raises AllocationError where the law does not fit the rounds."""
    ordered = sorted(rounds, key=lambda each: order_of(each.key))
    keys = {each.key for each in ordered}
    stages = [
        Round(
            key=each.key,
            name=each.name,
            scheme=code,
            enters=each.enters,
            rolls_to=tuple(
                target
                for target in each.law.rolls_to
                if target.round in keys and order_of(target.round) > order_of(each.key)
            ),
            no_answer=each.law.no_answer,
            declined_return=each.law.declined_return,
        )
        for each in ordered
    ]
    stocks = []
    for plan in plans:
        taking = [each for each in ordered if each.takes(plan.channel, plan.pool)]
        if plan.pool == Pool.EXEMPT:
            # They are given out apart, before they roll to anybody else.
            taking = taking[next((at for at, each in enumerate(taking) if each.law.exempt), 0) :]
        for at, each in enumerate(taking):
            seats = 0 if at else plan.seats
            stocks.append(Stock(place(each.key, plan.id), each.key, plan.programme, seats, plan.pool))
    return load_season(Season(code, tuple(stages), tuple(stocks)).to_data())


def progress_at(
    season: Season, key: str, phase: Phase, seats: Mapping[str, int] | None, people: Mapping[str, Held]
) -> Progress:
    """The state of a season at a round: ``seats`` as the round before left them.

    Plans accepted since come with theirs; what plans gained or lost since is gained or lost in this round or the next.
    """
    at = next(at for at, stage in enumerate(season.rounds) if stage.key == key)
    planned = begin(season).seats
    known = {place_key: number for place_key, number in (seats or {}).items() if place_key in planned}
    now = {**planned, **known}
    later = {stage.key for stage in season.rounds[at:]}
    known_plans = {_plan_in(place_key) for place_key in known}
    by_plan: dict[str, list[Stock]] = {}
    for stock in season.stocks:
        by_plan.setdefault(_plan_in(stock.place), []).append(stock)
    for plan in known_plans:
        own = by_plan[plan]
        difference = sum(planned[stock.place] - now[stock.place] for stock in own)
        for stock in own:
            if stock.round in later and now[stock.place] + difference >= 0:
                now[stock.place] += difference
                break
    return Progress(now, at, phase, people)


def held(round_key: str, plan_id: UUID, *, confirmed: bool, ending: str) -> Held:
    """What became of somebody's last admission, in the engine's words."""
    if ending:
        fate = Fate.LAPSED if ending == "lapsed" else Fate.VACATED if confirmed else Fate.DECLINED
    else:
        fate = Fate.CONFIRMED if confirmed else Fate.ADMITTED
    return Held(place(round_key, plan_id), round_key, fate)


def moved(before: Mapping[str, int], after: Mapping[str, int]) -> dict[UUID, int]:
    """By plan, how many seats it gained or lost between two states; plans that stayed as they were are left out."""
    change: dict[UUID, int] = {}
    for key in {*before, *after}:
        difference = after.get(key, 0) - before.get(key, 0)
        if difference:
            plan = plan_at(key)
            change[plan] = change.get(plan, 0) + difference
    return {plan: number for plan, number in change.items() if number}

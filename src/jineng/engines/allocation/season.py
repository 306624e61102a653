"""A season of rounds as data: which rounds in which order, their seats, what rolls over, and the caps over all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, with_config

from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.problem import Tags
from jineng.engines.allocation.reading import STRICT, Key, Label, Seats, dump, load, repeated, unknown


class NoAnswer(StrEnum):
    """What silence means when the window closes."""

    LAPSES = "lapses"
    CONFIRMS = "confirms"


@with_config(STRICT)
@dataclass(frozen=True)
class Target:
    """Where unfilled seats of a programme go: to a pool of it in a round; without one, to the pool they were in."""

    round: Key
    pool: str | None = None


@with_config(STRICT)
@dataclass(frozen=True)
class Round:
    """One round. `enters`: one of these tags is needed (empty: everybody). `form`: the shape of the preferences.

    `scheme`: the code of the scheme that it runs by. `of`: the round that it supplements (征集). `rolls_to`: for
    unfilled seats the first of these that the programme has. `declined_return`: whoever declined, or let a seat
    lapse, may enter later rounds; so nobody is worse off for having entered early. Where not, the scheme says so.
    """

    key: Key
    name: Label
    scheme: Key
    form: str = ""
    enters: Tags = frozenset()
    of: Key | None = None
    rolls_to: tuple[Target, ...] = ()
    no_answer: NoAnswer = NoAnswer.LAPSES
    declined_return: bool = True


@with_config(STRICT)
@dataclass(frozen=True)
class Stock:
    """The seats of a place in a round, for a programme (an organisation's major) and a pool."""

    place: Key
    round: Key
    programme: Key
    seats: Seats
    pool: str = ""


@with_config(STRICT)
@dataclass(frozen=True)
class SeasonCap:
    """At most so many seats over all rounds together, over these programmes."""

    key: Key
    name: Label
    limit: Seats
    programmes: Tags


@with_config(STRICT)
@dataclass(frozen=True)
class Season:
    """The rounds of a season in order, their seats and the caps over all. Made by `load_season`."""

    code: Key
    rounds: tuple[Round, ...]
    stocks: tuple[Stock, ...]
    caps: tuple[SeasonCap, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The season as plain JSON data; `load_season` reads it back."""
        plain: dict[str, Any] = dump(SEASON, self)
        return plain


SEASON: TypeAdapter[Season] = TypeAdapter(Season)


def load_season(data: Any) -> Season:
    """The season that plain data writes. Raises AllocationError with all faults."""
    season = load(SEASON, data)
    faults = list(_faults(season))
    if faults:
        raise AllocationError(faults)
    return season


def _faults(season: Season) -> Iterator[Fault]:
    order = {stage.key: at for at, stage in enumerate(season.rounds)}
    yield from repeated("rounds", "轮次", "round", [stage.key for stage in season.rounds])
    yield from repeated("stocks", "招生单元", "place", [stock.place for stock in season.stocks])
    yield from repeated("caps", "限额", "cap", [cap.key for cap in season.caps])
    if not season.rounds:
        yield Fault("rounds", "empty", "至少要有一个轮次", "at least one round is needed")
    for at, stage in enumerate(season.rounds):
        if stage.of is not None and order.get(stage.of, at) >= at:
            yield unknown(f"rounds[{at}].of", "更早的轮次", "earlier round", stage.of)
        for step, target in enumerate(stage.rolls_to):
            if order.get(target.round, at) <= at:
                yield unknown(f"rounds[{at}].rolls_to[{step}]", "更晚的轮次", "later round", target.round)
    programmes = {stock.programme for stock in season.stocks}
    for at, stock in enumerate(season.stocks):
        if stock.round not in order:
            yield unknown(f"stocks[{at}].round", "轮次", "round", stock.round)
    for at, cap in enumerate(season.caps):
        for key in sorted(cap.programmes - programmes):
            yield unknown(f"caps[{at}].programmes", "招生项目", "programme", key)

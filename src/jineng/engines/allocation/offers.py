"""One file, many offers (一档多投): every listed place ranks and offers its seats, and waiting lists move up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.outcome import Standing, standing
from jineng.engines.allocation.packing import batch_of, pack
from jineng.engines.allocation.problem import Problem


class Answer(StrEnum):
    """What somebody answers to an offer."""

    ACCEPT = "accept"
    """Takes the seat and leaves all other lists."""
    ACCEPT_AND_WAIT = "accept_and_wait"
    """Takes the seat, and stays on the lists of the places preferred to it."""
    DECLINE = "decline"


@dataclass(frozen=True)
class Offers:
    """Where a run of offers stands. Every act gives a new one.

    `rankings`: by place the applicants that may have it, best first. `wishes`: by applicant the places in order.
    `accepted`: who holds which seat. `left`: which lists somebody is off. `window`: how many have been closed.
    """

    seats: Mapping[str, int]
    rankings: Mapping[str, tuple[str, ...]]
    wishes: Mapping[str, tuple[str, ...]]
    accepted: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[tuple[str, str]] = frozenset()
    window: int = 0

    def listed(self, place: str) -> list[str]:
        """Who is still on a place's list, best first; who holds its seat is."""
        return [who for who in self.rankings[place] if (who, place) not in self.left]

    def holding(self, place: str) -> list[str]:
        """Who holds the place's seat or an offer of it."""
        here = [who for who in self.listed(place) if self.accepted.get(who) == place]
        free = self.seats[place] - len(here)
        waiting = [who for who in self.listed(place) if self.accepted.get(who) != place]
        return here + waiting[: max(free, 0)]

    def open_offers(self) -> dict[str, tuple[str, ...]]:
        """By applicant the places that offer a seat now and wait for an answer, in the applicant's order."""
        offering = {place: set(self.holding(place)) for place in self.seats}
        found = {}
        for who, places in self.wishes.items():
            mine = tuple(place for place in places if who in offering[place] and self.accepted.get(who) != place)
            if mine:
                found[who] = mine
        return found

    def waiting_number(self, who: str, place: str) -> int | None:
        """How many must be passed over before an applicant is offered the place: 1 is the next; None: not waiting."""
        waiting = [one for one in self.listed(place) if one not in self.holding(place)]
        return waiting.index(who) + 1 if who in waiting else None


def start_offers(problem: Problem) -> Offers:
    """The lists of a problem before any window opens. Raises AllocationError as `pack` does."""
    packed = pack(problem)
    market, people = packed.market, {one.id: one for one in problem.applicants}
    wishes: dict[str, tuple[str, ...]] = {}
    asking: dict[str, list[str]] = {place.key: [] for place in packed.places}
    for row, who in enumerate(packed.ids):
        cells = market.rows[row, market.components :]
        wishes[who] = tuple(packed.places[int(cell) - 1].key for cell in cells if cell)
        for key in wishes[who]:
            asking[key].append(who)
    places = {place.key: place for place in packed.places}

    def ranked(key: str) -> tuple[str, ...]:
        def stands(who: str) -> Standing:
            batch = batch_of(problem.scheme, people[who])
            return standing(problem, places[key], people[who], packed.units[who], batch)

        return tuple(sorted(asking[key], key=stands, reverse=True))

    return Offers(
        {place.key: int(market.seats[at]) for at, place in enumerate(packed.places)},
        {key: ranked(key) for key in asking},
        dict(sorted(wishes.items())),
    )


def answer(offers: Offers, who: str, place: str, said: Answer) -> Offers:
    """Somebody answers an offer. Raises AllocationError("no_offer") where the place offers them none."""
    if place not in offers.open_offers().get(who, ()):
        raise AllocationError(
            [
                Fault(
                    who,
                    "no_offer",
                    f"“{place}”当前没有向考生 {who} 发出录取意向，或已答复",
                    f"{place} makes {who} no offer now, or it was answered",
                )
            ]
        )
    if said is Answer.DECLINE:
        return replace(offers, left=offers.left | {(who, place)})
    wishes = offers.wishes[who]
    # Who waits stays on the lists of what is preferred; a seat held before is given back.
    leaves = wishes[wishes.index(place) + 1 :] if said is Answer.ACCEPT_AND_WAIT else wishes
    held = offers.accepted.get(who)
    gone = {(who, other) for other in (*leaves, *([held] if held is not None else [])) if other != place}
    return replace(offers, accepted={**offers.accepted, who: place}, left=offers.left | gone)


def close_window(offers: Offers) -> Offers:
    """Ends a window: offers without an answer lapse as if declined, and lists move up."""
    lapsed = {(who, place) for who, places in offers.open_offers().items() for place in places}
    return replace(offers, left=offers.left | lapsed, window=offers.window + 1)


def answered_by_preference(offers: Offers) -> Offers:
    """What comes out where everybody always takes the best offer, waits for better, and declines the rest."""
    while True:
        open_now = offers.open_offers()
        if not open_now:
            return offers
        for who, (best, *others) in open_now.items():
            for place in others:
                offers = answer(offers, who, place, Answer.DECLINE)
            # Who holds a seat waits for better ones only, so that what is offered is better.
            offers = answer(offers, who, best, Answer.ACCEPT_AND_WAIT)

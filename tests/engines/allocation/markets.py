"""Small random markets, a slow reference, and all stable results by brute force: written from the definitions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from random import Random

import numpy as np

from jineng.engines.allocation.market import NOWHERE, TIE_BITS, Ints, Market, pack_market

DEEP = os.environ.get("JINENG_DEEP") == "1"
Seat = dict[int, int]
"""Applicant (row) → place."""


def many(normal: int, deep: int) -> int:
    """How many random instances: few in the normal run, many in the deep one."""
    return deep if DEEP else normal


def draw(random: Random, applicants: int, places: int, length: int, *, capped: bool, ties: bool = True) -> Market:
    """A market with short and long lists, gaps, equal scores, closed places, floors, tie orders and nested caps."""
    components = random.randint(1, 5)
    rows = np.zeros((applicants, components + length), np.uint16)
    for row in rows:
        row[:components] = [random.randint(0, 3) for _ in range(components)]
        wishes = random.sample(range(1, places + 1), min(random.randint(0, length), places))
        row[components : components + len(wishes)] = [wish if random.random() < 0.95 else 0 for wish in wishes]
    orders = random.randint(0, 2) if ties else 0
    ranks = np.array([random.sample(range(applicants), applicants) for _ in range(orders)], np.uint32)
    weights = np.array([[random.randint(0, 2) for _ in range(components)] for _ in range(places)])
    tie_of = np.array([random.randint(-1, orders - 1) for _ in range(places)])
    caps = list(_nested(random, 0, places, 0)) if capped else []
    for low, high, _ in caps:
        weights[low:high], tie_of[low:high] = weights[low], tie_of[low]
    return pack_market(
        rows,
        components,
        weights,
        np.array([random.choice((0, 1, 1, 2, 3)) for _ in range(places)]),
        least=np.array([random.choice((0, 0, 0, 1, 2)) for _ in range(places)]),
        tie_of=tie_of,
        ranks=ranks.reshape(orders, applicants),
        caps=np.array(caps, np.int64).reshape(-1, 3),
    )


def _nested(random: Random, low: int, high: int, depth: int) -> Iterator[tuple[int, int, int]]:
    at = low
    while at < high:
        end = random.randint(at + 1, high)
        if random.random() < 0.7:
            yield at, end, random.randint(0, 3)
            if depth < 2:
                yield from _nested(random, at, end, depth + 1)
        at = end


def key(market: Market, who: int, place: int) -> int:
    """The key by its definition: the score, then the place in the tie order, the earlier the higher."""
    score = sum(int(market.rows[who, at]) * int(market.weights[place, at]) for at in range(market.components))
    order = int(market.tie_of[place])
    rank = who if order < 0 else int(market.ranks[order, who])
    return (score << TIE_BITS) + (1 << TIE_BITS) - 1 - rank


def wishes(market: Market, who: int) -> list[int]:
    """The acceptable places of an applicant in order."""
    listed = [int(cell) - 1 for cell in market.rows[who, market.components :] if cell]
    return [place for place in listed if key(market, who, place) >= int(market.least[place]) << TIE_BITS]


def fits(market: Market, seat: Seat) -> bool:
    """Whether no place and no cap holds too many."""
    held = list(seat.values())
    return all(held.count(place) <= market.seats[place] for place in range(market.places)) and all(
        sum(low <= place < high for place in held) <= limit for low, high, limit, _ in market.caps.tolist()
    )


def slow_reference(market: Market) -> Seat:
    """All who are free ask at once; of those held and asking the best are kept, one after another, while they fit."""
    lists = {who: wishes(market, who) for who in range(market.applicants)}
    at = dict.fromkeys(lists, 0)
    held: Seat = {}
    while True:
        asking = {who: lists[who][at[who]] for who in lists if who not in held and at[who] < len(lists[who])}
        if not asking:
            return held
        claims = sorted((held | asking).items(), key=lambda claim: -key(market, *claim))
        held, room = {}, {place: [place, *over(market, place)] for place in range(market.places)}
        left = market.seats.tolist() + market.caps[:, 2].tolist()
        for who, place in claims:
            if all(left[node] > 0 for node in room[place]):
                held[who] = place
                for node in room[place]:
                    left[node] -= 1
            else:
                at[who] += 1


def over(market: Market, place: int) -> list[int]:
    """The caps over a place, numbered after the places."""
    return [market.places + at for at, (low, high, _, _) in enumerate(market.caps.tolist()) if low <= place < high]


def blocks(market: Market, seat: Seat) -> list[tuple[int, int]]:
    """Applicants and places that would rather have each other, nobody giving up a seat for the other's sake."""
    found = []
    for who in range(market.applicants):
        listed = wishes(market, who)
        better = listed[: listed.index(seat[who])] if who in seat else listed
        for place in better:
            mine = key(market, who, place)
            # Only those who stand above must fit beside the newcomer; the own seat counts as another's.
            above = {one: at for one, at in seat.items() if at == place or _under_one_cap(market, at, place)}
            above = {one: at for one, at in above.items() if one == who or key(market, one, at) > mine}
            newcomer = -1 - who
            if fits(market, above | {newcomer: place}):
                found.append((who, place))
    return found


def _under_one_cap(market: Market, one: int, other: int) -> bool:
    return any(low <= one < high and low <= other < high for low, high, _, _ in market.caps.tolist())


def all_stable(market: Market) -> list[Seat]:
    """Every stable result, by trying all."""
    choices = [[None, *wishes(market, who)] for who in range(market.applicants)]
    found = []
    for chosen in product(*choices):
        seat = {who: place for who, place in enumerate(chosen) if place is not None}
        if fits(market, seat) and not blocks(market, seat):
            found.append(seat)
    return found


def seats_of(market: Market, result: Ints) -> Seat:
    """Where the engine's result puts everybody."""
    return {who: int(market.rows[who, market.components + met]) - 1 for who, met in enumerate(result) if met != NOWHERE}

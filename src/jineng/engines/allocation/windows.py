"""Who is held at a place, lowest first when asked. Loaded late: it brings numba.

A place keeps its admitted as keys: a heap of unsorted ones and, apart from it, a short window of the lowest in order,
filled anew by partial selection when it runs out. Only who would be next to go must be known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jineng.engines.allocation.market import TIE_BITS, Ints, Market
from jineng.engines.compiling import inner

HIGHEST = (1 << 63) - 1


class Pools(NamedTuple):
    """Who is held where, while places are being given out.

    `weights` are the market's, for four components at least; `bar` is the score below which nobody reaches `cut`. Both
    go by cells (place + 1; 0: nothing, and nobody reaches it) and are floating point: scores are whole and far below
    2^53, hence exact. `place`: what is kept of each place side by side, by the columns below. `keys` holds the unsorted
    ones, `window` the lowest in falling order. `lowest`: the lowest key held at each place (HIGHEST: nobody). `cut`:
    the key that must be reached at each place, its own seats and narrow caps considered, wide ones once they turned
    somebody away there; it only rises, for whoever was turned away once would be again. `cap_held`, `cap_cut`: how many
    each cap holds, and its lowest key if it is full. `wide_of`: per place the innermost cap over many places, -1 for
    none. `tree`: the lowest keys of ranges of places, from when the first wide cap is full (`planted`).
    `waiting`: rows that were displaced, and from which column they go on.
    """

    weights: Ints
    bar: Ints
    place: Ints
    keys: Ints
    window: Ints
    lowest: Ints
    cut: Ints
    cap_held: Ints
    cap_cut: Ints
    wide_of: Ints
    tree: Ints
    planted: Ints
    waiting: Ints


HELD, SEATS, START, WINDOW_HELD, WINDOW, WIDTH = range(6)
"""Of a place: how many unsorted keys it holds, its seats, where its keys begin, how many the window holds, where it
begins, how many fit."""


def new_pools(market: Market) -> Pools:
    """Empty pools for a market."""
    places, caps = market.places, market.caps
    # More can never come than there are rows, however many seats are planned.
    room = np.minimum(market.seats, market.applicants)
    width = 2 * np.sqrt(room).astype(np.int64) + 8
    table = np.zeros((places, 8), np.int64)
    table[:, SEATS] = market.seats
    table[:, START] = np.cumsum(room) - room
    table[:, WINDOW] = np.cumsum(width) - width
    table[:, WIDTH] = width
    weights = np.zeros((places + 1, max(market.components, UNROLLED)))
    weights[1:, : market.components] = market.weights
    cut = np.where(market.seats > 0, market.least << TIE_BITS, HIGHEST)
    wide_of = np.full(places, -1, np.int64)
    # Outer caps come first, so that the innermost is written last.
    for cap in sorted(range(len(caps)), key=lambda at: int(caps[at, 0] - caps[at, 1])):
        low, high, limit, _ = caps[cap].tolist()
        if high - low > NARROW:
            wide_of[low:high] = cap
        if limit == 0:
            cut[low:high] = HIGHEST
    bar = np.full(places + 1, float(HIGHEST >> TIE_BITS))
    bar[1:] = cut >> TIE_BITS
    return Pools(
        weights,
        bar,
        table,
        np.empty(int(room.sum()), np.int64),
        np.empty(int(width.sum()), np.int64),
        np.full(places, HIGHEST, np.int64),
        cut,
        np.zeros(len(caps), np.int64),
        np.zeros(len(caps), np.int64),
        wide_of,
        np.full(2 * places if (wide_of >= 0).any() else 0, HIGHEST, np.int64),
        np.zeros(1, np.bool_),
        np.zeros((PATIENCE, 4), np.int64),
    )


PATIENCE = 8
"""So many displaced may wait at once."""
UNROLLED = 4
"""So many components are multiplied without a loop; where there are fewer, the weights of the others are 0."""
NARROW = 48
"""A cap over so many places is asked by looking at all; over more, by the tree."""


@inner
def lowest_to_end(keys: Ints, low: int, high: int, count: int) -> None:
    """Moves the `count` lowest of keys[low:high] to its end, in no order."""
    cut = high - count
    left, right = low, high - 1
    while left < right:
        pivot = keys[(left + right) >> 1]
        # The lowest of one key in so many that are wanted leaves little above them, and jumps seldom go astray.
        for at in range(left, right, 3 * (right + 1 - cut)):
            pivot = min(pivot, keys[at])
        i, j = left, right
        while i <= j:
            while keys[i] > pivot:
                i += 1
            while keys[j] < pivot:
                j -= 1
            if i <= j:
                keys[i], keys[j] = keys[j], keys[i]
                i += 1
                j -= 1
        if cut <= j:
            right = j
        elif cut >= i:
            left = i
        else:
            break


@inner
def refill(pools: Pools, place: int) -> None:
    """Fills an empty window half with the lowest of the unsorted keys, falling."""
    own, keys, window = pools.place[place], pools.keys, pools.window
    first = own[WINDOW]
    count = min(own[HELD], own[WIDTH] >> 1)
    end = own[START] + own[HELD]
    lowest_to_end(keys, own[START], end, count)
    for at in range(count):
        key = keys[end - count + at]
        to = first + at
        while to > first and window[to - 1] < key:
            window[to] = window[to - 1]
            to -= 1
        window[to] = key
    own[HELD] -= count
    own[WINDOW_HELD] = count


@inner
def put(pools: Pools, place: int, key: int) -> None:
    """Adds a key to a place that has room for it."""
    own, window = pools.place[place], pools.window
    width, first = own[WINDOW_HELD], own[WINDOW]
    if width > 0 and key < window[first]:
        to = first + width
        if width < own[WIDTH]:
            while window[to - 1] < key:
                window[to] = window[to - 1]
                to -= 1
            window[to] = key
            own[WINDOW_HELD] = width + 1
            return
        # The window is full: its highest joins the unsorted.
        highest = window[first]
        to = first
        while to + 1 < first + width and window[to + 1] > key:
            window[to] = window[to + 1]
            to += 1
        window[to] = key
        key = highest
    pools.keys[own[START] + own[HELD]] = key
    own[HELD] += 1


@inner
def drop_lowest(pools: Pools, place: int) -> int:
    """Takes the lowest key out of a place that holds some, and gives it."""
    own = pools.place[place]
    if own[WINDOW_HELD] == 0:
        refill(pools, place)
    own[WINDOW_HELD] -= 1
    key: int = pools.window[own[WINDOW] + own[WINDOW_HELD]]
    return key


@inner
def find_lowest(pools: Pools, place: int) -> int:
    """The lowest key that a place holds; HIGHEST where it holds none."""
    own = pools.place[place]
    if own[WINDOW_HELD] == 0:
        if own[HELD] == 0:
            return HIGHEST
        refill(pools, place)
    key: int = pools.window[own[WINDOW] + own[WINDOW_HELD] - 1]
    return key

"""Deferred acceptance over a packed market. Loaded late: it brings numba.

A place keeps its admitted as keys: a heap of unsorted ones and, apart from it, a short window of the lowest in order,
filled anew by partial selection when it runs out. Only who would be next to go must be known.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from jineng.engines.allocation.market import NOWHERE, TIE_BITS, Ints, Market
from jineng.engines.compiling import kernel

LATE = (1 << TIE_BITS) - 1
HIGHEST = (1 << 63) - 1


class Pools(NamedTuple):
    """Who is held where, while places are being given out.

    `place`: what is kept of each place side by side, by the columns below. `keys` holds the unsorted ones, `window`
    the lowest in falling order. `cut`: the key that must be reached there, its own seats considered. `cap_held`,
    `cap_cut`: the same of each cap. `tree`: the lowest keys of ranges of places, for caps over many. `weights` are the
    market's, for four components at least.
    """

    weights: Ints
    place: Ints
    keys: Ints
    window: Ints
    cut: Ints
    cap_held: Ints
    cap_cut: Ints
    tree: Ints


HELD, SEATS, START, WINDOW_HELD, WINDOW, WIDTH, LOWEST, FLOOR = range(8)
"""Of a place: how many unsorted keys it holds, its seats, where its keys begin, how many the window holds, where it
begins, how many fit, the lowest key of all (HIGHEST: nobody), the key that is asked for while seats are free."""


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
    table[:, LOWEST] = HIGHEST
    table[:, FLOOR] = market.least << TIE_BITS
    wide = bool(len(caps)) and int((caps[:, 1] - caps[:, 0]).max()) > NARROW
    weights = np.zeros((places, max(market.components, UNROLLED)), np.int32)
    weights[:, : market.components] = market.weights
    return Pools(
        weights,
        table,
        np.empty(int(room.sum()), np.int64),
        np.empty(int(width.sum()), np.int64),
        np.where(market.seats > 0, table[:, FLOOR], HIGHEST),
        np.zeros(len(caps), np.int64),
        np.where(caps[:, 2] > 0, 0, HIGHEST).astype(np.int64),
        np.full(2 * places if wide else 0, HIGHEST, np.int64),
    )


UNROLLED = 4
"""So many components are multiplied without a loop; where there are fewer, the weights of the others are 0."""
NARROW = 48
"""A cap over so many places is asked by looking at all; over more, by the tree."""


@kernel
def lowest_to_end(keys: Ints, low: int, high: int, count: int) -> None:
    """Moves the `count` lowest of keys[low:high] to its end, in no order."""
    cut = high - count
    left, right = low, high - 1
    while left < right:
        pivot = keys[(left + right) >> 1]
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


@kernel
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


@kernel
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


@kernel
def drop_lowest(pools: Pools, place: int) -> int:
    """Takes the lowest key out of a place that holds some, and gives it."""
    own = pools.place[place]
    if own[WINDOW_HELD] == 0:
        refill(pools, place)
    own[WINDOW_HELD] -= 1
    key: int = pools.window[own[WINDOW] + own[WINDOW_HELD]]
    return key


@kernel
def find_lowest(pools: Pools, place: int) -> int:
    """The lowest key that a place holds; HIGHEST where it holds none."""
    own = pools.place[place]
    if own[WINDOW_HELD] == 0:
        if own[HELD] == 0:
            return HIGHEST
        refill(pools, place)
    key: int = pools.window[own[WINDOW] + own[WINDOW_HELD] - 1]
    return key


@kernel
def note_lowest(pools: Pools, place: int, key: int) -> None:
    """Keeps the lowest key of a place, and the tree over it where there is one."""
    pools.place[place, LOWEST] = key
    half = len(pools.tree) >> 1
    if half > 0:
        at = place + half
        pools.tree[at] = key
        while at > 1:
            lower = min(pools.tree[at], pools.tree[at ^ 1])
            at >>= 1
            if pools.tree[at] == lower:
                break
            pools.tree[at] = lower


@kernel
def lowest_under(pools: Pools, low: int, high: int) -> int:
    """The lowest key held in a range of places."""
    lowest = HIGHEST
    if high - low <= NARROW:
        for place in range(low, high):
            lowest = min(lowest, pools.place[place, LOWEST])
        return lowest
    half = len(pools.tree) >> 1
    low += half
    high += half
    while low < high:
        if low & 1:
            lowest = min(lowest, pools.tree[low])
            low += 1
        if high & 1:
            high -= 1
            lowest = min(lowest, pools.tree[high])
        low >>= 1
        high >>= 1
    return lowest


@kernel
def place_of_lowest(pools: Pools, low: int, high: int, key: int) -> int:
    """The place of a range that holds this key as its lowest."""
    if high - low > NARROW:
        # Down the tree from the widest node within the range that has it.
        half = len(pools.tree) >> 1
        low += half
        high += half
        while True:
            if low & 1:
                if pools.tree[low] == key:
                    break
                low += 1
            if high & 1:
                high -= 1
                if pools.tree[high] == key:
                    low = high
                    break
            low >>= 1
            high >>= 1
        while low < half:
            low <<= 1
            if pools.tree[low] != key:
                low += 1
        return low - half
    while pools.place[low, LOWEST] != key:
        low += 1
    return low


@kernel
def displace(pools: Pools, place: int, key: int) -> int:
    """Adds a key that reached the cut-off of a full place under no cap; gives the key that had to go."""
    own = pools.place[place]
    gone = drop_lowest(pools, place)
    put(pools, place, key)
    lowest = find_lowest(pools, place)
    own[LOWEST] = lowest
    pools.cut[place] = lowest
    return gone


@kernel
def renew_cuts(market: Market, pools: Pools, place: int) -> None:
    """The cut-offs of a place and of the caps over it, after what it holds has changed."""
    own = pools.place[place]
    pools.cut[place] = own[LOWEST] if own[HELD] + own[WINDOW_HELD] == own[SEATS] else own[FLOOR]
    cap = market.cap_of[place]
    while cap >= 0:
        full = pools.cap_held[cap] == market.caps[cap, 2]
        pools.cap_cut[cap] = lowest_under(pools, market.caps[cap, 0], market.caps[cap, 1]) if full else 0
        cap = market.caps[cap, 3]


@kernel
def admit_capped(market: Market, pools: Pools, place: int, key: int) -> int:
    """Adds a key that reached all cut-offs on its path; gives the key that had to go, -1 for none.

    Who goes is the lowest under the innermost cap that is full, or at the place itself.
    """
    gone = -1
    loser = -1
    cap = -1
    own = pools.place[place]
    if own[HELD] + own[WINDOW_HELD] == own[SEATS]:
        loser = place
    else:
        cap = market.cap_of[place]
        while cap >= 0 and pools.cap_held[cap] < market.caps[cap, 2]:
            cap = market.caps[cap, 3]
        if cap >= 0:
            loser = place_of_lowest(pools, market.caps[cap, 0], market.caps[cap, 1], pools.cap_cut[cap])
    if loser >= 0:
        gone = drop_lowest(pools, loser)
        above = market.cap_of[loser]
        while above >= 0:
            pools.cap_held[above] -= 1
            above = market.caps[above, 3]
        if loser != place:
            note_lowest(pools, loser, find_lowest(pools, loser))
    put(pools, place, key)
    above = market.cap_of[place]
    while above >= 0:
        pools.cap_held[above] += 1
        above = market.caps[above, 3]
    if loser == place:
        note_lowest(pools, place, find_lowest(pools, place))
    elif key < own[LOWEST]:
        note_lowest(pools, place, key)
    if loser >= 0 and loser != place:
        renew_cuts(market, pools, loser)
    renew_cuts(market, pools, place)
    return gone


@kernel
def defer(market: Market, pools: Pools, result: Ints) -> None:
    """Student-optimal deferred acceptance; `result` gets per row the number of the preference met, or NOWHERE.

    One after another in the order of the rows; whoever is displaced goes on from the next preference at once. The
    outcome does not depend on that order.
    """
    # What is asked of every preference stands here, with the arrays at hand: calls would hand all of them over.
    rows, weights, cut, tie_of, cap_of = market.rows, pools.weights, pools.cut, market.tie_of, market.cap_of
    cap_cut, caps, ranks, own, keys = pools.cap_cut, market.caps, market.ranks, pools.place, pools.keys
    first, width, has_ties, has_caps = market.components, rows.shape[1], len(ranks) > 0, len(caps) > 0
    second, third, fourth = min(1, width - 1), min(2, width - 1), min(3, width - 1)
    for entering in range(rows.shape[0]):
        who: Any = entering
        column: Any = first
        while True:
            gone = -1
            # Beyond the components these are anything, and count nothing.
            one, two = np.int64(rows[who, 0]), np.int64(rows[who, second])
            three, four = np.int64(rows[who, third]), np.int64(rows[who, fourth])
            result[who] = NOWHERE
            order = -1
            while column < width:
                place: Any = np.int64(rows[who, column]) - 1
                column += 1
                if place < 0:
                    continue
                score: Any = one * np.int64(weights[place, 0]) + two * np.int64(weights[place, 1])
                score += three * np.int64(weights[place, 2]) + four * np.int64(weights[place, 3])
                for at in range(UNROLLED, first):
                    score += np.int64(rows[who, at]) * np.int64(weights[place, at])
                rank: Any = np.int64(who)
                if has_ties:
                    order = tie_of[place]
                    if order >= 0:
                        rank = np.int64(ranks[order, who])
                key = (score << TIE_BITS) | (LATE - rank)
                if key < cut[place]:
                    continue
                cap = cap_of[place] if has_caps else np.int64(-1)
                if cap < 0:
                    held = own[place, HELD]
                    if held + own[place, WINDOW_HELD] < own[place, SEATS]:
                        # The window stays empty until somebody has to go.
                        keys[own[place, START] + held] = key
                        own[place, HELD] = held + 1
                        own[place, LOWEST] = min(own[place, LOWEST], key)
                        if held + 1 == own[place, SEATS]:
                            cut[place] = own[place, LOWEST]
                    else:
                        gone = displace(pools, place, key)
                else:
                    while cap >= 0 and key >= cap_cut[cap]:
                        cap = caps[cap, 3]
                    if cap >= 0:
                        continue
                    gone = admit_capped(market, pools, place, key)
                result[who] = column - 1 - first
                break
            if gone < 0:
                break
            # All places under one cap share their tie order, so it is also that of who goes.
            rank = LATE - (gone & LATE)
            who = rank if order < 0 else np.int64(market.holders[order, rank])
            column = first + np.int64(result[who]) + 1

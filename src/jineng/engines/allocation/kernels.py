"""Deferred acceptance over a packed market, under nested caps. Loaded late: it brings numba."""

from __future__ import annotations

from typing import Any

import numpy as np

from jineng.engines.allocation.market import NOWHERE, TIE_BITS, Ints, Market
from jineng.engines.allocation.windows import (
    HELD,
    HIGHEST,
    NARROW,
    PATIENCE,
    SEATS,
    START,
    UNROLLED,
    WINDOW_HELD,
    Pools,
    drop_lowest,
    find_lowest,
    put,
)
from jineng.engines.compiling import inner, kernel

LATE = (1 << TIE_BITS) - 1


@inner
def note_lowest(pools: Pools, place: int, key: int) -> None:
    """Keeps the lowest key of a place, and the tree over it where there is one."""
    pools.lowest[place] = key
    if pools.planted[0]:
        tree = pools.tree
        at = place + (len(tree) >> 1)
        tree[at] = key
        while at > 1:
            lower = min(tree[at], tree[at ^ 1])
            at >>= 1
            if tree[at] == lower:
                break
            tree[at] = lower


@inner
def plant(pools: Pools) -> None:
    """Makes the tree of what is held now."""
    tree = pools.tree
    half = len(tree) >> 1
    for place in range(half):
        tree[half + place] = pools.lowest[place]
    for at in range(half - 1, 0, -1):
        tree[at] = min(tree[2 * at], tree[2 * at + 1])
    pools.planted[0] = True


@inner
def lowest_under(pools: Pools, low: int, high: int) -> int:
    """The lowest key held in a range of places."""
    lowest = HIGHEST
    if high - low <= NARROW:
        for place in range(low, high):
            lowest = min(lowest, pools.lowest[place])
        return lowest
    tree = pools.tree
    half = len(tree) >> 1
    low += half
    high += half
    while low < high:
        if low & 1:
            lowest = min(lowest, tree[low])
            low += 1
        if high & 1:
            high -= 1
            lowest = min(lowest, tree[high])
        low >>= 1
        high >>= 1
    return lowest


@inner
def place_of_lowest(pools: Pools, low: int, high: int, key: int) -> int:
    """The place of a range that holds this key as its lowest."""
    if high - low > NARROW:
        # Down the tree from the widest node within the range that has it.
        tree = pools.tree
        half = len(tree) >> 1
        low += half
        high += half
        while True:
            if low & 1:
                if tree[low] == key:
                    break
                low += 1
            if high & 1:
                high -= 1
                if tree[high] == key:
                    low = high
                    break
            low >>= 1
            high >>= 1
        while low < half:
            low <<= 1
            if tree[low] != key:
                low += 1
        return low - half
    while pools.lowest[low] != key:
        low += 1
    return low


@inner
def lift(pools: Pools, place: int, cut: int) -> None:
    """Raises what must be reached at a place to `cut`, where it is lower."""
    cut = max(pools.cut[place], cut)
    pools.cut[place] = cut
    pools.bar[place + 1] = np.float64(cut >> TIE_BITS)


@inner
def displace(pools: Pools, place: int, key: int) -> int:
    """Adds a key that reached the cut-off of a full place under no cap; gives the key that had to go."""
    gone = drop_lowest(pools, place)
    put(pools, place, key)
    lowest = find_lowest(pools, place)
    pools.lowest[place] = lowest
    lift(pools, place, lowest)
    return gone


@inner
def raise_cuts(market: Market, pools: Pools, place: int) -> None:
    """Raises the cut-offs of a place and of the caps over it to what they now ask, where they are full."""
    own = pools.place[place]
    if own[HELD] + own[WINDOW_HELD] == own[SEATS]:
        lift(pools, place, pools.lowest[place])
    cap = market.cap_of[place]
    while cap >= 0:
        low, high = market.caps[cap, 0], market.caps[cap, 1]
        if pools.cap_held[cap] == market.caps[cap, 2]:
            if high - low > NARROW and not pools.planted[0]:
                plant(pools)
            lowest = lowest_under(pools, low, high)
            pools.cap_cut[cap] = lowest
            if high - low <= NARROW:
                for under in range(low, high):
                    lift(pools, under, lowest)
        cap = market.caps[cap, 3]


@inner
def admit_capped(market: Market, pools: Pools, place: int, key: int) -> int:
    """Adds a key that reached all cut-offs on its path; gives the key that had to go, -1 for none.

    Who goes is the lowest under the innermost cap that is full, or at the place itself.
    """
    gone = -1
    loser = -1
    own = pools.place[place]
    if own[HELD] + own[WINDOW_HELD] == own[SEATS]:
        loser = place
    else:
        cap = market.cap_of[place]
        while cap >= 0 and pools.cap_held[cap] < market.caps[cap, 2]:
            cap = market.caps[cap, 3]
        if cap >= 0:
            loser = place_of_lowest(pools, market.caps[cap, 0], market.caps[cap, 1], pools.cap_cut[cap])
    if loser != place:
        if loser >= 0:
            gone = drop_lowest(pools, loser)
            note_lowest(pools, loser, find_lowest(pools, loser))
            above = market.cap_of[loser]
            while above >= 0:
                pools.cap_held[above] -= 1
                above = market.caps[above, 3]
        put(pools, place, key)
        above = market.cap_of[place]
        while above >= 0:
            pools.cap_held[above] += 1
            above = market.caps[above, 3]
        if key < pools.lowest[place]:
            note_lowest(pools, place, key)
    else:
        gone = drop_lowest(pools, place)
        put(pools, place, key)
        note_lowest(pools, place, find_lowest(pools, place))
    raise_cuts(market, pools, place)
    return gone


@kernel
def defer(market: Market, pools: Pools, result: Ints) -> None:
    """Student-optimal deferred acceptance; `result` gets per row the number of the preference met, or NOWHERE.

    One after another in the order of the rows; whoever is displaced goes on from the next preference when a few others
    have come. The outcome does not depend on that order.
    """
    # What is asked of every preference stands here, with the arrays at hand: calls would hand all of them over.
    rows, tie_of, cap_of, caps, ranks = market.rows, market.tie_of, market.cap_of, market.caps, market.ranks
    weights, bar, cut, cap_cut, own, keys = pools.weights, pools.bar, pools.cut, pools.cap_cut, pools.place, pools.keys
    lowest, wide_of = pools.lowest, pools.wide_of
    first, width, has_ties, has_caps = market.components, np.uintp(rows.shape[1]), len(ranks) > 0, len(caps) > 0
    last = rows.shape[1] - 1
    second, third, fourth = min(1, last), min(2, last), min(3, last)
    waiting, entering, went, came = pools.waiting, 0, 0, 0
    while True:
        # Whoever was displaced goes on a little later, when memory has brought the row.
        who: Any = np.int64(entering)
        column: Any = np.uintp(first)
        if came - went == PATIENCE or (entering == rows.shape[0] and came > went):
            who, column = waiting[went & (PATIENCE - 1), 0], np.uintp(waiting[went & (PATIENCE - 1), 1])
            went += 1
        elif entering < rows.shape[0]:
            entering += 1
        else:
            break
        gone = -1
        # Beyond the components these are anything, and count nothing.
        one, two = np.float64(rows[who, 0]), np.float64(rows[who, second])
        three, four = np.float64(rows[who, third]), np.float64(rows[who, fourth])
        result[who] = NOWHERE
        order = -1
        while column < width:
            # Most preferences end at the bar: floating point works out four products at a time.
            cell: Any = np.uintp(rows[who, column])
            column += np.uintp(1)
            score: Any = one * weights[cell, 0] + two * weights[cell, 1]
            score += three * weights[cell, 2] + four * weights[cell, 3]
            for at in range(UNROLLED, first):
                score += np.float64(rows[who, at]) * weights[cell, at]
            if score < bar[cell]:
                continue
            place: Any = np.int64(cell) - 1
            rank: Any = np.int64(who)
            if has_ties:
                order = tie_of[place]
                if order >= 0:
                    rank = np.int64(ranks[order, who])
            key = (np.int64(score) << TIE_BITS) | (LATE - rank)
            if key < cut[place]:
                continue
            cap = cap_of[place] if has_caps else np.int64(-1)
            if cap < 0:
                held = own[place, HELD]
                if held + own[place, WINDOW_HELD] < own[place, SEATS]:
                    # The window stays empty until somebody has to go.
                    keys[own[place, START] + held] = key
                    own[place, HELD] = held + 1
                    lowest[place] = min(lowest[place], key)
                    if held + 1 == own[place, SEATS]:
                        lift(pools, place, lowest[place])
                else:
                    gone = displace(pools, place, key)
            else:
                cap = wide_of[place]
                while cap >= 0 and key >= cap_cut[cap]:
                    cap = caps[cap, 3]
                if cap >= 0:
                    # A wide cap does not tell all its places what it asks, but this one from now on.
                    lift(pools, place, cap_cut[cap])
                    continue
                gone = admit_capped(market, pools, place, key)
            result[who] = np.int64(column) - 1 - first
            break
        if gone >= 0:
            # All places under one cap share their tie order, so it is also that of who goes.
            rank = LATE - (gone & LATE)
            who = rank if order < 0 else np.int64(market.holders[order, rank])
            column = first + np.int64(result[who]) + 1
            waiting[came & (PATIENCE - 1), 0], waiting[came & (PATIENCE - 1), 1] = who, column
            # Never asked for: read so that it is near when it is.
            waiting[came & (PATIENCE - 1), 2] = rows[who, 0]
            waiting[came & (PATIENCE - 1), 3] = rows[who, min(column, last)]
            came += 1

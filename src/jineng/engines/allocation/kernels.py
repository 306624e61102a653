"""Deferred acceptance over a packed market, under nested caps. Loaded late: it brings numba."""

from __future__ import annotations

from typing import Any

import numpy as np

from jineng.engines.allocation.market import NOWHERE, TIE_BITS, Ints, Market
from jineng.engines.allocation.windows import (
    HELD,
    HIGHEST,
    NARROW,
    SEATS,
    START,
    UNROLLED,
    WINDOW_HELD,
    Pools,
    drop_lowest,
    find_lowest,
    put,
)
from jineng.engines.compiling import kernel

LATE = (1 << TIE_BITS) - 1


@kernel
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


@kernel
def plant(pools: Pools) -> None:
    """Makes the tree of what is held now."""
    tree = pools.tree
    half = len(tree) >> 1
    for place in range(half):
        tree[half + place] = pools.lowest[place]
    for at in range(half - 1, 0, -1):
        tree[at] = min(tree[2 * at], tree[2 * at + 1])
    pools.planted[0] = True


@kernel
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


@kernel
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


@kernel
def displace(pools: Pools, place: int, key: int) -> int:
    """Adds a key that reached the cut-off of a full place under no cap; gives the key that had to go."""
    gone = drop_lowest(pools, place)
    put(pools, place, key)
    lowest = find_lowest(pools, place)
    pools.lowest[place] = lowest
    pools.cut[place] = lowest
    return gone


@kernel
def raise_cuts(market: Market, pools: Pools, place: int) -> None:
    """Raises the cut-offs of a place and of the caps over it to what they now ask, where they are full."""
    own = pools.place[place]
    if own[HELD] + own[WINDOW_HELD] == own[SEATS]:
        pools.cut[place] = max(pools.cut[place], pools.lowest[place])
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
                    pools.cut[under] = max(pools.cut[under], lowest)
        cap = market.caps[cap, 3]


@kernel
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

    One after another in the order of the rows; whoever is displaced goes on from the next preference at once. The
    outcome does not depend on that order.
    """
    # What is asked of every preference stands here, with the arrays at hand: calls would hand all of them over.
    rows, weights, cut, tie_of, cap_of = market.rows, pools.weights, pools.cut, market.tie_of, market.cap_of
    cap_cut, caps, ranks, own, keys = pools.cap_cut, market.caps, market.ranks, pools.place, pools.keys
    lowest, wide_of = pools.lowest, pools.wide_of
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
                        lowest[place] = min(lowest[place], key)
                        if held + 1 == own[place, SEATS]:
                            cut[place] = lowest[place]
                    else:
                        gone = displace(pools, place, key)
                else:
                    cap = wide_of[place]
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

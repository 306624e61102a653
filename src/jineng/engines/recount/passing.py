"""One pass over a whole province as arrays: does everybody sit at the first preference whose cut-offs they reach?

The arrays are those of a packed market and of its result. A key is worked out from the row and the place's weights;
nothing is taken from the engine but its claims. Loaded late: it brings numba.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from jineng.engines.compiling import kernel
from jineng.engines.recount.checking import Finding

Ints = npt.NDArray[Any]
NOBODY = (1 << 63) - 1
UNPLACED = 255


@kernel
def look(
    rows: Ints,
    low: int,
    high: int,
    components: int,
    weights: Ints,
    line: Ints,
    need: Ints,
    tie_of: Ints,
    ranks: Ints,
    met: Ints,
    taken: Ints,
    lowest: Ints,
    wrong: Ints,
) -> None:
    """Looks at the rows from `low` on to before `high`; counts who sits where, and who should not (`wrong`).

    `weights` and `need` go by cells (place + 1; 0: nothing): `need` is the score without which nobody reaches the line.
    """
    last = rows.shape[1] - 1
    for who in range(low, high):
        own: Any = components + np.int64(met[who])
        if met[who] == UNPLACED:
            own = last + 1
        elif own > last or rows[who, own] == 0:
            wrong[1] += 1
            continue
        # Four products stand without a loop: where there are fewer components, the weights are 0. Scores are whole
        # and below 2^38, hence exact in floating point, which works out four products at a time.
        a, b = np.float64(rows[who, 0]), np.float64(rows[who, min(1, last)])
        c, d = np.float64(rows[who, min(2, last)]), np.float64(rows[who, min(3, last)])
        mine: Any = np.uintp(own)
        for column in range(np.uintp(components), np.uintp(min(own, last) + 1)):
            cell = np.uintp(rows[who, column])
            score: Any = a * weights[cell, 0] + b * weights[cell, 1] + c * weights[cell, 2] + d * weights[cell, 3]
            for at in range(4, components):
                score += np.float64(rows[who, at]) * weights[cell, at]
            if score < need[cell] and column != mine:
                continue
            place: Any = np.int64(cell) - 1
            earlier: Any = np.int64(who)
            if len(ranks) > 0 and tie_of[place] >= 0:
                earlier = np.int64(ranks[tie_of[place], who])
            key = np.int64(score) * 16777216 + 16777215 - earlier
            if (key >= line[place]) != (column == mine):
                wrong[0] += 1
            if column == mine:
                taken[place] += 1
                lowest[place] = min(lowest[place], key)


def check_pass(market: Any, settled: Any, threads: int = 1) -> list[Finding]:
    """Findings on a settled market (see `jineng.engines.allocation.bulk`); the same for any number of threads.

    Checked: everybody is at the first preference whose published cut-offs they reach; no place and no cap holds too
    many; every cut-off is that of the last who got in, and stands only where it is full.
    """
    places = len(market.seats)
    line = settled.cuts.copy()
    for (low, high, _, _), cut in zip(market.caps.tolist(), settled.cap_cuts.tolist(), strict=True):
        line[low:high] = np.maximum(line[low:high], cut)
    weights = np.zeros((places + 1, max(4, market.components)))
    weights[1:, : market.components] = market.weights
    need = np.append(float(NOBODY), line >> 24)
    size = -(-len(market.rows) // threads) or 1
    parts = [
        (
            low,
            min(low + size, len(market.rows)),
            np.zeros(places, np.int64),
            np.full(places, NOBODY),
            np.zeros(2, np.int64),
        )
        for low in range(0, len(market.rows), size)
    ]

    def one(part: tuple[int, int, Ints, Ints, Ints]) -> None:
        low, high, *found = part
        rows, ties = market.rows, (market.tie_of, market.ranks)
        look(rows, low, high, market.components, weights, line, need, *ties, settled.met, *found)

    with ThreadPoolExecutor(threads) as workers:
        list(workers.map(one, parts))
    taken = sum((part[2] for part in parts), np.zeros(places, np.int64))
    lowest = (
        np.minimum.reduce([part[3] for part in parts], initial=NOBODY, axis=0) if parts else np.full(places, NOBODY)
    )
    wrong = sum((part[4] for part in parts), np.zeros(2, np.int64))
    return list(_findings(market, settled, taken, lowest, wrong))


def _findings(market: Any, settled: Any, taken: Ints, lowest: Ints, wrong: Ints) -> Iterator[Finding]:
    yield _finding("结果 rows", int(wrong[1]), "每条结果指向一个志愿 every row names a preference")
    yield _finding(
        "一遍核对 one pass", int(wrong[0]), "每人都在其首个达线志愿 everybody is at the first preference they met"
    )
    yield _finding("席位 seats", int((taken > market.seats).sum()), "没有超额 no place holds too many")
    full = taken == market.seats
    right = np.where(full, settled.cuts == lowest, settled.cuts == market.least << 24)
    yield _finding("分数线 cut-offs", int((~right).sum()), "都是末位录取者的 all are of the last who got in")
    over = unlike = 0
    for (low, high, limit, _), cut in zip(market.caps.tolist(), settled.cap_cuts.tolist(), strict=True):
        inside = int(taken[low:high].sum())
        over += inside > limit
        unlike += cut != (int(lowest[low:high].min(initial=NOBODY)) if inside == limit else 0)
    yield _finding("限额 caps", over, "没有突破 none is broken")
    yield _finding("限额线 cut-offs of caps", unlike, "都是末位录取者的 all are of the last who got in")


def _finding(what: str, wrong: int, fine: str) -> Finding:
    return Finding(what, not wrong, fine if not wrong else f"{wrong} 处不符 wrong")

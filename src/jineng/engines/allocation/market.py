"""A market as arrays: what the inner loops work on. Applicants are rows, places are numbers, preferences are cells.

A row holds the applicant's score components and then the preferences (place + 1; 0: nothing), so that whoever is
displaced costs one or two cache lines. Rows stand in the reference order, best first, which is also the order in
which ties are broken. A score is never stored: it is the product of the components and the place's weights.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from jineng.engines.allocation.faults import AllocationError, Fault

TIE_BITS = 24
"""A key is the score times 2 to this power, and below it how early the applicant stands in the tie order."""
MOST_APPLICANTS = (1 << TIE_BITS) - 1
MOST_PREFERENCES = 254
MOST_SCORE = 1 << 38
NOWHERE = 255
"""In the result: no preference could be met."""

Ints = npt.NDArray[Any]


class Market(NamedTuple):
    """Applicants × places, packed. Made by `pack_market`, which vouches for it.

    `rows`: n × (components + preferences), 16 or 32 bits unsigned. `components`: how many of the columns are scores.
    `weights`: places × components. `least`: the lowest score that a place takes. `seats`: per place.
    `tie_of`: per place the tie order that holds there, -1 for the order of the rows. `ranks`: tie orders × applicants,
    0 for who comes first. `holders`: the inverse of `ranks`. `cap_of`: per place the innermost cap over it, -1 for
    none. `caps`: caps × (first place, place after the last, limit, the cap around it or -1).
    """

    rows: Ints
    components: int
    weights: Ints
    least: Ints
    seats: Ints
    tie_of: Ints
    ranks: Ints
    holders: Ints
    cap_of: Ints
    caps: Ints

    @property
    def applicants(self) -> int:
        return int(self.rows.shape[0])

    @property
    def places(self) -> int:
        return int(self.seats.shape[0])

    @property
    def preferences(self) -> int:
        """The length of the longest list that fits."""
        return int(self.rows.shape[1]) - self.components


def pack_market(
    rows: Ints,
    components: int,
    weights: Ints,
    seats: Ints,
    *,
    least: Ints | None = None,
    tie_of: Ints | None = None,
    ranks: Ints | None = None,
    caps: Ints | None = None,
) -> Market:
    """The market over arrays that are taken as they are, without copying the rows.

    `caps` are (first place, place after the last, limit): ranges of places that lie in one another or apart. Raises
    AllocationError where an array does not fit, a cap cuts across another, or something is more than the types hold.
    """
    places = len(seats)
    faults = list(_row_faults(rows, components, weights, places))
    if faults:
        raise AllocationError(faults)
    tables = caps if caps is not None else np.zeros((0, 3), np.int64)
    order, parents = nest([(int(lo), int(hi)) for lo, hi, _ in tables])
    kept = np.array([[*tables[at], parents[at]] for at in range(len(tables))], np.int64).reshape(-1, 4)
    inner = np.full(places, -1, np.int64)
    for at in order:
        inner[kept[at, 0] : kept[at, 1]] = at
    orders = np.zeros((0, len(rows)), np.uint32) if ranks is None else ranks.astype(np.uint32)
    holders = np.zeros_like(orders)
    for at, rank in enumerate(orders):
        holders[at, rank] = np.arange(len(rows), dtype=np.uint32)
    return Market(
        rows,
        components,
        np.ascontiguousarray(weights, np.int32),
        np.zeros(places, np.int64) if least is None else least.astype(np.int64),
        seats.astype(np.int64),
        np.full(places, -1, np.int64) if tie_of is None else tie_of.astype(np.int64),
        orders,
        holders,
        inner,
        kept,
    )


def _row_faults(rows: Ints, components: int, weights: Ints, places: int) -> list[Fault]:
    faults = []

    def wrong(code: str, zh: str, en: str) -> None:
        faults.append(Fault("", code, zh, en))

    if rows.dtype not in (np.dtype(np.uint16), np.dtype(np.uint32)) or rows.ndim != 2:
        wrong("rows", "考生数组应是 16 或 32 位无符号整数的二维数组", "rows are a table of 16 or 32 bits unsigned")
    elif len(rows) > MOST_APPLICANTS:
        wrong(
            "too_many_applicants",
            f"一次最多 {MOST_APPLICANTS} 名考生，却有 {len(rows)} 名：请按省份分开运行",
            f"one run takes {MOST_APPLICANTS} applicants, found {len(rows)}: run provinces apart",
        )
    elif rows.shape[1] - components > MOST_PREFERENCES:
        wrong(
            "too_many_preferences",
            f"每人最多 {MOST_PREFERENCES} 个展开后的志愿，却有 {rows.shape[1] - components} 个",
            f"a list holds {MOST_PREFERENCES} preferences, found {rows.shape[1] - components}",
        )
    elif places >= np.iinfo(rows.dtype).max:
        wrong("too_many_places", f"{places} 个招生单元放不进所用的数组类型", f"{places} places do not fit the type")
    elif weights.shape != (places, components):
        wrong("weights", "权重数组的形状与招生单元、成绩项不符", "weights are not places × components")
    elif weights.size and int(np.abs(weights).sum(axis=1).max()) * int(np.iinfo(rows.dtype).max) >= MOST_SCORE:
        highest = int(rows[:, :components].max(initial=0)) * int(np.abs(weights).sum(axis=1).max())
        if highest >= MOST_SCORE:
            wrong("too_high", "总分超出可表示的范围：请减小分值单位", "scores are too high to hold: use a larger unit")
    return faults


def nest(ranges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Ranges from outer to inner, and for each the one around it (-1: none).

    Raises AllocationError("crossing") where two overlap without one lying in the other.
    """
    order = sorted(range(len(ranges)), key=lambda at: (ranges[at][0], -ranges[at][1], at))
    parents = [-1] * len(ranges)
    open_: list[int] = []
    for at in order:
        lo, hi = ranges[at]
        while open_ and ranges[open_[-1]][1] <= lo:
            open_.pop()
        if open_ and hi > ranges[open_[-1]][1]:
            raise AllocationError([crossing(f"caps[{at}]", f"{open_[-1]}", f"{at}")])
        parents[at] = open_[-1] if open_ else -1
        open_.append(at)
    return order, parents


def crossing(path: str, one: str, other: str) -> Fault:
    """Two caps that share places without one lying in the other."""
    return Fault(
        path,
        "crossing",
        f"限额“{one}”与“{other}”部分重叠：只有彼此包含或互不相交的限额才有公认的唯一公平结果；请拆分或合并其中之一",
        f"the caps {one} and {other} overlap in part: only caps that lie in one another or apart have one fair result "
        "that is best for all applicants at once; split one or join them",
    )

"""Assignment as a flow of least cost: from groups of like applications to reviewers, and on to their loads.

A group is a set of applications of one kind. It sends `each` units for every member; to a reviewer it can send one for
every member that the reviewer has no conflict with, and to an organisation `together` for every member. A reviewer's
load flows on in units that cost ever more, the difference of one square to the next. All capacities are whole, so the
best flow is whole, too: nothing is rounded. What a group as a whole may do, its members may not always do one by one;
that is settled when the flow is dealt out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jineng.engines.casework.faults import Refused
from jineng.engines.casework.panels import BEST, Index, Problem, Scores

_FAR = np.int8(127)
_DEAREST = 2**62


@dataclass(frozen=True)
class Arcs:
    """Who may be sent to whom: by group and reviewer, in this order, with the number of members without conflict."""

    group: Index
    reviewer: Index
    room: Index


@dataclass(frozen=True)
class Groups:
    """Applications gathered: the group of each application; of each group its kind and number of members."""

    of: Index
    kind: Index
    size: Index

    @classmethod
    def by(cls, of: Index, kind: Index) -> Groups:
        """Groups from the number of each application's group; members are all of one kind."""
        _, first, dense, size = np.unique(of, return_index=True, return_inverse=True, return_counts=True)
        return cls(dense.astype(np.int64), kind[first], size.astype(np.int64))


def arcs_between(problem: Problem, groups: Groups, wanted: Index) -> Arcs:
    """The arcs at these places (group × reviewers + reviewer, ascending) that have room for anyone."""
    width = len(problem.reviewers)
    owner = np.repeat(groups.of, np.diff(problem.starts))
    places, counts = np.unique(owner * width + problem.barred, return_counts=True)
    room = groups.size[wanted // width].copy()
    if len(places):
        at = np.minimum(np.searchsorted(places, wanted), len(places) - 1)
        room -= np.where(places[at] == wanted, counts[at], 0)
    kept = room > 0
    return Arcs(wanted[kept] // width, wanted[kept] % width, room[kept])


def best_flow(problem: Problem, groups: Groups, arcs: Arcs) -> Index | None:
    """How many of each arc's group go to its reviewer in a flow of least cost; None where there is no flow at all."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    first, sink = len(groups.size), len(groups.size) + len(problem.reviewers)
    score = problem.match[groups.kind[arcs.group], arcs.reviewer].astype(np.int64)
    shared, places = _organisations(problem, arcs)
    tails = np.where(shared >= 0, sink + 1 + shared, arcs.group)
    sent = flow.add_arcs_with_capacity_and_unit_cost(tails, first + arcs.reviewer, arcs.room, -score * problem.weight)
    group_of = places // (int(problem.organisation.max(initial=0)) + 1)
    flow.add_arcs_with_capacity_and_unit_cost(
        group_of, sink + 1 + np.arange(len(places)), problem.together * groups.size[group_of], np.zeros_like(places)
    )
    room = problem.most - problem.least
    taker = np.repeat(np.arange(len(problem.reviewers)), room)
    load = np.arange(len(taker)) - np.repeat(np.cumsum(room) - room, room) + (problem.held + problem.least)[taker]
    flow.add_arcs_with_capacity_and_unit_cost(
        first + taker, np.full_like(taker, sink), np.ones_like(taker), 2 * load + 1
    )
    flow.set_nodes_supplies(np.arange(len(groups.size)), groups.size * problem.each)
    flow.set_nodes_supplies(first + np.arange(len(problem.reviewers)), -problem.least)
    flow.set_node_supply(sink, int(problem.least.sum()) - problem.pairs)
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise Refused("too_large", f"无法求解（{status}）：规模过大", f"cannot be solved ({status}): too large")
    return np.asarray(flow.flows(sent), np.int64)


def _organisations(problem: Problem, arcs: Arcs) -> tuple[Index, Index]:
    """Which arcs share a limit by organisation (by number, −1 for none), and group × organisations + organisation of
    each such limit. Where no more reviewers of an organisation than may sit together are at hand, none is needed."""
    width = int(problem.organisation.max(initial=0)) + 1
    places, inverse, counts = np.unique(
        arcs.group * width + problem.organisation[arcs.reviewer], return_inverse=True, return_counts=True
    )
    limited = (counts > problem.together) & (problem.together < problem.each)
    number = np.where(limited, np.cumsum(limited) - 1, -1)
    return number[inverse].astype(np.int64), places[limited]


def prices_of(problem: Problem, groups: Groups, arcs: Arcs, flow: Index) -> list[int]:
    """Prices of the reviewers at which a flow of least cost is worth as much as the bound that they prove.

    A reviewer's price lies between the cost of the last unit of load and of the next, and no group gains by putting
    one reviewer in another's place. These are differences, so the prices are shortest ways.
    """
    loads = np.bincount(arcs.reviewer, weights=flow, minlength=len(problem.reviewers)).astype(np.int64)
    carried = problem.held + loads
    gain = _exchanges(problem, groups, arcs, flow)
    # Who can take no more has no limit above; what no chain of exchanges can reach serves as none.
    none = int(2 * carried.max(initial=0) + 1) + BEST * problem.weight * (len(problem.reviewers) + 1)
    prices = _shortest(np.where(loads < problem.most, 2 * carried + 1, none), gain, problem.weight)
    return [int(price) for price in prices]


def _exchanges(problem: Problem, groups: Groups, arcs: Arcs, flow: Index) -> Scores:
    """What is lost at least, in expertise, when some group takes the reviewer of the column for that of the row."""
    width = len(problem.reviewers)
    loss = np.full((width, width), _FAR, np.int8)
    np.fill_diagonal(loss, 0)
    score = problem.match[groups.kind[arcs.group], arcs.reviewer]
    organisation = problem.organisation[arcs.reviewer]
    bounds = np.searchsorted(arcs.group, np.arange(len(groups.size) + 1)).tolist()
    for group, (start, end) in enumerate(pairwise(bounds)):
        part = slice(start, end)
        sent, mine = flow[part], organisation[part]
        taken = np.flatnonzero(sent > 0)
        free = sent < arcs.room[part]
        used = np.bincount(mine, weights=sent)
        is_full = used[mine] >= problem.together * int(groups.size[group])
        _lower(loss, arcs.reviewer[part], score[part], taken, np.flatnonzero(free & ~is_full))
        # Within an organisation that has all it may, one can still stand in for another.
        for number in np.unique(mine[taken][is_full[taken]]).tolist():
            inside = mine == number
            _lower(loss, arcs.reviewer[part], score[part], taken[inside[taken]], np.flatnonzero(free & inside))
    return loss


def _lower(
    loss: Scores,
    reviewer: Index,
    score: Scores,
    rows: Index,
    columns: Index,
) -> None:
    here = np.ix_(reviewer[rows], reviewer[columns])
    loss[here] = np.minimum(loss[here], score[rows][:, None] - score[columns][None, :])


def _shortest(start: Index, loss: Scores, weight: int) -> Index:
    """The greatest prices not above `start` with price(row) ≤ price(column) + loss × weight wherever there is one."""
    prices, before = start.copy(), start + 1
    blocked = loss == _FAR
    while (prices != before).any():
        before = prices.copy()
        for at in range(0, len(start), 256):
            rows = slice(at, at + 256)
            ways = prices[None, :] + loss[rows].astype(np.int64) * weight
            ways[blocked[rows]] = _DEAREST
            prices[rows] = np.minimum(prices[rows], ways.min(axis=1))
    return prices

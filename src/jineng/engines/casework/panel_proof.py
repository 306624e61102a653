"""The proof of an assignment: that it keeps all conditions, and how far it can be from the best at most.

The bound is Lagrangian. Give each reviewer a price and let every application take its best reviewers by expertise
less price, without a care for loads, while each reviewer takes the load that is best at that price. No assignment can
be worth more than both together, whatever the prices; so whoever checks needs to trust neither them nor their maker.
At the right prices the bound is met exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from jineng.engines.casework.faults import Fault
from jineng.engines.casework.panels import Index, Problem

MOST_FAULTS = 100
_LOOKED_AT = 48
"""So many reviewers are put in order for an application at first; all of them only where these do not do."""


@dataclass(frozen=True)
class Proof:
    """What is proven of an assignment.

    `expertise` and `squares` are what it reaches, `bound` the most expertise that any assignment can reach, and
    `is_optimal` that none is better in either. `faults` are conditions that it does not keep.
    """

    expertise: int
    squares: int
    bound: int
    is_optimal: bool
    faults: tuple[Fault, ...] = ()

    @property
    def gap(self) -> Fraction:
        """The part of the bound that may be missing; 0 when nothing is."""
        return Fraction(self.bound - self.expertise, self.bound) if self.bound else Fraction(0)


def verify_assignment(problem: Problem, teams: Index, prices: Sequence[int]) -> Proof:
    """Checks an assignment (a row of reviewers for each application, by number) and bounds it by the prices.

    Trusts nothing but the problem. Conditions: `each` different reviewers for every application, none in conflict, no
    more than `together` of one organisation, and every reviewer's load within least and most.
    """
    faults = tuple(_faults(problem, teams))[:MOST_FAULTS]
    if faults:
        return Proof(0, 0, 0, False, faults)
    loads = np.bincount(teams.ravel(), minlength=len(problem.reviewers))
    expertise = int(problem.match[problem.kind[:, None], teams].astype(np.int64).sum())
    squares = int(((problem.held + loads) ** 2).sum())
    bound = upper_bound(problem, prices)
    is_optimal = expertise * problem.weight - squares == bound
    return Proof(expertise, squares, expertise_bound(problem, bound), is_optimal)


def expertise_bound(problem: Problem, bound: int) -> int:
    """The most expertise that any assignment can have when none is worth more than the bound."""
    return (bound + problem.most_squares) // problem.weight


def _faults(problem: Problem, teams: Index) -> Iterator[Fault]:
    if teams.shape != (len(problem.applications), problem.each):
        zh, en = f"应为每件 {problem.each} 名评审人", f"there must be {problem.each} reviewers for each application"
        yield Fault("", "shape", zh, en)
        return
    if teams.size and not 0 <= teams.min() <= teams.max() < len(problem.reviewers):
        yield Fault("", "unknown", "有不存在的评审人", "there is a reviewer whom nobody knows")
        return
    for code, found, zh, en in (
        ("twice", _most_alike(teams) > 1, "评审人重复", "has a reviewer twice"),
        ("conflict", _in_conflict(problem, teams), "评审人应回避", "has a reviewer in conflict"),
        (
            "together", _most_alike(problem.organisation[teams]) > problem.together,
            "评审人过多来自同一单位", "has too many reviewers of one organisation",
        ),
    ):  # fmt: skip
        for at in np.flatnonzero(found).tolist():
            name = problem.applications[at]
            yield Fault(f"[{at}]", code, f"{name} 的{zh}", f"{name} {en}")
    loads = np.bincount(teams.ravel(), minlength=len(problem.reviewers))
    for at in np.flatnonzero((loads < problem.least) | (loads > problem.most)).tolist():
        name, load, least, most = problem.reviewers[at], int(loads[at]), int(problem.least[at]), int(problem.most[at])
        zh, en = f"{name} 承担 {load} 件，应为 {least}–{most} 件", f"{name} has {load}, not {least} to {most}"
        yield Fault(name, "load", zh, en)


def _most_alike(table: Index) -> Index:
    """In each row, how often the value that stands there most often does."""
    often: Index = (table[:, :, None] == table[:, None, :]).sum(axis=2).max(axis=1, initial=0)
    return often


def _in_conflict(problem: Problem, teams: Index) -> npt.NDArray[np.bool_]:
    width = max(len(problem.reviewers), 1)
    owner = np.repeat(np.arange(len(problem.applications)), np.diff(problem.starts))
    # One last place that nothing stands at, so that every search ends at a place.
    barred = np.append(owner * width + problem.barred, -1)
    places = np.arange(len(problem.applications))[:, None] * width + teams
    met = barred[np.searchsorted(barred[:-1], places)] == places
    return np.asarray(met.any(axis=1), np.bool_)


def upper_bound(problem: Problem, prices: Sequence[int]) -> int:
    """The most that expertise × weight − squares can be, as these prices prove."""
    # Of the loads: the greatest price × load − (held + load)², which is at the load nearest to price ÷ 2 − held.
    total = 0
    for price, least, most, held in zip(
        prices, problem.least.tolist(), problem.most.tolist(), problem.held.tolist(), strict=True
    ):
        load = min(max(price // 2 - held, least), most)
        total += max(price * at - (held + at) ** 2 for at in (load, min(load + 1, most)))
    return total + sum(_best_teams(problem, np.array(prices, np.int64)))


def _best_teams(problem: Problem, prices: Index) -> Iterator[int]:
    """What the best team of every application is worth at these prices, loads aside."""
    organisations = problem.organisation.tolist()
    by_kind = np.argsort(problem.kind, kind="stable")
    for members in np.split(by_kind, np.flatnonzero(np.diff(problem.kind[by_kind])) + 1):
        if not len(members):
            continue
        worth = problem.match[problem.kind[members[0]]].astype(np.int64) * problem.weight - prices
        first, told = _best_first(worth, _LOOKED_AT), worth.tolist()
        everyone: list[int] = []
        known: dict[frozenset[int], int] = {}
        for application in members.tolist():
            barred = problem.barred_of[application]
            if barred not in known:
                team = _best_team(problem, first, barred, organisations)
                if len(team) < problem.each:
                    everyone = everyone or _best_first(worth, len(worth))
                    team = _best_team(problem, everyone, barred, organisations)
                known[barred] = sum(told[reviewer] for reviewer in team)
            yield known[barred]


def _best_first(worth: Index, number: int) -> list[int]:
    """The reviewers of the greatest worth, in order."""
    if number < len(worth):
        some = np.argpartition(-worth, number)[:number]
        return list(some[np.argsort(-worth[some], kind="stable")].tolist())
    return list(np.argsort(-worth, kind="stable").tolist())


def _best_team(problem: Problem, order: list[int], barred: frozenset[int], organisations: list[int]) -> list[int]:
    # Taking the best that still fits is right here: the limits by organisation make a matroid.
    team: list[int] = []
    of: Counter[int] = Counter()
    for reviewer in order:
        if reviewer in barred or of[organisations[reviewer]] >= problem.together:
            continue
        team.append(reviewer)
        of[organisations[reviewer]] += 1
        if len(team) == problem.each:
            break
    return team

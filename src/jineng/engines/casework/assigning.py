"""Automatic assignment of reviewers: optimal, or proven to be near it.

Applications of one kind are solved together as a flow of least cost and then dealt out. Where conflicts keep a part
of a group from being dealt as the flow says, and no exchange mends it, applications with the same conflicts become a
group of their own, in which dealing always succeeds, and the flow is solved anew. A flow over groups can only be worth
more than any assignment, so one that can be dealt out is an optimum. Where reviewers and kinds are too many to weigh
all pairs, only promising ones are weighed, and more are added until the bound says that no more than the tolerance
can be missing.

OR-Tools solves the flow. The same input gives the same assignment with the same version of it; with any version the
proof of an assignment can be checked without it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from jineng.engines.casework.faults import Refused
from jineng.engines.casework.panel_dealing import deal, swap_across
from jineng.engines.casework.panel_flow import Arcs, Groups, arcs_between, best_flow, prices_of
from jineng.engines.casework.panel_proof import Proof, expertise_bound, upper_bound, verify_assignment
from jineng.engines.casework.panels import Index, Problem

MOST_ARCS = 4_000_000
"""Pairs of groups and reviewers that are weighed at once; above it only promising ones are."""
TOLERANCE = Fraction(1, 200)
_TOLD = 5
_ACROSS = 500
_SEED, _TURNS, _SAMPLE = 2021, 60, 3000
_TOGETHER = ("工作量、回避和单位限制不能同时满足", "loads, conflicts and limits by organisation cannot all be kept")


@dataclass(frozen=True)
class Assignment:
    """Who reviews what, with the proof.

    `teams` has a row of reviewers (by number, ascending) for each application of the problem; `prices` make the bound
    of `proof`, which `verify_assignment` checks.
    """

    problem: Problem
    teams: Index
    prices: tuple[int, ...]
    proof: Proof

    def by_application(self) -> dict[str, tuple[str, ...]]:
        """The reviewers of each application, by id."""
        names = self.problem.reviewers
        return {
            application: tuple(names[reviewer] for reviewer in team)
            for application, team in zip(self.problem.applications, self.teams.tolist(), strict=True)
        }

    def loads(self) -> dict[str, int]:
        """How many applications each reviewer was given."""
        counts = np.bincount(self.teams.ravel(), minlength=len(self.problem.reviewers))
        return dict(zip(self.problem.reviewers, counts.tolist(), strict=True))


def assign(problem: Problem, tolerance: Fraction = TOLERANCE, most_arcs: int = MOST_ARCS) -> Assignment:
    """The assignment of greatest expertise and, among these, of evenest load (see `panels`).

    Optimal wherever all pairs can be weighed at once (`most_arcs`); else at most `tolerance` of the expertise is
    missing. Raises Refused where no assignment keeps all conditions, and says why as far as it can be told.
    """
    _refuse_the_impossible(problem)
    groups = _first_groups(problem)
    search = _Search(problem, tolerance, most_arcs)
    while True:
        arcs, flow, prices = search.solve(groups)
        teams, stuck = _deal_all(problem, groups, arcs, flow)
        stuck = swap_across(problem, teams, stuck[:_ACROSS], search.slack) + stuck[_ACROSS:]
        if not stuck:
            break
        groups = _split(problem, groups, stuck)
    found = np.sort(teams, axis=1)
    return Assignment(problem, found, tuple(prices), verify_assignment(problem, found, prices))


class _Search:
    """The best flow over groups, by all pairs or by promising ones."""

    def __init__(self, problem: Problem, tolerance: Fraction, most_arcs: int) -> None:
        self._problem = problem
        self._tolerance = tolerance
        self._most = most_arcs
        self._width = len(problem.reviewers)
        self._prices = np.zeros(self._width, np.int64)
        self.slack = 0
        """How much less expertise than that of the last flow is near enough: none where all pairs are weighed."""

    def solve(self, groups: Groups) -> tuple[Arcs, Index, list[int]]:
        """The flow with its prices. Raises Refused where there is none."""
        everything = len(groups.size) * self._width
        if everything <= self._most:
            solved = self._weigh(groups, np.arange(everything))
            if solved is None:
                raise _impossible(*_TOGETHER)
            return solved
        return self._narrow(groups)

    def _weigh(self, groups: Groups, wanted: Index) -> tuple[Arcs, Index, list[int]] | None:
        arcs = arcs_between(self._problem, groups, wanted)
        flow = best_flow(self._problem, groups, arcs)
        return None if flow is None else (arcs, flow, prices_of(self._problem, groups, arcs, flow))

    def _narrow(self, groups: Groups) -> tuple[Arcs, Index, list[int]]:
        """Weighs promising pairs, and more of them as long as the bound leaves too much open."""
        self._prices = self._guess(groups)
        number = min(4 * self._problem.each + 4, self._width)
        wanted = self._promising(groups, number)
        while True:
            solved = self._weigh(groups, wanted)
            if solved is not None:
                self._prices = np.array(solved[2], np.int64)
                if self._is_near(groups, *solved[:2]):
                    return solved
            elif number == self._width:
                raise _impossible(*_TOGETHER)
            # With all pairs weighed the bound is met, so this comes to an end.
            number = min(2 * number, self._width)
            wanted = np.union1d(wanted, self._promising(groups, number))

    def _guess(self, groups: Groups) -> Index:
        """Prices at which samples of groups, each taking who is best, ask of reviewers about what they may take.

        Only a guess of who is promising rests on them, so they may be rough.
        """
        chance, problem = np.random.default_rng(_SEED), self._problem
        mean = problem.pairs / self._width
        asked, prices = np.full(self._width, mean), np.zeros(self._width)
        for turn in range(_TURNS):
            some = chance.integers(0, len(groups.size), min(len(groups.size), _SAMPLE))
            worth = problem.match[groups.kind[some]] - prices + chance.random((len(some), self._width), np.float32)
            best = np.argpartition(-worth, problem.each - 1, axis=1)[:, : problem.each]
            seen = np.bincount(best.ravel(), groups.size[some].repeat(problem.each), self._width)
            asked += (seen * (problem.pairs / seen.sum()) - asked) / 5
            excess = (asked - np.clip(asked, problem.least, problem.most)) / mean
            prices += excess * 1.5 / (1 + turn / 20)
        return np.rint(prices * problem.weight).astype(np.int64)

    def _is_near(self, groups: Groups, arcs: Arcs, flow: Index) -> bool:
        score = self._problem.match[groups.kind[arcs.group], arcs.reviewer].astype(np.int64)
        reached = int((score * flow).sum())
        bound = expertise_bound(self._problem, upper_bound(self._problem, self._prices.tolist()))
        self.slack = reached - bound + int(self._tolerance * bound)
        return self.slack >= 0

    def _promising(self, groups: Groups, number: int) -> Index:
        """For each group the reviewers of greatest expertise less price, those about equal by chance, and two more."""
        chance = np.random.default_rng(_SEED)
        found = []
        for at in range(0, len(groups.size), 1000):
            kinds = groups.kind[at : at + 1000]
            worth = self._problem.match[kinds].astype(np.int64) * self._problem.weight - self._prices
            worth += chance.integers(0, self._problem.weight, worth.shape)
            best = np.argpartition(-worth, number - 1, axis=1)[:, :number]
            rest = chance.integers(0, self._width, (len(kinds), 2))
            rows = np.arange(at, at + len(kinds))[:, None] * self._width
            found += [(rows + best).ravel(), (rows + rest).ravel()]
        return np.unique(np.concatenate(found))


def _deal_all(problem: Problem, groups: Groups, arcs: Arcs, flow: Index) -> tuple[Index, list[int]]:
    """A team for each application, and the applications whose team could not be freed of a conflict."""
    sent = flow > 0
    needed: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for group, reviewer, number in zip(
        arcs.group[sent].tolist(), arcs.reviewer[sent].tolist(), flow[sent].tolist(), strict=True
    ):
        needed[group].append((reviewer, number))
    teams: list[list[int]] = [[] for _ in problem.applications]
    stuck: list[int] = []
    for group, members in enumerate(_members(groups)):
        dealt, left = deal(problem, members, needed[group])
        stuck += left
        for member, team in zip(members, dealt, strict=True):
            teams[member] = team
    return np.array(teams, np.int64).reshape(len(teams), problem.each), stuck


def _members(groups: Groups) -> Iterator[list[int]]:
    order = np.argsort(groups.of, kind="stable")
    starts = np.cumsum(groups.size) - groups.size
    for start, size in zip(starts.tolist(), groups.size.tolist(), strict=True):
        yield order[start : start + size].tolist()


def _first_groups(problem: Problem) -> Groups:
    """By kind; where that gathers few, by kind and conflicts, which leaves nothing to split."""
    alike: dict[tuple[int, frozenset[int]], int] = {}
    of = [alike.setdefault(key, len(alike)) for key in zip(problem.kind.tolist(), problem.barred_of, strict=True)]
    if len(alike) <= 2 * len(problem.match):
        return Groups.by(np.array(of, np.int64), problem.kind)
    return Groups.by(problem.kind, problem.kind)


def _split(problem: Problem, groups: Groups, stuck: list[int]) -> Groups:
    """The groups with the stuck applications, and those of their group with the same conflicts, on their own."""
    of = groups.of.copy()
    number: dict[tuple[int, frozenset[int]], int] = {}
    for at in stuck:
        number.setdefault((int(of[at]), problem.barred_of[at]), len(groups.size) + len(number))
    touched = np.isin(of, [group for group, _ in number])
    for at in np.flatnonzero(touched).tolist():
        of[at] = number.get((int(of[at]), problem.barred_of[at]), int(of[at]))
    return Groups.by(of, problem.kind)


def _refuse_the_impossible(problem: Problem) -> None:
    """Raises Refused for what can be seen to be impossible without solving it, with what stands in the way."""
    able, owed = int(problem.most.sum()), int(problem.least.sum())
    if able < problem.pairs:
        raise _impossible(
            f"共需 {problem.pairs} 人次，评审人合计最多 {able}",
            f"{problem.pairs} needed, reviewers take {able} at most",
        )
    if owed > problem.pairs:
        raise _impossible(
            f"共需 {problem.pairs} 人次，评审人合计至少 {owed}",
            f"{problem.pairs} needed, reviewers take {owed} at least",
        )
    short = [at for at, seats in enumerate(_seats(problem)) if seats < problem.each]
    if short:
        names = ", ".join(problem.applications[at] for at in short[:_TOLD])
        raise _impossible(
            f"有 {len(short)} 件可用评审人不足 {problem.each} 名：{names}",
            f"fewer than {problem.each} reviewers are left for {len(short)} applications: {names}",
        )


def _seats(problem: Problem) -> Iterator[int]:
    """For each application how many reviewers it could have, loads aside."""
    organisations = problem.organisation.tolist()
    everyone = Counter(organisations)
    whole = sum(min(number, problem.together) for number in everyone.values())
    known: dict[frozenset[int], int] = {}
    for at in range(len(problem.applications)):
        barred = problem.barred_of[at]
        if barred not in known:
            gone = Counter(organisations[reviewer] for reviewer in barred)
            known[barred] = whole - sum(
                min(everyone[name], problem.together) - min(everyone[name] - number, problem.together)
                for name, number in gone.items()
            )
        yield known[barred]


def _impossible(zh: str, en: str) -> Refused:
    return Refused("impossible", f"无法分配：{zh}", f"no assignment is possible: {en}")

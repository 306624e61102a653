"""Dealing out: from how many of a group go to each reviewer to a team for every member.

Reviewers are laid in a row, each as often as needed and those of one organisation side by side, and dealt to the
members in turn. Since none is needed more often than there are members, no member gets one twice, nor more of an
organisation than may sit together. Where the deal gives a member a reviewer in conflict, two members swap; where no
two of the group can, one swaps with an application of any other group, if no more expertise is lost than may be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from jineng.engines.casework.panels import Index, Problem

_NEVER = 2**62


def deal(problem: Problem, members: list[int], needed: list[tuple[int, int]]) -> tuple[list[list[int]], list[int]]:
    """A team for each member, and those members whose team still holds a conflict that no swap could mend.

    `needed` are reviewers with how many members each is for; together these are `each` for every member.
    """
    organisation = problem.organisation
    row = [
        reviewer
        for reviewer, number in sorted(needed, key=lambda pair: (int(organisation[pair[0]]), pair[0]))
        for _ in range(number)
    ]
    table = _Table(problem, members, [row[at :: len(members)] for at in range(len(members))])
    stuck = [members[at] for at in range(len(members)) if not table.mend(at)]
    return table.teams, stuck


class _Table:
    """The members of a group with their teams."""

    def __init__(self, problem: Problem, members: list[int], teams: list[list[int]]) -> None:
        self.teams = teams
        self._together = problem.together
        self._organisation = problem.organisation.tolist()
        self._barred = [problem.barred_of[member] for member in members]

    def mend(self, at: int) -> bool:
        """Swaps a member's reviewers in conflict away; False where one stays."""
        barred = self._barred[at]
        if not barred:
            return True
        wrong = [reviewer for reviewer in self.teams[at] if reviewer in barred]
        return sum(self._swap(at, reviewer) for reviewer in wrong) == len(wrong)

    def _swap(self, at: int, reviewer: int) -> bool:
        for other in self._others(at):
            if reviewer in self._barred[other] or reviewer in self.teams[other]:
                continue
            for instead in self.teams[other]:
                if (
                    instead not in self._barred[at]
                    and instead not in self.teams[at]
                    and self._seats(at, reviewer, instead)
                    and self._seats(other, instead, reviewer)
                ):
                    self._replace(at, reviewer, instead)
                    self._replace(other, instead, reviewer)
                    return True
        return False

    def _others(self, at: int) -> Iterator[int]:
        """Every other member, from the next one on."""
        yield from range(at + 1, len(self.teams))
        yield from range(at)

    def _seats(self, at: int, out: int, into: int) -> bool:
        """Whether the organisations of a team stay within the limit when one takes another's place."""
        came = self._organisation[into]
        if came == self._organisation[out]:
            return True
        return Counter(self._organisation[reviewer] for reviewer in self.teams[at])[came] < self._together

    def _replace(self, at: int, out: int, into: int) -> None:
        self.teams[at][self.teams[at].index(out)] = into


def swap_across(problem: Problem, teams: Index, stuck: list[int], slack: int) -> list[int]:
    """Mends what it can of the stuck applications' teams, in place, and gives those that are stuck still.

    Loads stay as they are, and no more than `slack` points of expertise are lost; with none, an optimum stays one.
    """
    owner = np.repeat(np.arange(len(problem.applications)), np.diff(problem.starts))
    for at in stuck:
        for out in _in_conflict(problem, teams, at):
            loss = _swap_with_any(problem, teams, owner, at, out, slack)
            if loss is None:
                break
            slack -= loss
    # Asked at the end: a later one's swap may have taken what an earlier one was stuck with.
    return [at for at in stuck if _in_conflict(problem, teams, at)]


def _in_conflict(problem: Problem, teams: Index, at: int) -> list[int]:
    """The reviewers of an application's team who are barred from it."""
    return sorted(problem.barred_of[at] & {*teams[at].tolist()})


def _swap_with_any(problem: Problem, teams: Index, owner: Index, at: int, out: int, slack: int) -> int | None:
    """What the cheapest exchange for a reviewer costs, once it is made; None where none is within the slack."""
    match, organisation, kinds = problem.match, problem.organisation, problem.kind[:, None]
    own, rest = match[problem.kind[at]].astype(np.int64), teams[at][teams[at] != out]
    may_come = np.bincount(organisation[rest], minlength=int(organisation.max()) + 1)[organisation] < problem.together
    may_come[[*problem.barred_of[at], *teams[at].tolist()]] = False
    may_go = ~(teams == out).any(axis=1)
    may_go[owner[problem.barred == out]] = False
    alike = organisation[teams] == organisation[out]
    has_seat = alike.sum(axis=1)[:, None] - alike < problem.together
    loss = own[out] - own[teams] + match[kinds, teams] - match[kinds, out]
    loss[~(may_come[teams] & may_go[:, None] & has_seat)] = _NEVER
    row, column = np.unravel_index(int(loss.argmin()), loss.shape)
    cheapest = int(loss[row, column])
    if cheapest > slack:
        return None
    teams[at, teams[at] == out] = teams[row, column]
    teams[row, column] = out
    return cheapest

"""Panels: who is to review what, as whole numbers. What an assignment is asked, and everything it is judged by.

The objective of an assignment is lexicographic. First: the greatest total expertise, the sum of match scores (0 to
10) over all pairs of application and reviewer. Second, among all assignments with that total: the evenest load, the
least sum of squares of what reviewers hold afterwards. Both are one number, expertise × weight − squares, whose
weight is above all that the squares can vary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from jineng.engines.casework.faults import DefinitionError, Fault

Index = npt.NDArray[np.int64]
Scores = npt.NDArray[np.int8]
MOST_HELD = 1_000_000
BEST = 10
"""The match score of a reviewer who knows all of an application's topics best."""


@dataclass(frozen=True)
class Expert:
    """A reviewer as assigning sees one: the organisation, what they know (0 to 10 by topic), how many they take.

    `held` is what they have to review already: it counts for the evenness, not towards `least` and `most`.
    """

    id: str
    organisation: str
    expertise: Mapping[str, int] = field(default_factory=dict)
    most: int = 100
    least: int = 0
    held: int = 0


@dataclass(frozen=True)
class Submission:
    """An application as assigning sees one: the topics that it is about."""

    id: str
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Who is to be assigned, in numbers; made by `problem_of`. Applications and reviewers stand in the order of ids.

    `kind` gives each application a row of `match`, which has a column for each reviewer. `barred` are the conflicts as
    reviewers, those of application i from `starts[i]` until before `starts[i + 1]`. `each` is the number of reviewers
    of an application, `together` the most of them from one organisation.
    """

    applications: tuple[str, ...]
    reviewers: tuple[str, ...]
    kind: Index
    match: Scores
    starts: Index
    barred: Index
    organisation: Index
    least: Index
    most: Index
    held: Index
    each: int
    together: int

    @property
    def pairs(self) -> int:
        """How many pairs of application and reviewer an assignment has."""
        return len(self.applications) * self.each

    @cached_property
    def most_squares(self) -> int:
        """No sum of squares of the loads is greater."""
        return int(((self.held + self.most) ** 2).sum())

    @cached_property
    def weight(self) -> int:
        """What one point of expertise weighs against the sum of squares of the loads: more than all it can vary."""
        return self.most_squares - int(((self.held + self.least) ** 2).sum()) + 1

    @cached_property
    def barred_of(self) -> tuple[frozenset[int], ...]:
        """Of each application the reviewers in conflict with it, by number."""
        barred, starts = self.barred.tolist(), self.starts.tolist()
        return tuple(frozenset(barred[start:end]) for start, end in pairwise(starts))


def problem_of(
    applications: Sequence[Submission],
    reviewers: Sequence[Expert],
    conflicts: Iterable[tuple[str, str]],
    *,
    each: int,
    together: int | None = None,
) -> Problem:
    """The problem of finding `each` reviewers for every application, at most `together` of one organisation.

    `conflicts` are pairs of application and reviewer that must not meet; pairs of others are of no account.
    Raises DefinitionError for what cannot be asked at all.
    """
    faults = list(_faults(applications, reviewers, each, each if together is None else together))
    if faults:
        raise DefinitionError(faults)
    applications = sorted(applications, key=lambda given: given.id)
    reviewers = sorted(reviewers, key=lambda given: given.id)
    topics = sorted({application.topics for application in applications}, key=sorted)
    kinds = {given: at for at, given in enumerate(topics)}
    organisations = {name: at for at, name in enumerate(sorted({reviewer.organisation for reviewer in reviewers}))}
    starts, barred = _table(applications, reviewers, conflicts)
    return Problem(
        tuple(application.id for application in applications),
        tuple(reviewer.id for reviewer in reviewers),
        np.array([kinds[application.topics] for application in applications], np.int64),
        match_scores(topics, reviewers),
        starts,
        barred,
        np.array([organisations[reviewer.organisation] for reviewer in reviewers], np.int64),
        np.array([reviewer.least for reviewer in reviewers], np.int64),
        np.array([min(reviewer.most, len(applications)) for reviewer in reviewers], np.int64),
        np.array([reviewer.held for reviewer in reviewers], np.int64),
        each,
        each if together is None else min(together, each),
    )


def match_scores(topics: Sequence[frozenset[str]], reviewers: Sequence[Expert]) -> Scores:
    """How well each reviewer (column) knows each set of topics (row): the mean of the levels, rounded half up.

    A topic that a reviewer does not name counts 0, and so does an application without topics.
    """
    names = {name: at for at, name in enumerate(sorted({name for given in topics for name in given}))}
    levels = np.zeros((len(names), len(reviewers)), np.int64)
    for column, reviewer in enumerate(reviewers):
        for name, level in reviewer.expertise.items():
            if name in names:
                levels[names[name], column] = level
    scores = np.zeros((len(topics), len(reviewers)), np.int8)
    for row, given in enumerate(topics):
        if given:
            known = levels[[names[name] for name in given]].sum(axis=0)
            scores[row] = (2 * known + len(given)) // (2 * len(given))
    return scores


def _table(
    applications: Sequence[Submission], reviewers: Sequence[Expert], conflicts: Iterable[tuple[str, str]]
) -> tuple[Index, Index]:
    rows = {application.id: at for at, application in enumerate(applications)}
    columns = {reviewer.id: at for at, reviewer in enumerate(reviewers)}
    width = max(len(reviewers), 1)
    places = np.unique(
        np.fromiter(
            (rows[one] * width + columns[other] for one, other in conflicts if one in rows and other in columns),
            np.int64,
        )
    )
    counts = np.bincount(places // width, minlength=len(applications))
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]).astype(np.int64), places % width


def _faults(
    applications: Sequence[Submission], reviewers: Sequence[Expert], each: int, together: int
) -> Iterator[Fault]:
    for name, ids in (
        ("applications", [application.id for application in applications]),
        ("reviewers", [reviewer.id for reviewer in reviewers]),
    ):
        if len({*ids}) < len(ids):
            yield Fault(name, "duplicate", "编号重复", "an id is given twice")
    if each < 1 or together < 1:
        yield Fault("each", "too_small", "每件至少一名评审人", "an application has at least one reviewer")
    for at, reviewer in enumerate(reviewers):
        if not 0 <= reviewer.least <= reviewer.most or not 0 <= reviewer.held <= MOST_HELD:
            yield Fault(
                f"reviewers[{at}]", "loads",
                f"{reviewer.id} 的工作量上下限不对", f"the least and most of {reviewer.id} do not fit",
            )  # fmt: skip
        if any(not 0 <= level <= BEST for level in reviewer.expertise.values()):
            yield Fault(
                f"reviewers[{at}].expertise", "out_of_range",
                f"{reviewer.id} 的专长应在 0 到 {BEST} 之间", f"the expertise of {reviewer.id} is 0 to {BEST}",
            )  # fmt: skip

"""Ranking: from frozen reviews to a list with ranks and a cut, the same to the last byte on every machine.

All arithmetic is exact. An application's figure is the mean, trimmed mean or median of its reviews' scores, rounded
half up to the places that are published; equal figures are told apart by the tie-breaks in their order, and whoever
is still equal shares a rank. Applications with fewer reviews than needed, and those that fall below a minimum of the
rubric, are listed without a rank.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Annotated, Any

import numpy as np
from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.aggregating import FINE, ByApplication, Normalising, Values, counted, guard, normalised
from jineng.engines.casework.cutting import Cut, Entry, Share, Status, cut_list
from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.loading import STRICT_KEYS, Number, fault_at, load
from jineng.engines.casework.reviews import Reviews, Whole, read_reviews
from jineng.engines.casework.rubric import Rubric, fails, rubric_faults


class Aggregate(StrEnum):
    """How an application's reviews become one figure."""

    MEAN = "mean"
    TRIMMED_MEAN = "trimmed-mean"
    MEDIAN = "median"


class TieBreak(StrEnum):
    """What tells equal figures apart."""

    CRITERION = "criterion"
    """The higher mean of the marks of one criterion, in points to 10^-6."""
    TOP_MARKS = "top_marks"
    """More reviews with a score, as given, of at least so much."""
    MEAN = "mean"
    """The higher mean of all values that count, untrimmed, to 10^-6."""
    MEDIAN = "median"
    LOWEST = "lowest"
    """The higher lowest value."""
    SUBMITTED = "submitted"
    """Who submitted earlier; a time that is not given comes last."""
    LOT = "lot"
    """The lower SHA-256 of the published seed, a line feed and the application's id."""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Tie:
    """One tie-break; `criterion`, `at_least` and `seed` belong to those that need them."""

    by: TieBreak
    criterion: str = ""
    at_least: Annotated[Number, Bound(ge=0)] | None = None
    seed: str = ""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Trim:
    """What is left out of an application's values: the `high` highest and `low` lowest, or that `share` at each end
    (rounded down). Of fewer than `at_least` reviews nothing is left out: their plain mean is taken."""

    high: Annotated[int, Bound(ge=0, le=20)] = 0
    low: Annotated[int, Bound(ge=0, le=20)] = 0
    share: Share | None = None
    at_least: Annotated[int, Bound(ge=1)] = 1


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Evening:
    """How reviewers' strictness is evened out, from how many reviews of a reviewer on."""

    by: Normalising
    at_least: Annotated[int, Bound(ge=2)] = 5


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Ranking:
    """The parameters of a ranking. Made by `load_ranking`, which vouches for them.

    `needed` is the fewest reviews with which an application is ranked, `places` the decimals of the published figure.
    """

    rubric: Rubric
    cut: Cut
    needed: Annotated[int, Bound(ge=1)] = 1
    places: Annotated[int, Bound(ge=0, le=6)] = 2
    trim: Trim | None = None
    normalise: Evening | None = None
    ties: tuple[Tie, ...] = ()


RANKING: TypeAdapter[Ranking] = TypeAdapter(Ranking)


def load_ranking(data: Any, aggregate: Aggregate) -> Ranking:
    """The parameters that plain data writes. Raises DefinitionError with all faults."""
    ranking = load(RANKING, data)
    faults = [*rubric_faults(ranking.rubric, data, ("rubric",)), *_faults(ranking, data, aggregate)]
    if faults:
        raise DefinitionError(faults)
    return ranking


def _faults(ranking: Ranking, data: Any, aggregate: Aggregate) -> Iterator[Fault]:
    trim = ranking.trim
    if (trim is not None) != (aggregate is Aggregate.TRIMMED_MEAN):
        yield fault_at(
            data, ("trim",), "misplaced", "去极值的设置用于且只用于去极值平均", "trim goes with a trimmed mean only"
        )
    if trim is not None:
        if (trim.share is None) == (trim.high == trim.low == 0):
            yield fault_at(
                data, ("trim",), "unclear", "请给出去掉的个数或比例之一", "say either numbers or a share to trim"
            )
        if trim.at_least <= trim.high + trim.low:
            yield fault_at(
                data, ("trim", "at_least"), "too_small",
                "起算评审数应多于去掉的个数", "at_least must be more than what is trimmed",
            )  # fmt: skip
        if trim.share is not None and trim.share >= Fraction(1, 2):
            yield fault_at(
                data, ("trim", "share"), "too_large", "每端去掉的比例应小于一半", "a share must be below a half"
            )
    for at, tie in enumerate(ranking.ties):
        given = {"criterion": bool(tie.criterion), "at_least": tie.at_least is not None, "seed": bool(tie.seed)}
        needed = _NEEDS.get(tie.by)
        for name, is_given in given.items():
            if is_given != (name == needed):
                zh, en = ("缺少", "is missing") if name == needed else ("不用于此", "does not belong here")
                yield fault_at(data, ("ties", at, name), "misplaced", f"{name} {zh}", f"{name} {en}")
        if tie.criterion and tie.criterion not in ranking.rubric.by_key:
            yield fault_at(
                data, ("ties", at, "criterion"), "unknown",
                f"评分表没有指标 {tie.criterion}", f"the rubric has no criterion {tie.criterion}",
            )  # fmt: skip


_NEEDS: Mapping[TieBreak, str] = {
    TieBreak.CRITERION: "criterion", TieBreak.TOP_MARKS: "at_least", TieBreak.LOT: "seed"
}  # fmt: skip


def rank(parameters: Any, inputs: Any, aggregate: Aggregate) -> dict[str, Any]:
    """The ranked list, as plain JSON data without a float. Raises DefinitionError for faults of either.

    `rows` has one row for each application: by group, then in order of rank, then those without a rank by id. `score`
    is text with the places asked, None with too few reviews; `tie` tells the values of the tie-breaks where
    the figure is shared. `statuses` counts the rows, `struck` the reviews left out for conflicts.
    """
    ranking = load_ranking(parameters, aggregate)
    return _List(ranking, aggregate, read_reviews(ranking.rubric, inputs)).outcome()


class _List:
    def __init__(self, ranking: Ranking, aggregate: Aggregate, reviews: Reviews) -> None:
        self._ranking = ranking
        self._reviews = reviews
        self._size = len(reviews.applications)
        rubric = ranking.rubric
        guard(rubric.total * rubric.denominator * FINE)
        self._raw = Values(reviews.marks @ np.array(rubric.coefficients, np.int64), rubric.denominator)
        values = self._raw
        if ranking.normalise:
            by, least = ranking.normalise.by, ranking.normalise.at_least
            values = normalised(values, reviews.reviewer, rubric.total, by, least)
        self._values = ByApplication(values, reviews.application, self._size)
        self._figures = self._figure(aggregate)
        self._barred = self._below_minimum()
        self._keys = [self._key(tie) for tie in ranking.ties]

    def _figure(self, aggregate: Aggregate) -> Whole:
        scale = 10**self._ranking.places
        if aggregate is Aggregate.MEDIAN:
            return self._values.median(scale)
        trim = self._ranking.trim
        if trim is None:
            return self._values.mean(scale)
        counts = self._values.counts
        low, high = np.full_like(counts, trim.low), np.full_like(counts, trim.high)
        if trim.share is not None:
            low = high = counts * trim.share.numerator // trim.share.denominator
        trimmed = counts >= trim.at_least
        return self._values.mean(scale, np.where(trimmed, low, 0), np.where(trimmed, high, 0))

    def _below_minimum(self) -> list[bool]:
        """Whether an application has a criterion that holds it back."""
        rubric, reviews, counts = self._ranking.rubric, self._reviews, self._values.counts
        barred = np.zeros(self._size, np.bool_)
        for at, least in enumerate(rubric.minimums):
            barred |= fails(rubric, counted(reviews.marks[:, at] < least, reviews.application, self._size), counts)
        return list(barred.tolist())

    def _key(self, tie: Tie) -> tuple[Whole, Sequence[Any]]:
        """Of each application a number (the higher, the better) and what the list tells of it."""
        reviews = self._reviews
        match tie.by:
            case TieBreak.CRITERION:
                column = list(self._ranking.rubric.by_key).index(tie.criterion)
                marks = Values(reviews.marks[:, column], self._ranking.rubric.unit)
                return _fine(ByApplication(marks, reviews.application, self._size).mean(FINE))
            case TieBreak.TOP_MARKS:
                # A whole number is at least so much where it is at least the next whole number above.
                least = -int(-(Fraction(tie.at_least or 0) * self._raw.denominator) // 1)
                top = counted(self._raw.parts >= least, reviews.application, self._size)
                return top, top.tolist()
            case TieBreak.MEAN:
                return _fine(self._values.mean(FINE))
            case TieBreak.MEDIAN:
                return _fine(self._values.median(FINE))
            case TieBreak.LOWEST:
                lowest = self._values.lowest()
                return lowest, _fine(lowest * FINE // self._values.denominator)[1]
            case TieBreak.SUBMITTED:
                given = [str(application["submitted"]) for application in reviews.applications]
                moments = [text[:19] + (text[19:-1] or ".000000") if text else "~" for text in given]
                return _earlier(moments), given
            case _:
                lots = [_lot(tie.seed, application["id"]) for application in reviews.applications]
                return _earlier(lots), lots

    def outcome(self) -> dict[str, Any]:
        groups = [str(application["group"]) for application in self._reviews.applications]
        group = np.unique(np.array(groups, dtype=object), return_inverse=True)[1] if groups else np.zeros(0, np.int64)
        # The last key is the most important; applications already stand by id, and the sort keeps that order.
        order = np.lexsort((*(-key for key, _ in reversed(self._keys)), -self._figures, group)).tolist()
        rows: list[dict[str, Any]] = []
        for name, members in groupby(order, key=groups.__getitem__):
            rows += self._group(name, list(members))
        statuses = dict.fromkeys(Status, 0)
        for row in rows:
            statuses[row["status"]] += 1
        return {
            "rows": rows,
            "statuses": {str(status): number for status, number in statuses.items() if number},
            "struck": self._reviews.struck,
        }

    def _group(self, name: str, members: list[int]) -> list[dict[str, Any]]:
        counts = self._values.counts
        without = {at: Status.TOO_FEW_REVIEWS for at in members if counts[at] < self._ranking.needed}
        without |= {at: Status.BELOW_MINIMUM for at in members if self._barred[at] and at not in without}
        ranked = [at for at in members if at not in without]
        ranks = self._ranks(ranked)
        entries = [self._entry(at, place) for at, place in zip(ranked, ranks, strict=True)]
        statuses = cut_list(self._ranking.cut, name, len(members), entries)
        shared = self._shared(ranked)
        rows = [
            self._row(at, place, status, at in shared)
            for at, place, status in zip(ranked, ranks, statuses, strict=True)
        ]
        return rows + [self._row(at, None, without[at], False) for at in sorted(without)]

    def _ranks(self, ranked: list[int]) -> list[int]:
        """1, 2, 2, 4: equals share the rank of the first of them."""
        keys = list(zip(self._figures[ranked].tolist(), *(key[ranked].tolist() for key, _ in self._keys), strict=True))
        ranks: list[int] = []
        for at, key in enumerate(keys):
            ranks.append(ranks[-1] if at and key == keys[at - 1] else at + 1)
        return ranks

    def _shared(self, ranked: list[int]) -> set[int]:
        """Those whose figure another has, too."""
        figures = self._figures[ranked].tolist()
        runs = [list(run) for _, run in groupby(zip(figures, ranked, strict=True), key=lambda pair: pair[0])]
        return {at for run in runs if len(run) > 1 for _, at in run}

    def _entry(self, at: int, place: int) -> Entry:
        given = self._reviews.applications[at]
        return Entry(
            place, Decimal(int(self._figures[at])).scaleb(-self._ranking.places), given["unit"], given["exempt"]
        )

    def _row(self, at: int, place: int | None, status: Status, is_shared: bool) -> dict[str, Any]:
        given = self._reviews.applications[at]
        row = {
            "application": given["id"],
            "group": given["group"],
            "rank": place,
            "reviews": int(self._values.counts[at]),
            "score": None if status is Status.TOO_FEW_REVIEWS else _text(int(self._figures[at]), self._ranking.places),
            "status": str(status),
        }
        if is_shared and self._keys:
            row["tie"] = [told[at] for _, told in self._keys]
        return row


def _fine(parts: Whole) -> tuple[Whole, list[str]]:
    return parts, [_text(part, 6) for part in parts.tolist()]


def _text(parts: int, places: int) -> str:
    return f"{Decimal(parts).scaleb(-places):f}"


def _earlier(texts: Sequence[str]) -> Whole:
    """Numbers that are the higher the earlier a text stands in order."""
    places = {text: at for at, text in enumerate(sorted(set(texts)))}
    return np.array([-places[text] for text in texts], np.int64)


def _lot(seed: str, application: str) -> str:
    return hashlib.sha256(f"{seed}\n{application}".encode()).hexdigest()

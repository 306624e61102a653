"""From marks to one figure an application: exact whole-number arithmetic on columns.

A value is a whole number over a denominator that all values share. Where a quotient has to be written with a limited
number of decimals it is rounded half up (四舍五入): the whole number below value + 1/2, for negative values too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isqrt
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.reviews import Whole

FINE = 10**6
"""Normalised values, and means that only break ties, are kept to this many parts of a point."""
_RATIO = 10**9
_LARGEST = 2**62
Number = TypeVar("Number", int, Whole)


class Normalising(StrEnum):
    """How the strictness of reviewers is evened out, over all that counts in the decision.

    Values are rounded half up to 10^-6 points, and not cut off at 0 or at the rubric's total. A reviewer of fewer
    reviews than asked keeps the values as given.
    """

    MEAN = "mean"
    """Shifted: value − reviewer's mean + mean of all."""
    RANGE = "range"
    """Stretched: from the reviewer's lowest and highest to the lowest and highest of all."""
    RANK = "rank"
    """By place: total × (2 × marked lower + marked equal) ÷ (2 × reviews), among the reviewer's own values."""
    DEVIATION = "deviation"
    """Standardised: mean of all + (value − reviewer's mean) × (deviation of all ÷ reviewer's deviation), by standard
    deviations of the whole; their quotient is irrational and is taken to 10^-9, rounded down."""


@dataclass(frozen=True)
class Values:
    """A value for each review, in the order of the reviews, in parts of `denominator`."""

    parts: Whole
    denominator: int


def rounded(parts: Number, denominator: Number) -> Number:
    """The whole number nearest to parts ÷ denominator; halves go up. The denominator is above zero."""
    return (2 * parts + denominator) // (2 * denominator)


def guard(largest: int) -> None:
    """Raises DefinitionError where whole numbers of this size could overflow on the way."""
    if largest > _LARGEST:
        raise DefinitionError(
            [
                Fault(
                    "",
                    "too_fine",
                    "评分表的权重、小数位过细，无法精确计算",
                    "weights and decimals are too fine to compute",
                )
            ]
        )


def normalised(values: Values, reviewer: Whole, total: int, by: Normalising, least: int) -> Values:
    """The values with the strictness of reviewers evened out; `least` is the fewest reviews of a reviewer for that."""
    if not len(values.parts):
        return Values(values.parts, FINE)
    order = np.lexsort((values.parts, reviewer))
    ordered, owner = values.parts[order].tolist(), reviewer[order]
    starts = np.flatnonzero(np.diff(owner, prepend=-1)).tolist()
    everything = _Spread.of(ordered)
    found: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(ordered)], strict=True):
        own = ordered[start:end]
        scale = _SCALES[by](_Spread.of(own), everything, values.denominator, total) if len(own) >= least else None
        known: dict[int, int] = {}
        for value in own:
            if value not in known:
                known[value] = scale(value) if scale else rounded(value * FINE, values.denominator)
            found.append(known[value])
    guard(max(map(abs, found)) * FINE)
    parts = np.empty(len(found), np.int64)
    parts[order] = found
    return Values(parts, FINE)


@dataclass(frozen=True)
class _Spread:
    """Values in ascending order, and what is asked of them."""

    values: list[int]
    count: int
    sum: int
    squares: int

    @classmethod
    def of(cls, values: list[int]) -> _Spread:
        return cls(values, len(values), sum(values), sum(value * value for value in values))

    @property
    def low(self) -> int:
        return min(self.values)

    @property
    def high(self) -> int:
        return max(self.values)

    @property
    def variance(self) -> Fraction:
        return Fraction(self.count * self.squares - self.sum * self.sum, self.count * self.count)

    @property
    def mean(self) -> Fraction:
        return Fraction(self.sum, self.count)


_Scale = Callable[[int], int]


def _linear(factor: Fraction, shift: Fraction, denominator: int) -> _Scale:
    # (value × factor + shift) ÷ denominator in fine parts, over one common denominator.
    below = factor.denominator * shift.denominator * denominator
    slope = factor.numerator * shift.denominator * FINE
    start = shift.numerator * factor.denominator * FINE
    return lambda value: rounded(value * slope + start, below)


def _by_mean(own: _Spread, everything: _Spread, denominator: int, _total: int) -> _Scale:
    return _linear(Fraction(1), everything.mean - own.mean, denominator)


def _by_range(own: _Spread, everything: _Spread, denominator: int, _total: int) -> _Scale:
    if own.low == own.high:
        return _linear(Fraction(0), everything.mean, denominator)
    factor = Fraction(everything.high - everything.low, own.high - own.low)
    return _linear(factor, everything.low - own.low * factor, denominator)


def _by_rank(own: _Spread, _everything: _Spread, _denominator: int, total: int) -> _Scale:
    places: dict[int, int] = {}
    for at, value in enumerate(own.values):
        # In ascending order the first of equals has as many below it as its place says.
        places.setdefault(value, 2 * at)
        places[value] += 1
    return lambda value: rounded(total * FINE * places[value], 2 * own.count)


def _by_deviation(own: _Spread, everything: _Spread, denominator: int, _total: int) -> _Scale:
    if own.low == own.high:
        return _linear(Fraction(0), everything.mean, denominator)
    square = everything.variance / own.variance
    factor = Fraction(isqrt(square.numerator * _RATIO * _RATIO // square.denominator), _RATIO)
    return _linear(factor, everything.mean - own.mean * factor, denominator)


_SCALES: Mapping[Normalising, Callable[[_Spread, _Spread, int, int], _Scale]] = {
    Normalising.MEAN: _by_mean, Normalising.RANGE: _by_range,
    Normalising.RANK: _by_rank, Normalising.DEVIATION: _by_deviation,
}  # fmt: skip


class ByApplication:
    """Values gathered by application, in ascending order within each."""

    def __init__(self, values: Values, application: Whole, applications: int) -> None:
        order = np.lexsort((values.parts, application))
        self._sorted = values.parts[order]
        self._sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(self._sorted)])
        self.counts: Whole = np.bincount(application, minlength=applications).astype(np.int64)
        self._starts = np.cumsum(self.counts) - self.counts
        self.denominator = values.denominator
        self._largest = int(np.abs(values.parts).max(initial=0))
        guard(self._largest * max(len(values.parts), 1))

    def mean(self, scale: int, low: Whole | int = 0, high: Whole | int = 0) -> Whole:
        """The means in parts of `scale`, rounded half up, without the `low` lowest and `high` highest values.

        0 where there is no value; elsewhere at least one value must be left.
        """
        first, last = self._starts + low, self._starts + self.counts - high
        sums = self._sums[np.where(self.counts > 0, last, 0)] - self._sums[np.where(self.counts > 0, first, 0)]
        kept = np.maximum(self.counts - low - high, 1)
        most = int(self.counts.max(initial=1))
        guard(2 * most * (self._largest * scale + self.denominator))
        return rounded(sums * scale, kept * self.denominator)

    def median(self, scale: int) -> Whole:
        """The middle values, of an even number the mean of the two in the middle; 0 where there is no value."""
        middle = np.maximum(self.counts - 1, 0) // 2
        return self.mean(scale, middle, middle)

    def lowest(self) -> Whole:
        """The lowest values, in parts of the denominator; 0 where there is none."""
        at = np.minimum(self._starts, max(len(self._sorted) - 1, 0))
        return np.where(self.counts > 0, self._sorted[at], 0) if len(self._sorted) else np.zeros_like(self.counts)


def counted(what: npt.NDArray[np.bool_], application: Whole, applications: int) -> Whole:
    """How many reviews of each application have what is asked."""
    return np.bincount(application[what], minlength=applications).astype(np.int64)

"""Rubrics: what reviewers mark, how marks become one score, and the minimums that hold an application back.

Every number is exact. A mark is given in points of its criterion, with at most `decimals` places; a score is a
fraction. Nothing here is ever a float.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Annotated, Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.faults import AnswerFault, DefinitionError, Fault
from jineng.engines.casework.loading import STRICT_KEYS, Code, Key, Label, Number, dump, fault_at, load

Mark = int | str | Decimal
"""A mark as it comes: a whole number, or a decimal as text or Decimal. A float is refused."""

Amount = TypeVar("Amount", int, npt.NDArray[np.int64])
Points = Annotated[int, Bound(ge=1, le=1000)]
MOST_DECIMALS = 2


class Failing(StrEnum):
    """How many reviewers must mark a criterion below its minimum for the application to fail."""

    ANY = "any"
    MAJORITY = "majority"
    """More than half of those who count."""
    ALL = "all"


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Criterion:
    """One thing that reviewers mark, from 0 to `maximum` points.

    `weight` is its share of the score beside the weights of the others; unless weights are given, a criterion
    weighs as much as its maximum. Below `minimum` points a mark speaks against the application as a whole.
    """

    key: Key
    name: Label
    maximum: Points
    weight: Points | None = None
    minimum: Annotated[Number, Bound(ge=0)] | None = None
    name_en: str = ""
    guidance: str = ""
    guidance_en: str = ""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Rubric:
    """Criteria and the scale of the score. Made by `load_rubric`, which vouches for it.

    The score of one review is total × Σ weight × mark / maximum ÷ Σ weight, from 0 to `total`.
    """

    code: Code
    name: Label
    criteria: Annotated[tuple[Criterion, ...], Bound(min_length=1, max_length=40)]
    total: Points = 100
    decimals: Annotated[int, Bound(ge=0, le=MOST_DECIMALS)] = 0
    failing: Failing = Failing.ANY
    name_en: str = ""

    @cached_property
    def unit(self) -> int:
        """How many units one point has: marks are whole numbers of these."""
        return int(10**self.decimals)

    @cached_property
    def by_key(self) -> dict[str, Criterion]:
        """The criteria by their keys, in order."""
        return {criterion.key: criterion for criterion in self.criteria}

    @cached_property
    def _scale(self) -> tuple[tuple[int, ...], int]:
        weights = [criterion.weight or criterion.maximum for criterion in self.criteria]
        common = lcm(*(criterion.maximum for criterion in self.criteria))
        shares = [
            self.total * weight * (common // criterion.maximum)
            for weight, criterion in zip(weights, self.criteria, strict=True)
        ]
        below = self.unit * common * sum(weights)
        shared = gcd(below, *shares)
        return tuple(share // shared for share in shares), below // shared

    @property
    def coefficients(self) -> tuple[int, ...]:
        """What one unit of each criterion adds to a score, over `denominator`."""
        return self._scale[0]

    @property
    def denominator(self) -> int:
        """A score is a whole number of parts of this size: Σ coefficient × units ÷ denominator."""
        return self._scale[1]

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """The most units of each criterion."""
        return tuple(criterion.maximum * self.unit for criterion in self.criteria)

    @cached_property
    def minimums(self) -> tuple[int, ...]:
        """The fewest units of each criterion that do not speak against an application; 0 where there is no minimum."""
        return tuple(int((criterion.minimum or 0) * self.unit) for criterion in self.criteria)

    def to_data(self) -> dict[str, Any]:
        """The rubric as plain JSON data; `load_rubric` reads it back."""
        return dump(RUBRIC, self)


RUBRIC: TypeAdapter[Rubric] = TypeAdapter(Rubric)


@dataclass(frozen=True)
class Score:
    """What one review comes to.

    `total` is None as long as something is wrong (`faults`). `units` are the marks as whole numbers in the order of
    the criteria, `below` the criteria marked under their minimum.
    """

    total: Fraction | None
    units: tuple[int, ...] = ()
    below: tuple[str, ...] = ()
    faults: tuple[AnswerFault, ...] = ()


def load_rubric(data: Any) -> Rubric:
    """The rubric that plain data writes. Raises DefinitionError with all faults."""
    rubric = load(RUBRIC, data)
    faults = [*rubric_faults(rubric, data)]
    if faults:
        raise DefinitionError(faults)
    return rubric


def rubric_faults(rubric: Rubric, data: Any, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """What is wrong with a rubric beyond its shape; `data` is the whole in which it stands at `path`."""
    seen: set[str] = set()
    weighed = [criterion.weight is not None for criterion in rubric.criteria]
    for at, criterion in enumerate(rubric.criteria):
        here = (*path, "criteria", at)
        if criterion.key in seen:
            yield fault_at(
                data, (*here, "key"), "duplicate",
                f"标识 {criterion.key} 重复，请改用另一个", f"the key {criterion.key} is used twice; choose another",
            )  # fmt: skip
        seen.add(criterion.key)
        if any(weighed) and not weighed[at]:
            yield fault_at(
                data, (*here, "weight"), "missing",
                "其他指标有权重而此项没有，请补上或全部删去",
                "others have a weight and this has none; add it or remove all",
            )  # fmt: skip
        if criterion.minimum is None:
            continue
        if criterion.minimum > criterion.maximum:
            yield fault_at(
                data, (*here, "minimum"), "too_large",
                f"最低分 {criterion.minimum} 高于满分 {criterion.maximum}",
                f"the minimum {criterion.minimum} is above the maximum {criterion.maximum}",
            )  # fmt: skip
        elif criterion.minimum * rubric.unit % 1:
            yield fault_at(
                data, (*here, "minimum"), "too_fine",
                f"最低分 {criterion.minimum} 的小数位数超过评分所用的 {rubric.decimals} 位",
                f"the minimum {criterion.minimum} has more than the {rubric.decimals} decimals of the marks",
            )  # fmt: skip


def score(rubric: Rubric, marks: Mapping[str, Mark | None]) -> Score:
    """What one reviewer's marks come to; a criterion without a mark is a fault, never a zero."""
    faults = [
        AnswerFault(key, "unknown", f"评分表没有指标“{key}”", f"the rubric has no criterion '{key}'")
        for key in marks
        if key not in rubric.by_key
    ]
    units: list[int] = []
    for criterion, limit in zip(rubric.criteria, rubric.limits, strict=True):
        found = _units(rubric, criterion, limit, marks.get(criterion.key))
        if isinstance(found, AnswerFault):
            faults.append(found)
        else:
            units.append(found)
    if faults:
        return Score(None, faults=tuple(faults))
    parts = sum(part * unit for part, unit in zip(rubric.coefficients, units, strict=True))
    return Score(Fraction(parts, rubric.denominator), tuple(units), below(rubric, units))


def below(rubric: Rubric, units: Sequence[int]) -> tuple[str, ...]:
    """The criteria whose marks lie under their minimum."""
    return tuple(
        criterion.key
        for criterion, unit, least in zip(rubric.criteria, units, rubric.minimums, strict=True)
        if unit < least
    )


def fails(rubric: Rubric, under: Amount, reviews: Amount) -> Any:
    """Whether a criterion that `under` of `reviews` reviewers marked below its minimum holds the application back.

    Of two numbers a bool, of two columns a column of them.
    """
    if rubric.failing is Failing.ANY:
        return under > 0
    if rubric.failing is Failing.MAJORITY:
        return 2 * under > reviews
    return (under > 0) & (under == reviews)


def _units(rubric: Rubric, criterion: Criterion, limit: int, mark: Mark | None) -> int | AnswerFault:
    if mark is None or mark == "":
        return AnswerFault(criterion.key, "missing", f"“{criterion.name}”尚未评分", f"{_en(criterion)} has no mark")
    exact = _exact(mark)
    if exact is None:
        return AnswerFault(
            criterion.key,
            "not_a_number",
            f"“{criterion.name}”的评分不是数",
            f"the mark of {_en(criterion)} is no number",
        )
    units = Fraction(exact) * rubric.unit
    if not 0 <= units <= limit:
        return AnswerFault(
            criterion.key,
            "out_of_range",
            f"“{criterion.name}”的评分应在 0 到 {criterion.maximum} 之间",
            f"the mark of {_en(criterion)} must be from 0 to {criterion.maximum}",
        )
    if units.denominator != 1:
        return AnswerFault(
            criterion.key,
            "too_fine",
            f"“{criterion.name}”的评分最多 {rubric.decimals} 位小数",
            f"the mark of {_en(criterion)} has at most {rubric.decimals} decimals",
        )
    return units.numerator


def _exact(mark: object) -> Decimal | None:
    # A bool is an int to Python, and a float is not exact: neither is a mark.
    if isinstance(mark, bool) or not isinstance(mark, int | str | Decimal):
        return None
    try:
        exact = Decimal(mark)
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _en(criterion: Criterion) -> str:
    return criterion.name_en or criterion.name

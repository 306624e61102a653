"""A return beside last year's and those of others of its kind: which numbers of rows stand out, by which rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.loading import STRICT_KEYS, Number, dump, load


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Comparison:
    """How far a number of rows may lie from others before it is to be explained; a part of a procedure.

    A difference of fewer than ``least`` rows never stands out. ``change`` is the part of last year's rows by which a
    return may differ; ``times`` the middle of the others, or less than that part of it, is asked about.
    """

    least: Annotated[int, Bound(ge=1, le=1_000_000)]
    change: Annotated[Number, Bound(gt=0, le=100)]
    times: Annotated[Number, Bound(gt=1, le=1000)]

    def to_data(self) -> dict[str, Any]:
        """The rule as plain JSON data; :func:`load_comparison` reads it back."""
        return dump(COMPARISON, self)


COMPARISON: TypeAdapter[Comparison] = TypeAdapter(Comparison)


def load_comparison(data: Any) -> Comparison:
    """The rule that plain data writes. Raises DefinitionError with all faults."""
    return load(COMPARISON, data)


@dataclass(frozen=True)
class Compared:
    """One sheet of a return: rows now, rows of the round before, and the middle of others in the same round.

    ``before`` and ``near`` are ``None`` where there is no such round, or too few others to tell. Without a rule nothing
    stands out.
    """

    sheet: str
    rows: int
    before: int | None = None
    near: Fraction | None = None
    rule: Comparison | None = field(default=None, compare=False)

    @property
    def change(self) -> Fraction | None:
        """By which part of last year's rows it changed."""
        return Fraction(self.rows - self.before, self.before) if self.before else None

    @property
    def from_before(self) -> bool:
        """Whether it differs from last year by more than goes without saying."""
        if self.rule is None or self.before is None or abs(self.rows - self.before) < self.rule.least:
            return False
        return self.change is None or abs(self.change) > Fraction(self.rule.change)

    @property
    def from_others(self) -> bool:
        """Whether it lies far from the others."""
        if self.rule is None or self.near is None or abs(self.rows - self.near) < self.rule.least:
            return False
        times = Fraction(self.rule.times)
        return self.rows > times * self.near or self.rows * times < self.near

    @property
    def stands_out(self) -> bool:
        """Whether it is to be explained."""
        return self.from_before or self.from_others

"""A return beside last year's and beside those of others of its kind: which numbers of rows stand out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

LEAST = 5
"""A difference of fewer rows than this never stands out."""
CHANGE = Fraction(3, 10)
"""The part of last year's rows by which a return may differ without being asked why."""
TIMES = 3
"""So many times the middle of the others, or less than that part of it, is asked about."""


@dataclass(frozen=True)
class Compared:
    """One sheet of a return: rows now, rows of the round before, and the middle of others in the same round.

    ``before`` and ``near`` are ``None`` where there is no such round, or too few others to tell.
    """

    sheet: str
    rows: int
    before: int | None = None
    near: Fraction | None = None

    @property
    def change(self) -> Fraction | None:
        """By which part of last year's rows it changed."""
        return Fraction(self.rows - self.before, self.before) if self.before else None

    @property
    def from_before(self) -> bool:
        """Whether it differs from last year by more than goes without saying."""
        if self.before is None or abs(self.rows - self.before) < LEAST:
            return False
        return self.change is None or abs(self.change) > CHANGE

    @property
    def from_others(self) -> bool:
        """Whether it lies far from the others."""
        if self.near is None or abs(self.rows - self.near) < LEAST:
            return False
        return self.rows > TIMES * self.near or self.rows * TIMES < self.near

    @property
    def stands_out(self) -> bool:
        """Whether it is to be explained."""
        return self.from_before or self.from_others

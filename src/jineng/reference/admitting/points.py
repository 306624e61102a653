"""Points of applicants of a reference year, from their place in a row alone. Pure.

What is spread by a shape follows a sequence that fills every stretch evenly (multiples of the golden ratio), so that
a few hundred applicants have the shape already; what is drawn is another number for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

GOLDEN, WHOLE = 2_654_435_761, 1 << 32
DRAWN, TENTHS = 7_919, 2_000
"""Multiples of a prime over so many tenths of a point: no two of as many applicants are drawn the same."""
MILLE = 1_000


@dataclass(frozen=True)
class Shape:
    """How the points of a subject group are spread: ``reached`` are pairs of how many per mille reach how many points,
    from nobody to all; ``per_mille`` of all applicants are of the group."""

    name: str
    per_mille: int
    reached: tuple[tuple[int, int], ...]

    def points(self, place: int) -> int:
        """The points of who has this place in the group, counted from nought."""
        above = (scattered(place) + WHOLE // 2) % WHOLE
        share = above * MILLE // WHOLE
        (left, high), (right, low) = next(
            (one, other) for one, other in zip(self.reached, self.reached[1:], strict=False) if share < other[0]
        )
        width = (right - left) * WHOLE
        return high - ((high - low) * (above * MILLE - left * WHOLE) + width // 2) // width


def shaped(shapes: Sequence[Shape], place: int) -> tuple[Shape, int]:
    """The group of who has this place among all, and their points. Groups take turns by their shares, which come to
    the whole."""
    left = MILLE
    for shape in shapes[:-1]:
        before = place * shape.per_mille // left
        if (place + 1) * shape.per_mille // left > before:
            return shape, shape.points(before)
        place, left = place - before, left - shape.per_mille
    return shapes[-1], shapes[-1].points(place)


def scattered(place: int) -> int:
    """A number by which neighbours stand far apart, to choose some of many who live everywhere."""
    return place * GOLDEN % WHOLE


def drawn(place: int, least: int) -> Decimal:
    """Points from ``least`` on over two hundred more, in tenths: another number for each of 2,000 places."""
    return least + Decimal(place * DRAWN % TENTHS) / 10

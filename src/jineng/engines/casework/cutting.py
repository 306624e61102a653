"""The cut: who of a ranked list is chosen, within the number, the score and the quotas of recommending units.

Applications of equal rank are taken together or not at all: a tie that does not fit stays outside, and the places
that it contends for stay open until people settle it. So no number and no quota is ever exceeded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Annotated, Any

from pydantic import Field as Bound
from pydantic import PlainSerializer, PlainValidator, with_config
from pydantic_core import PydanticCustomError

from jineng.engines.casework.loading import STRICT_KEYS, Number

Count = Annotated[int, Bound(ge=0)]


def _share(value: Any) -> Fraction:
    try:
        share = value if isinstance(value, Fraction) else Fraction(value) if isinstance(value, str | int) else None
    except (ValueError, ZeroDivisionError):
        share = None
    if share is None or not 0 <= share <= 1:
        zh, en = "份额应写作 0 到 1 之间的文字，如 1/5 或 0.3", "a share is a text from 0 to 1 such as 1/5 or 0.3"
        raise PydanticCustomError("share", "{zh} / {en}", {"zh": zh, "en": en})
    return share


Share = Annotated[Fraction, PlainValidator(_share), PlainSerializer(str)]
"""A part of a whole, exact: written "1/5" or "0.2"."""


class Status(StrEnum):
    """What became of an application."""

    SELECTED = "selected"
    RESERVE = "reserve"
    TIED = "tied"
    """Of equal rank with others across the line: to be settled by people."""
    UNIT_FULL = "unit_full"
    """High enough, but its unit's quota is used up by better ones."""
    NOT_SELECTED = "not_selected"
    BELOW_SCORE = "below_score"
    BELOW_MINIMUM = "below_minimum"
    """A criterion below its minimum, as the rubric counts it."""
    TOO_FEW_REVIEWS = "too_few_reviews"


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Cut:
    """How many are chosen from each list. All limits given hold at once; without any, all are chosen.

    `number` chooses that many, `numbers` says so for single groups. `share` chooses at most that part of the
    applications of the list, rounded down. `minimum` is the least score. `per_unit` is the most of one
    recommending unit in a list, `per_units` says so for single units; exempt applications do not count towards it.
    `reserve` more follow in order, for when a chosen one falls away.
    """

    number: Count | None = None
    numbers: Mapping[str, Count] = field(default_factory=dict)
    share: Share | None = None
    minimum: Annotated[Number, Bound(ge=0)] | None = None
    per_unit: Count | None = None
    per_units: Mapping[str, Count] = field(default_factory=dict)
    reserve: Count = 0

    def places(self, group: str, applications: int) -> int:
        """How many may be chosen from the list of a group with so many applications."""
        number = self.numbers.get(group, self.number)
        limits = [applications]
        limits += [] if number is None else [number]
        limits += [] if self.share is None else [int(applications * self.share)]
        return min(limits)

    def quota(self, unit: str) -> int | None:
        """The most that may be chosen of a unit; None without a limit."""
        return self.per_units.get(unit, self.per_unit)


@dataclass(frozen=True)
class Entry:
    """A ranked application as the cut sees it."""

    rank: int
    score: Decimal
    unit: str = ""
    exempt: bool = False


def cut_list(cut: Cut, group: str, applications: int, entries: Sequence[Entry]) -> tuple[Status, ...]:
    """What becomes of each entry of a list in order of rank; `applications` counts those without a rank, too."""
    return tuple(_Line(cut, cut.places(group, applications)).walk(entries))


class _Line:
    """A pass down the list, with what is taken so far."""

    def __init__(self, cut: Cut, places: int) -> None:
        self._cut = cut
        self._left = places
        self._reserve = cut.reserve
        self._taken: Counter[str] = Counter()
        self._closed: set[str] = set()
        """Units in which a tie holds the last places open."""

    def walk(self, entries: Iterable[Entry]) -> Iterator[Status]:
        for _, tied in groupby(entries, key=lambda entry: entry.rank):
            yield from self._block(list(tied))

    def _block(self, block: list[Entry]) -> Iterator[Status]:
        if self._cut.minimum is not None and block[0].score < self._cut.minimum:
            yield from (Status.BELOW_SCORE for _ in block)
            return
        held = self._held(Counter(entry.unit for entry in block if not entry.exempt))
        able = [entry for entry in block if entry.exempt or entry.unit not in held]
        status = self._take(able)
        for entry in block:
            yield status if entry.exempt else held.get(entry.unit, status)

    def _held(self, wanted: Counter[str]) -> dict[str, Status]:
        """The units of a block whose quota does not hold all of their entries in it, and what these become."""
        held = {}
        for unit, number in wanted.items():
            quota = self._cut.quota(unit)
            if quota is None:
                continue
            free = 0 if unit in self._closed else quota - self._taken[unit]
            if number <= free:
                continue
            contended = min(free, self._left)
            held[unit] = Status.TIED if contended else Status.UNIT_FULL
            if contended:
                self._closed.add(unit)
                self._left -= contended
        return held

    def _take(self, able: list[Entry]) -> Status:
        if not able:
            return Status.NOT_SELECTED
        if len(able) <= self._left:
            self._left -= len(able)
            self._taken.update(entry.unit for entry in able if not entry.exempt)
            return Status.SELECTED
        if self._left:
            self._left = 0
            return Status.TIED
        if len(able) <= self._reserve:
            self._reserve -= len(able)
            return Status.RESERVE
        self._reserve = 0
        return Status.NOT_SELECTED

"""Results as pure values: what a sheet says, where two sheets differ, what follows for a candidate."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from jineng.credentials.kinds import Attendance, Outcome

ABSENT_WORDS = frozenset({"缺考", "缺", "ABSENT"})
TENTH = Decimal("0.1")
Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True)
class Entry:
    """What is entered for a candidate in a component: a score, or absent (no score)."""

    score: Decimal | None

    @property
    def absent(self) -> bool:
        """Whether the candidate stayed away."""
        return self.score is None

    def __str__(self) -> str:
        return "缺考" if self.score is None else f"{self.score.normalize():f}"


ABSENT = Entry(None)


@dataclass(frozen=True)
class Verdict:
    """What came of an assessment: whether the candidate came, the outcome, the sum of scores."""

    attendance: str
    outcome: str
    score: Decimal | None


def parse_entry(text: str, full_marks: Decimal) -> Entry:
    """What somebody typed: a score of at most one decimal place up to ``full_marks``, or 缺考.

    Raises:
        ValueError: neither of the two, fit to be shown.
    """
    words = text.strip().upper()
    if words in ABSENT_WORDS:
        return ABSENT
    try:
        score = Decimal(words)
    except InvalidOperation:
        raise ValueError("请填分数或“缺考”。 A score, or 缺考.") from None
    if not score.is_finite() or not 0 <= score <= full_marks:
        raise ValueError(f"分数应在 0 至 {full_marks.normalize():f} 之间。 From 0 to {full_marks.normalize():f}.")
    if score != score.quantize(TENTH):
        raise ValueError("分数最多一位小数。 One decimal place at most.")
    return Entry(score.quantize(TENTH))


def differences(first: Mapping[Cell, Entry], second: Mapping[Cell, Entry]) -> list[Cell]:
    """Cells in which two sheets say different things, one of them nothing included, in the order of the first."""
    cells = [*first, *(cell for cell in second if cell not in first)]
    return [cell for cell in cells if first.get(cell) != second.get(cell)]


def verdict(parts: Sequence[tuple[Decimal, Entry]]) -> Verdict:
    """What follows from the entries in all components, each with the marks that pass it.

    Whoever stayed away from every part did not sit; whoever missed one did not pass. All parts must be passed.
    """
    scores = [entry.score for _, entry in parts if entry.score is not None]
    if not scores:
        return Verdict(Attendance.ABSENT.value, "", None)
    passed = all(entry.score is not None and entry.score >= needed for needed, entry in parts)
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return Verdict(Attendance.SAT.value, outcome.value, sum(scores, Decimal(0)))

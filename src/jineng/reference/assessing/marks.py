"""What candidates score in the parts of an assessment, and what is mistyped when it is entered a second time."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from jineng.credentials.marking import ABSENT, Entry
from jineng.credentials.verbs.entering import Cell
from jineng.credentials.verbs.sessions import USUAL
from jineng.reference.assessing.plan import ABSENT as AWAY
from jineng.reference.assessing.plan import Sitter

THEORY, PRACTICE = 1, 2
"""The usual parts by their order."""
MISSED_EVERY = 41
"""Of those who fail, one in so many came to the theory alone."""


class Seated(NamedTuple):
    """A candidate of the register and who it is in the specification."""

    candidate: UUID
    sitter: Sitter


def marks_of(seated: Iterable[Seated]) -> dict[Cell, Entry]:
    """Both parts of every candidate."""
    return {(each.candidate, part): _entry(each.sitter, part) for each in seated for part in (THEORY, PRACTICE)}


def mistyped(marks: dict[Cell, Entry]) -> dict[Cell, Entry]:
    """The same with the first score ten too low or, where there is no such score, too high."""
    for cell, entry in marks.items():
        if entry.score is not None:
            wrong = entry.score - 10 if entry.score >= 10 else entry.score + 10
            return {**marks, cell: Entry(wrong)}
    return marks


def _entry(sitter: Sitter, part: int) -> Entry:
    """A part's score: whoever fails does so in the theory, in practice or in both, as the serial tells."""
    if sitter.came == AWAY:
        return ABSENT
    drawn = sitter.serial * (7 if part == THEORY else 11)
    pass_marks = USUAL[part - 1].pass_marks
    if sitter.passed or sitter.serial % 3 == part % 2:
        return Entry(pass_marks + Decimal(drawn % 38))
    if part == PRACTICE and sitter.serial % MISSED_EVERY == 0:
        return ABSENT
    return Entry(Decimal(22 + drawn % 37))

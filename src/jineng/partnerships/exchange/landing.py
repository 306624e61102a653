"""What the room's landings share: the right, the room, and how their rows go in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from jineng.engines.exchange import Table
from jineng.kernel.returns import Hall, Landing, Merge
from jineng.kernel.returns.voiding import merge_or_strike
from jineng.kernel.rights import Right

Rows = dict[int, Sequence[Any]]
"""Values in the order of the merge's fields, by row of the sheet."""


class PartnershipLanding(Landing):
    """A sheet of this room: rows are resolved and judged, then merged or struck out."""

    right: ClassVar[Right] = Right.EDIT_PARTNERSHIPS
    room: ClassVar[str] = "partnerships"
    spec: ClassVar[Merge]

    @abstractmethod
    def rows(self, table: Table, hall: Hall) -> Rows:
        """The rows with their codes resolved; whatever is wrong is refused on the way."""

    def land(self, table: Table, hall: Hall) -> None:
        """Bring the sheet into the register."""
        merge_or_strike(hall, table, self.spec, self.rows(table, hall))


def standing_marks(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Rows for export with the two columns of voiding left empty behind them."""
    return ((*row, None, None) for row in rows)


def year_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)

"""What rooms give the importer, and the one way in which rows merge into a register.

A room registers a :class:`Landing` for each of its sheets. Its ``land`` resolves codes, refuses what is wrong cell
by cell, and hands the rest to :meth:`Hall.merge`. All sheets of a file land in one transaction, lower floors first,
so that a later sheet may refer to what an earlier one brought.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from jineng.engines.exchange import Book, CellError, ErrorCode, Problem, Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.returns.merging import Merge, Outcome, merge
from jineng.kernel.returns.underway import UnderWay
from jineng.kernel.rights import Right

BOOK_NAME = "jineng_return"
BOOK_TITLE = "职业教育年度填报"


class Landing(ABC):
    """One sheet of the return and how its rows come into a room's register."""

    sheet: ClassVar[Sheet]
    right: ClassVar[Right]
    room: ClassVar[str]

    @abstractmethod
    def land(self, table: Table, hall: Hall) -> None:
        """Check and merge ``table``; refuse cells by :meth:`Hall.refuse`, never by raising."""

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Rows of this sheet that hold in ``year`` within the actor's scope, in column order."""
        raise LookupError(f"{self.sheet.name} is not exported")


@dataclass
class Hall:
    """Where a file lands: whose it is, what the database does meanwhile, what was refused, what each sheet did."""

    actor: Actor
    receipt_id: UUID
    meanwhile: UnderWay
    errors: list[CellError] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    refused_rows: dict[str, set[int]] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    progress: Callable[[str, int, int], None] = lambda sheet, done, total: None

    def refuse(
        self,
        table: Table,
        index: int,
        column: str,
        code: ErrorCode,
        message: str,
        message_en: str,
        remedy: str,
        remedy_en: str,
    ) -> None:
        """Refuse the cell of ``column`` in the ``index``-th row of ``table``; the row does not land."""
        self.errors.append(table.error(index, column, Problem(code, message, message_en, remedy, remedy_en)))
        self.refused_rows.setdefault(table.sheet.name, set()).add(index)

    def out_of_scope(self, table: Table, index: int, column: str) -> None:
        """Refuse a cell that names an organisation outside the importer's scope."""
        self.refuse(
            table,
            index,
            column,
            ErrorCode.OUT_OF_SCOPE,
            "该机构不在本单位管辖范围内。",
            "This organisation lies outside your scope.",
            "请删除此行，或由其主管单位填报。",
            "Remove the row, or have the organisation's authority report it.",
        )

    def unknown(self, table: Table, index: int, column: str, what: str, what_en: str) -> None:
        """Refuse a cell whose code is not in the register."""
        self.refuse(
            table,
            index,
            column,
            ErrorCode.UNKNOWN_REFERENCE,
            f"登记册中没有此{what}。",
            f"The register holds no such {what_en}.",
            "请核对代码，或先填报该项。",
            "Check the code, or report it first.",
        )

    def good(self, table: Table) -> list[int]:
        """Indices of the rows of ``table`` that were not refused so far."""
        refused = self.refused_rows.get(table.sheet.name, set())
        return [index for index in range(len(table)) if index not in refused] if refused else list(range(len(table)))

    def merge(self, table: Table, spec: Merge, indices: Sequence[int], rows: Sequence[Sequence[Any]]) -> Outcome:
        """Merge ``rows`` (values in the order of ``spec.fields``) that stem from the rows ``indices`` of ``table``.

        A record that another organisation outside the importer's scope reported with other facts is refused as a
        conflict that names the differing column.
        """
        self.tables.add(spec.model._meta.db_table)
        outcome, conflicts = merge(self.actor, self.receipt_id, spec, indices, rows, self.meanwhile)
        for index, position in conflicts:
            self.refuse(
                table,
                index,
                spec.sheet_columns[position],
                ErrorCode.CONFLICT,
                "此项已由其他单位填报，且此处内容不同。",
                "Another office has reported this item with a different value here.",
                "请与填报单位核对；以其主管单位的更正为准。",
                "Settle it with that office; its authority may correct the record.",
            )
        self.outcomes.setdefault(table.sheet.name, Outcome()).add(outcome)
        return outcome


_landings: list[tuple[int, Landing]] = []


def register(order: int, landing: Landing) -> None:
    """Add a sheet to the return; ``order`` follows the floors (registry 100, majors 200, calls 300 …)."""
    _landings.append((order, landing))
    _landings.sort(key=lambda pair: pair[0])
    the_book.cache_clear()


def landings() -> dict[str, Landing]:
    """All landings by sheet name, in the order in which they land."""
    return {landing.sheet.name: landing for _, landing in _landings}


@cache
def the_book() -> Book:
    """The one workbook: every room's sheets. A file may hold any of them."""
    return Book(BOOK_NAME, BOOK_TITLE, tuple(landing.sheet for _, landing in _landings))

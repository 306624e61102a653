"""Read a workbook into typed columns and say of every bad cell where, what and what to do."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine as calamine

from jineng.engines.exchange import checks, container, faults, layout
from jineng.engines.exchange.checks import Page
from jineng.engines.exchange.columns import convert
from jineng.engines.exchange.container import Limits
from jineng.engines.exchange.problems import CellError, Problem, cell_name, shown
from jineng.engines.exchange.schema import AUXILIARY_SHEETS, HEADER_ROWS, MARK_SHEET, Book, Column, Sheet

Known = Mapping[str, Collection[str]]
"""For each `refers_to` text, the values that exist outside the file."""
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Table:
    """The rows of one sheet by column; blank rows are left out, a refused or empty cell is None.

    `row_numbers[i]` is the spreadsheet's number of row i; `positions` tells where each column stood (from 0).
    """

    sheet: Sheet
    columns: dict[str, list[Any]]
    row_numbers: list[int]
    positions: dict[str, int]

    def __len__(self) -> int:
        return len(self.row_numbers)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row as a dict from machine name to value."""
        names = list(self.columns)
        for row in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, row, strict=True))

    def error(self, index: int, name: str, problem: Problem) -> CellError:
        """A cell error for row `index` (from 0), as an importer finds it against its registers."""
        column = self.sheet.by_name[name]
        value = self.columns[name][index]
        return _cell_error(self.sheet, column, self.row_numbers[index], self.positions[name], value, problem)


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    `errors` lists the first errors in the order of sheets, rows and columns; `error_count` counts all. Only a
    reading without errors may be imported. `digest` is the SHA-256 of the file in hex.
    """

    book: Book
    digest: str
    tables: dict[str, Table]
    errors: tuple[CellError, ...]
    error_count: int

    @property
    def ok(self) -> bool:
        return self.error_count == 0


def read(
    source: Path | bytes,
    books: Book | Sequence[Book],
    *,
    limits: Limits = DEFAULT_LIMITS,
    known: Known | None = None,
) -> Reading:
    """Read the sheets of one of `books` from an .xlsx file; any subset of its sheets may be there.

    With `known`, values of columns that refer to a list named there must be in it; a column that refers to
    another sheet must find its value on that sheet of the same file, or among `known`. Without both the
    reference is left to the importer. Raises FileError where the file as a whole cannot be read.
    """
    box = container.load(source, limits)
    try:
        book, pages = _pages(box, (books,) if isinstance(books, Book) else tuple(books))
    except (calamine.CalamineError, expat.ExpatError, ValueError, OverflowError) as error:
        raise container.damaged() from error
    by_name = {page.sheet.name: page for page in pages}
    for page in pages:
        checks.check_required(page)
        checks.check_key(page)
    for page in pages:
        checks.check_references(page, by_name, known or {})
    return Reading(
        book,
        hashlib.sha256(box.data).hexdigest(),
        {page.sheet.name: _table(page) for page in pages},
        tuple(_errors(pages, limits.errors)),
        sum(len(page.problems) for page in pages),
    )


def _pages(box: container.Container, books: Sequence[Book]) -> tuple[Book, list[Page]]:
    parts = faults.sheet_parts(box.parts)
    with calamine.load_workbook(io.BytesIO(box.data)) as workbook:
        titles = [item.name for item in workbook.sheets_metadata if item.typ is calamine.SheetTypeEnum.WorkSheet]
        mark = None
        if MARK_SHEET in titles:
            mark = workbook.get_sheet_by_name(MARK_SHEET).to_python(skip_empty_area=False)
        plain = [title for title in titles if title not in AUXILIARY_SHEETS]
        book = layout.recognise_book(books, plain, mark)
        strangers = [
            title
            for title in plain
            if title not in book.by_title and workbook.get_sheet_by_name(title).start is not None
        ]
        layout.refuse_unknown_sheets(book, strangers)
        pages = [
            _page(sheet, workbook.get_sheet_by_name(sheet.title), box.parts.get(parts.get(sheet.title, ""), b""))
            for sheet in book.sheets
            if sheet.title in plain
        ]
    return book, pages


def _page(sheet: Sheet, cells: calamine.CalamineSheet, xml: bytes) -> Page:
    grid = cells.to_python(skip_empty_area=False)
    if not grid:
        nothing: dict[str, list[Any]] = {column.name: [] for column in sheet.columns}
        return Page(sheet, dict(nothing), {name: at for at, name in enumerate(nothing)}, nothing, {}, frozenset())
    positions = layout.find_columns(sheet, grid)
    data = grid[HEADER_ROWS:]
    raws: dict[str, Sequence[Any]] = {}
    values: dict[str, list[Any]] = {}
    problems: dict[tuple[int, str], Problem] = {}
    for column in sheet.columns:
        raws[column.name] = list(map(itemgetter(positions[column.name]), data))
        values[column.name], found = convert(column, raws[column.name])
        problems.update({(index, column.name): problem for index, problem in found.items()})
    page = Page(sheet, raws, positions, values, problems, frozenset())
    checks.mark_faults(page, faults.find(xml))
    if b"mergeCell" in xml[xml.rfind(b"sheetData") :]:
        checks.mark_merged(page, cells.merged_cell_ranges or [])
    checks.mark_blank_rows(page)
    return page


def _table(page: Page) -> Table:
    height = page.height
    if not page.blank:
        return Table(page.sheet, page.values, list(range(HEADER_ROWS + 1, HEADER_ROWS + 1 + height)), page.positions)
    kept = [index for index in range(height) if index not in page.blank]
    columns = {name: [values[index] for index in kept] for name, values in page.values.items()}
    return Table(page.sheet, columns, [index + HEADER_ROWS + 1 for index in kept], page.positions)


def _errors(pages: Sequence[Page], limit: int) -> Iterator[CellError]:
    for page in pages:
        order = sorted(page.problems, key=lambda place: (place[0], page.positions[place[1]]))[:limit]
        limit -= len(order)
        for index, name in order:
            column = page.sheet.by_name[name]
            fault = page.faults.get((index, name))
            raw = fault if fault is not None else page.raws[name][index]
            row = index + HEADER_ROWS + 1
            yield _cell_error(page.sheet, column, row, page.positions[name], raw, page.problems[index, name])


def _cell_error(sheet: Sheet, column: Column, row: int, position: int, value: Any, problem: Problem) -> CellError:
    return CellError(
        sheet=sheet.title,
        row=row,
        column=column.name,
        cell=cell_name(row, position),
        value=shown(value, column.personal),
        code=problem.code,
        message=problem.message,
        message_en=problem.message_en,
        remedy=problem.remedy,
        remedy_en=problem.remedy_en,
        heading=column.heading,
    )

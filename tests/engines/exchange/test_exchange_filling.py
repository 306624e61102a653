"""Rows written straight into a workbook: other readers agree, and what cannot be a cell is refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from tests.engines.exchange.books import single

from jineng.engines.exchange import Book, Column, Kind, Sheet, ValueRefused, filling, read, write_book

COLUMNS = (
    Column("name", "名", Kind.TEXT, required=True),
    Column("code", "代码", Kind.CODE),
    Column("count", "数", Kind.INTEGER, unit="人"),
    Column("share", "比", Kind.DECIMAL),
    Column("day", "日", Kind.DATE),
    Column("done", "否", Kind.BOOLEAN),
)
ROWS = [
    ["a & b < c > d \"e\" 'f'", "007", 3, Decimal("0.25"), dt.date(2021, 3, 5), True],
    ["_x0041_", "007", 10**14, Decimal("1E-7"), dt.date(1900, 3, 1), False],
    ["两\n行", None, None, None, dt.date(1899, 1, 2), None],
    [None, None, None, None, None, None],
    ["是", "名*", -1, Decimal("-2.5"), dt.date(2200, 12, 31), True],
]


def book() -> Book:
    """Two sheets, of which the second has the same texts as the first's head."""
    return Book("b", "书", (Sheet("one", "一", COLUMNS), Sheet("two", "二", (Column("name", "名", Kind.TEXT),))))


@pytest.fixture(scope="module")
def data() -> bytes:
    """A workbook with all kinds of cells on one sheet and heads' own words on another."""
    return write_book(book(), {"one": ROWS, "two": [["名"], ["name"], ["是"]]})


def test_another_reader_sees_values_with_their_formats(data: bytes) -> None:
    page = openpyxl.load_workbook(io.BytesIO(data))["一"]
    assert page.dimensions == "A1:F7"
    assert [cell.value for cell in page[3]] == [ROWS[0][0], "007", 3, 0.25, dt.datetime(2021, 3, 5), "是"]
    assert [page["A5"].value, page["C4"].value, page["D4"].value] == ["两\n行", 10**14, 1e-7]
    assert [page[f"E{row}"].value for row in (4, 5, 7)] == [
        dt.datetime(1900, 3, 1),
        "1899-01-02",
        dt.datetime(2200, 12, 31),
    ]
    assert [cell.number_format for cell in page[3]] == ["@", "@", "General", "General", "yyyy-mm-dd", "@"]
    assert all(cell.value is None for cell in page[6])


def test_our_own_reader_gives_the_rows_back(data: bytes) -> None:
    tables = read(data, book()).tables
    assert [list(row.values()) for row in tables["one"].rows()] == [row for row in ROWS if any(row)]
    assert tables["two"].columns["name"] == ["名", "name", "是"]


def test_each_text_is_kept_once(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        shared = archive.read("xl/sharedStrings.xml").decode()
        uses = sum(
            archive.read(name).count(b't="s"') for name in archive.namelist() if name.startswith("xl/worksheets/s")
        )
    items = re.findall(r"<si>.*?</si>", shared, re.DOTALL)
    assert len(items) == len(set(items))
    assert f'count="{uses}" uniqueCount="{len(items)}"' in shared
    assert "_x005F_x0041_" in shared


@pytest.mark.parametrize("value", ["\ud800", "x" * 32_768])
def test_what_no_cell_can_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueRefused, match="column a"):
        write_book(single(Column("a", "甲", Kind.TEXT)), {"rows": [[value]]})


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "LAST_ROW", 3)
    one = single(Column("a", "甲", Kind.TEXT))
    assert len(read(write_book(one, {"rows": [["x"], ["y"]]}), one).tables["rows"]) == 2
    with pytest.raises(ValueRefused, match="5 rows are more"):
        write_book(one, {"rows": [["x"], ["y"], ["z"]]})

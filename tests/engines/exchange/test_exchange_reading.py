from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
from tests.engines.exchange.books import AWARDS, BOOK, CALLS, filled, repack, single, workbook

from jineng.engines.exchange import (
    Book,
    CellError,
    Column,
    ErrorCode,
    FileCode,
    FileError,
    Kind,
    Limits,
    Problem,
    Sheet,
    read,
    write_book,
    write_template,
)
from jineng.engines.exchange.timing import time_reading

CODE = Column("code", "编号", Kind.CODE, required=True)
TITLE = Column("title", "名称", Kind.TEXT)
DAY = Column("day", "日期", Kind.DATE)
COUNT = Column("count", "数量", Kind.INTEGER)
ONE = single(CODE, TITLE, COUNT, key=("code",))
HEAD = [["编号*", "名称", "数量"], ["code", "title", "count"]]


def refusal(data: bytes, books: Book | Sequence[Book]) -> FileError:
    with pytest.raises(FileError) as caught:
        read(data, books)
    return caught.value


def found(errors: Sequence[CellError]) -> list[tuple[str, str]]:
    return [(error.cell, error.code) for error in errors]


def test_a_good_file() -> None:
    data = filled(ONE, [["A1", "甲", 3], [], ["A2", None, None], ["\u3000", "", None]])
    reading = read(data, ONE)
    assert reading.ok
    assert reading.digest == hashlib.sha256(data).hexdigest()
    table = reading.tables["rows"]
    assert len(table) == 2
    assert table.row_numbers == [3, 5]
    assert list(table.rows()) == [
        {"code": "A1", "title": "甲", "count": 3},
        {"code": "A2", "title": None, "count": None},
    ]


def test_column_order_is_free_and_blank_columns_do_no_harm() -> None:
    data = workbook(
        {"数据": [["数量", None, "名称", "编号"], ["count", None, "title", " code "], [1, None, "甲", "A"]]}
    )
    reading = read(data, ONE)
    assert list(reading.tables["rows"].rows()) == [{"code": "A", "title": "甲", "count": 1}]
    assert reading.tables["rows"].positions == {"count": 0, "title": 2, "code": 3}


@pytest.mark.parametrize("sheets", [{"数据": []}, {"数据": HEAD}, {"数据": HEAD, "Sheet2": []}])
def test_empty_sheets_are_fine(sheets: dict[str, Any]) -> None:
    reading = read(workbook(sheets), ONE)
    assert reading.ok
    assert len(reading.tables["rows"]) == 0
    assert set(reading.tables["rows"].columns) == {"code", "title", "count"}


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ([["编号", "名称", "数量"]], ["缺少栏目“编号”"]),
        ([["编号", "名称"], ["code", "title"]], ["缺少栏目“数量”（count）"]),
        ([["a", "b", "c", "d"], ["code", "title", "count", "title"]], ["D2", "重复"]),
        ([["a", "b", "c", "d"], ["code", "title", "count", "extra"]], ["D2", "extra", "不认识"]),
        ([["a", "b", "c", "多"], ["code", "title", "count"]], ["D2", "不认识"]),
        ([["a", "b", "c"], ["code", "title", 7]], ["C2", "“7”", "缺少栏目“数量”"]),
    ],
)
def test_wrong_headings_are_named(head: list[list[Any]], words: list[str]) -> None:
    error = refusal(workbook({"数据": head}), ONE)
    assert error.code is FileCode.WRONG_HEADINGS
    for word in words:
        assert word in error.message
    assert error.details


def test_unknown_sheets_are_named_beside_the_known_ones() -> None:
    error = refusal(workbook({"数据": HEAD, "草稿": [["x"]]}), ONE)
    assert error.code is FileCode.UNKNOWN_SHEET
    assert "草稿" in error.message
    assert "数据" in error.message
    error = refusal(workbook({"Sheet1": [["x"]]}), BOOK)
    assert error.code is FileCode.NO_KNOWN_SHEET
    assert "遴选" in error.message


def test_the_book_is_recognised_by_its_sheets() -> None:
    other = Book("other", "另一种", (Sheet("awards", "立项", (CODE,)),))
    both = write_book(BOOK, {"calls": [], "awards": []})
    unmarked = workbook({"遴选": [[c.heading for c in CALLS.columns], [c.name for c in CALLS.columns]], "立项": []})
    assert read(both, [other, BOOK]).book is BOOK
    assert read(unmarked, [other, BOOK]).book is BOOK
    error = refusal(workbook({"立项": []}), [other, BOOK])
    assert error.code is FileCode.UNKNOWN_BOOK
    assert "另一种" in error.message


def test_the_mark_decides() -> None:
    data = write_template(BOOK)
    newer = Book(BOOK.name, BOOK.title, BOOK.sheets, version="4")
    error = refusal(data, newer)
    assert error.code is FileCode.WRONG_VERSION
    assert "3" in error.message
    assert "4" in error.message
    assert refusal(data, ONE).code is FileCode.UNKNOWN_BOOK
    assert refusal(workbook({"数据": HEAD, "_jineng": [["x"]]}), ONE).code is FileCode.UNKNOWN_BOOK
    marked = workbook({"数据": HEAD, "_jineng": [["book", "one"], ["version", 1]]})
    assert read(marked, ONE).ok
    bare = workbook({"_jineng": [["book", "one"], ["version", 1]]})
    assert refusal(bare, ONE).code is FileCode.NO_KNOWN_SHEET


def test_cell_errors_say_where_what_and_what_to_do() -> None:
    data = filled(ONE, [["A1", "甲", "三"], [None, "乙", 1]])
    reading = read(data, ONE)
    assert not reading.ok
    assert found(reading.errors) == [("C3", "not_a_number"), ("A4", "required")]
    first = reading.errors[0]
    assert (first.sheet, first.row, first.column, first.heading, first.value) == (
        "数据",
        3,
        "count",
        "数量",
        "三",
    )
    assert reading.tables["rows"].columns["count"] == [None, 1]


def test_errors_are_listed_to_a_limit_and_counted_in_full() -> None:
    two = write_two([[f"A{n}", "名", "坏日期"] for n in range(30)], [[None] * 12, ["A1", "bad"]] * 3)
    reading = read(two, BOOK, limits=Limits(errors=40))
    assert reading.error_count == 33
    assert len(reading.errors) == 33
    few = read(two, BOOK, limits=Limits(errors=10))
    assert few.error_count == 33
    assert few.errors == reading.errors[:10]


def write_two(calls: Sequence[Sequence[Any]], awards: Sequence[Sequence[Any]]) -> bytes:
    sheets = {}
    for sheet, rows in ((CALLS, calls), (AWARDS, awards)):
        head = [[column.heading for column in sheet.columns], [column.name for column in sheet.columns]]
        sheets[sheet.title] = [*head, *rows]
    return workbook(sheets)


def test_the_natural_key_stands_once() -> None:
    reading = read(filled(ONE, [["A1", "甲"], ["A2", "乙"], ["Ａ1 ", "丙"], [None, "丁"], [None, "戊"]]), ONE)
    assert found(reading.errors) == [("A5", "duplicate_key"), ("A6", "required"), ("A7", "required")]
    assert "第 3 行" in reading.errors[0].message
    assert reading.errors[0].value == "Ａ1 "


def test_a_key_of_two_columns() -> None:
    data = write_two([["A", "甲"]], [["A", "4162010730"], ["A", "4162010731"], ["A", "4162010730"]])
    reading = read(data, BOOK)
    assert found(reading.errors) == [("A5", "duplicate_key")]
    assert "“遴选编号”、“学校标识码”" in reading.errors[0].message


def test_blank_rows_are_no_duplicates() -> None:
    assert read(
        filled(single(TITLE, COUNT, key=("title",)), [["甲"], [], ["乙"], [], [" "]]),
        single(TITLE, COUNT, key=("title",)),
    ).ok


def test_references_to_another_sheet() -> None:
    data = write_two([["CALL-2021", "甲"]], [["CALL-2021", "4162010730"], ["CALL-2012", "4162010730"]])
    reading = read(data, BOOK)
    assert found(reading.errors) == [("A4", "missing_reference")]
    assert "是不是 CALL-2021" in reading.errors[0].remedy
    assert "工作表“遴选”" in reading.errors[0].message
    assert read(data, BOOK, known={"sheet:calls.code": {"CALL-2012"}}).ok


def test_references_out_of_the_file() -> None:
    data = write_book(BOOK, {"awards": [{"call": "A", "school": "4162010730"}]})
    assert read(data, BOOK).ok
    assert read(data, BOOK, known={"organisation": ["4162010730"], "sheet:calls.code": ["A"]}).ok
    reading = read(data, BOOK, known={"organisation": ["X-9"], "sheet:calls.code": ()})
    assert found(reading.errors) == [("A3", "missing_reference"), ("B3", "unknown_reference")]
    assert "是不是" not in reading.errors[1].remedy
    many = {"organisation": [f"4162{n:06d}" for n in range(6000)]}
    assert "是不是" not in read(data, BOOK, known=many).errors[0].remedy


def test_a_personal_reference_suggests_nothing() -> None:
    book = single(Column("who", "身份证号", Kind.RESIDENT_ID, refers_to="person"))
    data = write_book(book, {"rows": [["11010519491231002X"]]})
    (error,) = read(data, book, known={"person": ["110105194912310020"]}).errors
    assert "1101" not in repr(error)
    assert error.value == "•" * 18


def test_merged_cells_among_the_data() -> None:
    def merge(_: Any, page: Any) -> None:
        page.merge_range("A3:A5", "A1")
        page.merge_range("E1:F9", "")
        page.merge_range("B6:C6", "甲")

    reading = read(filled(ONE, [[None, "甲"], [None, "乙"], [None, "丙"], ["A4", None]], merge), ONE)
    assert found(reading.errors) == [("A3", "merged_cell"), ("B6", "merged_cell")]
    assert "A3:A5" in reading.errors[0].message


def test_endless_overlapping_merges_cost_no_more_than_the_grid() -> None:
    def add(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        ranges = b"".join(b'<mergeCell ref="A3:C%d"/>' % n for n in range(4, 9))
        return part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>")

    reading = read(repack(filled(ONE, [["A1"], [None, "x"], [None, "y"]]), add), ONE)
    assert reading.errors[0].code == "merged_cell"


def test_formulas() -> None:
    def formulas(_: Any, page: Any) -> None:
        page.write_formula("C3", "=1+1", None, 2)
        page.write_formula("C4", "=NA()", None, "#N/A")
        page.write_formula("B5", "=1/0", None, "#DIV/0!")
        page.write_formula("A1", "=1/0", None, "#DIV/0!")
        page.write_formula("J9", "=1/0", None, "#DIV/0!")

    reading = read(filled(ONE, [["A1"], ["A2"], ["A3"]], formulas), ONE)
    assert found(reading.errors) == [("C4", "formula_error"), ("B5", "formula_error")]
    assert [error.value for error in reading.errors] == ["#N/A", "#DIV/0!"]


@pytest.mark.parametrize("quote", [b'"', b"'"])
def test_formulas_without_a_result(quote: bytes) -> None:
    def formulas(_: Any, page: Any) -> None:
        page.write_formula("C4", "=SUM(1,2)", None, 77)

    def strip(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        part = part.replace(b"<v>77</v>", b"").replace(b' r="C4"', b"")
        part = part.replace(b'<row r="4"', b"<row").replace(b'<row r="5"', b'<row r="5"')
        return part.replace(b"</row>", b"</row>\n").replace(b'"', quote)

    data = repack(filled(ONE, [["A1", "x", 1], ["A2", "y"], ["A3"]], formulas), strip)
    reading = read(data, ONE)
    assert found(reading.errors) == [("C4", "formula_not_calculated")]
    assert reading.errors[0].value == "=SUM(1,2)"


def test_dates_as_serial_numbers_and_as_text() -> None:
    book = single(CODE, DAY)
    data = filled(book, [["A", dt.date(2021, 3, 5)], ["B", "2021年3月5日"], ["C", 44260], ["D", "3/5/21"]])
    reading = read(data, book)
    assert reading.tables["rows"].columns["day"] == [dt.date(2021, 3, 5), dt.date(2021, 3, 5), None, None]
    assert found(reading.errors) == [("B5", "date_as_number"), ("B6", "ambiguous_date")]


def test_an_importer_adds_its_own_findings() -> None:
    book = single(CODE, Column("who", "身份证号", Kind.RESIDENT_ID))
    table = read(write_book(book, {"rows": [["A", "11010519491231002X"]]}), book).tables["rows"]
    problem = Problem(ErrorCode.OUT_OF_SCOPE, "不在您的管辖范围内。", "Outside your scope.", "请核对。", "Check it.")
    error = table.error(0, "code", problem)
    assert (error.cell, error.value, error.code) == ("A3", "A", "out_of_scope")
    assert "1101" not in table.error(0, "who", problem).value


def test_a_sheet_that_only_the_relations_know_wrongly() -> None:
    data = repack(
        filled(ONE, [["A1"]]),
        lambda name, part: part.replace(b"sheet1.xml", b"none.xml") if name.endswith("workbook.xml.rels") else part,
    )
    assert refusal(data, ONE).code is FileCode.DAMAGED


def test_timing_reads_what_it_wrote() -> None:
    timing = time_reading(rows=50, runs=1)
    assert timing.rows == 50
    assert timing.ratio > 0

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
import python_calamine as calamine
from tests.engines.exchange.books import BOOK, filled, repack, single

from jineng.engines.exchange import (
    CellError,
    Column,
    FileCode,
    FileError,
    Kind,
    marking,
    read,
    write_errors,
    write_template,
)
from jineng.engines.exchange.schema import ERRORS_SHEET

ONE = single(
    Column("code", "编号", Kind.CODE, required=True),
    Column("title", "名称", Kind.TEXT),
    Column("n", "数", Kind.INTEGER),
    key=("code",),
)


def cells(data: bytes, title: str) -> list[list[Any]]:
    return calamine.load_workbook(io.BytesIO(data)).get_sheet_by_name(title).to_python(skip_empty_area=False)


def marked(data: bytes, errors: Sequence[CellError] | None = None) -> tuple[bytes, openpyxl.Workbook]:
    made = write_errors(data, read(data, ONE).errors if errors is None else errors)
    return made, openpyxl.load_workbook(io.BytesIO(made))


def test_bad_cells_are_coloured_and_explained() -> None:
    data = filled(ONE, [["A1", "甲", "三"], [None, "乙", 1], ["A1", "丙", 2]])
    made, book = marked(data)
    assert cells(made, "数据") == cells(data, "数据")
    assert book.sheetnames == [ERRORS_SHEET, "数据"]
    page = book["数据"]
    for name in ("C3", "A4", "A5"):
        assert page[name].fill.fgColor.rgb == "FFF8C9C0"
        assert page[name].comment is not None
    assert page["B3"].fill.fill_type is None
    assert "数字" in page["C3"].comment.text
    listed = book[ERRORS_SHEET]
    assert [listed.cell(row, 3).value for row in (2, 3, 4)] == ["C3", "A4", "A5"]
    assert listed["C2"].hyperlink.location == "'数据'!C3"
    assert "第 3 行" in listed["F4"].value
    assert made == write_errors(data, read(data, ONE).errors)


def test_a_marked_workbook_can_be_corrected_and_sent_again() -> None:
    template = write_template(BOOK)
    assert read(write_errors(template, ()), BOOK).ok
    data = filled(ONE, [["A1", "甲", "三"]])
    once, _ = marked(data)
    assert read(once, ONE).error_count == 1
    twice, book = marked(once)
    assert book.sheetnames == [ERRORS_SHEET, "数据"]
    assert cells(twice, "数据") == cells(data, "数据")


def test_two_errors_in_one_cell_stand_in_one_comment() -> None:
    data = filled(ONE, [["A1", "甲", "三"]])
    (error,) = read(data, ONE).errors
    _, book = marked(data, [error, error])
    assert book["数据"]["C3"].comment.text.count(error.message) == 2


def test_every_kind_of_value_is_kept() -> None:
    def fill(workbook: Any, page: Any) -> None:
        times = workbook.add_format({"num_format": "hh:mm:ss"})
        stamp = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_boolean("A4", True)
        page.write_datetime("A5", dt.datetime(2021, 3, 5, 8, 30), stamp)
        page.write_datetime("A6", dt.date(2021, 3, 5), workbook.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime("A7", dt.timedelta(hours=30), workbook.add_format({"num_format": "[h]:mm:ss"}))
        page.write_datetime("A8", dt.time(8, 15), times)
        page.write_formula("B4", "=NA()", None, "#N/A")
        page.write_formula("B5", "=1+1", None, 2)
        page.write_formula("B6", "=SUM(3,4)", None, 77)
        page.write_formula("B7", "=1", None, 78)
        page.write_string("C9", "=不是公式")
        page.merge_range("B10:C11", "合")

    def strip(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        return part.replace(b"<v>77</v>", b"").replace(b"<f>1</f><v>78</v>", b"<f/>")

    data = repack(filled(ONE, [["A1", "甲", 1.5]], fill), strip)
    errors = read(data, ONE).errors
    assert {"B4", "B6", "B7", "B10"} <= {error.cell for error in errors}
    made, book = marked(data, errors)
    assert cells(made, "数据") == cells(data, "数据")
    assert book["数据"]["B4"].value == "=NA()"
    assert book["数据"]["B6"].value == "=SUM(3,4)"
    assert [str(area) for area in book["数据"].merged_cells.ranges] == ["B10:C11"]
    again = read(made, ONE)
    assert again.error_count >= 1


def test_error_values_without_a_formula() -> None:
    def plain(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        return part.replace(b'<c r="C3"><v>7</v></c>', b'<c r="C3" t="e"><v>#REF!</v></c>')

    data = repack(filled(ONE, [["A1", "甲", 7]]), plain)
    (error,) = read(data, ONE).errors
    assert (error.cell, error.code, error.value) == ("C3", "formula_error", "#REF!")
    _, book = marked(data)
    assert book["数据"]["C3"].value == "=#REF!"


def test_numbers_beyond_numbers_and_days_before_days() -> None:
    def strange(name: str, part: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            return part.replace(b"<v>77</v>", b"<v>inf</v>").replace(b"<v>44260</v>", b"<v>0</v>")
        return part

    data = repack(filled(ONE, [["A1", dt.date(2021, 3, 5), 77]]), strange)
    reading = read(data, ONE)
    assert [error.code for error in reading.errors] == ["not_a_number"]
    made, _ = marked(data)
    assert cells(made, "数据")[2][0] == "A1"


def test_merges_that_no_program_writes_are_left_out() -> None:
    def add(name: str, part: bytes) -> bytes:
        ranges = b'<mergeCell ref="A3:B4"/><mergeCell ref="B4:C5"/><mergeCell ref="A9:A9"/><mergeCell ref="A10:Z9999"/>'
        return part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>")

    data = repack(filled(ONE, [["A1", "甲", 7], ["A2", "乙", 8]]), add)
    made = write_errors(data, ())
    assert calamine.load_workbook(io.BytesIO(made)).get_sheet_by_name("数据").merged_cell_ranges == [((2, 0), (3, 1))]
    assert cells(made, "数据")[3][:3] == ["A2", "乙", 8.0]


def test_a_sheet_name_that_no_program_writes() -> None:
    data = repack(
        filled(ONE, []),
        lambda name, part: part.replace("数据".encode(), b"a" * 40) if name == "xl/workbook.xml" else part,
    )
    with pytest.raises(FileError) as caught:
        write_errors(data, ())
    assert caught.value.code is FileCode.DAMAGED


def test_an_encoding_that_does_not_exist() -> None:
    data = repack(
        filled(ONE, [["A1"]]), lambda name, part: part.replace(b"UTF-8", b"UTF-9") if "rels" in name else part
    )
    assert read(data, ONE).ok


def test_broken_relations() -> None:
    data = repack(filled(ONE, []), lambda name, part: part[:-9] if name.endswith("workbook.xml.rels") else part)
    with pytest.raises(FileError):
        write_errors(data, ())


def test_more_errors_than_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "_MOST_LINKS", 2)
    data = filled(ONE, [["A1", "甲", "三"]])
    (error,) = read(data, ONE).errors
    _, book = marked(data, [error] * 3)
    listed = book[ERRORS_SHEET]
    assert [listed.cell(row, 3).value for row in (2, 3, 4)] == ["C3"] * 3
    assert listed["C3"].hyperlink is not None
    assert listed["C4"].hyperlink is None

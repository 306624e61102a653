"""The book that the exchange tests fill in, and small tools to build workbooks by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

from jineng.engines.exchange import Book, Column, Kind, Sheet

LEVELS = {"国家级": "national", "省级": "provincial", "市级": "city"}
CALLS = Sheet(
    "calls",
    "遴选",
    (
        Column("code", "遴选编号", Kind.CODE, required=True, max_length=20),
        Column("title", "名称", Kind.TEXT, required=True, max_length=40),
        Column("opened", "开始日期", Kind.DATE),
    ),
    key=("code",),
    note="一次遴选一行。",
)
AWARDS = Sheet(
    "awards",
    "立项",
    (
        Column("call", "遴选编号", Kind.CODE, required=True, refers_to="sheet:calls.code"),
        Column("school", "学校标识码", Kind.SCHOOL_CODE, required=True, refers_to="organisation"),
        Column("division", "区划", Kind.CODE, length=6),
        Column("count", "数量", Kind.INTEGER, unit="个", minimum=0, maximum=10**6),
        Column("amount", "经费", Kind.DECIMAL, unit="万元", minimum=0),
        Column("level", "级别", Kind.CHOICE, choices=LEVELS),
        Column("done", "已认定", Kind.BOOLEAN),
        Column("day", "认定日期", Kind.DATE),
        Column("person", "负责人身份证号", Kind.RESIDENT_ID),
        Column("credit", "统一社会信用代码", Kind.CREDIT_CODE),
        Column("phone", "联系电话", Kind.PHONE),
        Column("note", "备注", Kind.TEXT, help="不超过一百字"),
    ),
    key=("call", "school"),
)
BOOK = Book("calls", "遴选与立项", (CALLS, AWARDS), version="3")

Fill = Callable[[xlsxwriter.Workbook, Any], None]


def single(*columns: Column, key: Sequence[str] = ()) -> Book:
    """A book of one sheet 数据."""
    return Book("one", "一张表", (Sheet("rows", "数据", columns, key=tuple(key)),))


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], fill: Fill | None = None) -> bytes:
    """Sheets of plain cells as a user's program would write them; `fill` gets each sheet afterwards."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    if hasattr(value, "isoformat"):
                        page.write_datetime(row, column, value, dates)
                    elif value is not None:
                        page.write(row, column, value)
            if fill is not None:
                fill(book, page)
    return target.getvalue()


def filled(book: Book, rows: Sequence[Sequence[Any]], fill: Fill | None = None) -> bytes:
    """The first sheet of a book with raw cells from row 3 on."""
    sheet = book.sheets[0]
    head = [[column.heading for column in sheet.columns], [column.name for column in sheet.columns]]
    return workbook({sheet.title: [*head, *rows]}, fill)


def repack(data: bytes, change: Callable[[str, bytes], bytes], **extra: bytes) -> bytes:
    """The same package with each part passed through `change`."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in extra.items():
            new.writestr(name, content)
    return target.getvalue()

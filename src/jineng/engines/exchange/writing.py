"""Write a book: an empty template to fill in, or a full workbook that reads back as what was written.

The same content gives the same bytes: the workbook's own date is fixed, and nothing depends on hashing.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jineng.engines.exchange.filling import FIRST_SHEET_DATE, LAST_ROW, Blank, Rows, ValueRefused, fill
from jineng.engines.exchange.schema import (
    BOUNDED_KINDS,
    GUIDE_SHEET,
    HEADER_ROWS,
    KIND_LABELS,
    LISTS_SHEET,
    MARK_SHEET,
    REQUIRED_MARK,
    Book,
    Column,
    Kind,
    Sheet,
)
from jineng.engines.exchange.values import EXACT

CREATED = dt.datetime(2021, 1, 1)
_LIST_LENGTH = 255
_WIDTHS = {Kind.TEXT: 24, Kind.CODE: 14, Kind.DATE: 12, Kind.BOOLEAN: 8, Kind.CHOICE: 14, Kind.PHONE: 15}
_LONG_WIDTH = 21
_BLANKS_KEPT = 32
Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Formats:
    """Cell formats of one workbook, made once."""

    heading: Format
    needed: Format
    name: Format
    text: Format
    date: Format
    plain: Format
    title: Format
    wrap: Format


def new_workbook(target: io.BytesIO, book_title: str) -> xlsxwriter.Workbook:
    """An empty workbook in memory with the fixed date, in which no text turns into a formula or a link."""
    workbook = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"title": book_title, "created": CREATED})
    return workbook


def write_template(book: Book, *, choices_from: Choices | None = None) -> bytes:
    """An empty workbook with headings, notes, dropdowns and instructions.

    `choices_from` gives, for a `refers_to` text, the (code, label) pairs to choose from.
    """
    target = io.BytesIO()
    with new_workbook(target, book.title) as workbook:
        formats = _formats(workbook)
        _write_guide(workbook, formats, book)
        sheets = [workbook.add_worksheet(sheet.title) for sheet in book.sheets]
        lists = _write_lists(workbook, formats, book, choices_from or {})
        for sheet, page in zip(book.sheets, sheets, strict=True):
            _write_head(page, formats, sheet)
            _write_rules(page, sheet, lists)
        _write_mark(workbook, book)
        sheets[0].activate()
    return target.getvalue()


def write_book(book: Book, tables: Mapping[str, Rows], *, identifier: str = "") -> bytes:
    """A workbook of the named sheets with their rows, each a mapping by machine name or a sequence in order.

    The same rows make the same bytes; an ``identifier`` in its properties tells one file from another of the same rows.

    Reading it gives the same values back. Raises ValueRefused where a value does not fit its column.
    """
    unknown = [name for name in tables if name not in book.by_name]
    if unknown or not tables:
        raise ValueRefused(f"book {book.name} has no sheets {unknown}" if unknown else "no sheets to write")
    sheets = tuple(sheet for sheet in book.sheets if sheet.name in tables)
    return fill(_blank(book, sheets), [(sheet, tables[sheet.name]) for sheet in sheets], identifier)


@lru_cache(_BLANKS_KEPT)
def _blank(book: Book, sheets: tuple[Sheet, ...]) -> Blank:
    """A workbook with the heads of ``sheets``; many workbooks of a book have the same sheets."""
    target = io.BytesIO()
    with new_workbook(target, book.title) as workbook:
        formats = _formats(workbook)
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.title)
            _write_head(page, formats, sheet)
            _write_rules(page, sheet, {})
        _write_mark(workbook, book)
    return Blank(target.getvalue())


def _formats(workbook: xlsxwriter.Workbook) -> Formats:
    head = {"bold": True, "bottom": 1, "valign": "vcenter", "text_wrap": True}
    return Formats(
        heading=workbook.add_format({**head, "bg_color": "#EDEAE2"}),
        needed=workbook.add_format({**head, "bg_color": "#F3D9D4", "font_color": "#8C1C13"}),
        name=workbook.add_format({"font_color": "#77736A", "font_size": 9, "num_format": "@"}),
        text=workbook.add_format({"num_format": "@"}),
        date=workbook.add_format({"num_format": "yyyy-mm-dd"}),
        plain=workbook.add_format({}),
        title=workbook.add_format({"bold": True, "font_size": 14}),
        wrap=workbook.add_format({"text_wrap": True, "valign": "top"}),
    )


def _column_format(formats: Formats, column: Column) -> Format:
    if column.kind is Kind.DATE:
        return formats.date
    return formats.plain if column.kind in BOUNDED_KINDS else formats.text


def _write_head(page: Worksheet, formats: Formats, sheet: Sheet) -> None:
    for position, column in enumerate(sheet.columns):
        width = max(_WIDTHS.get(column.kind, _LONG_WIDTH), 2 * len(column.heading) + 3)
        page.set_column(position, position, width, _column_format(formats, column))
        heading = column.heading + (REQUIRED_MARK if column.required else "")
        page.write_string(0, position, heading, formats.needed if column.required else formats.heading)
        page.write_string(1, position, column.name, formats.name)
        page.write_comment(0, position, "\n".join(_explain(column)), {"x_scale": 2, "author": ""})
    page.set_row(0, 30)
    page.freeze_panes(HEADER_ROWS, 0)


def _explain(column: Column) -> list[str]:
    zh, en = KIND_LABELS[column.kind]
    lines = [f"{zh} / {en}" + ("，必填 / required" if column.required else "")]
    if column.unit:
        lines.append(f"单位 / unit：{column.unit}")
    if column.length is not None:
        lines.append(f"恰好 {column.length} 位 / exactly {column.length} characters")
    if column.max_length is not None:
        lines.append(f"最多 {column.max_length} 字 / at most {column.max_length} characters")
    if column.minimum is not None:
        lines.append(f"不小于 / at least {column.minimum}")
    if column.maximum is not None:
        lines.append(f"不大于 / at most {column.maximum}")
    if column.kind is Kind.DATE:
        lines.append("写成 2021-03-05 / write 2021-03-05")
    if column.choices:
        lines.append("可选 / choices：" + "、".join(column.choices))
    if column.help:
        lines.append(column.help)
    return lines


def _write_rules(page: Worksheet, sheet: Sheet, lists: Mapping[str, str]) -> None:
    for position, column in enumerate(sheet.columns):
        rule = _rule(sheet, column, lists)
        if rule is not None:
            title = column.heading[:32]
            told = {
                "error_title": title,
                "error_message": "；".join(_explain(column))[:255],
                "ignore_blank": True,
            }
            page.data_validation(HEADER_ROWS, position, LAST_ROW, position, {**told, **rule})


def _rule(sheet: Sheet, column: Column, lists: Mapping[str, str]) -> dict[str, Any] | None:
    listed = lists.get(f"{sheet.name}.{column.name}") if column.choices else lists.get(column.refers_to or "")
    if listed:
        return {"validate": "list", "source": listed}
    if column.kind is Kind.BOOLEAN:
        return {"validate": "list", "source": ["是", "否"]}
    if column.choices:
        return {"validate": "list", "source": list(column.choices)} if _is_short(column) else None
    if column.kind not in BOUNDED_KINDS:
        return None
    least: dict[Kind, Any] = {Kind.INTEGER: -EXACT, Kind.DECIMAL: -EXACT, Kind.DATE: FIRST_SHEET_DATE}
    most: dict[Kind, Any] = {Kind.INTEGER: EXACT, Kind.DECIMAL: EXACT, Kind.DATE: dt.date(2200, 12, 31)}
    low = least[column.kind] if column.minimum is None else max(column.minimum, least[column.kind])
    high = most[column.kind] if column.maximum is None else column.maximum
    return {"validate": column.kind.value, "criteria": "between", "minimum": low, "maximum": high}


def _is_short(column: Column) -> bool:
    """Whether the labels fit into the rule itself: 255 characters in all, no comma inside a label."""
    labels = list(column.choices or ())
    return len(",".join(labels)) <= _LIST_LENGTH and not any("," in label for label in labels)


def _write_lists(workbook: xlsxwriter.Workbook, formats: Formats, book: Book, choices_from: Choices) -> dict[str, str]:
    """Long lists go to a sheet of their own; gives the cell range of each by the name that rules ask for."""
    wanted: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {}
    for sheet in book.sheets:
        for column in sheet.columns:
            if column.choices and not _is_short(column):
                wanted[f"{sheet.name}.{column.name}"] = (
                    column.heading,
                    [(label, "") for label in column.choices],
                )
            elif column.refers_to in choices_from and choices_from[column.refers_to or ""]:
                wanted.setdefault(column.refers_to or "", (column.heading, choices_from[column.refers_to or ""]))
    if not wanted:
        return {}
    page = workbook.add_worksheet(LISTS_SHEET)
    page.freeze_panes(1, 0)
    ranges: dict[str, str] = {}
    for number, (name, (heading, pairs)) in enumerate(wanted.items()):
        left = 2 * number
        page.set_column(left, left, 16, formats.text)
        page.set_column(left + 1, left + 1, 32, formats.text)
        page.write_string(0, left, heading, formats.heading)
        page.write_string(0, left + 1, "名称", formats.heading)
        for row, (code, label) in enumerate(pairs, start=1):
            page.write_string(row, left, code, formats.text)
            page.write_string(row, left + 1, label, formats.text)
        letter = xlsxwriter.utility.xl_col_to_name(left)
        ranges[name] = f"={LISTS_SHEET}!${letter}$2:${letter}${len(pairs) + 1}"
    return ranges


def _write_guide(workbook: xlsxwriter.Workbook, formats: Formats, book: Book) -> None:
    page = workbook.add_worksheet(GUIDE_SHEET)
    page.set_column(0, 1, 18, formats.wrap)
    page.set_column(2, 2, 14, formats.wrap)
    page.set_column(3, 3, 70, formats.wrap)
    page.write_string(0, 0, f"{book.title} 填写说明", formats.title)
    lines = (
        "每张工作表第 1 行是栏目，第 2 行是栏目代号，从第 3 行起填写；不要改动前两行，不要合并单元格。",
        f"带 {REQUIRED_MARK} 的红色栏目必填。代码、证号一律按文本填写，开头的 0 要保留。",
        "日期写成 2021-03-05。数字只填数，不带单位。用不到的工作表可以留空或删去。",
        "Row 1 holds the headings, row 2 the machine names, data start in row 3. Red headings are required.",
    )
    for row, line in enumerate(lines, start=1):
        page.write_string(row, 0, line)
    row = len(lines) + 2
    for sheet in book.sheets:
        page.write_string(row, 0, sheet.title, formats.title)
        page.write_string(row, 1, sheet.note)
        row += 1
        for column in sheet.columns:
            page.write_string(row, 0, column.heading + (REQUIRED_MARK if column.required else ""), formats.wrap)
            page.write_string(row, 1, column.name, formats.wrap)
            page.write_string(row, 2, KIND_LABELS[column.kind][0], formats.wrap)
            page.write_string(row, 3, "；".join(_explain(column)[1:]), formats.wrap)
            row += 1
        row += 1


def _write_mark(workbook: xlsxwriter.Workbook, book: Book) -> None:
    page = workbook.add_worksheet(MARK_SHEET)
    for row, pair in enumerate((("book", book.name), ("version", book.version), ("title", book.title))):
        page.write_string(row, 0, pair[0])
        page.write_string(row, 1, pair[1])
    page.very_hidden()

"""Give a user's workbook back with its bad cells coloured and explained."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import python_calamine as calamine
from xlsxwriter import Workbook
from xlsxwriter.exceptions import OverlappingRange, XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from jineng.engines.exchange import container, faults
from jineng.engines.exchange.container import Limits
from jineng.engines.exchange.problems import CellError
from jineng.engines.exchange.schema import ERRORS_SHEET, HEADER_ROWS
from jineng.engines.exchange.writing import new_workbook

_HEADINGS = (
    ("序号", 6),
    ("工作表", 14),
    ("单元格", 8),
    ("栏目", 16),
    ("填的内容", 22),
    ("错在哪里", 44),
    ("怎样改", 44),
    ("What is wrong, what to do", 60),
)
_DATE, _DATE_TIME, _TIME, _DURATION = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"
_MOST_LINKS = 65_530
"""A spreadsheet program keeps no more links on one sheet."""
_FIRST_YEAR = 1900
_LARGEST_MERGE = 10_000
Place = tuple[int, int]
Marked = dict[Place, list[CellError]]


def write_errors(source: Path | bytes, errors: Sequence[CellError], *, limits: Limits | None = None) -> bytes:
    """The same workbook with each cell of `errors` coloured and commented, and a list of errors in front.

    Every value is kept; styles, and formulas behind calculated values, are not. Raises FileError where the
    file cannot be read at all.
    """
    box = container.load(source, limits or Limits())
    by_sheet: dict[str, Marked] = {}
    for error in errors:
        place = xl_cell_to_rowcol(error.cell)
        by_sheet.setdefault(error.sheet, {}).setdefault(place, []).append(error)
    target = io.BytesIO()
    try:
        parts = faults.sheet_parts(box.parts)
        with calamine.load_workbook(io.BytesIO(box.data)) as old, new_workbook(target, ERRORS_SHEET) as new:
            _write_list(new, errors)
            for item in old.sheets_metadata:
                if item.name == ERRORS_SHEET or item.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                page = new.add_worksheet(item.name)
                lost = faults.find(box.parts.get(parts.get(item.name, ""), b""))
                copy = _Copy(new, page, by_sheet.get(item.name, {}))
                copy.write(old.get_sheet_by_name(item.name), lost)
                if item.visible is not calamine.SheetVisibleEnum.Visible:
                    page.very_hidden()
    except (calamine.CalamineError, XlsxWriterException, ExpatError, ValueError, OverflowError) as error:
        raise container.damaged() from error
    return target.getvalue()


def _write_list(workbook: Workbook, errors: Sequence[CellError]) -> None:
    page = workbook.add_worksheet(ERRORS_SHEET)
    head = workbook.add_format({"bold": True, "bg_color": "#F3D9D4", "bottom": 1})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    link = workbook.add_format({"font_color": "#1F4E79", "underline": 1, "valign": "top"})
    for position, (heading, width) in enumerate(_HEADINGS):
        page.set_column(position, position, width)
        page.write_string(0, position, heading, head)
    for row, error in enumerate(errors, start=1):
        page.write_number(row, 0, row, wrap)
        page.write_string(row, 1, error.sheet, wrap)
        if row <= _MOST_LINKS:
            page.write_url(row, 2, f"internal:'{error.sheet}'!{error.cell}", link, error.cell)
        else:
            page.write_string(row, 2, error.cell, wrap)
        page.write_string(row, 3, error.heading, wrap)
        page.write_string(row, 4, error.value, wrap)
        page.write_string(row, 5, error.message, wrap)
        page.write_string(row, 6, error.remedy, wrap)
        page.write_string(row, 7, f"{error.message_en} {error.remedy_en}", wrap)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(errors), 1), len(_HEADINGS) - 1)


class _Copy:
    """Writes one sheet again, cell by cell, each in the format its type needs, red where it is marked."""

    def __init__(self, workbook: Workbook, page: Worksheet, marked: Marked) -> None:
        self.workbook = workbook
        self.page = page
        self.marked = marked
        self.formats: dict[tuple[str, bool], Format] = {}

    def write(self, sheet: calamine.CalamineSheet, lost: dict[Place, faults.Fault]) -> None:
        self.page.set_column(0, 63, 16)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            if 1 < (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGE:
                # Ranges that overlap are no work of a spreadsheet program; the values stay all the same.
                with suppress(OverlappingRange):
                    self.page.merge_range(top, left, bottom, right, "", self._format("", (top, left)))
        for place in self.marked:
            self.page.write_blank(*place, None, self._format("", place))
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False)):
            for column, value in enumerate(cells):
                if value != "":
                    self._value((row, column), value)
        for place, fault in lost.items():
            formula = fault.formula or fault.error or '""'
            self.page.write_formula(*place, f"={formula}", self._format("", place), fault.error or "")
        for place, errors in self.marked.items():
            text = "\n".join(f"{error.message}{error.remedy}" for error in errors)
            self.page.write_comment(*place, text, {"x_scale": 2.5, "y_scale": 1.2, "author": ""})
        self.page.freeze_panes(HEADER_ROWS, 0)

    def _value(self, place: Place, value: Any) -> None:
        if isinstance(value, bool):
            self.page.write_boolean(*place, value, self._format("", place))
        elif isinstance(value, int | float) and math.isfinite(value):
            self.page.write_number(*place, value, self._format("", place))
        elif isinstance(value, dt.date) and value.year >= _FIRST_YEAR:
            style = _DATE_TIME if isinstance(value, dt.datetime) else _DATE
            self.page.write_datetime(*place, value, self._format(style, place))
        elif isinstance(value, dt.time | dt.timedelta):
            style = _TIME if isinstance(value, dt.time) else _DURATION
            self.page.write_datetime(*place, value, self._format(style, place))
        else:
            self.page.write_string(*place, str(value), self._format("@", place))

    def _format(self, style: str, place: Place) -> Format:
        key = (style, place in self.marked)
        if key not in self.formats:
            colours = {"bg_color": "#F8C9C0", "border": 1, "border_color": "#8C1C13"} if key[1] else {}
            self.formats[key] = self.workbook.add_format({"num_format": style or "General", **colours})
        return self.formats[key]

"""Put rows into the sheets of an empty workbook.

A sheet's head, with its notes and rules, is made once by XlsxWriter; the rows, which are nearly all of a large
workbook, are written straight as SpreadsheetML (ECMA-376 part 1, 18.3.1.73 and 18.4.8), each distinct value of a
column once. That takes a quarter of the time that writing cell by cell takes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from jineng.engines.exchange.schema import BOUNDED_KINDS, HEADER_ROWS, Column, Kind, Sheet
from jineng.engines.exchange.values import EXACT, is_blank, parser

LAST_ROW = 1_048_575
FIRST_SHEET_DATE = dt.date(1900, 3, 1)
"""Before this day spreadsheets and the calendar disagree, so earlier dates are written as text."""
_DAY_ZERO = dt.date(1899, 12, 30).toordinal()
_LONGEST_TEXT = 32_767
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_STRINGS = "xl/sharedStrings.xml"
_PROPERTIES = "docProps/core.xml"
_PROPERTIES_END = b"</cp:coreProperties>"
_SHEET_PART = "xl/worksheets/sheet{}.xml"
_ITEM = re.compile(r"<si>.*?</si>", re.DOTALL)
_COUNTS = re.compile(r' count="\d+" uniqueCount="\d+"')
_STYLES = re.compile(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"')
_ESCAPE_LIKE = re.compile(r"(_x[0-9a-fA-F]{4}_)")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
Rows = Iterable[Mapping[str, Any] | Sequence[Any]]


class ValueRefused(ValueError):
    """A value does not fit its ``column``; a fault of the caller, found before the file leaves the house."""

    def __init__(self, message: str, column: str = "") -> None:
        super().__init__(message)
        self.column = column


class Blank:
    """The parts of a workbook in which XlsxWriter has written the heads of its sheets."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}


def fill(blank: Blank, tables: Sequence[tuple[Sheet, Rows]], identifier: str = "") -> bytes:
    """The workbook with rows under the heads of its first sheets, which are those of ``tables`` in their order.

    ``identifier`` goes into its properties (ECMA-376 part 2, 8.3).

    Raises ValueRefused where a value does not fit its column.
    """
    strings = _Strings(blank.parts[_STRINGS].decode())
    filled: dict[str, bytes] = {}
    for number, (sheet, rows) in enumerate(tables, start=1):
        name = _SHEET_PART.format(number)
        filled[name] = _filled(blank.parts[name].decode(), sheet, rows, strings)
    sheets = (content for name, content in {**blank.parts, **filled}.items() if name.startswith("xl/worksheets/sheet"))
    filled[_STRINGS] = strings.part(uses=sum(content.count(b' t="s"') for content in sheets))
    if identifier:
        told = f"<dc:identifier>{identifier.translate(_ENTITIES)}</dc:identifier>".encode()
        filled[_PROPERTIES] = blank.parts[_PROPERTIES].replace(_PROPERTIES_END, told + _PROPERTIES_END)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in blank.parts.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, filled.get(name, content))
    return target.getvalue()


class _Strings:
    """The texts that the cells of a workbook share."""

    def __init__(self, part: str) -> None:
        self.frame = part[: part.index("<si>")]
        self.numbers = {item: number for number, item in enumerate(_ITEM.findall(part))}

    def number(self, text: str) -> int:
        """The number by which cells name ``text``."""
        plain = _ESCAPE_LIKE.sub(r"_x005F\1", text.translate(_ENTITIES))
        return self.numbers.setdefault(f"<si><t>{plain}</t></si>", len(self.numbers))

    def part(self, uses: int) -> bytes:
        """All texts, as ``uses`` cells use them."""
        frame = _COUNTS.sub(f' count="{uses}" uniqueCount="{len(self.numbers)}"', self.frame)
        return "".join((frame, *self.numbers, "</sst>")).encode()


def _filled(part: str, sheet: Sheet, rows: Rows, strings: _Strings) -> bytes:
    styles = {
        position: f' s="{style}"'
        for first, last, style in _STYLES.findall(part)
        for position in range(int(first) - 1, int(last))
    }
    makers: list[Maker] = [
        (xl_col_to_name(position), column, {}, _maker(column, styles.get(position, ""), strings))
        for position, column in enumerate(sheet.columns)
    ]
    lines: list[str] = []
    height = HEADER_ROWS
    for height, values in enumerate(_sequences(sheet, rows), start=HEADER_ROWS + 1):
        lines.append(_line(sheet, str(height), values, makers))
    if height > LAST_ROW + 1:
        raise ValueRefused(f"sheet {sheet.name}: {height} rows are more than a sheet has")
    head, end, tail = part.partition("</sheetData>")
    head = _DIMENSION.sub(f'<dimension ref="A1:{makers[-1][0]}{height}"', head)
    return "".join((head, *lines, end, tail)).encode()


def _sequences(sheet: Sheet, rows: Rows) -> Iterable[Sequence[Any]]:
    names = [column.name for column in sheet.columns]
    for number, row in enumerate(rows, start=HEADER_ROWS + 1):
        if isinstance(row, Mapping):
            strange = row.keys() - sheet.by_name.keys()
            if strange:
                raise ValueRefused(f"sheet {sheet.name}: no columns {sorted(strange)}")
            yield [row.get(name) for name in names]
        elif len(row) != len(names):
            raise ValueRefused(f"sheet {sheet.name}, row {number}: {len(row)} values for {len(names)} columns")
        else:
            yield row


Maker = tuple[str, Column, dict[Any, str], Callable[[Any], str]]


def _line(sheet: Sheet, row: str, values: Sequence[Any], makers: Sequence[Maker]) -> str:
    """One row; each distinct value of a column is made into a cell once."""
    cells = [f'<row r="{row}">']
    for (letters, column, made, make), value in zip(makers, values, strict=True):
        if value is None or value == "":
            continue
        try:
            cell = made.get(value)
            if cell is None:
                cell = made[value] = make(value)
        except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
            shown = "a personal value" if column.personal else repr(value)
            where = f"sheet {sheet.name}, row {row}, column {column.name}"
            raise ValueRefused(f"{where}: {shown} does not fit {column.kind.name}", column.name) from error
        cells.append(f'<c r="{letters}{row}"{cell}')
    cells.append("</row>")
    return "".join(cells)


def _maker(column: Column, style: str, strings: _Strings) -> Callable[[Any], str]:
    """A function that makes a value's cell, all but its place; the reader's own parser says if it will come back."""
    parse = parser(column)

    def check(value: Any, raw: Any) -> None:
        if is_blank(raw) or parse(raw) != value:
            raise ValueError("would not read back")

    def text_cell(text: str) -> str:
        return f'{style} t="s"><v>{strings.number(text)}</v></c>'

    def make_text(value: Any) -> str:
        check(value, value)
        # A half of a surrogate pair has no bytes.
        value.encode()
        if len(value) > _LONGEST_TEXT:
            raise ValueError("too long for a cell")
        return text_cell(value)

    def make_choice(value: Any) -> str:
        return text_cell(labels[value])

    def make_number(value: Any) -> str:
        number = Decimal(value)
        check(value, format(number, "f"))
        near = float(number)
        if abs(near) < EXACT and Decimal(format(near, ".15g")) == number:
            return f"{style}><v>{near:.15G}</v></c>"
        return text_cell(format(number, "f"))

    def make_date(value: Any) -> str:
        check(value, value)
        if value < FIRST_SHEET_DATE:
            return text_cell(value.isoformat())
        return f"{style}><v>{value.toordinal() - _DAY_ZERO}</v></c>"

    labels: dict[Any, str] = {value: label for label, value in (column.choices or {}).items()}
    if column.kind is Kind.BOOLEAN:
        labels = {True: "是", False: "否"}
    if labels:
        return make_choice
    if column.kind is Kind.DATE:
        return make_date
    return make_number if column.kind in BOUNDED_KINDS else make_text

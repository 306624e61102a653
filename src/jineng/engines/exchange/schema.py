"""What a workbook holds: books of sheets of typed columns.

A sheet shows Chinese headings in row 1, machine names in row 2 and data from row 3. A hidden sheet
`_jineng` carries the book's name and version. The columns may stand in any order; row 2 says which is which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

MARK_SHEET = "_jineng"
GUIDE_SHEET = "填写说明"
LISTS_SHEET = "代码表"
ERRORS_SHEET = "错误清单"
AUXILIARY_SHEETS = frozenset({MARK_SHEET, GUIDE_SHEET, LISTS_SHEET, ERRORS_SHEET})
HEADER_ROWS = 2
REQUIRED_MARK = "*"

Bound = int | Decimal | date


class Kind(StrEnum):
    """The type of a column's cells, and of the Python values that reading gives back."""

    TEXT = "text"
    """str, trimmed, without invisible characters."""
    CODE = "code"
    """str, half-width, without blanks; leading zeros count."""
    INTEGER = "integer"
    """int."""
    DECIMAL = "decimal"
    """Decimal; a number cell is taken to the 15 significant digits that a spreadsheet keeps."""
    DATE = "date"
    """date; a time of day beside it is dropped."""
    BOOLEAN = "boolean"
    """bool, written 是 or 否."""
    CHOICE = "choice"
    """str: the value that stands behind the chosen label."""
    RESIDENT_ID = "resident_id"
    """str, 18 characters with the check character of GB 11643; personal, never echoed."""
    CREDIT_CODE = "credit_code"
    """str, 18 characters with the check character of GB 32100."""
    SCHOOL_CODE = "school_code"
    """str, 10 digits: 2 for the type, 2 for the province, 6 for the school."""
    PHONE = "phone"
    """str, mobile or landline of the Chinese mainland; personal, never echoed."""


KIND_LABELS: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: ("文字", "text"),
    Kind.CODE: ("代码", "code"),
    Kind.INTEGER: ("整数", "whole number"),
    Kind.DECIMAL: ("数值", "number"),
    Kind.DATE: ("日期", "date"),
    Kind.BOOLEAN: ("是/否", "yes or no"),
    Kind.CHOICE: ("选项", "choice"),
    Kind.RESIDENT_ID: ("居民身份证号", "resident ID number"),
    Kind.CREDIT_CODE: ("统一社会信用代码", "unified social credit code"),
    Kind.SCHOOL_CODE: ("学校标识码", "school code"),
    Kind.PHONE: ("电话", "phone number"),
}
PERSONAL_KINDS = frozenset({Kind.RESIDENT_ID, Kind.PHONE})
NUMERIC_KINDS = frozenset({Kind.INTEGER, Kind.DECIMAL})
BOUNDED_KINDS = NUMERIC_KINDS | {Kind.DATE}


class SchemaError(ValueError):
    """A book is declared in a way that cannot work; a fault of the program, not of a user's file."""


@dataclass(frozen=True)
class Column:
    """One typed column.

    `choices` maps the label that users see to the value that reading gives. `refers_to` is either the name of
    an outside list ("organisation") or "sheet:<sheet>.<column>" of the same book. `length` is the exact
    number of characters a code has; `max_length` the most a text may have. `minimum` and `maximum`
    are inclusive.
    """

    name: str
    heading: str
    kind: Kind
    required: bool = False
    choices: Mapping[str, str] | None = field(default=None, hash=False)
    refers_to: str | None = None
    unit: str | None = None
    max_length: int | None = None
    length: int | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    help: str = ""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.name.isascii():
            raise SchemaError(f"column name {self.name!r} is not an ASCII identifier")
        if not self.heading.strip() or REQUIRED_MARK in self.heading:
            raise SchemaError(f"column {self.name}: heading {self.heading!r} is empty or holds {REQUIRED_MARK!r}")
        if (self.kind is Kind.CHOICE) != bool(self.choices):
            raise SchemaError(f"column {self.name}: choices belong to, and are needed by, the kind CHOICE")
        if self.choices is not None and len(set(self.choices.values())) != len(self.choices):
            raise SchemaError(f"column {self.name}: two labels stand for the same value")
        if self.kind not in BOUNDED_KINDS and (self.minimum is not None or self.maximum is not None):
            raise SchemaError(f"column {self.name}: the kind {self.kind.name} has no minimum or maximum")

    @property
    def personal(self) -> bool:
        """Whether the cells tell of a person, so that no message may repeat them."""
        return self.kind in PERSONAL_KINDS

    @property
    def target(self) -> tuple[str, str] | None:
        """Sheet and column of the same book that this column refers to, if it does."""
        if self.refers_to is None or not self.refers_to.startswith("sheet:"):
            return None
        sheet, _, column = self.refers_to.removeprefix("sheet:").partition(".")
        return sheet, column


@dataclass(frozen=True)
class Sheet:
    """One sheet: `name` for the program, `title` on the tab, `key` the columns that tell two rows apart."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    note: str = ""
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "key", tuple(self.key))
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})
        if not 1 <= len(self.title) <= 31 or set(self.title) & set("[]:*?/\\'"):
            raise SchemaError(f"sheet {self.name}: the title {self.title!r} cannot stand on a tab")
        if self.title in AUXILIARY_SHEETS:
            raise SchemaError(f"sheet {self.name}: the title {self.title} is kept for the engine")
        if not self.columns or len(self.by_name) != len(self.columns):
            raise SchemaError(f"sheet {self.name}: no columns, or two columns of one name")
        if len({column.heading for column in self.columns}) != len(self.columns):
            raise SchemaError(f"sheet {self.name}: two columns of one heading")
        for name in self.key:
            if name not in self.by_name:
                raise SchemaError(f"sheet {self.name}: key column {name} does not exist")


@dataclass(frozen=True)
class Book:
    """One kind of workbook. `version` changes whenever a file of the old shape must be refused."""

    name: str
    title: str
    sheets: tuple[Sheet, ...]
    version: str = "1"
    by_name: Mapping[str, Sheet] = field(init=False, repr=False, compare=False)
    by_title: Mapping[str, Sheet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sheets", tuple(self.sheets))
        object.__setattr__(self, "by_name", {sheet.name: sheet for sheet in self.sheets})
        object.__setattr__(self, "by_title", {sheet.title: sheet for sheet in self.sheets})
        if not self.sheets or len(self.by_name) != len(self.sheets) or len(self.by_title) != len(self.sheets):
            raise SchemaError(f"book {self.name}: no sheets, or two sheets of one name or title")
        for sheet in self.sheets:
            for column in sheet.columns:
                target = column.target
                if target is not None and not self._has(*target):
                    raise SchemaError(f"{sheet.name}.{column.name} refers to {column.refers_to}, which is not here")

    def _has(self, sheet: str, column: str) -> bool:
        return sheet in self.by_name and column in self.by_name[sheet].by_name

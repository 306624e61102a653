"""What can be wrong with a file or a cell, in words that tell the user what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHOWN_LENGTH = 60
_PERSONAL_RUN = re.compile(r"\d{15,}[\dXx]?")


class FileCode(StrEnum):
    """Why a file was refused as a whole."""

    TOO_BIG = "too_big"
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    OLD_FORMAT = "old_format"
    OTHER_FORMAT = "other_format"
    UNSAFE = "unsafe"
    UNKNOWN_BOOK = "unknown_book"
    WRONG_VERSION = "wrong_version"
    NO_KNOWN_SHEET = "no_known_sheet"
    UNKNOWN_SHEET = "unknown_sheet"
    WRONG_HEADINGS = "wrong_headings"
    LOCKED = "locked"


class ErrorCode(StrEnum):
    """Why a cell was refused. The last three are for importers, who know the registers."""

    REQUIRED = "required"
    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"
    WRONG_LENGTH = "wrong_length"
    CONTROL_CHARACTER = "control_character"
    BAD_CODE = "bad_code"
    LEADING_ZERO_LOST = "leading_zero_lost"
    PRECISION_LOST = "precision_lost"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    DATE_AS_NUMBER = "date_as_number"
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_A_CHOICE = "not_a_choice"
    BAD_CHECK_CHARACTER = "bad_check_character"
    BAD_RESIDENT_ID = "bad_resident_id"
    BAD_CREDIT_CODE = "bad_credit_code"
    BAD_SCHOOL_CODE = "bad_school_code"
    BAD_PHONE = "bad_phone"
    FORMULA_ERROR = "formula_error"
    FORMULA_NOT_CALCULATED = "formula_not_calculated"
    MERGED_CELL = "merged_cell"
    DUPLICATE_KEY = "duplicate_key"
    MISSING_REFERENCE = "missing_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    OUT_OF_SCOPE = "out_of_scope"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value, apart from where it stands."""

    code: str
    message: str
    message_en: str
    remedy: str
    remedy_en: str


@dataclass(frozen=True)
class CellError:
    """One refused cell. `row` counts from 1 as the spreadsheet does; `value` is masked where it is personal.

    `sheet` is the title on the tab, `column` the machine name, `heading` what stands above the column.
    """

    sheet: str
    row: int
    column: str
    cell: str
    value: str
    code: str
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    heading: str


class FileError(Exception):
    """The whole file was refused and nothing of it was read.

    `details` lists the single findings where there are several (such as each wrong heading).
    """

    def __init__(
        self,
        code: FileCode,
        message: str,
        message_en: str,
        remedy: str,
        remedy_en: str,
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{message} {remedy} / {message_en} {remedy_en}")
        self.code = code
        self.message = message
        self.message_en = message_en
        self.remedy = remedy
        self.remedy_en = remedy_en
        self.details = details


def shown(value: Any, personal: bool) -> str:
    """The value as an error may show it: short, and never a personal number."""
    text = "" if value is None else format(value, ".15g") if isinstance(value, float) else str(value)
    if personal:
        return "•" * min(len(text), 18)
    text = _PERSONAL_RUN.sub(lambda match: "•" * len(match.group()), text)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def cell_name(row: int, column: int) -> str:
    """Spreadsheet name of a cell; `row` counts from 1, `column` from 0: (7, 2) is "C7"."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"

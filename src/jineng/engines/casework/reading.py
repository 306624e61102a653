"""One answer: from what was typed to what is kept, and what is wrong with it.

What is kept is plain JSON without floats (numbers are text), so that equal answers have equal digests: text trimmed
and in Unicode NFC; a number in plain digits with its field's decimals; a date as 2026-05-01; a choice by its value; a
file as {file, name, bytes, kind, digest}; a reference as {id, label}, with code where it is given; a table as rows of
columns. What cannot be read is kept as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

from jineng.engines.casework.faults import AnswerFault
from jineng.engines.casework.form import Field, FieldKind, TextFormat

Json = Any
MAX_ROWS = 2000
"""No table has more rows, whatever its form says."""
LONGEST_NUMBER = 18
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")
_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d*)?", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))", re.ASCII)
_TRUE = frozenset({"true", "yes", "on", "1", "是"})
_FALSE = frozenset({"false", "no", "off", "0", "否"})
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_SCHOOL = re.compile(r"\d{10}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Reading:
    """What is kept of an answer (None: it is empty), and what is wrong with it."""

    value: Json
    faults: tuple[AnswerFault, ...] = ()


def read_answer(field: Field, raw: Any) -> Reading:
    """The answer to one field; reading what was kept before gives the same again."""
    value = plain(raw)
    if is_empty(value):
        return Reading(None)
    if field.kind is FieldKind.TABLE:
        return _table(field, value)
    if not field.many:
        return _READERS[field.kind](field, value)
    return _several(field, value if isinstance(value, list) else [value])


def plain(raw: Any) -> Json:
    """Anything as JSON without floats; text without control characters, in NFC, trimmed."""
    if raw is None or isinstance(raw, bool | int):
        return raw
    if isinstance(raw, float):
        # repr is the shortest text that means the float; 0.1 stays 0.1.
        return f"{Decimal(repr(raw)):f}" if raw == raw and abs(raw) != float("inf") else str(raw)
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    if isinstance(raw, date):
        return raw.isoformat()[:10]
    if isinstance(raw, Mapping):
        return {str(key): plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [plain(value) for value in raw]
    text = str(raw).replace("\r\n", "\n").replace("\r", "\n")
    # What stood apart may join once a character between is gone, hence this order.
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def is_empty(value: Json) -> bool:
    """Whether nothing was filled in."""
    if isinstance(value, Mapping):
        return all(is_empty(item) for item in value.values())
    if isinstance(value, list):
        return all(is_empty(item) for item in value)
    return value is None or value == ""


def fault(field: Field, code: str, zh: str, en: str) -> AnswerFault:
    """A fault of one field, named by its label."""
    words = field.words
    return AnswerFault(field.key, code, f"“{words.zh}”{zh}", f"“{words.en}” {en}")


def _text(field: Field, value: Json) -> Reading:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return Reading(value, (fault(field, "not_text", "应是一段文字", "should be text"),))
    text = str(value)
    if field.kind is FieldKind.TEXT:
        text = _BLANKS.sub(" ", text.replace("\n", " "))
    faults = []
    if len(text) > field.longest:
        faults.append(
            fault(
                field,
                "too_long",
                f"有 {len(text)} 个字，最多 {field.longest} 个，请删减",
                f"has {len(text)} characters, at most {field.longest} are allowed",
            )
        )
    if len(text) < field.min_length:
        faults.append(
            fault(
                field,
                "too_short",
                f"只有 {len(text)} 个字，至少 {field.min_length} 个",
                f"has {len(text)} characters, at least {field.min_length} are needed",
            )
        )
    if field.format:
        shaped, holds, zh, en = _FORMATS[field.format]
        if holds(shaped(text)):
            text = shaped(text)
        else:
            faults.append(fault(field, "format", zh, en))
    return Reading(text, tuple(faults))


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


_FORMATS: Mapping[TextFormat, tuple[Callable[[str], str], Callable[[str], bool], str, str]] = {
    TextFormat.MOBILE: (
        lambda text: _narrow(text).replace("-", "").removeprefix("+86"),
        lambda text: _MOBILE.fullmatch(text) is not None,
        "不是手机号，应为 1 开头的 11 位数字",
        "is not a mobile number of 11 digits",
    ),
    TextFormat.EMAIL: (
        _narrow,
        lambda text: _EMAIL.fullmatch(text) is not None,
        "不是电子邮箱地址，应形如 name@example.cn",
        "is not an e-mail address such as name@example.cn",
    ),
    TextFormat.CREDIT_CODE: (
        lambda text: _narrow(text).upper(),
        lambda text: bool(uscc.is_valid(text)),
        "不是正确的统一社会信用代码（18位，末位为校验码），请对照执照重填",
        "is not a valid unified social credit code of 18 characters",
    ),
    TextFormat.SCHOOL_CODE: (
        _narrow,
        lambda text: _SCHOOL.fullmatch(text) is not None,
        "不是学校标识码，应为 10 位数字",
        "is not a school code of 10 digits",
    ),
}


def _number(field: Field, value: Json) -> Reading:
    found = None if isinstance(value, bool) else _NUMBER.fullmatch(_narrow(str(value)))
    if found is None or len(found.group()) > LONGEST_NUMBER * 2:
        unit = f"（单位：{field.shown_unit}，单位不用填）" if field.shown_unit else ""
        return Reading(value, (fault(field, "not_number", f"应是数字{unit}", "should be a number, without its unit"),))
    number = Decimal(found.group().replace(",", ""))
    kept = f"{number:f}"
    decimals = len((found.group(3) or ".").rstrip("0")) - 1
    faults = []
    if len(found.group(2).replace(",", "").lstrip("0")) > LONGEST_NUMBER - field.decimals:
        faults.append(fault(field, "out_of_range", "的数字太大", "is too large a number"))
    elif decimals > field.decimals:
        most = f"最多 {field.decimals} 位小数" if field.decimals else "应为整数"
        most_en = f"may have {field.decimals} decimals" if field.decimals else "should be a whole number"
        faults.append(fault(field, "too_precise", f"{most}", most_en))
    else:
        kept = f"{number:.{field.decimals}f}"
        kept = kept.removeprefix("-") if not number else kept
    if field.min is not None and number < field.min:
        faults.append(fault(field, "out_of_range", f"不能小于 {field.min:f}", f"must be at least {field.min:f}"))
    if field.max is not None and number > field.max:
        faults.append(fault(field, "out_of_range", f"不能大于 {field.max:f}", f"must be at most {field.max:f}"))
    return Reading(kept, tuple(faults))


def _date(field: Field, value: Json) -> Reading:
    found = _DATE.fullmatch(_narrow(value)) if isinstance(value, str) else None
    wrong = fault(field, "not_date", "应是日期，如 2026-05-01", "should be a date such as 2026-05-01")
    if found is None:
        return Reading(value, (wrong,))
    try:
        day = date(*(int(part) for part in found.groups() if part))
    except ValueError:
        missing = fault(field, "not_date", f"没有 {value} 这一天，请核对", f"names a day that does not exist: {value}")
        return Reading(value, (missing,))
    faults = []
    if field.earliest and day < field.earliest:
        faults.append(
            fault(field, "out_of_range", f"不能早于 {field.earliest}", f"must not be before {field.earliest}")
        )
    if field.latest and day > field.latest:
        faults.append(fault(field, "out_of_range", f"不能晚于 {field.latest}", f"must not be after {field.latest}"))
    return Reading(day.isoformat(), tuple(faults))


def _flag(field: Field, value: Json) -> Reading:
    word = str(value).lower()
    if word in _TRUE or word in _FALSE:
        return Reading(word in _TRUE)
    return Reading(value, (fault(field, "not_flag", "应选“是”或“否”", "should be yes or no"),))


def _choice(field: Field, value: Json) -> Reading:
    given = str(value)
    for choice in field.choices:
        if given == choice.value:
            return Reading(given)
    for choice in field.choices:
        if given == choice.label:
            return Reading(choice.value)
    shown = given[:40]
    wrong = fault(field, "not_choice", f"没有选项“{shown}”，请从列出的选项中选", f"has no choice “{shown}”")
    return Reading(value, (wrong,))


def _file(field: Field, value: Json) -> Reading:
    parts = value if isinstance(value, dict) else {}
    size = parts.get("bytes")
    texts = [parts.get(name) for name in ("file", "name", "kind", "digest")]
    sound = type(size) is int and size >= 0 and all(isinstance(text, str) and text for text in texts)
    if not sound or not _DIGEST.fullmatch(parts["digest"]):
        return Reading(value, (fault(field, "not_file", "应上传文件", "should be an uploaded file"),))
    kept = {name: parts[name] for name in ("file", "name", "bytes", "kind", "digest")}
    faults = []
    if kept["kind"] not in field.accepted:
        kinds = "、".join(field.accepted)
        faults.append(fault(field, "wrong_file", f"只收 {kinds} 文件", f"takes {', '.join(field.accepted)} files only"))
    if kept["bytes"] > field.most_bytes:
        most = field.most_bytes / 2**20
        faults.append(
            fault(field, "file_too_big", f"的文件不能超过 {most:.1f} MB", f"takes files of at most {most:.1f} MB")
        )
    return Reading(kept, tuple(faults))


def _reference(field: Field, value: Json) -> Reading:
    parts = value if isinstance(value, dict) else {}
    kept = {name: parts.get(name, "") for name in ("id", "label", "code")}
    if not kept["id"] or not all(isinstance(text, str) for text in kept.values()):
        # A text is what somebody typed; which of the register's things it means is for the room to find.
        return Reading(value, (fault(field, "not_reference", "请从名录中选", "should be chosen from the register"),))
    return Reading({name: text for name, text in kept.items() if text or name != "code"})


_READERS: Mapping[FieldKind, Callable[[Field, Json], Reading]] = {
    FieldKind.TEXT: _text, FieldKind.LONG_TEXT: _text, FieldKind.NUMBER: _number, FieldKind.MONEY: _number,
    FieldKind.DATE: _date, FieldKind.FLAG: _flag, FieldKind.CHOICE: _choice, FieldKind.FILE: _file,
    FieldKind.ORGANISATION: _reference, FieldKind.PERSON: _reference, FieldKind.MAJOR: _reference,
    FieldKind.AWARD: _reference,
}  # fmt: skip


def _several(field: Field, values: list[Json]) -> Reading:
    if len(values) > MAX_ROWS:
        return Reading(values, (fault(field, "too_many", f"最多 {MAX_ROWS} 个", f"takes at most {MAX_ROWS} items"),))
    read = [_READERS[field.kind](field, value) for value in values if not is_empty(value)]
    faults = tuple(replace(wrong, row=at) for at, one in enumerate(read) for wrong in one.faults)
    kept = [one.value for one in read]
    if field.kind is FieldKind.CHOICE and not faults:
        # The order in which boxes were ticked means nothing.
        kept = [choice.value for choice in field.choices if choice.value in kept]
    return Reading(kept, (*faults, *_repeated(field, kept)))


def _repeated(field: Field, kept: list[Json]) -> Iterator[AnswerFault]:
    seen: list[Json] = []
    for at, value in enumerate(kept):
        mark = value.get("id", value.get("digest")) if isinstance(value, dict) else value
        if mark in seen:
            yield replace(fault(field, "repeated", "重复了，请删去一个", "is given twice; remove one"), row=at)
        seen.append(mark)


def rows_of(value: Json) -> list[dict[str, Json]] | None:
    """The rows of a table; None for what is none."""
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None


def _table(field: Field, value: Json) -> Reading:
    given = rows_of(value)
    if given is None:
        return Reading(value, (fault(field, "not_table", "应是表格", "should be a table"),))
    rows: list[dict[str, Json]] = []
    faults: list[AnswerFault] = []
    for row in given:
        if is_empty(row):
            continue
        kept = {key: cell for key, cell in row.items() if key not in field.by_key and not is_empty(cell)}
        for column in field.columns:
            read = read_answer(column, row.get(column.key))
            if read.value is not None:
                kept[column.key] = read.value
            faults += [in_cell(field, column, len(rows), wrong) for wrong in read.faults]
        rows.append(kept)
    if len(rows) > MAX_ROWS:
        faults.append(
            fault(field, "too_many", f"有 {len(rows)} 行，最多 {MAX_ROWS} 行", f"has more than {MAX_ROWS} rows")
        )
    return Reading(rows, (*faults, *_same_rows(field, rows)))


def in_cell(field: Field, column: Field, row: int, wrong: AnswerFault) -> AnswerFault:
    """The fault of a column's cell as a fault of the table."""
    zh, en = f"“{field.words.zh}”第 {row + 1} 行{wrong.zh}", f"“{field.words.en}”, row {row + 1}: {wrong.en}"
    return AnswerFault(field.key, wrong.code, zh, en, row, column.key)


def _same_rows(field: Field, rows: list[dict[str, Json]]) -> Iterator[AnswerFault]:
    seen: dict[str, int] = {}
    for at, row in enumerate(rows):
        cells = [row.get(name) for name in field.unique]
        if not cells or any(cell is None for cell in cells):
            continue
        first = seen.setdefault(repr(cells), at)
        if first != at:
            named = "、".join(field.by_key[name].label for name in field.unique)
            zh = f"第 {at + 1} 行与第 {first + 1} 行的{named}相同，请合并或改正"
            yield replace(fault(field, "same_row", zh, f"rows {first + 1} and {at + 1} are the same"), row=at)

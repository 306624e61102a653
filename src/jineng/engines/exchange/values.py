"""From what a cell holds to what it means: one parser for each kind of column."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jineng.engines.exchange import codes
from jineng.engines.exchange.dates import FIRST_YEAR, LAST_YEAR, date_of
from jineng.engines.exchange.problems import ErrorCode, Problem
from jineng.engines.exchange.schema import Column, Kind
from jineng.engines.exchange.text import Raw, is_blank, tidy

__all__ = ["EXACT", "Parser", "Raw", "is_blank", "parser", "required", "tidy"]

Parser = Callable[[Raw], Any]

EXACT = 10**15
"""A spreadsheet keeps 15 significant digits; longer numbers have lost some."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_BLANK = re.compile(r"\s+")
_DECIMAL = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_TRUTH = {"是": True, "否": False}


def required(column: Column) -> Problem:
    """The problem of a required cell that is empty."""
    return Problem(
        ErrorCode.REQUIRED,
        f"“{column.heading}”是必填项，这里是空的。",
        f"{column.name} is required but empty.",
        "请填写。",
        "Fill it in.",
    )


def parser(column: Column) -> Parser:
    """A function that gives a cell's value, or the Problem with it, for cells that are not blank."""
    return _MAKERS[column.kind](column)


def _text(column: Column) -> Parser:
    limit = column.max_length

    def parse(raw: Raw) -> Any:
        text = tidy(raw) if isinstance(raw, str) else _plain(raw)
        if _CONTROL.search(text):
            return _control()
        if limit is not None and len(text) > limit:
            return _too_long(len(text), limit)
        return text

    return parse


def _code_text(raw: Raw) -> str | Problem:
    """The half-width text of a code cell; a number cell gives its digits while they are sure."""
    if isinstance(raw, str):
        # Characters may join once the blank between them is gone, hence the second pass.
        text = _BLANK.sub("", unicodedata.normalize("NFKC", tidy(raw)))
        text = unicodedata.normalize("NFKC", text)
        return _control() if _CONTROL.search(text) else text
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return Problem(
            ErrorCode.BAD_CODE,
            "这里应填代码，单元格里却是日期、时间或逻辑值。",
            "A code is wanted; the cell holds a date, a time or a truth value.",
            "请把单元格格式设为“文本”后重新输入代码。",
            "Set the cell's format to text and type the code again.",
        )
    if EXACT <= abs(raw) < math.inf:
        return Problem(
            ErrorCode.PRECISION_LOST,
            "长数字按数值保存，15 位以后的数字已经丢失。",
            "A long number was kept as a numeric cell; digits after the 15th are lost.",
            "请把单元格格式设为“文本”后重新输入全部数字。",
            "Set the cell's format to text and type all digits again.",
        )
    if not math.isfinite(raw) or raw != int(raw) or raw < 0:
        return Problem(
            ErrorCode.BAD_CODE,
            "代码不能是小数或负数。",
            "A code is not a fraction and not negative.",
            "请核对代码，并按文本输入。",
            "Check the code and type it as text.",
        )
    return str(int(raw))


def _code(column: Column) -> Parser:
    length, limit = column.length, column.max_length

    def parse(raw: Raw) -> Any:
        text = _code_text(raw)
        if isinstance(text, Problem):
            return text
        if length is not None and len(text) != length:
            return _wrong_length(text, length, numeric=not isinstance(raw, str))
        if limit is not None and len(text) > limit:
            return _too_long(len(text), limit)
        return text

    return parse


def _wrong_length(text: str, length: int, numeric: bool) -> Problem:
    if numeric and len(text) < length:
        return Problem(
            ErrorCode.LEADING_ZERO_LOST,
            f"代码应为 {length} 位，这里按数值保存，只剩 {len(text)} 位，前面的 0 可能丢了。",
            f"The code has {length} characters; kept as a number it has {len(text)}, zeros may be lost.",
            "请把单元格格式设为“文本”，补全前面的 0。",
            "Set the cell's format to text and put the leading zeros back.",
        )
    return Problem(
        ErrorCode.WRONG_LENGTH,
        f"代码应为 {length} 位，这里是 {len(text)} 位。",
        f"The code has {length} characters, here are {len(text)}.",
        "请核对代码，一位不多一位不少。",
        "Check the code.",
    )


def _number(raw: Raw, unit: str | None) -> Decimal | Problem:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
        return Decimal(format(raw + 0.0, ".15g"))
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", tidy(raw)).replace(" ", "")
        if _DECIMAL.fullmatch(text):
            return Decimal(text.replace(",", ""))
    asks = f"，单位是“{unit}”，不必写出" if unit else ""
    return Problem(
        ErrorCode.NOT_A_NUMBER,
        "这里应填数字。",
        "A number is wanted here.",
        f"请只填数字{asks}；不要带文字、符号或约数。",
        "Type the bare number, without words, units or signs.",
    )


def _integer(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        if isinstance(raw, float) and raw.is_integer() and abs(raw) < EXACT:
            return _bounded(int(raw), column)
        number = _number(raw, column.unit)
        if isinstance(number, Problem):
            return number
        if number != number.to_integral_value():
            return Problem(
                ErrorCode.NOT_WHOLE,
                "这里应填整数，不能有小数。",
                "A whole number is wanted here.",
                "请核对数字和单位。",
                "Check the figure and its unit.",
            )
        if isinstance(raw, float):
            return _code_text(raw)
        return _bounded(int(number), column)

    return parse


def _decimal(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        number = _number(raw, column.unit)
        return number if isinstance(number, Problem) else _bounded(number, column)

    return parse


def _bounded(value: Any, column: Column) -> Any:
    low, high = column.minimum, column.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return value
    if low is not None and high is not None:
        zh, en = f"应在 {low} 到 {high} 之间", f"between {low} and {high}"
    elif low is not None:
        zh, en = f"不应小于 {low}", f"at least {low}"
    else:
        zh, en = f"不应大于 {high}", f"at most {high}"
    return Problem(
        ErrorCode.OUT_OF_RANGE,
        f"“{column.heading}”{zh}。",
        f"{column.name} must be {en}.",
        f"请核对{'日期' if column.kind is Kind.DATE else '数字和单位'}。",
        "Check the value.",
    )


def _date(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        value = date_of(raw)
        if isinstance(value, Problem):
            return value
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            return Problem(
                ErrorCode.OUT_OF_RANGE,
                f"年份 {value.year} 不合常理。",
                f"The year {value.year} makes no sense.",
                "请核对年份。",
                "Check the year.",
            )
        return _bounded(value, column)

    return parse


def _boolean(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        if isinstance(raw, bool):
            return raw
        value = _TRUTH.get(tidy(raw)) if isinstance(raw, str) else None
        if value is None:
            return Problem(
                ErrorCode.NOT_A_BOOLEAN,
                "这里只能填“是”或“否”。",
                "Only 是 (yes) or 否 (no) may stand here.",
                "请填“是”或“否”。",
                "Write 是 or 否.",
            )
        return value

    return parse


def _choice(column: Column) -> Parser:
    choices = column.choices or {}

    def parse(raw: Raw) -> Any:
        text = tidy(raw) if isinstance(raw, str) else _plain(raw)
        value = choices.get(text)
        if value is None:
            value = choices.get(unicodedata.normalize("NFKC", text))
        if value is not None:
            return value
        near = get_close_matches(text, choices, n=1, cutoff=0.4)
        some = "、".join(list(choices)[:8]) + ("等" if len(choices) > 8 else "")
        return Problem(
            ErrorCode.NOT_A_CHOICE,
            f"不在“{column.heading}”的选项里。",
            f"Not one of the choices of {column.name}.",
            (f"是不是“{near[0]}”？" if near else "") + f"可选：{some}。",
            (f"Did you mean {near[0]}? " if near else "") + f"Choices: {some}.",
        )

    return parse


def _resident_id(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        text = _code_text(raw)
        if isinstance(text, Problem):
            return text
        text = text.upper()
        fault = codes.resident_id_fault(text)
        return text if fault is None else _RESIDENT_PROBLEMS[fault]

    return parse


def _credit_code(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        text = _code_text(raw)
        if isinstance(text, Problem):
            return text
        text = text.upper()
        fault = codes.credit_code_fault(text)
        return text if fault is None else _CREDIT_PROBLEMS[fault]

    return parse


def _school_code(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        text = _code_text(raw)
        if isinstance(text, Problem) or codes.is_school_code(text):
            return text
        return Problem(
            ErrorCode.BAD_SCHOOL_CODE,
            f"学校标识码应为 10 位数字（类型 2 位、省份 2 位、学校 6 位），这里是 {len(text)} 位或省份不对。",
            f"A school code has 10 digits, the 3rd and 4th for the province; here are {len(text)}.",
            "请对照教育部标识码名单；若前面的 0 丢了，请设为文本格式补上。",
            "Check the ministry's list; if leading zeros are lost, set the cell to text and put them back.",
        )

    return parse


def _phone(column: Column) -> Parser:
    def parse(raw: Raw) -> Any:
        text = _code_text(raw)
        if isinstance(text, Problem):
            return text
        number = codes.tidy_phone(text)
        if number is not None:
            return number
        return Problem(
            ErrorCode.BAD_PHONE,
            "不是有效的电话号码。",
            "Not a valid phone number.",
            "请填 11 位手机号，或“区号-号码”的固定电话。",
            "Write a mobile number of 11 digits, or area code, hyphen and number.",
        )

    return parse


def _plain(raw: Raw) -> str:
    """A cell of another type as its user would read it."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        return format(Decimal(format(raw + 0.0, ".15g")), "f")
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        raw = raw.date()
    return str(raw)


def _control() -> Problem:
    return Problem(
        ErrorCode.CONTROL_CHARACTER,
        "里面有看不见的控制字符（多半是从别处粘贴带来的）。",
        "It holds invisible control characters, most likely pasted in.",
        "请删去此格内容后重新输入。",
        "Clear the cell and type it again.",
    )


def _too_long(length: int, limit: int) -> Problem:
    return Problem(
        ErrorCode.TOO_LONG,
        f"最多 {limit} 个字，这里有 {length} 个。",
        f"At most {limit} characters; here are {length}.",
        f"请缩短到 {limit} 个字以内。",
        f"Shorten it to {limit} characters.",
    )


_ID_REMEDY = ("请对照证件核对全部 18 位。", "Check all 18 characters against the document.")
_RESIDENT_PROBLEMS = {
    "shape": Problem(
        ErrorCode.BAD_RESIDENT_ID,
        "居民身份证号应为 18 位：17 位数字加 1 位数字或 X。",
        "A resident ID has 17 digits and then a digit or X.",
        *_ID_REMEDY,
    ),
    "birthday": Problem(
        ErrorCode.BAD_RESIDENT_ID,
        "居民身份证号里的出生日期不存在。",
        "The birthday inside the resident ID does not exist.",
        *_ID_REMEDY,
    ),
    "check": Problem(
        ErrorCode.BAD_CHECK_CHARACTER,
        "居民身份证号的校验位不对，说明有一位或几位写错了（GB 11643）。",
        "The check character of the resident ID is wrong: some digit is mistyped (GB 11643).",
        *_ID_REMEDY,
    ),
}
_CREDIT_REMEDY = ("请对照营业执照或法人证书核对全部 18 位。", "Check all 18 characters against the licence.")
_CREDIT_PROBLEMS = {
    "shape": Problem(
        ErrorCode.BAD_CREDIT_CODE,
        "统一社会信用代码应为 18 位数字和大写字母，不含 I、O、S、V、Z。",
        "A unified social credit code has 18 digits and capitals, without I, O, S, V, Z.",
        *_CREDIT_REMEDY,
    ),
    "check": Problem(
        ErrorCode.BAD_CHECK_CHARACTER,
        "统一社会信用代码的校验位不对，说明有一位或几位写错了（GB 32100）。",
        "The check character of the credit code is wrong: some character is mistyped (GB 32100).",
        *_CREDIT_REMEDY,
    ),
}
_MAKERS: dict[Kind, Callable[[Column], Parser]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.RESIDENT_ID: _resident_id,
    Kind.CREDIT_CODE: _credit_code,
    Kind.SCHOOL_CODE: _school_code,
    Kind.PHONE: _phone,
}

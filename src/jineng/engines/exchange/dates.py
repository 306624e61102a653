"""Dates as people write them: accepted where only one day can be meant, else refused with the reason."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from jineng.engines.exchange.problems import ErrorCode, Problem
from jineng.engines.exchange.text import Raw, tidy

FIRST_YEAR, LAST_YEAR = 1800, 2200
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
_DATE_UNCLEAR = re.compile(
    r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?|\d{4}[-/.年]\d{1,2}月?|\d{1,2}月\d{1,2}日", re.ASCII
)
_SERIAL_EPOCH = dt.date(1899, 12, 30)


def date_of(raw: Raw) -> dt.date | Problem:
    """The day that a cell means, whatever its year, or the problem with it."""
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return _date_from_number(float(raw))
    text = unicodedata.normalize("NFKC", tidy(raw)) if isinstance(raw, str) else ""
    match = _DATE.fullmatch(text)
    if match:
        year, month, day = (int(part) for part in match.groups() if part is not None)
        try:
            return dt.date(year, month, day)
        except ValueError:
            return _not_a_date("日历上没有这一天。", "There is no such day.")
    if _DATE_UNCLEAR.fullmatch(text):
        return Problem(
            ErrorCode.AMBIGUOUS_DATE,
            "日期写法不清楚：要有四位年份，并按年、月、日的顺序写全。",
            "The date is unclear: year with four digits, then month, then day.",
            "请写成 2021-03-05 或 2021年3月5日。",
            "Write 2021-03-05.",
        )
    return _not_a_date("这里应填日期。", "A date is wanted here.")


def _date_from_number(number: float) -> dt.date | Problem:
    if number.is_integer() and FIRST_YEAR * 10000 <= number < (LAST_YEAR + 1) * 10000:
        return date_of(str(int(number)))
    if 1 <= number < 110_000:
        day = _SERIAL_EPOCH + dt.timedelta(days=int(number))
        return Problem(
            ErrorCode.DATE_AS_NUMBER,
            f"单元格里是普通数字；若它是日期序号，则为 {day}。",
            f"The cell holds a plain number; as a date serial it would be {day}.",
            "请把单元格格式设为“日期”并核对，或直接写成 2021-03-05。",
            "Give the cell a date format and check it, or write 2021-03-05.",
        )
    return _not_a_date("这里应填日期，单元格里是普通数字。", "A date is wanted; the cell holds a plain number.")


def _not_a_date(message: str, message_en: str) -> Problem:
    return Problem(
        ErrorCode.NOT_A_DATE, message, message_en, "请写成 2021-03-05 或 2021年3月5日。", "Write 2021-03-05."
    )

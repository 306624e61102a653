"""Periods: the stretch of days that a figure speaks of, both ends included.

An indicator writes its days as `period.first_day` and `period.last_day`, or by `holds`, `reached` and `stands`, so
that its expression can be built and compiled once, for `ANY_PERIOD`, and the days put into the text.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis

from jineng.engines.measures.errors import MeasureError


@dataclass(frozen=True, order=True)
class Period:
    """From `start` to `end`, both days included; `label` is what a page prints, such as 2021年."""

    start: date
    end: date
    label: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise MeasureError(
                f"期间的止日 {self.end} 早于起日 {self.start}",
                f"a period cannot end on {self.end}, before its start on {self.start}",
            )
        if not self.label:
            object.__setattr__(self, "label", f"{self.start}至{self.end}")

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31), f"{year}年")

    def previous(self) -> Period:
        """The period of the same length just before: whole months step by months, anything else by days."""
        before = self.start - timedelta(days=1)
        if self.start.day == 1 and self.end.day == calendar.monthrange(self.end.year, self.end.month)[1]:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            year, month = divmod(self.start.year * 12 + self.start.month - 1 - months, 12)
            start = date(year, month + 1, 1)
            whole_year = (start.month, start.day, before.month, before.day) == (1, 1, 12, 31)
            if whole_year and start.year == before.year:
                return Period.year(start.year)
            return Period(start, before)
        return Period(before - (self.end - self.start), before)

    def back(self, steps: int) -> Period:
        """The period `steps` before this one; 0 is this one. Raises MeasureError for a negative number."""
        if steps < 0:
            raise MeasureError(f"期间只能向前推，不能是 {steps}", f"cannot step back by {steps} periods")
        period = self
        for _ in range(steps):
            period = period.previous()
        return period

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return self.start <= day <= self.end

    @property
    def first_day(self) -> ibis.Value:
        """Expression for the first day."""
        return ibis.literal(self.start, type="date")

    @property
    def last_day(self) -> ibis.Value:
        """Expression for the last day."""
        return ibis.literal(self.end, type="date")

    def holds(self, on: ibis.Value) -> ibis.Value:
        """Expression for a flow: the date column `on` lies in the period."""
        return on.between(self.first_day, self.last_day)

    def reached(self, on: ibis.Value) -> ibis.Value:
        """Expression for a cumulative figure: the date column `on` lies at or before the end."""
        return on <= self.last_day

    def stands(self, since: ibis.Value, until: ibis.Value) -> ibis.Value:
        """Expression for a stock: begun by the last day and not ended by then.

        `until` is the first day on which the thing no longer stands (null: it still does), so what is revoked
        on 31 December is gone from that year's end and what is revoked on 1 January is still in it.
        """
        return self.reached(since) & (until.isnull() | (until > self.last_day))


FIRST_DAY = date(1583, 10, 4)
LAST_DAY = date(1583, 10, 5)
"""Placeholders for the days of a period in expressions; see `Engine.rows`."""


class DayAskedError(Exception):
    """A day of `ANY_PERIOD` was looked at, so what asked for it is another expression in another period."""


class _AnyPeriod(Period):
    """Stands for every period: it has expressions for its days, which are placeholders, but no days."""

    def __init__(self) -> None:
        """Without days."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __getattribute__(self, name: str) -> Any:
        if name in ("start", "end", "label"):
            raise DayAskedError(name)
        return super().__getattribute__(name)

    def __repr__(self) -> str:
        return "ANY_PERIOD"

    @property
    def first_day(self) -> ibis.Value:
        return ibis.literal(FIRST_DAY, type="date")

    @property
    def last_day(self) -> ibis.Value:
        return ibis.literal(LAST_DAY, type="date")


ANY_PERIOD: Period = _AnyPeriod()

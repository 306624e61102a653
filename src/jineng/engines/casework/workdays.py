"""Working days by the Chinese calendar: what the State Council announced, and what officers keep beside it.

The announced holidays and the weekends worked for them come from the package `chinesecalendar`, which knows whole
years only. A table of exceptions goes before it: a province's own holiday, or a year announced after the package was
made. Of a year that neither knows nothing is guessed, unless the caller chooses weekends for it; what rests on
that choice says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from jineng.engines.casework.faults import Refused, Words

LONGEST = 1000
"""The most working days that are counted at once: about four years."""
_DAY = timedelta(days=1)
_SATURDAY = 5


class Beyond(StrEnum):
    """What is done with a year whose holidays are not known."""

    REFUSE = "refuse"
    WEEKENDS = "weekends"


@dataclass(frozen=True)
class ExceptionalDay:
    """A day of which officers say whether it is worked, and why (the document that says so)."""

    on: date
    works: bool
    why: str = ""


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked.

    `exceptions` by day go before the announced holidays. `complete_years` are years whose exceptions are all entered:
    every other day of theirs is worked unless it is a Saturday or Sunday. `beyond` says what is done with the rest.
    """

    exceptions: Mapping[date, ExceptionalDay] = field(default_factory=dict)
    complete_years: frozenset[int] = frozenset()
    beyond: Beyond = Beyond.REFUSE

    @classmethod
    def of(
        cls,
        *exceptions: ExceptionalDay,
        complete_years: frozenset[int] = frozenset(),
        beyond: Beyond = Beyond.REFUSE,
    ) -> WorkCalendar:
        """A calendar with these exceptions. Raises ValueError where a day is given twice."""
        table = {day.on: day for day in exceptions}
        if len(table) != len(exceptions):
            raise ValueError("a day is given twice")
        return cls(table, complete_years, beyond)

    def works(self, day: date) -> bool:
        """Whether the day is worked. Raises Refused("unknown_year") where nothing is known of its year."""
        if day in self.exceptions:
            return self.exceptions[day].works
        if self.is_assumed(day):
            if self.beyond is Beyond.REFUSE:
                raise _unknown(day.year)
        elif day.year not in self.complete_years:
            return _announced(day)
        return day.weekday() < _SATURDAY

    def is_assumed(self, day: date) -> bool:
        """Whether only the weekday can tell: its year is neither announced nor entered as complete."""
        return day not in self.exceptions and day.year not in self.complete_years and day.year not in announced_years()


@dataclass(frozen=True)
class WorkingSpan:
    """A span of working days: its first and last, their number, and the years in it that were only assumed."""

    first: date
    last: date
    days: int
    assumed_years: tuple[int, ...] = ()

    @property
    def words(self) -> Words:
        """The span as a notice states it, with a warning where the calendar of a year is not known."""
        zh = f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}（{self.days} 个工作日）"
        en = f"{self.first:%Y-%m-%d} to {self.last:%Y-%m-%d} ({self.days} working days)"
        if self.assumed_years:
            years = "、".join(map(str, self.assumed_years))
            zh += f"；{years} 年放假安排尚未公布，只扣除了周末"
            en += f"; the holidays of {years.replace('、', ', ')} are not announced, only weekends were left out"
        return Words(zh, en)


def add_working_days(day: date, number: int, calendar: WorkCalendar) -> date:
    """The working day `number` after `day`, which itself is not counted; before it where `number` is negative.

    Zero gives `day` itself, worked or not. Raises Refused for a year that is not known, and ValueError beyond 1000.
    """
    if abs(number) > LONGEST:
        raise ValueError(f"no more than {LONGEST} working days at once")
    step = _DAY if number >= 0 else -_DAY
    left = abs(number)
    while left:
        day += step
        left -= calendar.works(day)
    return day


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """How many days from `first` to `last` are worked, both counted; none where `last` is before `first`."""
    return sum(calendar.works(day) for day in _days(first, last))


def working_span(published: date, number: int, calendar: WorkCalendar) -> WorkingSpan:
    """The `number` working days that follow the day of publishing, as the law counts them: from the next day on.

    Raises Refused for a year that is not known, and ValueError unless `number` is 1 to 1000.
    """
    if number < 1:
        raise ValueError("a span has at least one working day")
    last = add_working_days(published, number, calendar)
    first = add_working_days(published, 1, calendar)
    assumed = {day.year for day in _days(published + _DAY, last) if calendar.is_assumed(day)}
    return WorkingSpan(first, last, number, tuple(sorted(assumed)))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


@cache
def announced_years() -> range:
    """The years whose holidays the package knows."""
    off, _ = _announcements()
    return range(min(off).year, max(off).year + 1)


@cache
def _announcements() -> tuple[frozenset[date], frozenset[date]]:
    # The package's own question searches its whole table for every day that it is asked about.
    from chinese_calendar.constants import holidays, workdays

    return frozenset(holidays), frozenset(workdays)


def _announced(day: date) -> bool:
    off, made_up = _announcements()
    return day in made_up or (day.weekday() < _SATURDAY and day not in off)


def _unknown(year: int) -> Refused:
    known = announced_years()
    span = f"{known[0]}–{known[-1]}"
    return Refused(
        "unknown_year",
        f"{year} 年的放假安排未知（已知 {span} 年）：请录入该年全部放假和调休日，或明确选择只扣除周末。",
        f"The holidays of {year} are not known (known: {span}): enter all days off and days made up of that year, "
        "or choose expressly that only weekends are left out.",
    )

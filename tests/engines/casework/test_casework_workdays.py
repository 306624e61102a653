from __future__ import annotations

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.casework.faults import Refused
from jineng.engines.casework.workdays import (
    Beyond,
    ExceptionalDay,
    WorkCalendar,
    WorkingSpan,
    add_working_days,
    announced_years,
    working_days_between,
    working_span,
)

CALENDAR = WorkCalendar()
GUESSING = WorkCalendar(beyond=Beyond.WEEKENDS)
YEAR_AFTER = announced_years()[-1] + 1
KNOWN_DAYS = st.dates(date(2010, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        *((date(2021, 10, day), False) for day in range(1, 8)),
        (date(2021, 10, 8), True),
        (date(2021, 9, 18), True),
        (date(2021, 9, 26), True),
        (date(2021, 10, 9), True),
        (date(2021, 9, 20), False),
        (date(2021, 9, 25), False),
    ],
)
def test_days_of_2021(day: date, works: bool) -> None:
    assert CALENDAR.works(day) is works


def test_a_notice_of_five_days_before_the_national_day_of_2021() -> None:
    """Published on Wednesday the 29th: the 30th, then 8 and 9 October (a Saturday worked), 11 and 12."""
    term = working_span(date(2021, 9, 29), 5, CALENDAR)
    assert term == WorkingSpan(date(2021, 9, 30), date(2021, 10, 12), 5)
    assert term.words == (
        "2021-09-30 至 2021-10-12（5 个工作日）",
        "2021-09-30 to 2021-10-12 (5 working days)",
    )
    assert working_days_between(term.first, term.last, CALENDAR) == 5


def test_backwards_and_zero() -> None:
    assert add_working_days(date(2021, 10, 8), -1, CALENDAR) == date(2021, 9, 30)
    assert add_working_days(date(2021, 10, 1), 0, CALENDAR) == date(2021, 10, 1)
    assert working_days_between(date(2021, 10, 8), date(2021, 10, 7), CALENDAR) == 0


def test_an_exception_goes_before_the_announcement() -> None:
    own = WorkCalendar.of(
        ExceptionalDay(date(2021, 10, 8), False, "省内放假一天"), ExceptionalDay(date(2021, 10, 7), True)
    )
    assert not own.works(date(2021, 10, 8))
    assert own.works(date(2021, 10, 7))
    assert own.works(date(2021, 10, 9))
    with pytest.raises(ValueError, match="twice"):
        WorkCalendar.of(ExceptionalDay(date(2021, 10, 8), False), ExceptionalDay(date(2021, 10, 8), True))


def test_a_year_that_is_not_known_is_refused_in_words() -> None:
    with pytest.raises(Refused) as caught:
        working_span(date(YEAR_AFTER - 1, 12, 31), 5, CALENDAR)
    assert caught.value.code == "unknown_year"
    assert str(YEAR_AFTER) in caught.value.zh
    assert f"known: 2004–{YEAR_AFTER - 1}" in caught.value.en


def test_weekends_alone_only_where_chosen_and_said() -> None:
    term = working_span(date(YEAR_AFTER - 1, 12, 31), 5, GUESSING)
    assert term.assumed_years == (YEAR_AFTER,)
    assert f"{YEAR_AFTER} 年放假安排尚未公布" in term.words.zh
    assert "only weekends were left out" in term.words.en
    assert working_days_between(term.first, term.last, GUESSING) == 5


def test_a_year_entered_as_complete_assumes_nothing() -> None:
    new_year = date(YEAR_AFTER, 1, 1)
    entered = WorkCalendar.of(ExceptionalDay(new_year, False, "元旦"), complete_years=frozenset({YEAR_AFTER}))
    assert not entered.works(new_year)
    term = working_span(date(YEAR_AFTER - 1, 12, 31), 3, entered)
    assert term.assumed_years == ()
    assert term.first > new_year
    single = WorkCalendar.of(ExceptionalDay(new_year, False))
    assert not single.works(new_year)
    with pytest.raises(Refused):
        single.works(new_year + timedelta(days=7))


@pytest.mark.parametrize("number", [1001, -1001])
def test_too_many_days(number: int) -> None:
    with pytest.raises(ValueError, match="1000"):
        add_working_days(date(2021, 1, 1), number, CALENDAR)


def test_a_term_has_a_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_span(date(2021, 1, 1), 0, CALENDAR)


@settings(max_examples=50, deadline=None)
@given(KNOWN_DAYS, st.integers(1, 60))
def test_a_term_holds_its_number_of_worked_days_and_ends_on_one(published: date, number: int) -> None:
    term = working_span(published, number, CALENDAR)
    assert published < term.first <= term.last
    assert CALENDAR.works(term.first)
    assert CALENDAR.works(term.last)
    assert working_days_between(published + timedelta(days=1), term.last, CALENDAR) == number


@settings(max_examples=50, deadline=None)
@given(st.dates(date(2004, 1, 1), date(YEAR_AFTER - 1, 12, 31)))
def test_every_announced_day_is_as_the_package_says(day: date) -> None:
    assert CALENDAR.works(day) is is_workday(day)


@settings(max_examples=50, deadline=None)
@given(KNOWN_DAYS, st.integers(1, 60))
def test_forth_and_back(day: date, number: int) -> None:
    later = add_working_days(day, number, CALENDAR)
    back = add_working_days(later, -number, CALENDAR)
    assert back <= day
    assert working_days_between(back, later - timedelta(days=1), CALENDAR) == number


@settings(max_examples=50, deadline=None)
@given(KNOWN_DAYS, st.integers(-30, 30), st.integers(-30, 30))
def test_steps_of_one_direction_add_up(day: date, first: int, second: int) -> None:
    if first * second >= 0:
        both = add_working_days(add_working_days(day, first, CALENDAR), second, CALENDAR)
        assert both == add_working_days(day, first + second, CALENDAR)

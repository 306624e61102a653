"""What a phase is on a day, whether its money fits its plan, months and open hours."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.facilities.rules import (
    Fit,
    fit_of,
    money_fault,
    month_after,
    month_of,
    open_hours,
    overdue,
    shares_in,
    status_on,
    tolerance_on,
)

DAY = date(2021, 6, 1)
DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
PLAN = Decimal(1_000_000)


@pytest.mark.parametrize(
    ("booked", "day", "fit"),
    [
        (900_000, DAY, Fit.COVERED),
        (899_999, DAY, Fit.SHORT),
        (1_100_000, DAY, Fit.COVERED),
        (1_100_001, DAY, Fit.BEYOND),
        (900_000, date(2019, 6, 30), Fit.SHORT),
        (950_000, date(2010, 1, 1), Fit.COVERED),
    ],
)
def test_money_fits_by_the_tolerance_of_the_day(booked: int, day: date, fit: Fit) -> None:
    assert fit_of(PLAN, Decimal(booked), day) is fit
    assert (money_fault(PLAN, Decimal(booked), day) is None) is (fit is Fit.COVERED)


def test_the_fault_says_which_way_and_by_which_document() -> None:
    short, beyond = money_fault(PLAN, Decimal(1), DAY), money_fault(PLAN, Decimal(2_000_000), DAY)
    assert short is not None
    assert beyond is not None
    assert "未达到" in str(short)
    assert "超过" in str(beyond)
    assert tolerance_on(DAY).document in str(beyond)


def test_the_latest_report_says_what_a_phase_is() -> None:
    reports = [(date(2021, 1, 1), "completed"), (date(2019, 1, 1), "under_construction")]
    assert status_on(date(2018, 12, 31), reports) == "planned"
    assert status_on(date(2020, 12, 31), reports) == "under_construction"
    assert status_on(date(2021, 1, 1), reports) == "completed"
    assert overdue(DAY, date(2021, 5, 31), "under_construction")
    assert not overdue(DAY, DAY, "under_construction")
    assert not overdue(DAY, date(2020, 1, 1), "completed")
    assert not overdue(DAY, None, "planned")


@settings(deadline=None)
@given(DAYS, DAYS, st.none() | st.integers(1, 500))
def test_a_stretch_touches_the_months_of_its_days(month: date, since: date, length: int | None) -> None:
    until = None if length is None else since + timedelta(days=length)
    first, after = month_of(month), month_after(month)
    assert first.day == after.day == 1
    assert 28 <= (after - first).days <= 31
    days = (first + timedelta(days=n) for n in range((after - first).days))
    assert shares_in(month, since, until) is any(since <= day and (until is None or day < until) for day in days)


def test_open_hours_follow_the_days_of_the_month() -> None:
    assert open_hours(date(2021, 2, 14), Decimal(70)) == Decimal("280.0")
    assert open_hours(date(2021, 3, 1), Decimal(70)) == Decimal("310.0")

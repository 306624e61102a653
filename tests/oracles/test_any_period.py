"""A text that was compiled for any period, with the days put in, is the text compiled for that period."""

from __future__ import annotations

from datetime import date

import pytest

from jineng.engines.measures import Period, SqlEngine
from jineng.engines.measures.compute import total_of
from jineng.engines.measures.period import ANY_PERIOD, DayAskedError
from jineng.engines.measures.standard import as_built, standard
from jineng.kernel.measures import indicators, sources

LOOK_AT_THEIR_DAYS = {"rural_major_offerings_added"}
PERIODS = (Period.year(2021), Period(date(2020, 11, 3), date(2022, 2, 28)))


@pytest.mark.deep
@pytest.mark.parametrize("dialect", ["postgres", "duckdb"])
@pytest.mark.parametrize("key", [each.key for each in indicators if each.records is not None])
def test_the_text_is_that_of_the_period(key: str, dialect: str) -> None:
    asked: list[str] = []
    engine = SqlEngine(dialect, lambda sql: asked.append(sql) or [])
    one = indicators.get(key)
    for period in PERIODS:
        built = as_built(indicators, sources, key, period)
        assert (built is not ANY_PERIOD) == (key in LOOK_AT_THEIR_DAYS)
        engine.rows(total_of(one, standard(one, sources, built)), during=period)
        engine.rows(total_of(one, standard(one, sources, period)))
        assert asked[-1] == asked[-2]


def test_any_period_has_no_days() -> None:
    for look in (lambda: ANY_PERIOD.start, lambda: ANY_PERIOD.end, lambda: ANY_PERIOD.label, ANY_PERIOD.previous):
        with pytest.raises(DayAskedError):
            look()
    with pytest.raises(DayAskedError):
        ANY_PERIOD.contains(date(2021, 1, 1))
    assert repr(ANY_PERIOD) == "ANY_PERIOD"

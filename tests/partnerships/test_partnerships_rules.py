"""Terms of agreements, when parties are asked, and what their answers come to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.partnerships.countries import countries, country_code, country_name
from jineng.partnerships.exchange.spans import overlapping
from jineng.partnerships.rules import (
    Asking,
    Said,
    State,
    Term,
    Verdict,
    asked_from,
    asking_on,
    current_term,
    ends_on,
    follow_up,
    in_force,
    months_before,
    state_on,
    usual_end,
    verdict_of,
)

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
FIRST = Term(date(2018, 9, 1), date(2021, 8, 31))
NEXT = Term(date(2021, 9, 1), date(2024, 8, 31))


@settings(deadline=None)
@given(DAYS, st.integers(0, 60))
def test_months_back_land_on_the_day_or_the_months_last(day: date, months: int) -> None:
    back = months_before(day, months)
    assert (day.year * 12 + day.month) - (back.year * 12 + back.month) == months
    assert back.day == day.day or (back.day < day.day and (back + timedelta(days=1)).day == 1)


def test_the_asking_follows_the_setting_of_the_day() -> None:
    askings = (Asking(date(2020, 1, 1), 3, "二"), Asking(date(2010, 1, 1), 1, "一"))
    assert asking_on(date(2000, 1, 1), askings).months == 1
    assert asking_on(date(2019, 12, 31), askings).months == 1
    assert asking_on(date(2020, 1, 1), askings).months == 3
    assert asked_from(date(2021, 8, 31)) == date(2021, 5, 31)
    assert asked_from(date(2020, 8, 31)) == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("day", "terms", "ended_on", "state"),
    [
        (date(2018, 8, 31), [FIRST], None, State.COMING),
        (date(2018, 9, 1), [FIRST], None, State.RUNNING),
        (date(2021, 5, 30), [FIRST], None, State.RUNNING),
        (date(2021, 5, 31), [FIRST], None, State.NEARING),
        (date(2021, 8, 31), [FIRST], None, State.NEARING),
        (date(2021, 8, 31), [FIRST, NEXT], None, State.RUNNING),
        (date(2021, 9, 1), [FIRST], None, State.LAPSED),
        (date(2021, 9, 1), [FIRST, NEXT], None, State.RUNNING),
        (date(2020, 5, 1), [FIRST], date(2020, 5, 1), State.ENDED),
        (date(2020, 4, 30), [FIRST], date(2020, 5, 1), State.RUNNING),
        (date(2050, 1, 1), [Term(date(2018, 9, 1), None)], None, State.RUNNING),
        (date(2050, 1, 1), [], None, State.COMING),
    ],
)
def test_the_state_of_a_day(day: date, terms: list[Term], ended_on: date | None, state: State) -> None:
    assert state_on(day, terms, ended_on) is state
    assert in_force(day, terms, ended_on) is (state in (State.RUNNING, State.NEARING))


def test_the_current_term_and_the_end() -> None:
    assert current_term([], date(2020, 1, 1)) is None
    assert current_term([NEXT, FIRST], date(2010, 1, 1)) == FIRST
    assert current_term([NEXT, FIRST], date(2030, 1, 1)) == NEXT
    assert ends_on([FIRST, NEXT], None) == date(2024, 9, 1)
    assert ends_on([FIRST], date(2020, 1, 1)) == date(2020, 1, 1)
    assert ends_on([FIRST, Term(date(2021, 9, 1), None)], None) is None
    assert ends_on([], date(2020, 1, 1)) == date(2020, 1, 1)
    assert FIRST.overlaps(Term(date(2021, 8, 31), None))
    assert not FIRST.overlaps(NEXT)


@pytest.mark.parametrize(
    ("asked", "said", "verdict"),
    [
        (2, [], Verdict.WAITING),
        (2, [Said("renew", date(2024, 8, 31))], Verdict.WAITING),
        (2, [Said("renew", date(2024, 8, 31))] * 2, Verdict.AGREED),
        (2, [Said("renew", date(2024, 8, 31)), Said("renew", None)], Verdict.DISAGREED),
        (3, [Said("renew", None), Said("end")], Verdict.DISAGREED),
        (2, [Said("end")] * 2, Verdict.ENDING),
    ],
)
def test_what_answers_come_to(asked: int, said: list[Said], verdict: Verdict) -> None:
    assert verdict_of(asked, said) is verdict


@settings(deadline=None)
@given(DAYS, st.integers(0, 4000), st.integers(0, 4000))
def test_a_follow_up_begins_the_day_after(since: date, length: int, more: int) -> None:
    term = Term(since, since + timedelta(days=length))
    following = follow_up(term, since + timedelta(days=length + 1 + more))
    assert following.since - timedelta(days=1) == term.until
    assert not following.overlaps(term)
    end = usual_end(term)
    assert end is not None
    assert end > term.until


def test_a_follow_up_needs_an_end_before_it_and_one_behind() -> None:
    assert follow_up(FIRST, None) == Term(date(2021, 9, 1), None)
    assert usual_end(FIRST) == date(2024, 8, 31)
    assert usual_end(Term(date(2020, 1, 1), None)) is None
    with pytest.raises(ValueError, match="no follow-up"):
        follow_up(Term(date(2018, 9, 1), None), None)
    with pytest.raises(ValueError, match="after its end"):
        follow_up(FIRST, date(2021, 8, 31))


def test_countries_are_found_by_code_and_by_name() -> None:
    assert len(countries()) == 249
    assert country_code(" pk ") == country_code("巴基斯坦") == country_code("Pakistan") == "PK"
    assert country_code("某国") is None
    assert country_name("DE") == "德国"
    assert country_name("XX") == "XX"


STRETCHES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 20), st.none() | st.integers(1, 10)), min_size=1, max_size=8
)


@settings(deadline=None)
@given(STRETCHES)
def test_overlaps_are_those_that_share_a_day(drawn: list[tuple[int, int, int | None]]) -> None:
    start = date(2020, 1, 1)
    spans = [
        (key, start + timedelta(days=day), None if length is None else start + timedelta(days=day + length))
        for key, day, length in drawn
    ]

    def days(span: tuple[int, date, date | None]) -> set[tuple[int, date]]:
        end = span[2] or start + timedelta(days=60)
        return {(span[0], span[1] + timedelta(days=n)) for n in range((end - span[1]).days)}

    given_rows = dict(enumerate(spans))
    shared = {i for i in given_rows for j in given_rows if i != j and days(spans[i]) & days(spans[j])}
    assert set(overlapping(given_rows, [])) == shared
    one = {0: spans[0]}
    others = [span for span in spans[1:] if span[:2] != spans[0][:2]]
    assert list(overlapping(one, others)) == ([0] if any(days(spans[0]) & days(span) for span in others) else [])

"""The law of the governance: orders of steps, lateness, shares, what a county lacks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.governance import kinds, rules
from jineng.governance.topics import ALL, NAMES

TODAY = date(2021, 12, 1)
STEPS = st.sampled_from(list(kinds.StepKind.values))
quick = settings(deadline=None, max_examples=100)


def test_states_and_steps_are_those_of_the_register() -> None:
    assert set(rules.NEXT) == set(kinds.TaskState.values)
    assert {step for steps in rules.NEXT.values() for step in steps} <= set(kinds.StepKind.values)
    assert {topic.code for topic in ALL} == set(NAMES)


@quick
@given(st.lists(STEPS, max_size=8))
def test_a_sound_order_has_no_fault_and_every_beginning_of_it_too(steps: list[str]) -> None:
    fault = rules.first_fault(steps)
    if fault is None:
        assert all(rules.first_fault(steps[:end]) is None for end in range(len(steps)))
        assert "accepted" not in steps[:-1]
    else:
        assert not rules.may_follow(*fault)


def test_nothing_follows_an_acceptance_and_nothing_is_judged_unreported() -> None:
    assert rules.first_fault(["received", "split", "reported", "sent_back", "reported", "accepted"]) is None
    assert rules.first_fault(["accepted"]) == ("given", "accepted")
    assert rules.first_fault(["reported", "accepted", "reported"]) == ("accepted", "reported")
    assert not rules.may_follow("unheard of", "reported")


@pytest.mark.parametrize(
    ("state", "days", "overdue"),
    [("given", 1, True), ("given", 0, False), ("sent_back", 30, True), ("reported", 30, False), ("accepted", 9, False)],
)
def test_only_what_is_owed_is_overdue(state: str, days: int, overdue: bool) -> None:
    assert rules.is_overdue(state, TODAY - timedelta(days=days), TODAY) is overdue


def test_the_later_the_more_urgent() -> None:
    due = [TODAY + timedelta(days=days) for days in (-300, -40, -3, 5, 60)]
    told = [rules.urgency("received", day, TODAY) for day in due]
    assert told == sorted(told, reverse=True)
    assert told == [99, 99, 63, rules.NEAR, rules.OPEN]
    assert rules.urgency("sent_back", due[-1], TODAY) == rules.BACK
    assert rules.urgency("reported", due[0], TODAY) == rules.WAITING


AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10_000), places=2)


@quick
@given(AMOUNTS, st.lists(AMOUNTS, max_size=5), st.lists(AMOUNTS, max_size=5))
def test_shares_fit_or_exceed_by_what_is_told(whole: Decimal, given_: list[Decimal], more: list[Decimal]) -> None:
    excess = rules.share_fault(whole, given_, more)
    total = sum(given_, Decimal(0)) + sum(more, Decimal(0))
    assert (excess is None) == (total <= whole)
    assert excess is None or excess == total - whole


@pytest.mark.parametrize(
    ("done", "whole", "told"), [("0", "0", 0), ("1", "3", 33), ("999", "1000", 99), ("3", "3", 100)]
)
def test_percent_is_whole_only_when_all_is_done(done: str, whole: str, told: int) -> None:
    assert rules.percent(Decimal(done), Decimal(whole)) == told


def test_what_a_county_lacks() -> None:
    held = [("school", ""), ("centre", ""), ("department", "education")]
    assert rules.missing_of_county(held, ["education", "agriculture"]) == ["director", "agriculture"]
    assert rules.missing_of_county([*held, ("director", "")], ["education"]) == []

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.allocation.markets import many

from jineng.engines.allocation.rounds import (
    Fate,
    Held,
    Phase,
    Progress,
    audit,
    begin,
    close_round,
    current,
    may_enter_round,
    offered,
    open_round,
    respond,
    room_under_caps,
    settle,
)
from jineng.engines.allocation.season import load_season

Errors = Callable[[Callable[[], Any]], list[str]]
ROUNDS = [
    {"key": "early", "name": "综合评价", "scheme": "early", "enters": ["school"],
     "rolls_to": [{"round": "exam", "pool": "county"}, {"round": "exam", "pool": "open"}], "declined_return": False},
    {"key": "exam", "name": "升学考试", "scheme": "exam", "rolls_to": [{"round": "extra", "pool": "open"}],
     "no_answer": "confirms"},
    {"key": "extra", "name": "征集", "scheme": "exam", "of": "exam"},
]  # fmt: skip
STOCKS = [
    {"place": "e-nurse", "round": "early", "programme": "nurse", "seats": 2},
    {"place": "e-cook", "round": "early", "programme": "cook", "seats": 1},
    {"place": "x-nurse", "round": "exam", "programme": "nurse", "pool": "open", "seats": 1},
    {"place": "s-nurse", "round": "extra", "programme": "nurse", "pool": "open", "seats": 0},
    {"place": "s-cook", "round": "extra", "programme": "cook", "pool": "open", "seats": 0},
]
CAPS = [{"key": "nurses", "name": "护理总量", "limit": 2, "programmes": ["nurse"]}]
SEASON = load_season({"code": "2021", "rounds": ROUNDS, "stocks": STOCKS, "caps": CAPS})
SCHOOL = frozenset({"school"})


def confirming(**admitted: str) -> Progress:
    return settle(SEASON, open_round(SEASON, begin(SEASON)), admitted, dict.fromkeys(admitted, SCHOOL))


def test_seats_that_nobody_confirmed_roll_over_and_whoever_was_admitted_leaves() -> None:
    progress = confirming(ann="e-nurse", bob="e-nurse", cho="e-cook")
    progress = respond(SEASON, progress, "ann", confirms=True)
    progress = respond(SEASON, progress, "bob", confirms=False)
    progress = close_round(SEASON, progress)
    assert {who: held.fate for who, held in progress.people.items()} == {
        "ann": Fate.CONFIRMED, "bob": Fate.DECLINED, "cho": Fate.LAPSED
    }  # fmt: skip
    # The cook's programme has no place in the examination: its seat stays where it is.
    assert offered(SEASON, progress) == {"x-nurse": 2}
    assert progress.seats["e-cook"] == 1
    assert room_under_caps(SEASON, progress) == {"nurses": 1}
    codes = {
        who: getattr(may_enter_round(SEASON, progress, who, SCHOOL), "code", None) for who in ("ann", "bob", "eve")
    }
    assert codes == {"ann": "holds_seat", "bob": "declined", "eve": None}
    assert [(entry.act, entry.seats) for entry in progress.log if entry.act == "roll"] == [("roll", 1)]
    assert audit(SEASON, progress) == ()


def test_a_late_vacancy_rolls_over_when_the_next_round_opens() -> None:
    progress = close_round(SEASON, respond(SEASON, confirming(ann="e-nurse"), "ann", confirms=True))
    progress = respond(SEASON, progress, "ann", confirms=False)
    assert progress.people["ann"] == Held("e-nurse", "early", Fate.VACATED)
    before = offered(SEASON, progress)["x-nurse"]
    opened = open_round(SEASON, progress)
    assert offered(SEASON, opened)["x-nurse"] == before + 1
    progress = close_round(SEASON, settle(SEASON, opened, {"eve": "x-nurse"}, {}))
    # Silence confirms here.
    assert progress.people["eve"].fate is Fate.CONFIRMED
    assert offered(SEASON, progress) == {"s-nurse": 2}
    assert progress.seats["e-nurse"] == 0
    progress = close_round(SEASON, settle(SEASON, open_round(SEASON, progress), {"fay": "s-nurse"}, {}))
    assert progress.phase is Phase.OVER
    assert audit(SEASON, progress) == ()
    assert respond(SEASON, progress, "eve", confirms=False).people["eve"].fate is Fate.VACATED


def test_who_declined_may_return_where_the_scheme_does_not_say_otherwise() -> None:
    lenient = load_season({**SEASON.to_data(), "rounds": [{**ROUNDS[0], "declined_return": True}, *ROUNDS[1:]]})
    progress = settle(lenient, open_round(lenient, begin(lenient)), {"bob": "e-nurse"}, {"bob": SCHOOL})
    progress = close_round(lenient, respond(lenient, progress, "bob", confirms=False))
    assert may_enter_round(lenient, progress, "bob", frozenset()) is None


def test_results_that_do_not_fit_are_refused_whole(load_error: Errors) -> None:
    progress = open_round(SEASON, begin(SEASON))
    admitted = {"ann": "e-nurse", "bob": "e-nurse", "cho": "e-nurse", "dan": "x-nurse"}
    tags = dict.fromkeys(("ann", "bob", "cho"), SCHOOL)
    assert load_error(lambda: settle(SEASON, progress, admitted, tags)) == [
        "dan not_entitled", "e-nurse over_seats", "x-nurse over_seats", "nurses over_cap"
    ]  # fmt: skip


def test_acts_out_of_their_time_are_refused(load_error: Errors) -> None:
    start = begin(SEASON)
    opened = open_round(SEASON, start)
    assert load_error(lambda: settle(SEASON, start, {}, {})) == [" phase"]
    assert load_error(lambda: open_round(SEASON, opened)) == [" phase"]
    assert load_error(lambda: close_round(SEASON, opened)) == [" phase"]
    assert load_error(lambda: respond(SEASON, opened, "ann", confirms=True)) == ["ann no_seat"]
    sure = respond(SEASON, confirming(ann="e-nurse"), "ann", confirms=True)
    assert load_error(lambda: respond(SEASON, sure, "ann", confirms=True)) == ["ann no_seat"]
    gone = respond(SEASON, confirming(ann="e-nurse"), "ann", confirms=False)
    assert load_error(lambda: respond(SEASON, gone, "ann", confirms=False)) == ["ann no_seat"]
    early = replace(confirming(ann="e-nurse"), phase=Phase.OPEN)
    assert load_error(lambda: respond(SEASON, early, "ann", confirms=True)) == [" phase"]
    assert load_error(lambda: current(SEASON, replace(start, phase=Phase.OVER))) == [" over"]


def test_an_unsound_state_is_told() -> None:
    held = {who: Held("e-nurse", "early", Fate.CONFIRMED) for who in ("ann", "bob", "cho")}
    unsound = replace(begin(SEASON), people=held, seats={**begin(SEASON).seats, "e-cook": 0})
    assert [fault.code for fault in audit(SEASON, unsound)] == ["not_conserved", "over_seats", "over_cap"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"rounds": []}, ["rounds empty", *(f"stocks[{at}].round unknown" for at in range(5))]),
        ({"rounds": [{**ROUNDS[2], "of": "extra"}], "stocks": [], "caps": []}, ["rounds[0].of unknown"]),
        ({"rounds": [ROUNDS[1]], "stocks": [], "caps": []}, ["rounds[0].rolls_to[0] unknown"]),
        ({"caps": [{**CAPS[0], "programmes": ["none"]}]}, ["caps[0].programmes unknown"]),
        ({"stocks": [STOCKS[0], STOCKS[0]], "caps": []}, ["stocks[1] duplicate"]),
        ({"rounds": [{"key": "x"}]}, ["rounds[0].name missing", "rounds[0].scheme missing"]),
    ],
)
def test_what_is_wrong_with_a_season_is_said_all_at_once(load_error: Errors, change: Any, found: list[str]) -> None:
    assert load_error(lambda: load_season({**SEASON.to_data(), **change})) == found


@settings(max_examples=many(40, 3_000), deadline=None)
@given(st.integers(0, 2**32 - 1).map(Random))
def test_whatever_people_do_seats_and_persons_are_conserved(random: Random) -> None:
    progress = begin(SEASON)
    people = [f"p{at}" for at in range(8)]
    while progress.phase is not Phase.OVER:
        progress = open_round(SEASON, progress)
        free, room = offered(SEASON, progress), room_under_caps(SEASON, progress)["nurses"]
        admitted: dict[str, str] = {}
        for who in random.sample(people, len(people)):
            chances = [place for place, seats in free.items() if seats and (room or "nurse" not in place)]
            if chances and may_enter_round(SEASON, progress, who, SCHOOL) is None and random.random() < 0.6:
                admitted[who] = random.choice(chances)
                free[admitted[who]] -= 1
                room -= "nurse" in admitted[who]
        progress = settle(SEASON, progress, admitted, dict.fromkeys(admitted, SCHOOL))
        for who in [who for who, held in progress.people.items() if held.fate is Fate.ADMITTED]:
            if random.random() < 0.7:
                progress = respond(SEASON, progress, who, confirms=random.random() < 0.7)
        for who in [who for who, held in progress.people.items() if held.fate is Fate.CONFIRMED]:
            if random.random() < 0.2:
                progress = respond(SEASON, progress, who, confirms=False)
        assert audit(SEASON, progress) == ()
        progress = close_round(SEASON, progress)
        assert audit(SEASON, progress) == ()

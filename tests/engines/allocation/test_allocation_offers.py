from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.allocation.markets import all_stable, many, seats_of
from tests.engines.allocation.problems import SEED, draw_problem, person, place, scheme

from jineng.engines.allocation import load_problem, settle_market
from jineng.engines.allocation.market import NOWHERE
from jineng.engines.allocation.offers import (
    Answer,
    Offers,
    answer,
    answered_by_preference,
    close_window,
    start_offers,
)
from jineng.engines.allocation.packing import pack


def offers_of(seats: dict[str, int], *people: Any) -> Offers:
    places = [place(group, "m", number) for group, number in seats.items()]
    return start_offers(
        load_problem({"scheme": scheme(mechanism="offers"), "places": places, "applicants": people, "seed": SEED})
    )


A, B, C = "a-m-open", "b-m-open", "c-m-open"
BOTH = (("a", ["m"], False), ("b", ["m"], False))


def test_an_answer_moves_the_waiting_list(load_error: Callable[..., list[str]]) -> None:
    offers = offers_of(
        {"a": 1, "b": 1}, person("x", 20, 9, *BOTH), person("y", 15, 9, *BOTH), person("z", 10, 9, *BOTH)
    )
    assert offers.open_offers() == {"x": (A, B)}
    assert [offers.waiting_number(who, A) for who in "xyz"] == [None, 1, 2]
    offers = answer(offers, "x", A, Answer.ACCEPT)
    assert offers.open_offers() == {"y": (B,)}
    assert load_error(lambda: answer(offers, "x", B, Answer.ACCEPT)) == ["x no_offer"]
    assert load_error(lambda: answer(offers, "z", A, Answer.ACCEPT)) == ["z no_offer"]
    offers = answer(offers, "y", B, Answer.DECLINE)
    assert offers.open_offers() == {"z": (B,)}
    offers = close_window(offers)
    assert (offers.open_offers(), offers.accepted, offers.window) == ({}, {"x": A}, 1)
    assert offers.waiting_number("y", A) == 1


def test_who_accepts_and_waits_gives_the_seat_back_for_a_better_one() -> None:
    people = (person("x", 20, 9, *BOTH), person("y", 15, 9, *BOTH))
    offers = answer(offers_of({"a": 1, "b": 1}, *people), "x", B, Answer.ACCEPT_AND_WAIT)
    assert offers.open_offers() == {"x": (A,)}
    offers = answer(offers, "x", A, Answer.ACCEPT)
    assert offers.open_offers() == {"y": (B,)}
    assert offers.accepted == {"x": A}


@settings(max_examples=many(25, 3_000), deadline=None)
@given(st.integers(0, 2**32 - 1).map(Random))
def test_answered_by_preference_the_result_is_stable_and_no_better_than_deferred_acceptance(random: Random) -> None:
    data = draw_problem(random, random.randint(1, 5))
    data["scheme"] = {key: value for key, value in data["scheme"].items() if key not in ("caps", "mechanism", "ratio")}
    problem = load_problem(data)
    packed = pack(problem)
    done = answered_by_preference(start_offers(problem))
    number = {place.key: at for at, place in enumerate(packed.places)}
    seat = {packed.ids.index(who): number[place] for who, place in done.accepted.items()}
    if all(len(row.nonzero()[0]) <= packed.market.components + 4 for row in packed.market.rows):
        assert seat in all_stable(packed.market)
    best = settle_market(packed.market).met
    assert seats_of(packed.market, best).keys() == seat.keys()
    for row, taken in seat.items():
        cells = packed.market.rows[row, packed.market.components :].tolist()
        assert best[row] != NOWHERE
        assert best[row] <= cells.index(taken + 1)

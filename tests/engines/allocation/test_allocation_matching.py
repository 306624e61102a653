"""Held against PyPI `matching` (hospital-resident), where it is installed and the problem can be said in its terms."""

from __future__ import annotations

import warnings
from random import Random

import pytest
from tests.engines.allocation.markets import Seat, draw, key, many, seats_of, wishes

from jineng.engines.allocation import settle_market


def by_matching(lists: dict[int, list[int]], ranked: dict[int, list[int]], seats: list[int]) -> Seat:
    games = pytest.importorskip("matching.games")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = games.HospitalResident.create_from_dictionaries(
            {who: listed for who, listed in lists.items() if listed},
            ranked,
            {place: seats[place] for place in ranked},
        )
        found = game.solve(optimal="resident")
    return {resident.name: hospital.name for hospital, held in found.items() for resident in held}


@pytest.mark.parametrize("seed", range(many(40, 10_000)))
def test_the_result_is_that_of_the_package_matching(seed: int) -> None:
    pytest.importorskip("matching")
    random = Random(seed)
    market = draw(random, random.randint(1, 14), random.randint(1, 7), 6, capped=False)
    seats = market.seats.tolist()
    lists = {who: [place for place in wishes(market, who) if seats[place]] for who in range(market.applicants)}
    asked = {place: [who for who, listed in lists.items() if place in listed] for place in range(market.places)}
    ranked = {
        place: sorted(members, key=lambda who, place=place: -key(market, who, place))
        for place, members in asked.items()
        if members
    }
    expected = by_matching(lists, ranked, seats) if ranked else {}
    assert seats_of(market, settle_market(market).met) == expected

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.allocation.markets import all_stable, blocks, draw, fits, many, seats_of, slow_reference, wishes

from jineng.engines.allocation import AllocationError, pack_market, settle_market, windows
from jineng.engines.allocation.market import MOST_APPLICANTS, MOST_PREFERENCES, NOWHERE, Market

RANDOM = st.integers(0, 2**32 - 1).map(Random)


@settings(max_examples=many(120, 10_000), deadline=None)
@given(RANDOM, st.booleans())
def test_the_result_is_that_of_the_slow_reference_and_nothing_blocks(random: Random, capped: bool) -> None:
    market = draw(random, random.randint(0, 14), random.randint(1, 7), random.randint(0, 6), capped=capped)
    seat = seats_of(market, settle_market(market).met)
    assert seat == slow_reference(market)
    assert fits(market, seat)
    assert blocks(market, seat) == []


@settings(max_examples=many(30, 10_000), deadline=None)
@given(RANDOM, st.booleans())
def test_of_all_stable_results_everybody_likes_this_best(random: Random, capped: bool) -> None:
    market = draw(random, random.randint(1, 5), random.randint(1, 4), 3, capped=capped)
    seat = seats_of(market, settle_market(market).met)
    stable = all_stable(market)
    assert seat in stable
    for who in range(market.applicants):
        listed = [*wishes(market, who), None]
        assert all(listed.index(seat.get(who)) <= listed.index(other.get(who)) for other in stable)


@settings(max_examples=many(20, 2_000), deadline=None)
@given(RANDOM, st.booleans())
def test_nobody_gains_by_another_list(random: Random, capped: bool) -> None:
    market = draw(random, 5, 4, 3, capped=capped)
    seat = seats_of(market, settle_market(market).met)
    who = random.randrange(5)
    listed = [*wishes(market, who), None]
    for _ in range(6):
        rows = market.rows.copy()
        told = random.sample(range(1, 5), random.randint(0, 3))
        rows[who, market.components :] = [*told, 0, 0, 0][:3]
        other = market._replace(rows=rows)
        got = seats_of(other, settle_market(other).met).get(who)
        assert got not in listed or listed.index(got) >= listed.index(seat.get(who))


@settings(max_examples=many(30, 3_000), deadline=None)
@given(RANDOM, st.booleans())
def test_a_seat_more_hurts_nobody(random: Random, capped: bool) -> None:
    market = draw(random, 10, 5, 4, capped=capped)
    before = settle_market(market).met
    place = random.randrange(5)
    seats, caps = market.seats.copy(), market.caps.copy()
    seats[place] += 1
    caps[(caps[:, 0] <= place) & (place < caps[:, 1]), 2] += 1
    after = settle_market(market._replace(seats=seats, caps=caps)).met
    assert (after <= before).all()


def test_a_long_season_at_one_place_refills_its_window_and_keeps_the_best() -> None:
    """Rows in rising order of score: everybody who comes displaces somebody."""
    scores = np.arange(900, dtype=np.uint16)
    for seats in (40, 5):
        rows = np.stack([scores, np.ones(900, np.uint16)], axis=1)
        np.random.default_rng(5).shuffle(rows[200:])
        market = pack_market(rows, 1, np.array([[1]]), np.array([seats]))
        kept = {int(rows[who, 0]) for who in seats_of(market, settle_market(market).met)}
        assert kept == set(range(900 - seats, 900))


def wide(random: Random, caps: list[tuple[int, int, int]]) -> Market:
    """150 places under caps too wide to look through one by one."""
    rows = np.zeros((260, 8), np.uint16)
    rows[:, 0] = [random.randint(0, 20) for _ in range(260)]
    rows[:, 1] = [random.randint(0, 20) for _ in range(260)]
    for row in rows:
        row[2:] = random.sample(range(1, 151), 6)
    return pack_market(rows, 2, np.tile([1, 2], (150, 1)), np.full(150, 2), caps=np.array(caps))


@pytest.mark.parametrize("seed", range(many(1, 60)))
def test_caps_over_many_places_agree_with_the_slow_reference(seed: int) -> None:
    random = Random(seed)
    market = wide(random, [(0, 150, 90), (0, 70, 40), (70, 149, 45), (3, 60, 35), (100, 104, 3)])
    result = settle_market(market).met
    assert seats_of(market, result) == slow_reference(market)
    assert (settle_market(market).met == result).all()


def test_the_order_of_rows_matters_only_where_it_breaks_ties() -> None:
    random = Random(11)
    market = draw(random, 12, 5, 4, capped=True)
    ranks = np.array([random.sample(range(12), 12)], np.uint32)
    one = pack_market(
        market.rows, market.components, market.weights, market.seats, tie_of=np.zeros(5, int), ranks=ranks
    )
    order = np.array(random.sample(range(12), 12))
    other = pack_market(
        market.rows[order], market.components, market.weights, market.seats, tie_of=np.zeros(5, int),
        ranks=ranks[:, order],
    )  # fmt: skip
    assert (settle_market(one).met[order] == settle_market(other).met).all()


def test_no_applicants_and_no_places_make_an_empty_result() -> None:
    none = pack_market(np.zeros((0, 3), np.uint16), 1, np.zeros((0, 1)), np.zeros(0, int))
    assert settle_market(none).met.tolist() == []
    alone = pack_market(np.zeros((2, 1), np.uint16), 1, np.ones((1, 1)), np.ones(1, int))
    assert settle_market(alone).met.tolist() == [NOWHERE, NOWHERE]
    assert (none.preferences, alone.preferences) == (2, 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_place_gives_its_keys_lowest_first_however_they_came(seed: int) -> None:
    """A window that is filled up while nobody leaves hands its highest over to the unsorted."""
    random = Random(seed)
    market = pack_market(np.zeros((60, 2), np.uint16), 1, np.ones((1, 1)), np.array([60]))
    pools = windows.new_pools(market)
    keys = random.sample(range(1000), 60)
    held = keys[:20]
    for key in held:
        windows.put(pools, 0, key)
    assert windows.drop_lowest(pools, 0) == min(held)
    held.remove(min(held))
    for key in sorted(keys[20:], reverse=seed % 2 == 0):
        windows.put(pools, 0, key)
        held.append(key)
        assert windows.find_lowest(pools, 0) == min(held)
    assert [windows.drop_lowest(pools, 0) for _ in held] == sorted(held)
    assert windows.find_lowest(pools, 0) == windows.HIGHEST


ROWS = np.ones((2, 3), np.uint16)


@pytest.mark.parametrize(
    ("rows", "weights", "seats", "caps", "code"),
    [
        (ROWS.astype(np.int64), np.ones((1, 1)), [1], None, "rows"),
        (ROWS[0], np.ones((1, 1)), [1], None, "rows"),
        (np.broadcast_to(ROWS[:1], (MOST_APPLICANTS + 1, 3)), np.ones((1, 1)), [1], None, "too_many_applicants"),
        (np.ones((1, MOST_PREFERENCES + 2), np.uint16), np.ones((1, 1)), [1], None, "too_many_preferences"),
        (ROWS, np.ones((65_535, 1)), np.ones(65_535), None, "too_many_places"),
        (ROWS, np.ones((1, 2)), [1], None, "weights"),
        (ROWS.astype(np.uint32) * (1 << 31), np.full((1, 1), 1 << 8), [1], None, "too_high"),
        (ROWS, np.ones((3, 1)), [1, 1, 1], [(0, 2, 1), (1, 3, 1)], "crossing"),
    ],
)
def test_what_does_not_fit_is_refused(rows: Any, weights: Any, seats: Any, caps: Any, code: str) -> None:
    with pytest.raises(AllocationError) as caught:
        pack_market(rows, 1, weights, np.array(seats), caps=None if caps is None else np.array(caps))
    (fault,) = caught.value.faults
    assert fault.code == code
    assert fault.zh
    assert str(fault) in str(caught.value)


def test_large_weights_are_taken_where_the_scores_are_low() -> None:
    market = pack_market(ROWS.astype(np.uint32), 1, np.full((1, 1), 1 << 8), np.array([1]))
    assert settle_market(market).met.tolist() == [0, NOWHERE]

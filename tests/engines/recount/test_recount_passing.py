from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.allocation.conftest import interpret
from tests.engines.allocation.markets import blocks, draw, fits, many, seats_of, slow_reference

from jineng.engines.allocation import (
    NOWHERE,
    certify_market,
    market_digest,
    pack_market,
    settle_market,
    settle_markets,
)
from jineng.engines.recount import passing

RANDOM = st.integers(0, 2**32 - 1).map(Random)


@pytest.fixture(autouse=True, scope="module")
def interpreted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        interpret(patch, "allocation.windows", "allocation.kernels", "recount.passing")
        yield


@settings(max_examples=many(60, 10_000), deadline=None)
@given(RANDOM, st.booleans())
def test_every_result_of_the_engine_passes(random: Random, capped: bool) -> None:
    market = draw(random, random.randint(0, 14), random.randint(1, 7), 5, capped=capped)
    settled = settle_market(market)
    for threads in (1, 3):
        assert [finding for finding in passing.check_pass(market, settled, threads) if not finding.ok] == []


@settings(max_examples=many(60, 5_000), deadline=None)
@given(RANDOM, st.booleans())
def test_no_other_result_passes_with_its_cut_offs(random: Random, capped: bool) -> None:
    market = draw(random, 10, 5, 4, capped=capped)
    settled = settle_market(market)
    met = settled.met.copy()
    met[random.randrange(10)] = random.choice((0, 1, 2, 3, 4, 200, NOWHERE))
    findings = passing.check_pass(market, settled._replace(met=met))
    assert all(finding.ok for finding in findings) == bool((met == settled.met).all())


@settings(max_examples=many(30, 5_000), deadline=None)
@given(RANDOM, st.booleans())
def test_what_passes_is_stable_whoever_made_it(random: Random, capped: bool) -> None:
    """Sound by itself: cut-offs and result are made up; what the pass lets through fits and nothing blocks."""
    market = draw(random, 4, 3, 3, capped=capped)
    met = np.array([random.choice((0, 1, 2, NOWHERE)) for _ in range(4)], np.uint8)
    claims = settle_market(market)._replace(met=met)
    if all(finding.ok for finding in passing.check_pass(market, claims)):
        seat = seats_of(market, met)
        assert fits(market, seat)
        assert blocks(market, seat) == []


def test_cut_offs_that_are_not_of_the_last_who_got_in_are_found() -> None:
    market = draw(Random(3), 14, 4, 4, capped=True)
    settled = settle_market(market)
    cuts, caps = settled.cuts.copy(), settled.cap_cuts.copy()
    cuts[0] -= 1
    caps[0] -= 1
    broken = {
        finding.what.split()[0] for finding in passing.check_pass(market, settled._replace(cuts=cuts)) if not finding.ok
    }
    assert "分数线" in broken
    of_caps = passing.check_pass(market, settled._replace(cap_cuts=caps))
    assert "限额线" in {finding.what.split()[0] for finding in of_caps if not finding.ok}
    tight = market._replace(seats=settled.taken - 1, caps=market.caps - [0, 0, 9, 0])
    said = {finding.what.split()[0] for finding in passing.check_pass(tight, settled) if not finding.ok}
    assert {"席位", "限额"} <= said


def test_markets_side_by_side_give_the_same_bytes_and_digests_tell_them_apart() -> None:
    markets = [draw(Random(seed), 12, 5, 4, capped=bool(seed % 2)) for seed in range(6)]
    one, three = settle_markets(markets), settle_markets(markets, threads=3)
    assert [settled.met.tobytes() for settled in one] == [settled.met.tobytes() for settled in three]
    digests = [market_digest(market) for market in markets]
    assert len(set(digests)) == len(markets)
    assert digests[0] == market_digest(markets[0]._replace(rows=markets[0].rows.copy()))


def test_a_certificate_says_what_went_in_and_came_out() -> None:
    market = draw(Random(5), 12, 5, 4, capped=True)
    settled = settle_market(market)
    told = certify_market(market, settled)
    assert told == certify_market(market, settle_market(market))
    assert (told["applicants"], told["input_digest"]) == (12, market_digest(market))
    assert told["admitted"] == sum(told["taken"]) == int((settled.met != NOWHERE).sum())
    assert [len(told[key]) for key in ("cuts", "taken", "cap_cuts")] == [5, 5, len(market.caps)]


@pytest.mark.parametrize("seed", range(many(3, 300)))
def test_the_highest_scores_are_told_apart_to_the_last_unit(seed: int) -> None:
    """Beyond what 32 bits hold, near the most that a key has room for, applicants differ by a unit or two."""
    random = Random(seed)
    components = random.choice((1, 4, 6))
    weights = np.full((6, components), 1 << 7)
    weights[:, 0] -= [random.randint(0, 2) for _ in range(6)]
    weights[:, -1] = 1
    rows = np.zeros((20, components + 4), np.uint32)
    for row in rows:
        row[:components] = ((1 << 37) // 128 // components) - random.randint(0, 1)
        row[components - 1] += random.randint(0, 2)
        row[components:] = random.sample(range(1, 7), 4)
    caps = [(0, 6, 9), (1, 3, 2)] if seed % 2 else [(0, 2, 3)]
    for low, high, _ in caps:
        weights[low:high] = weights[low]
    market = pack_market(rows, components, weights, np.full(6, 2), caps=np.array(caps))
    settled = settle_market(market)
    assert seats_of(market, settled.met) == slow_reference(market)
    assert [finding for finding in passing.check_pass(market, settled) if not finding.ok] == []

"""The law of transfers, pure: which rule takes an achievement over; a replay misses either half of a transfer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jineng.credentials.crediting import BrokenLedger, Offer, Terms, obstacles, replayed, statement_of, taken_over

TERMS = st.builds(
    Terms,
    st.just("course"),
    st.sampled_from("ab"),
    st.just(""),
    st.integers(1, 4).map(Decimal),
    st.integers(1, 3),
    st.just(Decimal(6)),
    st.integers(0, 6).map(Decimal),
)


@given(st.dictionaries(st.sampled_from("xyz"), TERMS), st.sampled_from(["", "x", "z"]), st.booleans(), st.booleans())
def test_what_is_taken_over_is_what_the_one_rule_takes_of_an_unused_achievement(
    rules: dict[str, Terms], wanted: str, used: bool, revoked: bool
) -> None:
    on = date(2021, 9, 1)
    offer = Offer("course", "a", "", date(2020, 1, 1), used, revoked)
    code, against = taken_over(offer, rules, wanted, on)
    taking = {each for each, terms in rules.items() if terms.source == "a"}
    if wanted in taking or (not wanted and len(taking) == 1):
        assert code in taking
        assert against == obstacles(Offer("course", "a", "", offer.obtained_on, False, revoked), rules[code], on)
    else:
        assert (code, len(against)) == ("", 1)


@given(st.lists(st.sampled_from(["plain", "move"]), min_size=1, max_size=5), st.data())
def test_a_replay_misses_either_half_of_a_transfer(kinds: list[str], data: st.DataObject) -> None:
    sealed: list[dict[str, Any]] = []

    def add(school: str, credits: int, **more: str) -> None:
        previous = sealed[-1] if sealed else None
        told = statement_of("account", len(sealed) + 1, school, Decimal(credits), previous=previous, **more)
        sealed.append({"statement": told, "proof": {"value": str(len(sealed))}})

    for place, kind in enumerate(kinds):
        if kind == "plain":
            add("a", 1)
        else:
            add("a", -1, reverses=str(place), transferred_to="b")
            wrong = data.draw(st.sampled_from(["", "school", "line"]))
            add("c" if wrong == "school" else "b", 1, transfers="x" if wrong == "line" else str(place))
            if wrong:
                with pytest.raises(BrokenLedger, match="half"):
                    replayed(sealed)
                return
    moves = kinds.count("move")
    assert replayed(sealed).get("b", 0) == moves
    if kinds[-1] == "move":
        with pytest.raises(BrokenLedger, match="half"):
            replayed(sealed[:-1])

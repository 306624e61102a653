from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.measures.province import Y2021

from jineng.engines.measures import Drill, MeasureError, Part, suppress


def made(*counts: int) -> Drill:
    parts = tuple(Part(f"{i:02}", f"part {i}", count, (count,)) for i, count in enumerate(counts))
    total = sum(counts)
    return Drill("key", Y2021, "city", None, parts, total, (total,), True)


def ratio(*counts: tuple[int, int]) -> Drill:
    parts = tuple(Part(f"{i:02}", f"part {i}", None, pair, *pair) for i, pair in enumerate(counts))
    above, below = (sum(side) for side in zip(*counts, strict=True))
    return Drill("key", Y2021, "city", None, parts, None, (above, below), False, numerator=above, denominator=below)


def shown(drill: Drill) -> list[int | None]:
    return [part.value for part in drill.parts]


def test_nothing_small_nothing_hidden() -> None:
    drill = made(5, 0, 12)
    assert suppress(drill, 5) is drill


def test_a_single_small_part_takes_the_smallest_other_with_it() -> None:
    hidden = suppress(made(30, 3, 20, 0, 20), 5)
    assert shown(hidden) == [30, None, None, 0, 20]
    assert hidden.parts[1] == Part("01", "part 1", None, (), hidden=True)
    assert (hidden.total, hidden.total_hidden) == (73, False)


def test_two_parts_that_give_each_other_away_take_a_third() -> None:
    assert shown(suppress(made(1, 1, 40), 5)) == [None, None, None]
    assert shown(suppress(made(3, 3, 40), 5)) == [None, None, 40]


def test_where_parts_run_out_the_total_is_hidden() -> None:
    hidden = suppress(made(3), 5)
    assert (shown(hidden), hidden.total, hidden.counted, hidden.total_hidden) == ([None], None, (), True)
    alone = suppress(made(3, 0, 0), 5)
    assert (shown(alone), alone.total) == ([None, 0, 0], None)


def test_a_small_total_is_hidden() -> None:
    hidden = suppress(made(1, 1, 1), 5)
    assert hidden.total_hidden
    assert shown(hidden) == [None, None, None]


def test_a_small_total_without_small_parts_is_hidden_too() -> None:
    drill = Drill("key", Y2021, "city", None, (), 3, (3,), True)
    assert suppress(drill, 5).total_hidden


def test_either_side_of_a_ratio_may_be_the_small_one() -> None:
    hidden = suppress(ratio((2, 50), (10, 60), (30, 70)), 5)
    assert [part.hidden for part in hidden.parts] == [True, True, False]
    assert (hidden.numerator, hidden.denominator) == (42, 180)
    assert all(part.numerator is part.denominator is None for part in hidden.parts[:2])


def test_both_sides_of_a_ratio_must_be_safe() -> None:
    hidden = suppress(ratio((2, 3), (10, 0), (30, 70)), 5)
    assert [part.hidden for part in hidden.parts] == [True, True, True]


@pytest.mark.parametrize("threshold", [-1, 0, 1])
def test_a_threshold_below_two_is_refused(threshold: int) -> None:
    with pytest.raises(MeasureError, match="2 or more"):
        suppress(made(1), threshold)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(2, 6))
@settings(deadline=None, max_examples=150)
def test_no_hidden_count_can_be_worked_out(counts: list[int], threshold: int) -> None:
    """Every hidden small count could be another, and be as much as the threshold, given all that is shown."""
    hidden = suppress(made(*counts), threshold)
    if hidden.total is None:
        return
    secret = [i for i, part in enumerate(hidden.parts) if part.hidden]
    assert all(counts[i] in (0, *range(threshold, 99)) for i in range(len(counts)) if i not in secret)
    if secret:
        rest = hidden.total - sum(part.value for part in hidden.parts if part.value is not None)
        possible = [c for c in product(range(1, rest + 1), repeat=len(secret)) if sum(c) == rest]
        for place in range(len(secret)):
            assert len({candidate[place] for candidate in possible}) > 1
            assert max(candidate[place] for candidate in possible) >= threshold

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.casework.faults import DefinitionError
from jineng.engines.casework.quotas import (
    Every,
    Fit,
    Item,
    Unit,
    allotment,
    fits,
    load_scheme,
    rank_faults,
    recommendation_faults,
)
from jineng.engines.casework.replaying import check, decide

DATA: dict[str, Any] = {
    "code": "course-2021",
    "name": "课程推荐名额",
    "tiers": {"双高": 4, "省级": 2},
    "otherwise": 1,
    "additions": [
        {
            "fact": "awards",
            "name": "近三年立项",
            "name_en": "awards of three years",
            "steps": [{"at_least": 2, "add": 1}, {"at_least": 5, "add": 3}],
        },
        {"fact": "failed", "name": "验收未通过", "every": {"count": 1, "add": -1, "most": 2}},
        {"fact": "majors", "name": "专业点", "every": {"count": 10, "add": 1}},
    ],
    "least": 1,
    "most": 7,
    "exempt": [{"tag": "national_award", "name": "国家级奖项"}, {"tag": "invited", "name": "定向委托"}],
}
SCHEME = load_scheme(DATA)


def unit(tier: str, awards: int = 0, failed: int = 0, majors: int = 0) -> Unit:
    return Unit(f"{tier}-{awards}-{failed}-{majors}", tier, {"awards": awards, "failed": failed, "majors": majors})


@pytest.mark.parametrize(
    ("given_unit", "number", "amounts"),
    [
        (unit("双高"), 4, [4]),
        (unit("双高", awards=1), 4, [4]),
        (unit("双高", awards=2), 5, [4, 1]),
        (unit("双高", awards=9, majors=25), 7, [4, 3, 2, -2]),
        (unit("省级", failed=1), 1, [2, -1]),
        (unit("省级", failed=5), 1, [2, -2, 1]),
        (unit("别的", majors=9), 1, [1]),
    ],
)
def test_numbers_and_their_lines(given_unit: Unit, number: int, amounts: list[int]) -> None:
    (found,) = allotment(SCHEME, [given_unit])
    assert (found.unit, found.number, [line.amount for line in found.lines]) == (given_unit.id, number, amounts)


def test_the_lines_explain_themselves() -> None:
    (found,) = allotment(SCHEME, [unit("双高", awards=6, failed=1, majors=30)])
    assert [line.zh for line in found.lines] == [
        "“双高”基数 4 个",
        "近三年立项 6，达到 5 计 +3",
        "验收未通过 1，每满 1 计 -1",
        "专业点 30，每满 10 计 +1",
        "不超过 7 个",
    ]
    assert found.lines[1].en == "awards of three years 6: +3 from 5 on"
    (found,) = allotment(SCHEME, [unit("县级", failed=3)])
    assert [line.en for line in found.lines] == [
        "base of other units: 1", "验收未通过 3: -1 for every 1", "at least 1",
    ]  # fmt: skip


def test_a_fact_that_is_not_known_is_no_zero() -> None:
    with pytest.raises(DefinitionError) as caught:
        allotment(SCHEME, [Unit("x", "双高", {"awards": 1, "failed": -1}), Unit("x", facts=unit("").facts)])
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("[0].id", "duplicate"),
        ("[0].facts.failed", "missing"),
        ("[0].facts.majors", "missing"),
        ("[1].id", "duplicate"),
    ]


def test_every_fault_of_a_scheme_is_told() -> None:
    twice = [
        {"fact": "a", "name": "甲"},
        {"fact": "a", "name": "乙", "steps": [{"at_least": 5, "add": 1}, {"at_least": 2, "add": 2}]},
        {"fact": "c", "name": "丙", "steps": [{"at_least": 5, "add": 1}], "every": {"count": 2, "add": 1}},
    ]
    exempt = [{"tag": "t", "name": "一"}, {"tag": "t", "name": "二"}]
    with pytest.raises(DefinitionError) as caught:
        load_scheme({"code": "x", "name": "坏", "least": 3, "most": 2, "additions": twice, "exempt": exempt})
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("most", "too_small"),
        ("additions[0]", "unclear"),
        ("additions[1].steps", "order"),
        ("additions[2]", "unclear"),
        ("additions[1]", "duplicate"),
        ("exempt[1]", "duplicate"),
    ]


def test_exempt_items_stand_outside() -> None:
    chosen = [Item("a", 1), Item("b", 2), Item("c", tags=frozenset({"invited", "other"}))]
    fit = fits(SCHEME, 2, chosen)
    assert (fit, fit.free, fit.over) == (Fit(2, 2, 1), 0, 0)
    assert fit.words == ("名额 2 个，已用 2 个，另有 1 项不占名额", "2 of 2 used, 1 more outside the quota")
    assert recommendation_faults(SCHEME, 2, chosen) == ()
    assert fits(SCHEME, 3, chosen[:1]).words == ("名额 3 个，已用 1 个", "1 of 3 used")


def test_too_many_and_badly_ranked() -> None:
    chosen = [Item("a", 1), Item("b", 1), Item("c"), Item("d", 9), Item("e", 4, frozenset({"national_award"}))]
    found = recommendation_faults(SCHEME, 2, chosen)
    assert [(fault.field, fault.code) for fault in found] == [
        ("", "over_quota"), ("a", "same_rank"), ("b", "same_rank"), ("c", "no_rank"), ("d", "out_of_range"),
        ("e", "needs_no_rank"),
    ]  # fmt: skip
    assert found[0].zh == "超出名额 2 个（名额 2 个，已用 4 个，另有 1 项不占名额）"


def test_exempt_items_may_be_ranked_with_the_others() -> None:
    together = load_scheme(DATA | {"ranks_exempt": True})
    chosen = [Item("a", 2), Item("e", 1, frozenset({"national_award"}))]
    assert recommendation_faults(together, 1, chosen) == ()
    assert [fault.code for fault in recommendation_faults(SCHEME, 1, chosen)] == ["out_of_range", "needs_no_rank"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 6) | st.none(), max_size=6))
def test_ranks_are_right_exactly_when_they_are_one_to_n(ranks: list[int | None]) -> None:
    items = [Item(f"i{at}", place) for at, place in enumerate(ranks)]
    is_right = sorted(ranks, key=lambda place: place or 0) == list(range(1, len(ranks) + 1))
    assert (rank_faults(items) == ()) is is_right


@st.composite
def schemes(draw: st.DrawFn) -> dict[str, Any]:
    additions = []
    for at in range(draw(st.integers(0, 3))):
        addition: dict[str, Any] = {"fact": f"f{at}", "name": f"事实{at}"}
        if draw(st.booleans()):
            starts = sorted(draw(st.sets(st.integers(0, 20), min_size=1, max_size=3)))
            addition["steps"] = [{"at_least": start, "add": draw(st.integers(-4, 4))} for start in starts]
        else:
            addition["every"] = {"count": draw(st.integers(1, 6)), "add": draw(st.integers(-3, 3))}
            if draw(st.booleans()):
                addition["every"]["most"] = draw(st.integers(0, 3))
        additions.append(addition)
    least = draw(st.integers(0, 3))
    made: dict[str, Any] = {"code": "s", "name": "名额", "otherwise": 2, "tiers": {"a": 5}, "additions": additions}
    made["least"] = least
    if draw(st.booleans()):
        made["most"] = least + draw(st.integers(0, 6))
    return made


@settings(max_examples=50, deadline=None)
@given(schemes(), st.lists(st.integers(0, 30), min_size=3, max_size=3), st.sampled_from(["a", "b"]))
def test_a_number_is_the_sum_of_its_lines_within_its_bounds(data: dict[str, Any], facts: list[int], tier: str) -> None:
    scheme = load_scheme(data)
    (found,) = allotment(scheme, [Unit("u", tier, {f"f{at}": fact for at, fact in enumerate(facts)})])
    assert found.number == sum(line.amount for line in found.lines)
    assert found.number >= scheme.least
    assert scheme.most is None or found.number <= scheme.most
    expected = 5 if tier == "a" else 2
    for at, addition in enumerate(scheme.additions):
        if addition.every:
            times = facts[at] // addition.every.count
            expected += addition.every.add * (times if addition.every.most is None else min(times, addition.every.most))
        else:
            expected += max(((s.at_least, s.add) for s in addition.steps if s.at_least <= facts[at]), default=(0, 0))[1]
    wanted = max(expected, scheme.least)
    assert found.number == (wanted if scheme.most is None else min(wanted, scheme.most))
    assert load_scheme(json.loads(json.dumps(scheme.to_data()))) == scheme


def test_an_allotment_is_a_decision_that_can_be_replayed() -> None:
    units = [
        {"id": "乙", "tier": "省级", "facts": {"majors": 3, "awards": 2, "failed": 0}},
        {"id": "丙", "facts": {"awards": 0, "failed": 0, "majors": 0}},
    ]
    decision = decide("allot-quotas/1", DATA, units)
    assert [(row["unit"], row["number"]) for row in decision.outcome["rows"]] == [("丙", 1), ("乙", 3)]
    assert decision.outcome["total"] == 4
    assert decide("allot-quotas/1", DATA, units[::-1]).digest == decision.digest
    assert check(decision.to_bytes()).ok


def test_every_has_its_own_limit() -> None:
    assert SCHEME.additions[1].every == Every(1, -1, 2)

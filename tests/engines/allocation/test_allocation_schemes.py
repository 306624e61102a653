from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.engines.allocation.problems import COMPONENTS, POOLS, RULES, SEED, TIES, Data, person, place, scheme

from jineng.engines.allocation import AllocationError, allocate, commitment, load_problem, load_scheme
from jineng.engines.allocation.packing import pack

LoadError = Callable[[Callable[[], Any]], list[str]]
WISH = ("a", ["m"], False)


def problem(**more: Any) -> Data:
    return {"scheme": scheme(), "places": [place("a", "m", 1)], "applicants": [], "seed": SEED, **more}


def cap(*places: str, **more: Any) -> Data:
    return {"key": "c", "name": "限额", "limit": 1, "places": list(places), "order": "plain", **more}


def test_a_scheme_is_read_back_from_what_it_writes() -> None:
    data = scheme(caps=[cap("a-m-open")], batches=[{"key": "b", "name": "批", "tag": "t"}])
    assert load_scheme(load_scheme(data).to_data()) == load_scheme(data)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"rules": []}, ["rules empty"]),
        ({"ties": []}, ["ties empty"]),
        ({"components": []}, None),
        ({"rules": [*RULES, RULES[0]]}, ["rules[3] duplicate"]),
        ({"rules": [{"key": "x", "name": "x", "weights": {"none": 1}}]}, ["rules[0].weights.none unknown"]),
        ({"rules": [{"key": "x", "name": "x", "weights": {}}]}, ["rules[0].weights empty"]),
        (
            {"rules": [{**RULES[0], "least": {"none": 1, "skill": "0.05"}}]},
            ["rules[0].least.none unknown", "rules[0].least.skill too_fine"],
        ),
        ({"ties": [{"key": "t", "by": ["skill", "none"]}]}, ["ties[0].by[1] unknown"]),
        ({"pools": [{**POOLS[0], "releases_to": "none"}]}, ["pools[0].releases_to unknown"]),
        (
            {"pools": [{"key": "x", "name": "x", "releases_to": "y"}, {"key": "y", "name": "y", "releases_to": "x"}]},
            ["pools[0].releases_to ring", "pools[1].releases_to ring"],
        ),
        (
            {"eliminations": [{"key": "e", "name": "e", "rule": "none", "share": 20}]},
            ["eliminations[0].rule unknown"],
        ),
        ({"caps": [cap("a", order="none")]}, ["caps[0].order unknown"]),
        ({"ratio": 110}, ["ratio not_serial"]),
        ({"mechanism": "serial", "caps": [cap("a")]}, ["caps not_deferred"]),
        ({"mechanism": "serial", "ratio": 121}, ["ratio less_than_equal"]),
        ({"mechanism": "lottery"}, ["mechanism enum"]),
        ({"scale": 3}, ["scale literal_error"]),
        ({"version": "x"}, ["version int_parsing"]),
        ({"wat": 1}, ["wat unexpected_keyword_argument"]),
        ({"components": [{**COMPONENTS[0], "most": "many"}]}, ["components[0].most decimal_parsing"]),
    ],
)
def test_what_is_wrong_with_a_scheme_is_said_all_at_once(
    load_error: LoadError, data: Data, found: list[str] | None
) -> None:
    faults = load_error(lambda: load_scheme({**scheme(), **data}))
    assert faults == found if found is not None else "components empty" in faults


def test_a_missing_part_is_named() -> None:
    with pytest.raises(AllocationError, match="缺少 name"):
        load_scheme({key: value for key, value in scheme().items() if key != "name"})
    with pytest.raises(AllocationError, match="一组"):
        load_scheme(None)


def test_a_ring_further_down_the_line_is_not_the_pool_s_own(load_error: LoadError) -> None:
    pools = [
        {"key": "into", "name": "x", "releases_to": "y"},
        {"key": "y", "name": "y", "releases_to": "z"},
        {"key": "z", "name": "z", "releases_to": "y"},
    ]
    assert load_error(lambda: load_scheme(scheme(pools=pools))) == [
        "pools[1].releases_to ring",
        "pools[2].releases_to ring",
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"extra": 1}, ["extra unexpected"]),
        ({"seed": "short"}, [" seed"]),
        ({"places": [place("a", "m", 1), place("a", "m", 1)]}, ["places[1] duplicate"]),
        (
            {"places": [place("a", "m", 1, rule="x", ties="y", pool="z")]},
            ["places[0].rule unknown", "places[0].ties unknown", "places[0].pool unknown"],
        ),
        ({"applicants": [person("p", 1, 1), person("p", 1, 1)]}, ["applicants[1] duplicate"]),
        (
            {"applicants": [{"id": "p", "scores": {"none": 1, "contest": 1}, "bonuses": {"skill": [1]}}]},
            [
                "applicants[0].scores.none unknown",
                "applicants[0].scores.contest unknown",
                "applicants[0].bonuses.skill unknown",
            ],
        ),
        (
            {"applicants": [person("p", 31, "1.25", bonuses={"contest": ["0.01", 99]})]},
            [
                "applicants[0].scores.culture too_high",
                "applicants[0].scores.skill too_fine",
                "applicants[0].bonuses.contest too_fine",
            ],
        ),
        ({"applicants": [person("p", 1, 1, exempt="none")]}, ["applicants[0].exempt unknown"]),
        (
            {"applicants": [person("p", 1, 1, WISH, WISH)]},
            ["applicants[0].preferences[1] duplicate"],
        ),
        (
            {"applicants": [person("p", 1, 1, ("none", [], True), ("a", [], False))]},
            ["applicants[0].preferences[0].group unknown", "applicants[0].preferences[1] empty"],
        ),
        (
            {"applicants": [{"id": "p", "preferences": [{"group": "a", "any_major": True, "struck": True}]}]},
            ["applicants[0].preferences[0] struck"],
        ),
        (
            {"applicants": [person("p", 1, 1, ("a", ["m", "m", "x"], False))]},
            ["applicants[0].preferences[0].majors[1] duplicate", "applicants[0].preferences[0].majors[2] unknown"],
        ),
    ],
)
def test_what_is_wrong_with_a_problem_is_said_all_at_once(load_error: LoadError, data: Data, found: list[str]) -> None:
    faults = load_error(lambda: load_problem({**problem(), **data}))
    assert [fault.replace("seed seed", " seed") for fault in faults] == found


def test_parallel_preferences_need_one_order_and_groups_alike(load_error: LoadError) -> None:
    places = [place("a", "m", 1), place("a", "n", 1, needs=["t"]), place("b", "m", 1, rule="skilled")]
    serial = problem(scheme=scheme(mechanism="serial"), places=places)
    assert load_error(lambda: load_problem(serial)) == ["places[1].needs mixed_group", "places many_orders"]


def test_a_scheme_read_before_may_be_handed_in() -> None:
    known = load_scheme(scheme())
    given = {key: value for key, value in problem().items() if key != "scheme"}
    assert load_problem(given, known) == load_problem(problem())


@pytest.mark.parametrize(
    ("caps", "found"),
    [
        ([cap("a-m-open", "none")], ["caps[0].places unknown"]),
        ([cap()], ["caps[0].places empty", "caps[0].order no_common_order"]),
        ([cap("a-m-open", order=None)], ["caps[0].order no_common_order"]),
        ([cap("a-m-open", "b-m-open")], ["caps[0].order no_common_order"]),
        ([cap("a-m-open", "a-n-open"), cap("a-n-open", "a-o-open", key="d")], ["caps[1] crossing"]),
    ],
)
def test_caps_without_a_common_order_or_across_others_are_refused(
    load_error: LoadError, caps: list[Data], found: list[str]
) -> None:
    places = [place("a", major, 1) for major in ("m", "n", "o")] + [place("b", "m", 1, rule="skilled")]
    loaded = load_problem(problem(scheme=scheme(caps=caps), places=places))
    assert load_error(lambda: pack(loaded)) == found


def test_more_exempt_applicants_than_seats_are_refused(load_error: LoadError) -> None:
    people = [person(f"p{at}", 1, 1, exempt="a-m-open") for at in range(2)]
    loaded = load_problem(problem(scheme=scheme(caps=[cap("a-m-open", limit=0)]), applicants=people))
    assert load_error(lambda: pack(loaded)) == ["applicants exempt_over", "applicants exempt_over"]


def test_a_list_that_comes_to_too_many_places_is_refused(load_error: LoadError) -> None:
    places = [place("a", f"m{at:03}", 1) for at in range(255)]
    loaded = load_problem(problem(places=places, applicants=[person("p", 1, 1, ("a", [], True))]))
    assert load_error(lambda: pack(loaded)) == ["applicants.p too_many_preferences"]


def test_scores_beyond_sixteen_bits_are_kept_whole() -> None:
    components = [{"key": "culture", "name": "分", "most": 1000}]
    rules = [{"key": "plain", "name": "分", "weights": {"culture": 1}}]
    wide = scheme(scale=1000, components=components, rules=rules, ties=[{"key": "skill", "by": []}])
    people = [{"id": f"p{at}", "scores": {"culture": f"999.99{at}"}, "preferences": [{"group": "a", "majors": ["m"]}]}
              for at in range(3)]  # fmt: skip
    outcome = allocate(load_problem(problem(scheme=wide, applicants=people)))
    assert [row.applicant for row in outcome.rows if row.place] == ["p2"]
    assert outcome.places[0].score == "999.992"


def test_nothing_to_give_is_no_error() -> None:
    outcome = allocate(load_problem(problem(places=[], applicants=[person("p", 1, 1)])))
    assert [row.place for row in outcome.rows] == [None]


def test_the_commitment_binds_the_seed() -> None:
    assert commitment(SEED) != commitment("0" * 32)
    assert TIES[-1]["by"] == []

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.allocation.markets import many
from tests.engines.allocation.problems import SECRET, SEED, Data, draw_problem, person, place, scheme

from jineng.engines.allocation import Outcome, State, allocate, load_problem, publish
from jineng.engines.recount import check_file

RANDOM = st.integers(0, 2**32 - 1).map(Random)


def run(places: list[Data], people: list[Data], **more: Any) -> Outcome:
    data = {"scheme": scheme(**more), "places": places, "applicants": people, "seed": SEED}
    problem = load_problem(data)
    outcome = allocate(problem)
    assert all(finding.ok for finding in check_file(publish(problem, outcome, SECRET).document()))
    return outcome


def placed(outcome: Outcome) -> dict[str, str | None]:
    return {row.applicant: row.place for row in outcome.rows}


@settings(max_examples=many(60, 10_000), deadline=None)
@given(RANDOM)
def test_the_second_implementation_agrees_on_any_problem(random: Random) -> None:
    problem = load_problem(draw_problem(random))
    published = publish(problem, allocate(problem), SECRET)
    assert [finding for finding in check_file(published.document()) if not finding.ok] == []


@settings(max_examples=many(25, 1_000), deadline=None)
@given(RANDOM)
def test_the_second_implementation_refuses_any_other_result(random: Random) -> None:
    data = draw_problem(random, 12)
    problem = load_problem(data)
    document = json.loads(publish(problem, allocate(problem), SECRET).document())
    mutate(random, document)
    findings = check_file(json.dumps(document).encode())
    assert any(not finding.ok for finding in findings if finding.what not in ("结果摘要 result digest", "结果根 root"))


def mutate(random: Random, document: Data) -> None:
    """Changes where one applicant is, or swaps two, as somebody would who also renews the digests."""
    rows, places = document["rows"], document["problem"]["places"]
    before = copy.deepcopy(rows)
    while rows == before:
        one, other = random.sample(rows, 2)
        kind = random.randrange(3)
        if kind == 0:
            one["place"] = random.choice(places)["key"]
        elif kind == 1 and one.get("place") != other.get("place"):
            one["place"], other["place"] = other.get("place"), one.get("place")
        elif kind == 2:
            one.pop("place", None)


@settings(max_examples=many(15, 1_000), deadline=None)
@given(RANDOM)
def test_the_order_in_which_rows_come_changes_nothing(random: Random) -> None:
    data = draw_problem(random)
    problem = load_problem(data)
    first = publish(problem, allocate(problem), SECRET).document()
    for key in ("applicants", "places"):
        random.shuffle(data[key])
    again = load_problem(data)
    assert publish(again, allocate(again), SECRET).document() == first
    assert load_problem(problem.to_data()) == problem


@settings(max_examples=many(15, 1_000), deadline=None)
@given(RANDOM)
def test_seats_and_persons_are_conserved(random: Random) -> None:
    problem = load_problem(draw_problem(random))
    outcome = allocate(problem)
    assert sum(line.seats for line in outcome.places) == sum(place.seats for place in problem.places)
    assert sum(line.taken for line in outcome.places) == sum(row.place is not None for row in outcome.rows)
    assert all(line.taken <= line.seats for line in (*outcome.places, *outcome.caps, *outcome.groups))
    assert len(outcome.by_applicant) == len(problem.applicants)


def test_reserved_first_and_open_first_admit_different_people() -> None:
    places = [place("a", "m", 1, pool="open"), place("a", "m", 1, pool="county", needs=["county:1"])]
    people = [
        person("local", 20, 9, ("a", ["m"], False), tags=["county:1"]),
        person("near", 15, 9, ("a", ["m"], False), tags=["county:1"]),
        person("far", 18, 9, ("a", ["m"], False)),
    ]
    pools = [{"key": "county", "name": "定向"}, {"key": "open", "name": "普通"}]
    reserved_first = placed(run(places, people, pools=pools))
    open_first = placed(run(places, people, pools=pools[::-1]))
    assert reserved_first == {"local": "a-m-county", "far": "a-m-open", "near": None}
    assert open_first == {"local": "a-m-open", "near": "a-m-county", "far": None}


def test_unused_reserved_seats_go_down_the_stated_line() -> None:
    places = [
        place("a", "m", 1, pool="open"),
        place("a", "m", 2, pool="county", needs=["county:1"]),
        place("a", "m", 1, pool="household", needs=["household"]),
    ]
    people = [person(f"p{at}", 10 + at, 9, ("a", ["m"], False)) for at in range(5)]
    outcome = run(places, people)
    assert [(move.giver, move.taker, move.seats) for move in outcome.moves] == [
        ("a-m-county", "a-m-household", 2),
        ("a-m-household", "a-m-open", 1),
        ("a-m-household", "a-m-open", 2),
    ]
    assert [row.applicant for row in outcome.rows if row.state is State.UNPLACED] == ["p0"]
    assert {line.key: line.seats for line in outcome.places}["a-m-open"] == 4


def test_a_batch_comes_before_all_others_whatever_the_scores() -> None:
    batches = [{"key": "first", "name": "建档立卡", "tag": "household"}]
    people = [
        person("rich", 30, 20, ("a", ["m"], False)),
        person("poor", 1, 1, ("a", ["m"], False), tags=["household"]),
    ]
    outcome = run([place("a", "m", 1)], people, batches=batches)
    assert placed(outcome) == {"poor": "a-m-open", "rich": None}
    assert (outcome.places[0].batch, outcome.places[0].score) == (1, "2")


def test_equal_scores_are_told_apart_by_the_chain_and_then_by_the_lot() -> None:
    people = [
        person("skilled", 10, 12, ("a", ["m"], False)),
        person("cultured", 12, 10, ("a", ["m"], False)),
        *(person(f"same{at}", 11, 11, ("a", ["m"], False)) for at in range(4)),
    ]
    outcome = run([place("a", "m", 3)], people)
    problem = load_problem({"scheme": scheme(), "places": [place("a", "m", 3)], "applicants": people, "seed": SEED})
    drawn = sorted((f"same{at}" for at in range(4)), key=problem.lot)
    assert {who for who, at in placed(outcome).items() if at} == {"skilled", *drawn[:2]}
    (line,) = outcome.places
    assert (line.score, line.ties, line.lot) == ("22", ("11", "11"), problem.lot(drawn[1]).hex())


def test_the_lowest_share_is_out_but_nobody_who_equals_who_stays() -> None:
    out = [{"key": "low", "name": "末位淘汰", "rule": "plain", "share": 40, "by_category": True}]
    people = [person(f"p{at}", score, 9, ("a", ["m"], False), category="x") for at, score in enumerate((1, 2, 2, 3, 4))]
    people.append(person("alone", 0, 0, ("a", ["m"], False), category="y"))
    outcome = run([place("a", "m", 9)], people, eliminations=out)
    assert [row.applicant for row in outcome.rows if row.state is State.ELIMINATED] == ["p0"]
    everyone = [{**out[0], "share": 100, "by_category": False}]
    states = {row.state for row in run([place("a", "m", 9)], people, eliminations=everyone).rows}
    assert states == {State.ELIMINATED}


def test_thresholds_and_bonuses_decide_who_may_be_where() -> None:
    places = [place("a", "m", 3, rule="skilled"), place("b", "m", 3, rule="floored")]
    both = (("a", ["m"], False), ("b", ["m"], False))
    people = [person("low", 10, "2.9", *both), person("floor", "10.5", "2.5", *both), person("none", 10, 2, *both)]
    assert placed(run(places, people)) == {"low": "b-m-open", "floor": "b-m-open", "none": None}
    bonus = person("x", 1, 1, ("a", ["m"], False), bonuses={"contest": ["1.5", 4], "service": [2, 2]})
    assert run([place("a", "m", 1)], [bonus]).rows[0].score == "9"


def test_an_exempt_applicant_takes_a_seat_at_every_level() -> None:
    cap = {"key": "c", "name": "校限额", "limit": 1, "places": ["a-m-open", "a-n-open"], "order": "plain"}
    people = [person("exempt", 0, 0, exempt="a-m-open"), person("other", 30, 20, ("a", ["m", "n"], False))]
    outcome = run([place("a", "m", 1), place("a", "n", 1)], people, caps=[cap])
    assert placed(outcome) == {"exempt": "a-m-open", "other": None}
    assert outcome.rows[0].state is State.EXEMPT
    assert outcome.caps[0].taken == 1


def test_a_file_goes_to_the_first_group_with_room_and_may_come_back() -> None:
    places = [place("a", "m", 5), place("a", "n", 0), place("b", "m", 5)]
    people = [person(f"p{at}", 10 + at, 9, ("a", ["n"], at != 3), ("b", ["m"], False)) for at in range(8)]
    outcome = run(places, people, mechanism="serial", ratio=120)
    states = {row.applicant: (row.state, row.place, row.group) for row in outcome.rows}
    assert states["p7"] == (State.ADMITTED, "a-m-open", "a")
    assert states["p3"] == (State.RETURNED, None, "a")
    assert states["p1"] == (State.ADMITTED, "b-m-open", "b")
    assert {line.key: (line.seats, line.taken) for line in outcome.groups} == {"a": (6, 6), "b": (6, 2)}
    assert sum(line.taken for line in outcome.places if line.key.startswith("a")) == 5


def test_who_named_a_major_comes_before_who_takes_any() -> None:
    places = [place("a", "m", 1), place("a", "n", 1)]
    people = [
        person("best", 20, 9, ("a", ["m"], False)),
        person("any", 15, 9, ("a", ["m"], True)),
        person("named", 10, 9, ("a", ["n"], False)),
    ]
    serial = run(places, people, mechanism="serial", ratio=120)
    assert {row.applicant: row.state for row in serial.rows}["named"] is State.UNPLACED
    wide = run([place("a", "m", 1), place("a", "n", 1), place("a", "o", 1)], people, mechanism="serial")
    assert placed(wide) == {"best": "a-m-open", "named": "a-n-open", "any": "a-o-open"}


def test_many_offers_need_answers(load_error: Callable[..., list[str]]) -> None:
    data = {"scheme": scheme(mechanism="offers"), "places": [], "applicants": [], "seed": SEED}
    assert load_error(lambda: allocate(load_problem(data))) == ["mechanism interactive"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_everybody_can_check_their_own_row_and_no_other(count: int) -> None:
    people = [person(f"p{at}", 10 + at, 9, ("a", ["m"], False)) for at in range(count)]
    problem = load_problem({"scheme": scheme(), "places": [place("a", "m", 2)], "applicants": people, "seed": SEED})
    published = publish(problem, allocate(problem), SECRET)
    for one in people:
        own = published.own_row(one["id"])
        assert [finding.ok for finding in check_file(json.dumps(own).encode())] == [True]
        own["row"] = {**own["row"], "place": "elsewhere"}
        assert [finding.ok for finding in check_file(json.dumps(own).encode())] == [False]
    with pytest.raises(KeyError):
        published.own_row("nobody")

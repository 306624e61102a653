"""The reasons told to applicants: consistent with the result, for both mechanisms."""

from __future__ import annotations

from typing import Any

from jineng.engines.allocation import allocate, load_problem
from jineng.engines.allocation.reasons import Missed, Why, reasons

SCHEME: dict[str, Any] = {
    "code": "s",
    "version": 1,
    "name": "s",
    "components": [{"key": "c", "name": "c", "most": 100}],
    "rules": [{"key": "r", "name": "r", "weights": {"c": 1}, "least": {"c": 10}}],
    "ties": [{"key": "t", "by": ["c"]}],
}
PLACE = {"organisation": "o", "rule": "r", "ties": "t", "seats": 1}
SEED = "0f" * 16


def told(scheme: dict[str, Any], places: list[dict[str, Any]], people: list[dict[str, Any]]) -> Any:
    """Result and reasons of a small problem."""
    problem = load_problem({"scheme": scheme, "places": places, "applicants": people, "seed": SEED})
    outcome = allocate(problem)
    return outcome.by_applicant, reasons(problem, outcome)


def person(name: str, score: int, *groups: str, **more: Any) -> dict[str, Any]:
    """An applicant who takes any major of these groups."""
    wishes = [{"group": group, "any_major": True} for group in groups]
    return {"id": name, "scores": {"c": score}, "preferences": wishes, **more}


def test_each_preference_that_was_not_met_has_its_reason() -> None:
    places = [
        {"key": "a", "group": "a", "major": "m", **PLACE},
        {"key": "b", "group": "b", "major": "m", **PLACE, "needs": ["county:1"]},
        {"key": "d", "group": "d", "major": "m", **PLACE},
    ]
    people = [
        person("first", 90, "a"),
        person("second", 80, "a", "b", "d"),
        person("third", 70, "a"),
        person("low", 9, "a"),
    ]
    rows, why = told(SCHEME, places, people)
    assert rows["second"].place == "d"
    assert why["first"] == ()
    assert why["second"] == (
        Missed(1, "a", Why.BELOW, "90", "80", 1),
        Missed(2, "b", Why.NOT_ENTITLED),
    )
    assert why["third"] == (Missed(1, "a", Why.BELOW, "90", "70", 2),)
    assert why["low"] == (Missed(1, "a", Why.THRESHOLD, None, "9"),)


def test_parallel_preferences_tell_the_line_of_the_group_and_who_was_returned() -> None:
    scheme = {**SCHEME, "mechanism": "serial", "ratio": 120}
    places = [{"key": f"a{n}", "group": "a", "major": f"m{n}", **PLACE, "seats": 3} for n in (1, 2)]
    people = [person(f"p{n}", 90 - n, "a") for n in range(6)]
    people += [{"id": "named", "scores": {"c": 50}, "preferences": [{"group": "a", "majors": ["m1"]}]}]
    people += [person("late", 20, "a")]
    rows, why = told(scheme, places, people)
    assert rows["named"].state in ("returned", "admitted")
    assert why["late"][0].why == Why.BELOW
    assert why["late"][0].cut_off == "50"
    returned = [who for who, row in rows.items() if row.state == "returned"]
    assert returned
    assert {why[who][0].why for who in returned} == {Why.RETURNED}


def test_who_was_eliminated_is_told_so() -> None:
    out = [{"key": "e", "name": "e", "rule": "r", "share": 50}]
    places = [{"key": "a", "group": "a", "major": "m", **PLACE, "seats": 5}]
    _, why = told({**SCHEME, "eliminations": out}, places, [person("high", 90, "a"), person("low", 20, "a")])
    assert why["low"][0].why == Why.ELIMINATED
    assert why["high"] == ()


def test_whoever_was_exempt_or_returned_is_told_of_no_later_preference() -> None:
    scheme = {**SCHEME, "mechanism": "serial", "ratio": 120}
    places = [{"key": key, "group": key, "major": "m", **PLACE, "seats": 5} for key in ("a", "b")]
    people = [person(f"p{n}", 90 - n, "a", "b") for n in range(7)]
    people.append(person("spared", 10, "b", exempt="b"))
    rows, why = told(scheme, places, people)
    assert (rows["spared"].state, why["spared"]) == ("exempt", ())
    returned = [who for who, row in rows.items() if row.state == "returned"]
    assert returned
    assert all(line.wish == 1 for who in returned for line in why[who])

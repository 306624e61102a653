from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.casework import ranking_cases as cases
from tests.engines.casework.plain_ranking import PlainRanking

from jineng.engines.casework.aggregating import Normalising, Values, normalised, rounded
from jineng.engines.casework.faults import DefinitionError
from jineng.engines.casework.ranking import Aggregate, rank

PLAIN: dict[str, Any] = {
    "code": "points",
    "name": "计分",
    "criteria": [{"key": "a", "name": "甲", "maximum": 60}, {"key": "b", "name": "乙", "maximum": 40}],
}


def table(
    marks: dict[str, list[tuple[int, int]]], conflicts: list[list[str]] | None = None, **about: Any
) -> dict[str, Any]:
    """Inputs of some applications, reviewed by r0, r1, …; `about` gives further attributes of single applications."""
    rows = [(name, f"r{at}", a, b) for name, given in marks.items() for at, (a, b) in enumerate(given)]
    return {
        "applications": [{"id": name, **about.get(name, {})} for name in marks],
        "reviews": {
            "application": [row[0] for row in rows],
            "reviewer": [row[1] for row in rows],
            "marks": {"a": [row[2] for row in rows], "b": [row[3] for row in rows]},
        },
        "conflicts": conflicts or [],
    }


def listed(outcome: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in outcome["rows"]]


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(list(Aggregate)))
def test_the_list_is_that_of_the_plain_way(data: st.DataObject, aggregate: Aggregate) -> None:
    parameters = data.draw(cases.parameters(str(aggregate)))
    inputs = data.draw(cases.inputs(parameters["rubric"]))
    outcome = rank(parameters, inputs, aggregate)
    plain = PlainRanking(parameters, inputs, str(aggregate))
    assert outcome["struck"] == plain.struck
    expected = plain.rows()
    assert [row if row["rank"] is None else _without_status(row) for row in outcome["rows"]] == expected
    assert sum(outcome["statuses"].values()) == len(inputs["applications"])


def _without_status(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "status"}


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_no_number_score_or_quota_is_ever_exceeded(data: st.DataObject) -> None:
    parameters = data.draw(cases.parameters("mean"))
    inputs = data.draw(cases.inputs(parameters["rubric"]))
    outcome = rank(parameters, inputs, Aggregate.MEAN)
    cut = parameters["cut"]
    about = {item["id"]: item for item in inputs["applications"]}
    for group in {row["group"] for row in outcome["rows"]}:
        rows = [row for row in outcome["rows"] if row["group"] == group]
        chosen = [row for row in rows if row["status"] == "selected"]
        number = cut.get("numbers", {}).get(group, cut.get("number"))
        assert number is None or len(chosen) <= number
        assert len(chosen) <= Fraction(cut.get("share", "1")) * len(rows)
        if "minimum" in cut:  # without one, a score evened out below zero is as good as any
            assert all(Decimal(row["score"]) >= Decimal(cut["minimum"]) for row in chosen)
        counted = Counter(
            about[row["application"]]["unit"] for row in chosen if not about[row["application"]]["exempt"]
        )
        for unit, used in counted.items():
            quota = cut.get("per_units", {}).get(unit, cut.get("per_unit"))
            assert quota is None or used <= quota
        assert sum(row["status"] == "reserve" for row in rows) <= cut.get("reserve", 0)
        by_rank: dict[int, set[str]] = {}
        for row in rows:
            if row["rank"] is not None and row["status"] in ("selected", "tied", "reserve", "not_selected"):
                by_rank.setdefault(row["rank"], set()).add(row["status"])
        order = [by_rank[place] for place in sorted(by_rank)]
        # Without quotas of units a chosen one never stands below one that is not.
        if "per_unit" not in cut and "per_units" not in cut:
            assert all(len(found) == 1 for found in order)
            flat = [next(iter(found)) for found in order]
            assert flat == sorted(flat, key=["selected", "tied", "reserve", "not_selected"].index)


def test_trimmed_mean_of_five() -> None:
    inputs = table({"x": [(60, 40), (50, 30), (50, 31), (50, 30), (10, 10)], "y": [(50, 30), (60, 40)]})
    parameters = {"rubric": PLAIN, "cut": {"number": 1}, "trim": {"high": 1, "low": 1, "at_least": 5}}
    outcome = rank(parameters, inputs, Aggregate.TRIMMED_MEAN)
    assert listed(outcome, "application", "rank", "score", "reviews", "status") == [
        ("y", 1, "90.00", 2, "selected"),
        ("x", 2, "80.33", 5, "not_selected"),
    ]
    assert outcome["statuses"] == {"selected": 1, "not_selected": 1}


def test_halves_go_up() -> None:
    inputs = table({"x": [(50, 30), (50, 31)], "y": [(50, 30), (50, 30)]})
    outcome = rank({"rubric": PLAIN, "cut": {}, "places": 0}, inputs, Aggregate.MEAN)
    assert listed(outcome, "application", "score") == [("x", "81"), ("y", "80")]
    assert [rounded(parts, 2) for parts in (-3, -1, 1, 3)] == [-1, 0, 1, 2]
    assert rounded(np.array([-3, 3]), np.array([2, 2])).tolist() == [-1, 2]


@pytest.mark.parametrize(
    ("by", "least", "expected"),
    [
        (Normalising.MEAN, 2, ["45", "65", "85", "65", "65", "65"]),
        (Normalising.RANGE, 2, ["40", "60", "80", "65", "65", "65"]),
        (Normalising.RANK, 2, ["16.666667", "50", "83.333333", "50", "50", "50"]),
        (Normalising.DEVIATION, 2, ["49.588965", "65", "80.411035", "65", "65", "65"]),
        (Normalising.DEVIATION, 4, ["40", "60", "80", "70", "70", "70"]),
    ],
)
def test_strictness_is_evened_out(by: Normalising, least: int, expected: list[str]) -> None:
    """One reviewer gives 40, 60 and 80, the other 70 to all; the mean is 65, the deviations √(475/3) and √(800/3)."""
    given_values = Values(np.array([40, 70, 60, 70, 80, 70]), 1)
    found = normalised(given_values, np.array([0, 1, 0, 1, 0, 1]), 100, by, least)
    assert found.denominator == 10**6
    assert found.parts[[0, 2, 4, 1, 3, 5]].tolist() == [int(Decimal(text) * 10**6) for text in expected]


def test_nothing_is_evened_out_where_nobody_reviewed() -> None:
    nobody = np.array([], np.int64)
    found = normalised(Values(nobody, 3), nobody, 100, Normalising.MEAN, 2)
    assert (found.parts.tolist(), found.denominator) == ([], 10**6)


def test_a_review_in_conflict_counts_for_nothing() -> None:
    marks = {"x": [(60, 40), (10, 10)], "y": [(30, 30), (30, 30)]}
    outcome = rank({"rubric": PLAIN, "cut": {}}, table(marks, [["x", "r1"], ["y", "r7"]]), Aggregate.MEAN)
    assert listed(outcome, "application", "score", "reviews") == [("x", "100.00", 1), ("y", "60.00", 2)]
    assert outcome["struck"] == 1


def test_ties_are_broken_in_their_order_and_told() -> None:
    marks = {"x": [(50, 30)], "y": [(52, 28)], "z": [(50, 30)]}
    ties = [{"by": "criterion", "criterion": "a"}, {"by": "submitted"}]
    late, early = {"submitted": "2021-05-01T08:00:01Z"}, {"submitted": "2021-05-01T08:00:00.900000Z"}
    outcome = rank({"rubric": PLAIN, "cut": {"number": 2}, "ties": ties}, table(marks, x=late, z=early), Aggregate.MEAN)
    assert listed(outcome, "application", "rank", "status") == [
        ("y", 1, "selected"), ("z", 2, "selected"), ("x", 3, "not_selected"),
    ]  # fmt: skip
    assert outcome["rows"][1]["tie"] == ["50.000000", "2021-05-01T08:00:00.900000Z"]


def test_a_tie_across_the_line_stays_outside() -> None:
    marks = {"v": [(60, 40)], "w": [(50, 30)], "x": [(50, 30)], "y": [(40, 30)], "z": [(30, 30)]}
    outcome = rank({"rubric": PLAIN, "cut": {"number": 2, "reserve": 1}}, table(marks), Aggregate.MEAN)
    assert listed(outcome, "rank", "status") == [
        (1, "selected"), (2, "tied"), (2, "tied"), (4, "reserve"), (5, "not_selected"),
    ]  # fmt: skip


def test_a_tie_within_a_unit_holds_its_place_open() -> None:
    marks = {"v": [(60, 40)], "w": [(60, 40)], "x": [(50, 30)], "y": [(40, 30)]}
    units = {name: {"unit": unit} for name, unit in zip("vwxy", "1112", strict=True)}
    outcome = rank({"rubric": PLAIN, "cut": {"number": 2, "per_unit": 1}}, table(marks, **units), Aggregate.MEAN)
    assert listed(outcome, "application", "status") == [
        ("v", "tied"), ("w", "tied"), ("x", "unit_full"), ("y", "selected"),
    ]  # fmt: skip


def test_exempt_applications_are_outside_the_quota_of_their_unit() -> None:
    marks = {"v": [(60, 40)], "w": [(55, 40)], "x": [(50, 30)]}
    about = {"v": {"unit": "1", "exempt": True}, "w": {"unit": "1"}, "x": {"unit": "1"}}
    outcome = rank({"rubric": PLAIN, "cut": {"per_units": {"1": 1}}}, table(marks, **about), Aggregate.MEAN)
    assert listed(outcome, "status") == [("selected",), ("selected",), ("unit_full",)]


def test_a_tie_too_long_for_the_reserve_closes_it() -> None:
    marks = {"v": [(60, 40)], "w": [(50, 30)], "x": [(50, 30)], "y": [(40, 30)]}
    outcome = rank({"rubric": PLAIN, "cut": {"number": 1, "reserve": 1}}, table(marks), Aggregate.MEAN)
    assert listed(outcome, "status") == [("selected",), ("not_selected",), ("not_selected",), ("not_selected",)]


def faults_of(parameters: Any, inputs: Any, aggregate: Aggregate = Aggregate.MEAN) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        rank(parameters, inputs, aggregate)
    assert all(fault.zh and fault.en for fault in caught.value.faults)
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_every_fault_of_the_parameters_is_told() -> None:
    broken = PLAIN | {"criteria": [PLAIN["criteria"][0], PLAIN["criteria"][0]]}
    ties = [
        {"by": "criterion", "criterion": "q"},
        {"by": "criterion"},
        {"by": "lot", "at_least": 3},
        {"by": "top_marks", "at_least": "90"},
    ]
    assert faults_of({"rubric": broken, "cut": {}, "trim": {"share": "1/2"}, "ties": ties}, {}) == [
        ("rubric.criteria[1].key", "duplicate"),
        ("trim", "misplaced"),
        ("trim.share", "too_large"),
        ("ties[0].criterion", "unknown"),
        ("ties[1].criterion", "misplaced"),
        ("ties[2].at_least", "misplaced"),
        ("ties[2].seed", "misplaced"),
    ]
    trimmed = Aggregate.TRIMMED_MEAN
    assert faults_of({"rubric": PLAIN, "cut": {}}, {}, trimmed) == [("trim", "misplaced")]
    assert faults_of({"rubric": PLAIN, "cut": {}, "trim": {}}, {}, trimmed) == [("trim", "unclear")]
    both = {"high": 1, "share": "1/5"}
    assert faults_of({"rubric": PLAIN, "cut": {}, "trim": both}, {}, trimmed) == [
        ("trim", "unclear"), ("trim.at_least", "too_small"),
    ]  # fmt: skip


@pytest.mark.parametrize("share", ["2", "-1/3", "x", "1/0", 0.5, []])
def test_a_share_is_exact_and_within_the_whole(share: Any) -> None:
    assert {path for path, _ in faults_of({"rubric": PLAIN, "cut": {"share": share}}, {})} == {"cut.share"}


@pytest.mark.parametrize(("share", "chosen"), [(0, 0), ("2/5", 0), ("1/2", 1), ("0.99", 1), (1, 2), (None, 2)])
def test_a_share_is_rounded_down(share: Any, chosen: int) -> None:
    outcome = rank({"rubric": PLAIN, "cut": {"share": share}}, table({"x": [(1, 2)], "y": [(3, 4)]}), Aggregate.MEAN)
    assert outcome["statuses"].get("selected", 0) == chosen


def test_too_fine_a_rubric_is_refused() -> None:
    primes = [997, 991, 983, 977, 971, 967, 953]
    criteria = [{"key": f"c{prime}", "name": "指标", "maximum": prime, "weight": 1} for prime in primes]
    rubric = {"code": "fine", "name": "过细", "total": 1000, "decimals": 2, "criteria": criteria}
    empty = {"applications": [], "reviews": {"application": [], "reviewer": [], "marks": {}}}
    empty["reviews"]["marks"] = {c["key"]: [] for c in criteria}  # type: ignore[call-overload]
    assert faults_of({"rubric": rubric, "cut": {}}, empty) == [("", "too_fine")]


GOOD = table({"x": [(1, 2)], "y": [(3, 4)]})
COLUMNS = GOOD["reviews"]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([], [("", "not_an_object")]),
        ({"more": 1}, [("more", "unknown"), ("applications", "not_a_list"), ("reviews", "wrong_columns")]),
        (GOOD | {"conflicts": 3}, [("conflicts", "not_a_list")]),
        (GOOD | {"conflicts": [["x"], ["x", 1], "xy"]}, [(f"conflicts[{at}]", "not_a_pair") for at in range(3)]),
        (GOOD | {"conflicts": [["q", "r0"]]}, [("conflicts[0]", "unknown")]),
        (
            {**GOOD, "applications": [{}, {"id": "y", "unit": 3, "exempt": 1, "colour": "", "submitted": "1 May"}]},
            [
                ("applications[0]", "no_id"),
                ("applications[1].unit", "wrong_type"),
                ("applications[1].exempt", "wrong_type"),
                ("applications[1].colour", "unknown"),
                ("applications[1].submitted", "not_a_moment"),
            ],
        ),
        (GOOD | {"applications": [{"id": "x", "submitted": 5}]}, [("applications[0].submitted", "wrong_type")]),
        (
            GOOD | {"applications": [{"id": "x"}, {"id": "x"}, {"id": "z"}]},
            [("applications", "duplicate"), ("reviews.application[1]", "unknown")],
        ),
        (GOOD | {"reviews": COLUMNS | {"marks": {"a": [1, 2]}}}, [("reviews.marks", "wrong_columns")]),
        (GOOD | {"reviews": COLUMNS | {"reviewer": "r0"}}, [("reviews", "not_a_list")]),
        (GOOD | {"reviews": COLUMNS | {"reviewer": ["r0"]}}, [("reviews", "uneven")]),
        (
            GOOD | {"reviews": COLUMNS | {"reviewer": ["r0", 1], "marks": {"a": [True, 61], "b": [-1, 2**80]}}},
            [
                ("reviews.reviewer[1]", "wrong_type"),
                ("reviews.marks.a[0]", "wrong_type"),
                ("reviews.marks.a[1]", "out_of_range"),
                ("reviews.marks.b[0]", "out_of_range"),
                ("reviews.marks.b[1]", "out_of_range"),
            ],
        ),
        (GOOD | {"reviews": COLUMNS | {"application": ["x", "x"]}}, [("reviews.application[1]", "duplicate")]),
    ],
)  # fmt: skip
def test_every_fault_of_the_inputs_is_told(inputs: Any, expected: list[tuple[str, str]]) -> None:
    assert faults_of({"rubric": PLAIN, "cut": {}}, inputs) == expected


def test_no_more_than_a_hundred_faults_are_told() -> None:
    many = GOOD | {"applications": [{"id": f"n{at}", "unit": 1} for at in range(200)]}
    assert len(faults_of({"rubric": PLAIN, "cut": {}}, many)) == 100

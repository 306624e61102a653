from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.casework.faults import DefinitionError
from jineng.engines.casework.rubric import Failing, Rubric, below, fails, load_rubric, score

COURSE: dict[str, Any] = {
    "code": "course-review",
    "name": "课程评审",
    "name_en": "Course review",
    "decimals": 1,
    "failing": "majority",
    "criteria": [
        {"key": "aims", "name": "目标", "name_en": "Aims", "maximum": 20, "weight": 30, "minimum": "8.5"},
        {"key": "content", "name": "内容", "maximum": 50, "weight": 50, "guidance": "看案例"},
        {"key": "effect", "name": "成效", "maximum": 30, "weight": 20},
    ],
}


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    weighed = draw(st.booleans())
    decimals = draw(st.integers(0, 2))
    criteria = []
    for at in range(draw(st.integers(1, 5))):
        maximum = draw(st.integers(1, 60))
        criterion: dict[str, Any] = {"key": f"c{at}", "name": f"指标{at}", "maximum": maximum}
        if weighed:
            criterion["weight"] = draw(st.integers(1, 50))
        if draw(st.booleans()):
            criterion["minimum"] = str(Decimal(draw(st.integers(0, maximum * 10**decimals))).scaleb(-decimals))
        criteria.append(criterion)
    return load_rubric(
        {
            "code": "any",
            "name": "任意",
            "total": draw(st.sampled_from([5, 100, 150])),
            "decimals": decimals,
            "failing": draw(st.sampled_from(list(Failing))),
            "criteria": criteria,
        }
    )


def faults_of(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        load_rubric(data)
    assert all(fault.zh and fault.en for fault in caught.value.faults)
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_weighted_score_is_exact() -> None:
    found = score(load_rubric(COURSE), {"aims": "8.4", "content": 33, "effect": Decimal("29.9")})
    assert found.total == Fraction(100, 100) * (
        30 * Fraction("8.4") / 20 + 50 * Fraction(33, 50) + 20 * Fraction("29.9") / 30
    )
    assert found.units == (84, 330, 299)
    assert found.below == ("aims",)
    assert found.faults == ()


def test_without_weights_points_add_up() -> None:
    plain = load_rubric(
        {
            "code": "points",
            "name": "计分",
            "criteria": [{"key": "a", "name": "甲", "maximum": 60}, {"key": "b", "name": "乙", "maximum": 40}],
        }
    )
    assert score(plain, {"a": 47, "b": 31}).total == 78
    assert (plain.coefficients, plain.denominator) == ((1, 1), 1)


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (None, "missing"),
        ("", "missing"),
        ("twelve", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        (True, "not_a_number"),
        (12.5, "not_a_number"),
        (-1, "out_of_range"),
        ("20.1", "out_of_range"),
        ("8.25", "too_fine"),
    ],
)
def test_marks_that_are_none(mark: Any, code: str) -> None:
    found = score(load_rubric(COURSE), {"aims": mark, "content": 1, "effect": 1})
    assert found.total is None
    assert [(fault.field, fault.code) for fault in found.faults] == [("aims", code)]
    assert "目标" in found.faults[0].zh
    assert "Aims" in found.faults[0].en


def test_every_fault_of_a_review_is_told() -> None:
    found = score(load_rubric(COURSE), {"aims": 21, "other": 3})
    assert [(fault.field, fault.code) for fault in found.faults] == [
        ("other", "unknown"), ("aims", "out_of_range"), ("content", "missing"), ("effect", "missing"),
    ]  # fmt: skip
    assert "内容" in found.faults[2].en


def test_every_fault_of_a_rubric_is_told() -> None:
    criteria = [
        {"key": "a", "name": "甲", "maximum": 10, "weight": 1},
        {"key": "a", "name": "乙", "maximum": 10, "minimum": 11},
        {"key": "c", "name": "丙", "maximum": 10, "weight": 1, "minimum": "0.5"},
    ]
    assert faults_of({"code": "x", "name": "坏", "criteria": criteria}) == [
        ("criteria[1].key", "duplicate"),
        ("criteria[1].weight", "missing"),
        ("criteria[1].minimum", "too_large"),
        ("criteria[2].minimum", "too_fine"),
    ]
    shape = faults_of({"code": "x", "criteria": [{"key": "a", "name": "甲", "maximum": 0, "colour": 1}]})
    assert {path for path, _ in shape} >= {"name", "criteria[0].maximum", "criteria[0].colour"}


@pytest.mark.parametrize(
    ("failing", "outcomes"),
    [
        (Failing.ANY, [False, True, True, True, True, True]),
        (Failing.MAJORITY, [False, False, False, True, True, True]),
        (Failing.ALL, [False, False, False, False, False, True]),
    ],
)
def test_who_fails(failing: Failing, outcomes: list[bool]) -> None:
    rubric = load_rubric(COURSE | {"failing": failing})
    assert [fails(rubric, under, 5) for under in range(6)] == outcomes
    assert not fails(rubric, 0, 0)


@settings(max_examples=50, deadline=None)
@given(rubrics(), st.data())
def test_the_score_is_the_sum_that_it_says(rubric: Rubric, data: st.DataObject) -> None:
    units = [data.draw(st.integers(0, limit)) for limit in rubric.limits]
    marks = {
        criterion.key: str(Decimal(unit).scaleb(-rubric.decimals))
        for criterion, unit in zip(rubric.criteria, units, strict=True)
    }
    found = score(rubric, marks)
    weights = [criterion.weight or criterion.maximum for criterion in rubric.criteria]
    parts = [
        weight * Fraction(marks[criterion.key]) / criterion.maximum
        for weight, criterion in zip(weights, rubric.criteria, strict=True)
    ]
    assert found.total == rubric.total * sum(parts) / sum(weights)
    assert found.units == tuple(units)
    expected = {c.key for c in rubric.criteria if c.minimum is not None and Fraction(marks[c.key]) < c.minimum}
    assert set(found.below) == set(below(rubric, units)) == expected


@settings(max_examples=50, deadline=None)
@given(rubrics())
def test_full_marks_are_the_total_and_data_reads_back(rubric: Rubric) -> None:
    assert score(rubric, {c.key: c.maximum for c in rubric.criteria}).total == rubric.total
    assert score(rubric, dict.fromkeys(rubric.by_key, 0)).total == 0
    assert load_rubric(json.loads(json.dumps(rubric.to_data()))) == rubric

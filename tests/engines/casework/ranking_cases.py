"""Rubrics, parameters and reviews as hypothesis makes them: small, and full of ties."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

MOMENTS = ["", "2021-05-01T08:00:00Z", "2021-05-01T08:00:00.500000Z", "2021-05-02T08:00:00Z"]


@st.composite
def rubric_data(draw: st.DrawFn) -> dict[str, Any]:
    decimals = draw(st.integers(0, 1))
    weighed = draw(st.booleans())
    criteria = []
    for at in range(draw(st.integers(1, 3))):
        maximum = draw(st.sampled_from([1, 3, 7, 10]))
        criterion: dict[str, Any] = {"key": f"c{at}", "name": f"指标{at}", "maximum": maximum}
        if weighed:
            criterion["weight"] = draw(st.integers(1, 9))
        if draw(st.integers(0, 3)) == 0:
            criterion["minimum"] = str(Decimal(draw(st.integers(0, maximum))))
        criteria.append(criterion)
    failing = draw(st.sampled_from(["any", "majority", "all"]))
    return {"code": "r", "name": "评审", "decimals": decimals, "failing": failing, "criteria": criteria}


@st.composite
def ties(draw: st.DrawFn, rubric: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = draw(
        st.lists(
            st.sampled_from(["criterion", "top_marks", "mean", "median", "lowest", "submitted", "lot"]),
            max_size=3, unique=True,
        )
    )  # fmt: skip
    extra = {
        "criterion": {"criterion": draw(st.sampled_from([c["key"] for c in rubric["criteria"]]))},
        "top_marks": {"at_least": draw(st.sampled_from(["50", "66.67", "90"]))},
        "lot": {"seed": draw(st.sampled_from(["2021", "公开种子"]))},
    }
    return [{"by": kind} | extra.get(kind, {}) for kind in kinds]


@st.composite
def cuts(draw: st.DrawFn) -> dict[str, Any]:
    options: dict[str, st.SearchStrategy[Any]] = {
        "number": st.integers(0, 5),
        "numbers": st.dictionaries(st.sampled_from(["甲组", "乙组"]), st.integers(0, 3)),
        "share": st.sampled_from(["1/3", "0.5", "1"]),
        "minimum": st.sampled_from(["40", "62.5"]),
        "per_unit": st.integers(0, 2),
        "per_units": st.dictionaries(st.sampled_from(["u1", "u2"]), st.integers(0, 3)),
        "reserve": st.integers(0, 2),
    }
    return {name: draw(values) for name, values in options.items() if draw(st.booleans())}


@st.composite
def parameters(draw: st.DrawFn, aggregate: str) -> dict[str, Any]:
    rubric = draw(rubric_data())
    made: dict[str, Any] = {
        "rubric": rubric,
        "cut": draw(cuts()),
        "places": draw(st.integers(0, 3)),
        "needed": draw(st.integers(1, 2)),
        "ties": draw(ties(rubric)),
    }
    if draw(st.booleans()):
        by = draw(st.sampled_from(["mean", "range", "rank", "deviation"]))
        made["normalise"] = {"by": by, "at_least": draw(st.integers(2, 4))}
    if aggregate == "trimmed-mean":
        if draw(st.booleans()):
            made["trim"] = {"share": draw(st.sampled_from(["1/3", "1/5", "0.25"]))}
        else:
            high, low = draw(st.sampled_from([(1, 0), (0, 1), (1, 1), (2, 1)]))
            made["trim"] = {"high": high, "low": low, "at_least": high + low + draw(st.integers(1, 2))}
    return made


@st.composite
def inputs(draw: st.DrawFn, rubric: dict[str, Any]) -> dict[str, Any]:
    """Reviews of up to nine applications by up to five reviewers; many draws would be slow, so one seeds the rest."""
    size = draw(st.integers(0, 9))
    by = random.Random(draw(st.integers(0, 2**32)))
    ids = by.sample([f"a{at}" for at in range(9)], size)
    applications = [
        {
            "id": name,
            "group": by.choice(["", "甲组", "乙组"]),
            "unit": by.choice(["u1", "u2"]),
            "submitted": by.choice(MOMENTS),
            "exempt": by.random() < 0.25,
        }
        for name in ids
    ]
    pairs = [(name, f"r{at}") for name in ids for at in range(5) if by.random() < 0.8]
    by.shuffle(pairs)
    unit = 10 ** rubric["decimals"]
    coarse = by.choice([1, unit])
    marks = {
        c["key"]: [by.randint(0, c["maximum"] * unit // coarse) * coarse for _ in pairs] for c in rubric["criteria"]
    }
    columns = {"application": [a for a, _ in pairs], "reviewer": [r for _, r in pairs], "marks": marks}
    conflicts = [list(pair) for pair in pairs if by.random() < 0.1]
    if ids and by.random() < 0.5:
        conflicts.append([ids[0], "someone-else"])
    return {"applications": applications, "reviews": columns, "conflicts": conflicts}

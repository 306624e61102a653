"""Frozen reviews: who applied and how reviewers marked them, read from plain data into columns of whole numbers.

The data is JSON: `applications` are objects, `reviews` are columns of equal length (`application`, `reviewer`, and
`marks` by criterion in units of the rubric), `conflicts` are pairs of application and reviewer. Reviews by a reviewer
in conflict are struck before anything is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from jineng.engines.casework.faults import DefinitionError, Fault
from jineng.engines.casework.rubric import Rubric

Whole = npt.NDArray[np.int64]
MOST_FAULTS = 100
"""How many faults of inputs are told at most; the rest would not help."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
_TEXTS = ("id", "group", "unit", "submitted")


@dataclass(frozen=True)
class Reviews:
    """Applications by id, and the reviews of them that count, by application and reviewer.

    `application` and `reviewer` are indices into `applications` and `reviewers`; `marks` has a row for each review
    and a column for each criterion. `struck` is the number of reviews left out for a conflict.
    """

    applications: tuple[Mapping[str, Any], ...]
    reviewers: tuple[str, ...]
    application: Whole
    reviewer: Whole
    marks: Whole
    struck: int


def read_reviews(rubric: Rubric, inputs: Any) -> Reviews:
    """The reviews that plain data holds. Raises DefinitionError with (the first hundred) faults."""
    faults = list(islice(_shape_faults(rubric, inputs), MOST_FAULTS))
    if faults:
        raise DefinitionError(faults)
    applications = tuple(sorted(map(_application, inputs["applications"]), key=lambda given: given["id"]))
    index = {given["id"]: at for at, given in enumerate(applications)}
    columns = inputs["reviews"]
    pairs = [tuple(pair) for pair in inputs.get("conflicts", ())]
    faults = list(islice(_reference_faults(index, applications, columns, pairs), MOST_FAULTS))
    if faults:
        raise DefinitionError(faults)
    reviewers = tuple(sorted(set(columns["reviewer"])))
    number = {reviewer: at for at, reviewer in enumerate(reviewers)}
    application = np.array([index[given] for given in columns["application"]], np.int64)
    reviewer = np.array([number[given] for given in columns["reviewer"]], np.int64)
    marks = np.array([columns["marks"][key] for key in rubric.by_key], np.int64).T
    place = application * max(len(reviewers), 1) + reviewer
    order = np.argsort(place, kind="stable")
    if (np.diff(place[order]) == 0).any():
        raise DefinitionError([_twice(columns)])
    struck = [index[a] * max(len(reviewers), 1) + number[r] for a, r in pairs if r in number]
    kept = order[~np.isin(place[order], np.array(struck, np.int64))]
    return Reviews(
        applications, reviewers, application[kept], reviewer[kept], marks[kept], len(order) - len(kept)
    )  # fmt: skip


def freeze_reviews(rubric: Rubric, inputs: Any) -> dict[str, Any]:
    """The same data in its one canonical order, with every attribute written out. Raises as `read_reviews` does."""
    read_reviews(rubric, inputs)
    columns = inputs["reviews"]
    order = sorted(
        range(len(columns["application"])), key=lambda at: (columns["application"][at], columns["reviewer"][at])
    )

    def sorted_column(values: Sequence[Any]) -> list[Any]:
        return [values[at] for at in order]

    return {
        "applications": sorted(map(_application, inputs["applications"]), key=lambda given: str(given["id"])),
        "reviews": {
            "application": sorted_column(columns["application"]),
            "reviewer": sorted_column(columns["reviewer"]),
            "marks": {key: sorted_column(columns["marks"][key]) for key in rubric.by_key},
        },
        "conflicts": sorted({tuple(pair) for pair in inputs.get("conflicts", ())}),
    }


def _application(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given.get(name, "") for name in _TEXTS} | {"exempt": given.get("exempt", False)}


def _shape_faults(rubric: Rubric, inputs: Any) -> Iterator[Fault]:
    if not isinstance(inputs, Mapping):
        yield Fault("", "not_an_object", "输入应是一组“属性: 值”", "the inputs must be an object")
        return
    for name in set(inputs) - {"applications", "reviews", "conflicts"}:
        yield Fault(str(name), "unknown", f"不认识 {name}", f"{name} is not known")
    yield from _application_faults(inputs.get("applications"))
    yield from _column_faults(rubric, inputs.get("reviews"))
    pairs = inputs.get("conflicts", ())
    if not isinstance(pairs, list | tuple):
        yield Fault("conflicts", "not_a_list", "回避应是列表", "conflicts must be a list")
        return
    for at, pair in enumerate(pairs):
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            yield Fault(
                f"conflicts[{at}]", "not_a_pair", "回避应写作[申报, 评审人]", "a conflict is [application, reviewer]"
            )


def _application_faults(applications: Any) -> Iterator[Fault]:
    if not isinstance(applications, list | tuple):
        yield Fault("applications", "not_a_list", "申报应是列表", "applications must be a list")
        return
    for at, given in enumerate(applications):
        path = f"applications[{at}]"
        if not isinstance(given, Mapping) or not given.get("id"):
            yield Fault(path, "no_id", "申报没有编号（id）", "an application has no id")
            continue
        for name, value in given.items():
            wanted = str if name in _TEXTS else bool if name == "exempt" else None
            if wanted is None:
                yield Fault(f"{path}.{name}", "unknown", f"不认识 {name}", f"{name} is not known")
            elif not isinstance(value, wanted):
                yield Fault(f"{path}.{name}", "wrong_type", f"{name} 的类型不对", f"{name} is of the wrong type")
        moment = given.get("submitted", "")
        if isinstance(moment, str) and moment and not _MOMENT.fullmatch(moment):
            yield Fault(
                f"{path}.submitted", "not_a_moment",
                "提交时间应写作 2021-05-01T08:00:00Z（协调世界时）", "submitted must be written 2021-05-01T08:00:00Z",
            )  # fmt: skip


def _column_faults(rubric: Rubric, columns: Any) -> Iterator[Fault]:
    if not isinstance(columns, Mapping) or set(columns) != {"application", "reviewer", "marks"}:
        yield Fault(
            "reviews", "wrong_columns", "评审应有 application、reviewer、marks 三列",
            "reviews must have the columns application, reviewer and marks",
        )  # fmt: skip
        return
    marks = columns["marks"]
    if not isinstance(marks, Mapping) or set(marks) != set(rubric.by_key):
        names = ", ".join(rubric.by_key)
        yield Fault(
            "reviews.marks", "wrong_columns", f"评分应逐项给出：{names}", f"marks must be given for each of {names}"
        )
        return
    plain = {"application": columns["application"], "reviewer": columns["reviewer"]}
    named = plain | {f"marks.{key}": column for key, column in marks.items()}
    if not all(isinstance(column, list | tuple) for column in named.values()):
        yield Fault("reviews", "not_a_list", "每一列应是列表", "every column must be a list")
    elif len({len(column) for column in named.values()}) > 1:
        yield Fault("reviews", "uneven", "各列长度不一", "the columns are not of one length")
    else:
        for name, column in plain.items():
            yield from _cell_faults(name, column, str, "应是编号", "must be an id")
        for criterion, limit in zip(rubric.criteria, rubric.limits, strict=True):
            column = marks[criterion.key]
            yield from _cell_faults(f"marks.{criterion.key}", column, int, "应是整数", "must be a whole number")
            for at, mark in enumerate(column):
                if type(mark) is int and not 0 <= mark <= limit:
                    yield Fault(
                        f"reviews.marks.{criterion.key}[{at}]", "out_of_range",
                        f"评分 {mark} 应在 0 到 {limit} 之间", f"the mark {mark} must be from 0 to {limit}",
                    )  # fmt: skip


def _cell_faults(name: str, column: Sequence[Any], wanted: type, zh: str, en: str) -> Iterator[Fault]:
    for at, value in enumerate(column):
        if type(value) is not wanted:
            yield Fault(
                f"reviews.{name}[{at}]", "wrong_type", f"{zh}，却是 {value!r:.60}", f"{en}, found {value!r:.60}"
            )


def _reference_faults(
    index: Mapping[str, int],
    applications: Sequence[Mapping[str, Any]],
    columns: Mapping[str, Any],
    pairs: Sequence[tuple[str, ...]],
) -> Iterator[Fault]:
    if len(index) < len(applications):
        for before, given in pairwise(applications):
            if before["id"] == given["id"]:
                zh, en = f"申报 {given['id']} 重复", f"the application {given['id']} is given twice"
                yield Fault("applications", "duplicate", zh, en)
    named = ((f"reviews.application[{at}]", name) for at, name in enumerate(columns["application"]))
    struck = ((f"conflicts[{at}]", pair[0]) for at, pair in enumerate(pairs))
    for path, name in (*named, *struck):
        if name not in index:
            yield Fault(path, "unknown", f"没有申报 {name}", f"there is no application {name}")


def _twice(columns: Mapping[str, Any]) -> Fault:
    seen: set[tuple[str, str]] = set()
    pairs = list(zip(columns["application"], columns["reviewer"], strict=True))
    at = next(at for at, pair in enumerate(pairs) if pair in seen or seen.add(pair))  # type: ignore[func-returns-value]
    application, reviewer = pairs[at]
    return Fault(
        f"reviews.application[{at}]", "duplicate",
        f"评审人 {reviewer} 对 {application} 评了两次", f"{reviewer} reviews {application} twice",
    )  # fmt: skip

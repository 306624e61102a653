"""Turn a whole column of raw cells into values at once.

Each distinct raw value is parsed once. Columns that are already as they should be, which is most of most
files, pass whole after a few checks that run over the joined text.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from jineng.engines.exchange.problems import Problem
from jineng.engines.exchange.schema import Column, Kind
from jineng.engines.exchange.values import EXACT, Raw, is_blank, parser

Converted = tuple[list[Any], dict[int, Problem]]
"""The values, None for blank and refused cells, and the problems by index."""


def convert(column: Column, raws: Sequence[Raw]) -> Converted:
    """Values and problems of one column."""
    types = set(map(type, raws))
    if bool in types and len(types & {int, float}):
        return _one_by_one(column, raws)
    distinct = set(raws)
    passed = _pass_whole(column, raws, distinct, types)
    return (passed, {}) if passed is not None else _by_distinct(column, raws, distinct)


def _pass_whole(column: Column, raws: Sequence[Any], distinct: set[Any], types: set[type[Any]]) -> list[Any] | None:
    if types == {str} and column.kind in (Kind.TEXT, Kind.CODE):
        joined = "".join(distinct)
        if not _is_clean(column, distinct, joined):
            return None
        return [raw or None for raw in raws] if "" in distinct else list(raws)
    if types == {float} and column.kind is Kind.INTEGER and all(map(float.is_integer, distinct)):
        exactly = min(distinct) > -EXACT and max(distinct) < EXACT
        return list(map(int, raws)) if exactly and _is_inside(column, distinct) else None
    if types == {float} and column.kind is Kind.DECIMAL and all(map(math.isfinite, distinct)):
        # Adding zero turns -0.0, which equals 0.0 and would share its entry, into 0.0.
        exact = {raw: Decimal(format(raw + 0.0, ".15g")) for raw in distinct}
        return list(map(exact.__getitem__, raws)) if _is_inside(column, exact.values()) else None
    return None


def _is_inside(column: Column, values: Collection[Any]) -> bool:
    low, high = column.minimum, column.maximum
    return (low is None or min(values) >= low) and (high is None or max(values) <= high)


def _is_clean(column: Column, distinct: set[str], joined: str) -> bool:
    if not joined.isprintable() or len("".join(map(str.strip, distinct))) != len(joined):
        return False
    if column.max_length is not None and max(map(len, distinct)) > column.max_length:
        return False
    if column.kind is Kind.TEXT:
        return True
    if not joined.isascii() or " " in joined:
        return False
    return column.length is None or set(map(len, distinct)) <= {column.length, 0}


def _by_distinct(column: Column, raws: Sequence[Raw], distinct: set[Raw]) -> Converted:
    parse = parser(column)
    values: dict[Raw, Any] = {}
    refused: dict[Raw, Problem] = {}
    for raw in distinct:
        value = None if is_blank(raw) else parse(raw)
        if isinstance(value, Problem):
            refused[raw] = value
            value = None
        values[raw] = value
    problems = {index: refused[raw] for index, raw in enumerate(raws) if raw in refused} if refused else {}
    return list(map(values.__getitem__, raws)), problems


def _one_by_one(column: Column, raws: Sequence[Raw]) -> Converted:
    """For columns that mix truth values with numbers, where True and 1 would be taken for one value."""
    parse = parser(column)
    values = [None if is_blank(raw) else parse(raw) for raw in raws]
    problems = {index: value for index, value in enumerate(values) if isinstance(value, Problem)}
    return [None if isinstance(value, Problem) else value for value in values], problems

"""Refusals that several of the room's sheets share, and rows of a file that build on each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.returns import Hall

K = TypeVar("K")


def bad_order(hall: Hall, table: Table, column: str, first: str) -> None:
    """Refuse dates of ``column`` that do not lie after those of ``first``."""
    for index, (begin, end) in enumerate(zip(table.columns[first], table.columns[column], strict=True)):
        if isinstance(end, date) and (begin is None or end <= begin):
            hall.refuse(
                table,
                index,
                column,
                ErrorCode.CONFLICT,
                f"应晚于{table.sheet.by_name[first].heading}。",
                "It must lie after the beginning.",
                "请核对两个日期；开始日期没有的先填。",
                "Check both dates; fill in the beginning if it is missing.",
            )


def in_waves(
    rows: Sequence[int],
    builds_on: Mapping[int, K | None],
    key: Callable[[int], K],
    ready: Callable[[int], bool],
    land: Callable[[list[int]], None],
) -> list[int]:
    """Land rows that name other rows of the file after those; returns the rows that never became ready.

    ``builds_on`` gives the key that a row names, ``ready`` whether what it names is in the register by now.
    """
    waiting = list(rows)
    while waiting:
        coming = {key(index) for index in waiting}
        wave = [
            index
            for index in waiting
            if (named := builds_on[index]) is None or (ready(index) and (named not in coming or named == key(index)))
        ]
        if not wave:
            return waiting
        land(wave)
        landed = set(wave)
        waiting = [index for index in waiting if index not in landed]
    return []

"""What a cell's neighbours say of it: blank rows, natural keys, references, merged cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from jineng.engines.exchange.faults import Fault
from jineng.engines.exchange.problems import ErrorCode, Problem, cell_name
from jineng.engines.exchange.schema import HEADER_ROWS, Column, Sheet
from jineng.engines.exchange.values import required

_SUGGEST_AMONG = 5000
_SUGGEST_FOR = 20
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Page:
    """One sheet while it is read. Indexes count data rows from 0, blank ones too.

    `hidden` are cells that a merged range covers: they are empty through no fault of their own.
    """

    sheet: Sheet
    raws: Mapping[str, Sequence[Any]]
    positions: dict[str, int]
    values: dict[str, list[Any]]
    problems: dict[tuple[int, str], Problem]
    blank: frozenset[int]
    faults: dict[tuple[int, str], str] = field(default_factory=dict)
    hidden: set[tuple[int, str]] = field(default_factory=set)

    @property
    def height(self) -> int:
        return len(next(iter(self.values.values())))

    @property
    def names(self) -> dict[int, str]:
        """Machine names by position."""
        return {position: name for name, position in self.positions.items()}


def mark_faults(page: Page, found: Mapping[tuple[int, int], Fault]) -> None:
    """Turn error values and formulas without a result into problems."""
    names = page.names
    for (row, position), fault in found.items():
        index = row - HEADER_ROWS
        if position not in names or not 0 <= index < page.height:
            continue
        place = (index, names[position])
        page.faults[place] = fault.error if fault.error is not None else f"={fault.formula}"
        if fault.error is not None:
            page.problems[place] = Problem(
                ErrorCode.FORMULA_ERROR,
                f"公式出错，显示为 {fault.error}。",
                f"The formula fails and shows {fault.error}.",
                "请改正公式，或直接填写数值。",
                "Correct the formula or type the value.",
            )
        else:
            page.problems[place] = Problem(
                ErrorCode.FORMULA_NOT_CALCULATED,
                "这里是公式，但文件里没有计算结果。",
                "A formula without a calculated result.",
                "请用 Excel 或 WPS 打开并保存一次，或选择性粘贴为数值。",
                "Open and save the file in Excel or WPS once, or paste the values only.",
            )


def mark_merged(page: Page, ranges: Sequence[Range]) -> None:
    """One problem for each merged range that touches the data, at its first cell there."""
    names = page.names
    budget = page.height * len(names)
    for (top, left), (bottom, right) in ranges:
        rows = range(max(top - HEADER_ROWS, 0), min(bottom - HEADER_ROWS + 1, page.height))
        columns = [names[position] for position in sorted(names) if left <= position <= right]
        if not rows or not columns:
            continue
        where = f"{cell_name(top + 1, left)}:{cell_name(bottom + 1, right)}"
        page.problems[rows[0], columns[0]] = Problem(
            ErrorCode.MERGED_CELL,
            f"数据区不能有合并单元格（{where}）。",
            f"Merged cells ({where}) cannot stand among the data.",
            "请取消合并，并把内容逐行填全。",
            "Unmerge them and fill in every row.",
        )
        # Overlapping ranges without end must not cost more than the grid itself.
        budget -= len(rows) * len(columns)
        if budget >= 0:
            page.hidden.update((index, name) for index in rows for name in columns)


def mark_blank_rows(page: Page) -> None:
    """Find the rows where nothing stands."""
    candidates: Collection[int] = range(page.height)
    for values in page.values.values():
        candidates = [index for index in candidates if values[index] is None]
    busy = {index for index, _ in page.problems} if candidates else set()
    page.blank = frozenset(candidates) - busy


def check_required(page: Page) -> None:
    """Required cells must be filled, except on rows that are blank as a whole."""
    for column in page.sheet.columns:
        values = page.values[column.name]
        # By type, since comparing a number with None is slow.
        if not column.required or type(None) not in set(map(type, values)):
            continue
        problem = required(column)
        for index, value in enumerate(values):
            place = (index, column.name)
            if value is None and index not in page.blank and place not in page.hidden:
                page.problems.setdefault(place, problem)


def check_key(page: Page) -> None:
    """Two rows of one natural key: the later one is refused and names the first."""
    key = page.sheet.key
    if not key:
        return
    columns = [page.values[name] for name in key]
    keys: list[Any] = columns[0] if len(key) == 1 else list(zip(*columns, strict=True))
    if len(set(keys)) == len(keys):
        return
    bad = {index for index, name in (*page.problems, *page.hidden) if name in key} | page.blank
    first: dict[Any, int] = {}
    for index, value in enumerate(keys):
        if index in bad:
            continue
        earlier = first.setdefault(value, index)
        if earlier != index:
            row = earlier + HEADER_ROWS + 1
            headings = "、".join(f"“{page.sheet.by_name[name].heading}”" for name in key)
            page.problems[index, key[0]] = Problem(
                ErrorCode.DUPLICATE_KEY,
                f"与第 {row} 行重复：{headings}相同。",
                f"Repeats row {row}: the same {', '.join(key)}.",
                "同一条记录只填一行；若不是同一条，请核对这几栏。",
                "Keep one row for one record, or correct these columns.",
            )


def check_references(page: Page, pages: Mapping[str, Page], known: Mapping[str, Collection[str]]) -> None:
    """Values that refer to another sheet or to an outside list must be there, where that can be known."""
    for column in page.sheet.columns:
        if column.refers_to is None:
            continue
        allowed: set[Any] = set(known.get(column.refers_to, ()))
        target = column.target
        if target is not None and target[0] in pages:
            allowed.update(pages[target[0]].values[target[1]])
        elif column.refers_to not in known:
            continue
        values = page.values[column.name]
        missing = set(values) - allowed - {None}
        if missing:
            problems = _missing(column, missing, allowed, pages)
            for index, value in enumerate(values):
                if value in missing:
                    page.problems.setdefault((index, column.name), problems[value])


def _missing(column: Column, missing: set[Any], allowed: set[Any], pages: Mapping[str, Page]) -> dict[Any, Problem]:
    candidates = [str(value) for value in allowed if value is not None] if len(allowed) <= _SUGGEST_AMONG else []
    if column.target is not None:
        code = ErrorCode.MISSING_REFERENCE
        title = pages[column.target[0]].sheet.title if column.target[0] in pages else column.target[0]
        place, place_en = f"在工作表“{title}”和已有登记里", f"on sheet {title} or in the register"
    else:
        code = ErrorCode.UNKNOWN_REFERENCE
        place, place_en = "在登记簿里", "in the register"
    problems = {}
    for rank, value in enumerate(sorted(missing, key=str)):
        suggest = not column.personal and rank < _SUGGEST_FOR
        near = get_close_matches(str(value), candidates, n=1, cutoff=0.7) if suggest else []
        problems[value] = Problem(
            code,
            f"“{column.heading}”{place}找不到。",
            f"This {column.name} is not {place_en}.",
            (f"是不是 {near[0]}？" if near else "") + "请核对；若是新的，请先登记或在同一文件里补上。",
            (f"Did you mean {near[0]}? " if near else "") + "Check it, or enter the missing record first.",
        )
    return problems

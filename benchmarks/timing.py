"""Times of something measured many times, beside the times of its floor, and what is said of them."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """The least, the middle and the 95th percentile of some times, in milliseconds."""

    least: float
    median: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: list[float]) -> Spread:
        """Of times in seconds; the percentile is the nearest rank, so it is a time that was measured."""
        ordered = sorted(seconds)
        rank = max(-(-len(ordered) * 95 // 100) - 1, 0)
        return cls(
            *(round(value * 1000, 2) for value in (ordered[0], statistics.median(ordered), ordered[rank])),
            count=len(ordered),
        )


@dataclass(frozen=True)
class Line:
    """One thing measured: its times, its peer's times of the same run, their ratio and the bound it must keep.

    ``ratio`` compares what the bound is about: ``p95`` of pages, ``median`` of imports. ``by_processor`` is the ratio
    of the processor times, which other work on the machine changes little; ``None`` where it is not known. ``floor`` is
    ``None`` where nothing stands beside it: then the ratio is the part of what is allowed.
    """

    name: str
    who: str
    spread: Spread
    floor: Spread | None
    ratio: float
    bound: float | None
    note: str = ""
    by_processor: float | None = None

    @property
    def by_medians(self) -> float | None:
        """The ratio of the medians: what a noisy machine tells most truly."""
        return round(self.spread.median / self.floor.median, 2) if self.floor else None

    @property
    def holds(self) -> bool | None:
        """Whether the bound holds; ``None`` without one."""
        return None if self.bound is None else self.ratio <= self.bound

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "holds": self.holds}

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Line:
        """What :meth:`as_json` gave."""
        fields = {name: value for name, value in given.items() if name != "holds"}
        floor = given["floor"]
        return cls(**{**fields, "spread": Spread(**given["spread"]), "floor": floor and Spread(**floor)})


HEAD = (
    "| what | who | min | median | p95 | floor median | floor p95 | by processor | by medians | ratio | bound | |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def row(line: Line) -> str:
    """The line as a row of a Markdown table; times are milliseconds."""
    bound = "" if line.bound is None else f"{line.bound:g}×"
    word = {None: "", True: "holds", False: "**does not hold**"}[line.holds]
    spread, floor = line.spread, line.floor
    by_processor = "" if line.by_processor is None else f"{line.by_processor:.2f}×"
    by_medians = "" if line.by_medians is None else f"{line.by_medians:.2f}×"
    beside = f"{floor.median:.1f} | {floor.p95:.1f}" if floor else " | "
    return (
        f"| {line.name} | {line.who} | {spread.least:.1f} | {spread.median:.1f} | {spread.p95:.1f} "
        f"| {beside} | {by_processor} | {by_medians} | {line.ratio:.2f}× "
        f"| {bound} | {word} {line.note} |"
    )

"""Where figures are looked up: live, over the registers as they stand, or in a release, over its snapshot.

Both are a :class:`Desk` and answer the same questions by the same expressions. Live answers are kept until a register
changes (``RegisterVersion``); a release never changes, so its answers are kept for as long as the process runs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

from jineng.briefs.composition import Reader
from jineng.engines.measures import (
    Drill,
    DuckDBEngine,
    Measured,
    Page,
    Period,
    Sources,
    drill,
    measure_many,
    record_ids,
    records,
    records_of,
)
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.models import RegisterVersion

T = TypeVar("T")
KEPT = 512


class _Memory:
    """Answers by question, the latest ``KEPT``; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, object] = OrderedDict()

    def answer(self, question: Hashable, find: Callable[[], T]) -> T:
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return cast(T, self._answers[question])
        found = find()
        with self._lock:
            self._answers[question] = found
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return found


_memory = _Memory()


@dataclass(frozen=True)
class Desk:
    """One place to look figures up; ``edition`` names the state of the data that the answers hold for."""

    name: str
    edition: Hashable
    reader: Reader

    def _ask(self, question: tuple[Hashable, ...], find: Callable[[], T]) -> T:
        return _memory.answer((self.name, self.edition, *question), find)

    def measure(self, pairs: tuple[tuple[str, Period], ...]) -> dict[tuple[str, Period], Measured]:
        """Figures in periods, from one query."""
        reader = self.reader
        return self._ask(
            ("measure", pairs), lambda: measure_many(reader.engine, reader.catalogue, reader.sources, pairs)
        )

    def drill(self, key: str, period: Period, by: str, within: str | None) -> Drill:
        """The parts of a figure along a place or a dimension."""
        reader = self.reader
        return self._ask(
            ("drill", key, period, by, within),
            lambda: drill(reader.engine, reader.catalogue, reader.sources, key, period, by=by, within=within),
        )

    def records(self, key: str, period: Period, within: str | None, limit: int, offset: int) -> Page:
        """A page of the records behind a figure."""
        reader = self.reader
        return self._ask(
            ("records", key, period, within, limit, offset),
            lambda: records(
                reader.engine,
                reader.catalogue,
                reader.sources,
                key,
                period,
                within=within,
                limit=limit,
                offset=offset,
                order="record_id",
            ),
        )

    def records_of(
        self, key: str, period: Period, within: str | None, ids: tuple[UUID, ...]
    ) -> tuple[dict[str, Any], ...]:
        """The rows of some of the records behind a figure, in the order of ``ids``."""
        reader = self.reader
        return self._ask(
            ("rows", key, period, within, ids),
            lambda: records_of(reader.engine, reader.catalogue, reader.sources, key, period, ids, within=within),
        )

    def record_ids(self, key: str, period: Period, within: str | None) -> dict[str, tuple[UUID, ...]]:
        """Ids of all records behind a figure, by record type."""
        reader = self.reader
        return self._ask(
            ("ids", key, period, within),
            lambda: record_ids(reader.engine, reader.catalogue, reader.sources, key, period, within=within),
        )

    def keep(self, question: tuple[Hashable, ...], find: Callable[[], T]) -> T:
        """Keep any other answer that holds as long as this edition does."""
        return self._ask(("kept", *question), find)


def register_edition() -> tuple[tuple[str, int], ...]:
    """The versions of all rooms; a figure computed under the same ones is the same figure."""
    return tuple(RegisterVersion.objects.order_by("room").values_list("room", "version"))


def live_desk() -> Desk:
    """The registers as they stand at this moment."""
    return Desk("live", register_edition(), Reader(live_engine, indicators, sources))


_readers: dict[Path, Reader] = {}
_opening = threading.Lock()


def open_snapshot(folder: Path) -> Reader:
    """A reader of the Parquet files under ``folder``, one per source.

    Only the sources that the snapshot holds are read, so that a release outlives rooms that are added later.
    """
    names = sorted(file.stem for file in folder.glob("*.parquet"))
    # With the house's own sources the expressions that were built for other snapshots serve for this one.
    held = sources if names == sorted(sources.names()) else Sources(*(sources[name] for name in names))
    return Reader(DuckDBEngine.over_parquet(folder, held), indicators, held)


def snapshot_desk(folder: Path) -> Desk:
    """The desk of a released snapshot; opened once for as long as the process runs."""
    with _opening:
        reader = _readers.get(folder)
        if reader is None:
            reader = _readers[folder] = open_snapshot(folder)
    return Desk("snapshot", str(folder), reader)

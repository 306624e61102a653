"""Where figures are looked up: live, over the registers as they stand, or in a release, over its snapshot.

Both are a :class:`Desk` and answer the same questions by the same expressions. An answer is remembered together with
the versions of the tables that it was computed from (``kernel.models.SourceVersion``), so that a change makes stale
what reads the changed table and nothing else. A release never changes, so its answers hold for good.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from jineng.briefs.composition import Reader
from jineng.engines.measures import (
    PLACING,
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
    tables_behind,
)
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.memory import Versions, memory, source_versions, state_of

T = TypeVar("T")
Pair = tuple[str, Period]
_ROW = 8
"""Pieces that a row of a record weighs."""


@dataclass(frozen=True)
class Desk:
    """One place to look figures up.

    ``versions`` are those of the tables; without them the data never change. ``composing`` reads for whoever composes
    a brief, out of the same memory.
    """

    name: str
    reader: Reader
    versions: Versions | None = field(default=None, hash=False)

    def state(self, tables: Iterable[str]) -> Hashable:
        """What an answer that was computed from ``tables`` holds for."""
        if self.versions is None:
            return self.name
        return self.name, state_of(self.versions, tables)

    @property
    def edition(self) -> Hashable:
        """The state of everything."""
        return self.state(self.reader.sources.names())

    @property
    def composing(self) -> Reader:
        """The reader for a brief, which remembers as the desk does."""
        return _Remembering(self.reader.engine, self.reader.catalogue, self.reader.sources, self)

    def _behind(self, key: str, period: Period, also: frozenset[str] = frozenset()) -> Hashable:
        if self.versions is None:
            return self.name
        return self.state(tables_behind(self.reader.catalogue, self.reader.sources, key, period) | also)

    def measure(self, pairs: tuple[Pair, ...]) -> dict[Pair, Measured]:
        """Figures in periods; those that are not known yet from one query."""
        reader = self.reader
        questions: dict[Pair, Hashable] = {pair: ("value", *pair, self._behind(*pair)) for pair in pairs}
        known = memory.recall(questions.values())
        unknown = [pair for pair, question in questions.items() if question not in known]
        if unknown:
            found = measure_many(reader.engine, reader.catalogue, reader.sources, unknown)
            fresh: dict[Hashable, Any] = {questions[pair]: measured for pair, measured in found.items()}
            memory.remember(fresh)
            known |= fresh
        return {pair: known[question] for pair, question in questions.items()}

    def drill(self, key: str, period: Period, by: str, within: str | None) -> Drill:
        """The parts of a figure along a place or a dimension."""
        reader = self.reader
        return memory.answer(
            ("drill", key, period, by, within, self._behind(key, period, PLACING)),
            lambda: drill(reader.engine, reader.catalogue, reader.sources, key, period, by=by, within=within),
            lambda found: 2 * len(found.parts),
        )

    def records(self, key: str, period: Period, within: str | None, limit: int, offset: int) -> Page:
        """A page of the records behind a figure."""
        reader = self.reader
        return memory.answer(
            ("records", key, period, within, limit, offset, self._behind(key, period, PLACING)),
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
            lambda found: _ROW * len(found.rows),
        )

    def records_of(
        self, key: str, period: Period, within: str | None, ids: tuple[UUID, ...]
    ) -> tuple[dict[str, Any], ...]:
        """The rows of some of the records behind a figure, in the order of ``ids``."""
        reader = self.reader
        return memory.answer(
            ("rows", key, period, within, ids, self._behind(key, period, PLACING)),
            lambda: records_of(reader.engine, reader.catalogue, reader.sources, key, period, ids, within=within),
            lambda found: _ROW * len(found) + len(ids),
        )

    def record_ids(self, key: str, period: Period, within: str | None) -> dict[str, tuple[UUID, ...]]:
        """Ids of all records behind a figure, by record type."""
        reader = self.reader
        return memory.answer(
            ("ids", key, period, within, self._behind(key, period, PLACING if within else frozenset())),
            lambda: record_ids(reader.engine, reader.catalogue, reader.sources, key, period, within=within),
            lambda found: sum(map(len, found.values())),
        )

    def keep(self, question: tuple[Hashable, ...], find: Callable[[], T]) -> T:
        """Keep any other answer that holds as long as no table changes."""
        return memory.answer(("kept", *question, self.edition), find, lambda found: 1000)


@dataclass(frozen=True)
class _Remembering(Reader):
    """Reads figures by way of a desk."""

    desk: Desk

    def measure(self, wanted: list[Pair]) -> dict[Pair, Measured]:
        return self.desk.measure(tuple(pair for pair in wanted if pair[0] in self.catalogue))

    def drill(self, key: str, period: Period, by: str) -> Drill:
        return self.desk.drill(key, period, by, None)


def live_desk() -> Desk:
    """The registers as they stand at this moment."""
    return Desk("live", Reader(live_engine, indicators, sources), source_versions())


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
    return Desk(f"snapshot {folder}", reader)

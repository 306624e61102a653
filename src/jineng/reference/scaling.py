"""An N-fold province out of a snapshot of the reference year: organisations, people and events grow, places stay.

Copy 0 is the year itself. In every other copy each id of a thing that belongs to an organisation or a person is another
one, the same wherever it is named, so that every copy is a province of its own beside the others in the same cities
and counties. What belongs to nobody (divisions, the catalogue of majors, calls and their batches) is shared. The
files are written by DuckDB as a stream, one copy after the other, so that size is bounded by the disk and not by the
memory, and a copy compresses no better for the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import duckdb
from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import ForeignKey

from jineng.engines.measures import SourceTable
from jineng.kernel.measures import sources
from jineng.registry.models import Organisation, Person

Progress = Callable[[str, int, int], None]
GROWING: tuple[type[Model], ...] = (Organisation, Person)
ROW_GROUP = 122_880
HEADS = 1 << 32
STEP = 2_654_435_761
"""Odd, so that its multiples differ for as many copies as there are heads."""


def scale_snapshot(
    source: Path,
    target: Path,
    times: int,
    progress: Progress = lambda name, done, total: None,
    memory: str = "4GB",
) -> dict[str, int]:
    """Write ``times`` copies of the snapshot in ``source`` into ``target``; returns rows by table.

    Raises:
        ValueError: ``times`` is less than one.
    """
    if times < 1:
        raise ValueError(f"倍数应至少为 1，不是 {times}。 The scale is 1 at the least, not {times}.")
    target.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit = '{memory}'; SET preserve_insertion_order = false")
    rows: dict[str, int] = {}
    names = sources.names()
    for position, name in enumerate(names):
        progress(name, position, len(names))
        path, draft = target / f"{name}.parquet", target / f".{name}.parquet.part"
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE once AS FROM read_parquet(?)", [str(source / f"{name}.parquet")]
        )
        copies = " UNION ALL ".join(_copy(sources[name], number) for number in range(times if grows(name) else 1))
        # Ids fill no dictionary: without a limit the writer tries for every row group.
        connection.execute(
            f"COPY ({copies}) TO '{draft}' "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT 2000)"
        )
        draft.replace(path)
        rows[name] = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchall()[0][0]
    progress("", len(names), len(names))
    return rows


@cache
def grows(table: str) -> bool:
    """Whether the rows of a source belong to an organisation or a person, directly or through what they name."""
    return _grows(_models()[table], frozenset())


def _grows(model: type[Model], seen: frozenset[type[Model]]) -> bool:
    if model in GROWING:
        return True
    if model in seen:
        return False
    return any(
        _grows(field.related_model, seen | {model})
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and isinstance(field.related_model, type)
    )


def _models() -> Mapping[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def _copy(source: SourceTable, number: int) -> str:
    """The rows of one copy: in all but the first, an id of what grows begins with a head of that copy's own."""
    head = f"{number * STEP % HEADS:08x}"
    columns = ", ".join(
        f'\'{head}\' || substr("{column}", 9) AS "{column}"'
        if number and kind == "uuid" and _named_grows(source.name, column)
        else f'"{column}"'
        for column, kind in source.columns.items()
    )
    return f"SELECT {columns} FROM once"  # noqa: S608


@cache
def _named_grows(table: str, column: str) -> bool:
    """Whether what a column names grows; an id of another room's thing (no foreign key) is taken to."""
    model = _models()[table]
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    if isinstance(field, ForeignKey) and isinstance(field.related_model, type):
        return _grows(field.related_model, frozenset())
    return grows(table)

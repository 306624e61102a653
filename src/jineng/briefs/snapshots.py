"""Snapshots: every declared source as one Parquet file, de-identified, ordered, the same bytes for the same data.

Ids of people are replaced by pseudonyms that hold within one snapshot only: the first half of the SHA-256 of the
snapshot's secret key and the id. The key is kept nowhere, so nobody can follow a person from a snapshot to the next or
back to the register; who is the same person within the snapshot stays countable.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
from django.db import connection, transaction
from psycopg import sql

from jineng.engines.measures import SourceTable
from jineng.kernel.measures import sources, system_reader

ARROW = {
    "string": pa.string(),
    "uuid": pa.string(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "timestamp('UTC')": pa.timestamp("us", tz="UTC"),
}
NULL = "\\N"
Progress = Callable[[str, int, int], None]


def write_snapshot(
    folder: Path, progress: Progress = lambda name, done, total: None, *, key: bytes | None = None
) -> dict[str, dict[str, object]]:
    """Write all sources into ``folder`` as they stand at one moment; returns rows and SHA-256 by table.

    ``key`` makes the pseudonyms of people; without it a new one is drawn and forgotten. The tables are locked against
    writers (not readers) for as long as it takes, so that they fit together; they are read as the system reader, which
    has no right to any other column.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = sources.names()
    key = key or secrets.token_bytes(32)
    written: dict[str, dict[str, object]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        tables = sql.SQL(", ").join(sql.Identifier(name) for name in names)
        cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(tables))
        with system_reader() as facts:
            for position, name in enumerate(names):
                progress(name, position, len(names))
                table = _read(facts, sources[name], key)
                path = folder / f"{name}.parquet"
                parquet.write_table(table, path, compression="zstd", version="2.6", store_schema=False)
                written[name] = {"rows": table.num_rows, "sha256": file_digest(path)}
    progress("", len(names), len(names))
    return written


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(cursor: object, source: SourceTable, key: bytes) -> pa.Table:
    columns = list(source.columns)
    query = sql.SQL("COPY (SELECT {columns} FROM {table} ORDER BY {key}) TO STDOUT (FORMAT csv, NULL {null})").format(
        columns=sql.SQL(", ").join(_column(source, name, key) for name in columns),
        table=sql.Identifier(source.name),
        key=sql.Identifier(columns[0]),
        null=sql.Literal(NULL),
    )
    buffer = io.BytesIO()
    with cursor.copy(query) as stream:  # type: ignore[attr-defined]
        for block in stream:
            buffer.write(block)
    types = {name: _arrow(kind) for name, kind in source.columns.items()}
    if not buffer.tell():
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    buffer.seek(0)
    return csv.read_csv(
        buffer,
        read_options=csv.ReadOptions(column_names=columns, use_threads=False, block_size=1 << 26),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            null_values=[NULL],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )


def _arrow(kind: str) -> pa.DataType:
    """The stored type: uuids and moments as listed, decimals and the like as the engine itself maps them."""
    return ARROW.get(kind) or ibis.dtype(kind).to_pyarrow()


def _column(source: SourceTable, name: str, key: bytes) -> sql.Composable:
    column = sql.Identifier(name)
    if name in source.pseudonyms:
        return sql.SQL("encode(substr(sha256({}::bytea || uuid_send({})), 1, 16), 'hex')::uuid").format(
            sql.Literal(key), column
        )
    if source.columns[name].startswith("timestamp"):
        return sql.SQL("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')").format(column)
    return column

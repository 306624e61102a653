"""One engine computing every figure over one province, in a process of its own: ``python -m benchmarks.figuring``.

Prints a JSON object: of each round the seconds and the seconds of processor time, the figures as text, the peak memory
in MiB. What the engine needs once in the life of a process (loading, writing the queries, the first touch of a Java
class) is done over a small province before anything is timed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import effort

YEAR = 2021
DUCKDB_MEMORY = "3GB"
"""What DuckDB may hold; with what it does not count the process stays under 4 GB."""
BATCH = 500_000
"""Rows that are put into PostgreSQL at a time."""


@dataclass(frozen=True)
class Opened:
    """What measures, and the process that does the work, itself or by those below it."""

    measure: Callable[[], dict[str, str]]
    process: int


def main() -> None:
    """Measure one engine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figuring", description=__doc__)
    parser.add_argument("engine", choices=sorted(WAYS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", type=Path, required=True, help="the small province")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()

    import django

    django.setup()
    open_over = WAYS[options.engine]
    open_over(options.small).measure()
    opened = open_over(options.folder)
    seconds, processor = [], []
    figures: dict[str, str] = {}
    for _ in range(options.rounds):
        start, spent = time.perf_counter(), effort.spent_by_all(opened.process)
        figures = opened.measure()
        seconds.append(time.perf_counter() - start)
        processor.append(effort.spent_by_all(opened.process) - spent)
    peak = effort.most_held(opened.process)
    print(json.dumps({"seconds": seconds, "processor": processor, "figures": figures, "peak": peak}))


def scan(folder: Path) -> Opened:
    """One pass over every file that a figure reads, with two aggregates of every column."""
    from jineng.kernel.measures import sources

    engine = _duckdb(folder)
    texts = []
    for name in read_tables():
        told = ", ".join(f'max("{column}")::VARCHAR, count("{column}")' for column in sources[name].columns)
        texts.append(f"SELECT {told} FROM read_parquet('{folder / name}.parquet')")  # noqa: S608

    def measure() -> dict[str, str]:
        for text in texts:
            engine.connection.execute(text).fetchall()
        return {}

    return Opened(measure, os.getpid())


def duckdb(folder: Path) -> Opened:
    """All figures by the program's planner on DuckDB."""
    engine = _duckdb(folder)
    return Opened(lambda: all_figures(engine), os.getpid())


def spark(folder: Path) -> Opened:
    """All figures by the program's planner on the cluster that ``JINENG_SPARK`` names."""
    from jineng.briefs.engines import reader_over

    engine = reader_over(folder, "spark").engine
    # `with-spark` started this process and the cluster.
    return Opened(lambda: all_figures(engine), os.getppid())


def postgres(folder: Path) -> Opened:
    """All figures by one plain query in the PostgreSQL that ``PEER_URL`` names, over analysed tables with keys."""
    import psycopg
    from psycopg.rows import dict_row

    from jineng.engines.measures import SqlEngine

    connection = psycopg.connect(os.environ["PEER_URL"], autocommit=True, row_factory=dict_row)
    _fill(connection, folder)
    connection.execute("SET work_mem = '256MB'; SET jit = off")

    def run(sql: str) -> list[dict[str, Any]]:
        return connection.execute(sql).fetchall()

    return Opened(lambda: all_figures(SqlEngine("postgres", run)), effort.parent(connection.info.backend_pid))


WAYS = {"scan": scan, "duckdb": duckdb, "spark": spark, "postgres": postgres}


def all_figures(engine: Any) -> dict[str, str]:
    """Every figure of the catalogue in the year, exactly."""
    from jineng.engines.measures import Period, values
    from jineng.kernel.measures import indicators, sources

    found = values(engine, indicators, sources, indicators.keys(), Period.year(YEAR))
    return {key: str(measured.value) for key, measured in found.items()}


def read_tables() -> list[str]:
    """The tables that a figure reads."""
    from jineng.engines.measures import Period, tables_behind
    from jineng.kernel.measures import indicators, sources

    year = Period.year(YEAR)
    return sorted(frozenset().union(*(tables_behind(indicators, sources, key, year) for key in indicators.keys())))  # noqa: SIM118


def _duckdb(folder: Path) -> Any:
    from jineng.engines.measures import DuckDBEngine
    from jineng.kernel.measures import sources

    engine = DuckDBEngine.over_parquet(folder, sources)
    engine.connection.execute(f"SET memory_limit = '{DUCKDB_MEMORY}'; SET temp_directory = '{folder / '.spill'}'")
    return engine


def _fill(connection: Any, folder: Path) -> None:
    """Temporary tables of the declared sources, filled from the Parquet files."""
    import duckdb as files
    from ibis import dtype
    from ibis.backends.sql.compilers import PostgresCompiler
    from pyarrow import csv

    from jineng.kernel.measures import sources

    reader = files.connect(":memory:")
    reader.execute("SET TimeZone = 'UTC'; SET threads = 1")
    plain = csv.WriteOptions(include_header=False)
    for name in read_tables():
        columns = sources[name].columns
        types = ", ".join(
            f'"{column}" {PostgresCompiler.type_mapper.to_string(dtype(kind))}' for column, kind in columns.items()
        )
        names = ", ".join(f'"{column}"' for column in columns)
        connection.execute(f'DROP TABLE IF EXISTS pg_temp."{name}"; CREATE TEMP TABLE "{name}" ({types})')
        rows = reader.execute(f"SELECT {names} FROM read_parquet('{folder / name}.parquet')")  # noqa: S608
        with connection.cursor() as cursor, cursor.copy(f'COPY "{name}" ({names}) FROM STDIN (FORMAT csv)') as copy:
            for batch in rows.to_arrow_reader(BATCH):
                text = io.BytesIO()
                csv.write_csv(batch, text, plain)
                copy.write(text.getbuffer())
        connection.execute(f'CREATE INDEX ON "{name}" ("{next(iter(columns))}"); ANALYZE "{name}"')


if __name__ == "__main__":
    main()

"""Engines over the invented province: DuckDB, and PostgreSQL on the suite's own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.datatypes as dt
import pytest
from ibis.backends.sql.compilers import PostgresCompiler
from tests.engines.measures import province

from jineng.engines.measures import Catalogue, DuckDBEngine, Engine, Sources, SqlEngine

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Build = Callable[[Rows], Engine]


@pytest.fixture(scope="session")
def sources() -> Sources:
    return province.fresh_sources()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return province.fresh_catalogue()


@pytest.fixture(scope="session", params=["duckdb", "postgres"])
def build(request: pytest.FixtureRequest, sources: Sources) -> Iterator[Build]:
    """Makes an engine that holds the given rows and nothing else."""
    if request.param == "duckdb":
        yield lambda rows: DuckDBEngine.over_rows(sources, rows)
        return
    dsn = request.getfixturevalue("server_dsn")
    import psycopg
    from psycopg.rows import dict_row

    with psycopg.connect(dsn, autocommit=True, row_factory=dict_row) as connection:
        for name in sources.names():
            columns = ", ".join(
                f'"{column}" {PostgresCompiler.type_mapper.to_string(dt.dtype(kind))}'
                for column, kind in sources[name].columns.items()
            )
            connection.execute(f'CREATE TEMP TABLE "{name}" ({columns})')

        def run(sql: str) -> list[dict[str, Any]]:
            return connection.execute(sql).fetchall()

        def filled(rows: Rows) -> Engine:
            for name in sources.names():
                connection.execute(f'TRUNCATE "{name}"')
                columns = list(sources[name].columns)
                marks = ", ".join(["%s"] * len(columns))
                with connection.cursor() as cursor:
                    cursor.executemany(
                        f'INSERT INTO "{name}" VALUES ({marks})',
                        [[row.get(column) for column in columns] for row in rows.get(name, ())],
                    )
            return SqlEngine("postgres", run)

        yield filled


@pytest.fixture
def engine(build: Build) -> Engine:
    return build(province.ROWS)

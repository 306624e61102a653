"""The Spark engine, for registers that outgrow one machine. Needs the extra package pyspark 4.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import ibis
from ibis.backends.sql.compilers import PySparkCompiler
from ibis.config import Config

from jineng.engines.measures.engine import Row, compiler_for


class _Options(Config):  # type: ignore[misc]
    treat_nan_as_null: bool = False


class SparkEngine:
    """Runs on a Spark session whose tables or views bear the declared names.

    Spark has no type for ids: they are text there. `session` is a pyspark.sql.SparkSession.
    """

    def __init__(self, session: Any) -> None:
        # ibis sets these options when it loads its Spark backend, which only compiling does not need.
        if ibis.options.pyspark is None:
            ibis.options.pyspark = _Options()
        self._session = session
        self._compiler = compiler_for(PySparkCompiler)

    @property
    def dialect(self) -> str:
        return "spark"

    def sql(self, expr: ibis.Table) -> str:
        """The SQL text of `expr`."""
        return self._compiler.sql(expr)

    def rows(
        self,
        expr: ibis.Table,
        *,
        within: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        only: Sequence[UUID] | None = None,
    ) -> list[Row]:
        """As in `Engine.rows`."""
        text = self._compiler.sql(expr, within=within, limit=limit, offset=offset, only=only)
        return [row.asDict() for row in self._session.sql(text).collect()]

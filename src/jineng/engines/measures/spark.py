"""The Spark engine, for registers that outgrow one machine. Needs the extra package pyspark 4.0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow.parquet as parquet
from ibis.backends.sql.compilers import PySparkCompiler
from ibis.config import Config

from jineng.engines.measures.engine import Row, SqlEngine
from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.source import Sources


class _Options(Config):  # type: ignore[misc]
    treat_nan_as_null: bool = False


class SparkEngine(SqlEngine):
    """Runs on a Spark session whose tables or views bear the declared names.

    Spark has no type for ids: they are text there. `session` is a pyspark.sql.SparkSession.
    """

    _compilers = {"spark": PySparkCompiler}
    shares_scans = True

    def __init__(self, session: Any) -> None:
        # ibis sets these options when it loads its Spark backend, which only compiling does not need.
        if ibis.options.pyspark is None:
            ibis.options.pyspark = _Options()
        super().__init__("spark", self._fetch)
        self._session = session

    @classmethod
    def over_parquet(cls, session: Any, directory: Path, sources: Sources) -> SparkEngine:
        """An engine over a snapshot: a temporary view over `<table>.parquet` for every declared table.

        The driver reads the columns of each file by itself: asked to find them, Spark runs a job for every file.
        Raises MeasureError for a file or a column that is missing.
        """
        from pyspark.sql.pandas.types import from_arrow_schema

        engine = cls(session)
        mapper = engine._compiler.type_mapper
        for name in sources.names():
            path = directory / f"{name}.parquet"
            if not path.is_file():
                raise MeasureError(
                    f"快照缺少文件 {path.name}（目录 {directory}）；请重新生成快照",
                    f"the snapshot lacks {path.name} (in {directory}); write the snapshot again",
                )
            stored = parquet.read_schema(path)
            if lacking := sorted(set(sources[name].columns) - set(stored.names)):
                raise MeasureError(
                    f"快照文件 {path.name} 缺少声明的列：{'、'.join(lacking)}",
                    f"the snapshot file {path.name} lacks the declared columns {', '.join(lacking)}",
                )
            frame = session.read.schema(from_arrow_schema(stored)).parquet(str(path))
            columns = [
                frame[column].cast(mapper.to_string(dt.dtype("string" if kind == "uuid" else kind))).alias(column)
                for column, kind in sources[name].columns.items()
            ]
            frame.select(*columns).createOrReplaceTempView(name)
        return engine

    def _fetch(self, text: str) -> list[Row]:
        return [row.asDict() for row in self._session.sql(text).collect()]

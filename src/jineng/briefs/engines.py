"""Which engine computes over a snapshot: DuckDB in this process, or a Spark cluster. Never a second way to count."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jineng.briefs.composition import Reader
from jineng.briefs.desk import open_snapshot
from jineng.engines.measures import MeasureError
from jineng.kernel.measures import indicators, sources

ENGINES = ("duckdb", "spark")


class EngineMissing(LookupError):
    """The engine asked for is not installed."""


def reader_over(folder: Path, engine: str = "duckdb") -> Reader:
    """A reader of the snapshot in ``folder`` by the named engine.

    Raises:
        EngineMissing: there is no such engine, or its package is not installed.
        MeasureError: the folder holds no snapshot.
    """
    if engine in ENGINES and not any(folder.glob("*.parquet")):
        raise MeasureError(f"目录 {folder} 里没有快照", f"the folder {folder} holds no snapshot")
    if engine == "duckdb":
        return open_snapshot(folder)
    if engine != "spark":
        raise EngineMissing(f"没有引擎“{engine}”；可用：{'、'.join(ENGINES)}。 There is no engine {engine!r}.")
    from jineng.engines.measures.spark import SparkEngine

    session = spark_session()
    return Reader(SparkEngine.over_parquet(session, folder, sources), indicators, sources)


def spark_session() -> Any:
    """The session of the cluster that ``JINENG_SPARK`` names (``spark://127.0.0.1:7077``), else of this machine.

    Raises:
        EngineMissing: pyspark is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(
            "未安装 Spark：请运行 pip install 'jineng[spark]'。 Spark is not installed: pip install 'jineng[spark]'."
        ) from error
    return (
        SparkSession.builder.appName("jineng")
        .master(os.environ.get("JINENG_SPARK", "local[*]"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", os.environ.get("JINENG_SPARK_PARTITIONS", "8"))
        .getOrCreate()
    )

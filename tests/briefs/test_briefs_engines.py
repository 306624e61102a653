"""Every figure is the same on every engine: live PostgreSQL, DuckDB over a snapshot, Spark over the same files."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from jineng.briefs.desk import live_desk
from jineng.briefs.engines import EngineMissing, reader_over
from jineng.briefs.snapshots import write_snapshot
from jineng.engines.measures import MeasureError, Period
from jineng.kernel.measures import indicators
from tests.reference_year import ReferenceYear, reference_year

__all__ = ["reference_year"]
YEARS = (2020, 2021, 2022)
WANTED = [(item.key, Period.year(year)) for item in indicators for year in YEARS]
NO_SPARK = importlib.util.find_spec("pyspark") is None or shutil.which("java") is None


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts")


def test_live_and_snapshot_agree_on_every_figure(reference_year: ReferenceYear, db: None, snapshot: Path) -> None:
    write_snapshot(snapshot)
    live = live_desk().measure(tuple(WANTED))
    frozen = reader_over(snapshot).measure(WANTED)
    assert {pair: found.value for pair, found in live.items()} == {pair: found.value for pair, found in frozen.items()}
    assert {pair: found.counted for pair, found in live.items()} == {
        pair: found.counted for pair, found in frozen.items()
    }


@pytest.mark.deep
@pytest.mark.skipif(NO_SPARK, reason="needs the extra package jineng[spark] and a Java runtime")
def test_spark_agrees_on_every_figure(reference_year: ReferenceYear, db: None, snapshot: Path) -> None:
    write_snapshot(snapshot)
    frozen = reader_over(snapshot).measure(WANTED)
    spark = reader_over(snapshot, "spark").measure(WANTED)
    assert {pair: found.value for pair, found in spark.items()} == {pair: found.value for pair, found in frozen.items()}


def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="没有引擎“abacus”"):
        reader_over(tmp_path, "abacus")
    with pytest.raises(MeasureError, match="没有快照"):
        reader_over(tmp_path)

"""Every figure is the same on every engine: live PostgreSQL, DuckDB over a snapshot, Spark over the same files."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import pytest

from jineng.briefs.desk import live_desk
from jineng.briefs.engines import ENGINES, EngineMissing, reader_over
from jineng.briefs.snapshots import write_snapshot
from jineng.engines.measures import DuckDBEngine, MeasureError, Period
from jineng.kernel.measures import indicators
from jineng.site.cli.snapshots import figures_over
from tests.reference_year import ReferenceYear, reference_year

__all__ = ["reference_year"]
YEARS = (2020, 2021, 2022)
WANTED = [(item.key, Period.year(year)) for item in indicators for year in YEARS]
SPARK_LEAVES_SOCKETS = "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
"""What pyspark asks of Java goes by sockets that it leaves to the collector."""
NO_SPARK = importlib.util.find_spec("pyspark") is None or "JINENG_SPARK" not in os.environ


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
def test_figures_that_share_scans_are_those_of_a_query_each(
    reference_year: ReferenceYear, db: None, snapshot: Path
) -> None:
    write_snapshot(snapshot)
    reader = reader_over(snapshot)
    assert isinstance(reader.engine, DuckDBEngine)
    reader.engine.shares_scans = True
    assert reader.measure(WANTED) == live_desk().measure(tuple(WANTED))


@pytest.mark.deep
@pytest.mark.skipif(NO_SPARK, reason="needs pyspark and a cluster of its own, as `make test-spark` gives it")
@pytest.mark.filterwarnings(SPARK_LEAVES_SOCKETS)
def test_three_engines_agree_on_every_figure(reference_year: ReferenceYear, db: None, snapshot: Path) -> None:
    write_snapshot(snapshot)
    live = live_desk().measure(tuple(WANTED))
    for engine in ENGINES:
        reader = reader_over(snapshot, engine)
        found = reader.measure(WANTED)
        differing = {pair: (live[pair], found[pair]) for pair in WANTED if live[pair] != found[pair]}
        assert not differing, engine
        alone = reader.measure(WANTED[:1])
        assert alone == {WANTED[0]: live[WANTED[0]]}


@pytest.mark.deep
@pytest.mark.skipif(NO_SPARK, reason="needs pyspark and a cluster of its own, as `make test-spark` gives it")
@pytest.mark.filterwarnings(SPARK_LEAVES_SOCKETS)
def test_every_engine_prints_the_same_bytes(
    reference_year: ReferenceYear, db: None, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_snapshot(snapshot)
    printed = set()
    for engine in ENGINES:
        assert figures_over(snapshot, engine, 2021, None, False) == 0
        printed.add(capsys.readouterr().out)
    assert len(printed) == 1
    assert len(json.loads(printed.pop())) == len(indicators)


def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="没有引擎“abacus”"):
        reader_over(tmp_path, "abacus")
    with pytest.raises(MeasureError, match="没有快照"):
        reader_over(tmp_path)

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import duckdb
import ibis
import pyarrow
import pytest
from pyarrow import parquet
from tests.engines.measures import province
from tests.engines.measures.province import KEYS, Y2021

from jineng.engines.measures import (
    Catalogue,
    DuckDBEngine,
    MeasureError,
    Over,
    Period,
    Sources,
    SourceTable,
    SqlEngine,
    drill,
    indicator,
    record_ids,
    records,
    records_expression,
    records_of,
    tables_behind,
    value,
)
from jineng.engines.measures.engine import ORGANISATION, PLACE
from jineng.engines.measures.spark import SparkEngine

ORG = ibis.uuid(province.ORGANISATIONS["A"])


def snapshot(directory: Path, sources: Sources, *, ids_as_text: bool) -> None:
    held = DuckDBEngine.over_rows(sources, province.ROWS).connection
    for name in sources.names():
        columns = ", ".join(
            f'CAST("{column}" AS VARCHAR) AS "{column}"' if kind == "uuid" and ids_as_text else f'"{column}"'
            for column, kind in sources[name].columns.items()
        )
        held.execute(f"COPY (SELECT {columns} FROM \"{name}\") TO '{directory}/{name}.parquet' (FORMAT parquet)")


class TestParquet:
    @pytest.mark.parametrize("ids_as_text", [True, False])
    def test_a_snapshot_gives_the_same_as_the_tables(
        self, tmp_path: Path, sources: Sources, catalogue: Catalogue, ids_as_text: bool
    ) -> None:
        snapshot(tmp_path, sources, ids_as_text=ids_as_text)
        frozen = DuckDBEngine.over_parquet(tmp_path, sources)
        live = DuckDBEngine.over_rows(sources, province.ROWS)
        for key in KEYS:
            for by in ("city", "county", "organisation", "level"):
                assert drill(frozen, catalogue, sources, key, Y2021, by) == drill(
                    live, catalogue, sources, key, Y2021, by
                )
            assert records(frozen, catalogue, sources, key, Y2021) == records(live, catalogue, sources, key, Y2021)

    def test_a_missing_file_is_named(self, tmp_path: Path, sources: Sources) -> None:
        with pytest.raises(MeasureError, match=r"缺少文件 calls_award\.parquet"):
            DuckDBEngine.over_parquet(tmp_path, sources)

    def test_a_missing_column_is_named(self, tmp_path: Path) -> None:
        duckdb.sql("SELECT 1 AS a").write_parquet(f"{tmp_path}/facts.parquet")
        with pytest.raises(MeasureError, match=r"facts\.parquet does not hold the declared columns"):
            DuckDBEngine.over_parquet(tmp_path, Sources(SourceTable("facts", {"b": "int64"})))


def test_rows_that_lack_a_column_have_null_there() -> None:
    sources = Sources(SourceTable("facts", {"on": "int64", "note": "string"}))
    engine = DuckDBEngine.over_rows(sources, {"facts": [{"on": 1, "note": "a"}, {"on": 2}]})
    rows = engine.rows(sources.table("facts").order_by("on"))
    assert rows == [{"on": 1, "note": "a"}, {"on": 2, "note": None}]
    assert engine.dialect == "duckdb"


class TestSql:
    def test_each_expression_is_compiled_once(self, sources: Sources, catalogue: Catalogue) -> None:
        asked: list[str] = []

        def run(sql: str) -> list[dict[str, Any]]:
            asked.append(sql)
            return [{"slot": 0, "counted": 4, "amount": 4}]

        engine = SqlEngine("postgres", run)
        engine._compiler._text.cache_clear()
        for year in (1901, 1902, 1901):
            assert value(engine, catalogue, sources, "awards", Period.year(year)).value == 4
        assert len(asked) == 3
        assert engine._compiler._text.cache_info().misses == 1
        assert SqlEngine("postgres", run)._compiler is engine._compiler
        assert asked[0] == asked[2] == asked[1].replace("1902", "1901")
        assert '"calls_award"' in asked[0]
        assert engine.dialect == "postgres"

    def test_no_text_can_leave_its_quotes(self, sources: Sources, catalogue: Catalogue) -> None:
        engine = DuckDBEngine.over_rows(sources, province.ROWS)
        evil = "x'; DROP TABLE calls_award; --"
        for ask in (drill, records, record_ids):
            with pytest.raises(MeasureError, match="letters, digits and hyphens only"):
                ask(engine, catalogue, sources, "awards", Y2021, **{"by": "city"} if ask is drill else {}, within=evil)
        assert value(engine, catalogue, sources, "awards", Y2021).value == 10
        sql = SqlEngine("postgres", lambda sql: []).sql(records_expression(catalogue, sources, "awards", Y2021, evil))
        assert "'x''; DROP TABLE" in sql

    def test_one_text_serves_all_places_and_pages(self, sources: Sources, catalogue: Catalogue) -> None:
        asked: list[str] = []

        def run(sql: str) -> list[dict[str, Any]]:
            asked.append(sql)
            return [{"total": 0}]

        engine = SqlEngine("postgres", run)
        engine._compiler._text.cache_clear()
        for within in ("990100", "990200", "00000000000000000000000000000001"):
            records(engine, catalogue, sources, "awards", Period.year(1902), within=within, limit=5, offset=10)
        assert engine._compiler._text.cache_info().misses == 4
        assert asked[0].endswith(" LIMIT 5 OFFSET 10")
        assert asked[0].replace("990100", "990200") == asked[2]
        assert "CAST('00000000-0000-0000-0000-000000000001' AS UUID)" in asked[4]
        assert not any(PLACE in sql or ORGANISATION in sql for sql in asked)

    def test_an_indicator_that_looks_at_its_days_is_built_for_each_period(self, sources: Sources) -> None:
        @indicator(
            key="awards_by_the_law",
            label="获奖",
            label_en="awards",
            unit="项",
            over=Over.CUMULATIVE,
            room="calls",
            record_type="award",
        )
        def by_the_law(sources: Sources, period: Period) -> ibis.Table:
            """新法起只计甲校的。"""
            found = province.fresh_catalogue().get("awards").records(sources, period)
            return found.filter(found.organisation_id == ORG) if period.end.year > 2020 else found

        catalogue = Catalogue(by_the_law)
        engine = DuckDBEngine.over_rows(sources, province.ROWS)
        older, newer = (value(engine, catalogue, sources, by_the_law.key, Period.year(year)) for year in (2020, 2021))
        assert older.value == value(engine, province.fresh_catalogue(), sources, "awards", Period.year(2020)).value
        assert newer.value < value(engine, province.fresh_catalogue(), sources, "awards", Y2021).value
        assert tables_behind(catalogue, sources, by_the_law.key, Y2021) == {"calls_award"}

    def test_some_records_are_asked_for_by_id(self, sources: Sources, catalogue: Catalogue) -> None:
        asked: list[str] = []
        engine = SqlEngine("postgres", lambda sql: asked.append(sql) or [])
        one, other = UUID(int=1), UUID(int=2)
        assert records_of(engine, catalogue, sources, "awards", Y2021, [one, other], within="990100") == ()
        assert asked[0].endswith(f" AS listed WHERE record_id IN ('{one}', '{other}')")
        assert records_of(engine, catalogue, sources, "awards", Y2021, []) == ()
        assert len(asked) == 1
        with pytest.raises(ValueError, match="badly formed"):
            records_of(engine, catalogue, sources, "awards", Y2021, ["x') OR ('1' = '1"])  # type: ignore[list-item]

    def test_an_unknown_dialect(self) -> None:
        with pytest.raises(MeasureError, match="use one of postgres, duckdb"):
            SqlEngine("oracle", lambda sql: [])


class Spark:
    """Stands for a Spark session: keeps the SQL and gives prepared rows."""

    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        self.asked: list[str] = []
        self._rows = rows

    def sql(self, text: str) -> Spark:
        self.asked.append(text)
        return self

    def collect(self) -> list[Any]:
        class Row(dict[str, Any]):
            asDict = dict.copy  # noqa: N815

        return [Row(row) for row in self._rows]


class TestSpark:
    def test_it_compiles_to_spark_sql_and_reads_rows(self, sources: Sources, catalogue: Catalogue) -> None:
        session = Spark([{"slot": 0, "counted": 2, "amount": 7}])
        engine = SparkEngine(session)
        assert engine.dialect == "spark"
        assert value(engine, catalogue, sources, "money", Y2021).value == 7
        assert "SUM(CAST(" in session.asked[0]
        assert "`calls_award`" in session.asked[0]

    def test_ids_are_compared_as_text(self, sources: Sources, catalogue: Catalogue) -> None:
        organisation = str(province.ORGANISATIONS["A"])
        sql = SparkEngine(Spark([])).sql(records_expression(catalogue, sources, "money_per_award", Y2021, organisation))
        assert f"= '{organisation}'" in sql
        assert "UUID" not in sql


class Frame:
    """A stand-in for Spark's: remembers what is asked of it."""

    def __init__(self, views: dict[str, list[str]]) -> None:
        self._views, self._chosen = views, list[str]()

    def __getitem__(self, column: str) -> Frame:
        found = Frame(self._views)
        found._chosen = [column]
        return found

    def cast(self, kind: str) -> Frame:
        self._chosen = [f"{self._chosen[0]} {kind}"]
        return self

    def alias(self, name: str) -> str:
        return f"{self._chosen[0]} {name}"

    def select(self, *columns: str) -> Frame:
        self._chosen = list(columns)
        return self

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802 Spark's name
        self._views[name] = self._chosen


class Session:
    """A stand-in for a session of Spark: reads any file, and answers any text with one row."""

    def __init__(self) -> None:
        self.views: dict[str, list[str]] = {}
        self.read = self

    def schema(self, names: list[str]) -> Session:
        self.names = names
        return self

    def parquet(self, path: str) -> Frame:
        assert Path(path).is_file()
        return Frame(self.views)

    def sql(self, text: str) -> Session:
        self.text = text
        return self

    def collect(self) -> list[Session]:
        return [self]

    def asDict(self) -> dict[str, int]:  # noqa: N802 Spark's name
        return {"value": 7}


def test_spark_is_given_a_view_over_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Spark; with it, on a cluster, the figures are held by `make test-spark`."""
    for name in ("pyspark", "pyspark.sql", "pyspark.sql.pandas", "pyspark.sql.pandas.types"):
        module = ModuleType(name)
        vars(module)["from_arrow_schema"] = lambda schema: schema.names
        monkeypatch.setitem(sys.modules, name, module)
    sources, session = Sources(SourceTable("item", {"id": "uuid", "day": "date"})), Session()
    with pytest.raises(MeasureError, match=r"lacks item\.parquet"):
        SparkEngine.over_parquet(session, tmp_path, sources)
    parquet.write_table(pyarrow.table({"id": ["a"]}), tmp_path / "item.parquet")
    with pytest.raises(MeasureError, match="lacks the declared columns day"):
        SparkEngine.over_parquet(session, tmp_path, sources)
    parquet.write_table(
        pyarrow.table({"id": ["a"], "day": [date(2021, 1, 1)], "other": [1]}), tmp_path / "item.parquet"
    )
    engine = SparkEngine.over_parquet(session, tmp_path, sources)
    assert session.names == ["id", "day", "other"]
    assert session.views == {"item": ["id STRING id", "day DATE day"]}
    assert engine._fetch("SELECT 7 AS value") == [{"value": 7}]

"""What is compiled once is not compiled again, by no process, as long as the program stays as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import ibis
import pytest
from tests.engines.measures.province import Y2021

from jineng.engines.measures import (
    Catalogue,
    Count,
    DuckDBEngine,
    Indicator,
    Over,
    Period,
    Shelf,
    Sources,
    as_records,
    drill,
    record_ids,
    records,
    records_of,
    tables_behind,
    values,
)
from jineng.engines.measures.period import ANY_PERIOD
from jineng.engines.measures.places import DIVISION, ORGANISATION_STATE
from jineng.engines.measures.source import SourceTable
from jineng.engines.measures.standard import as_built

ROWS = {
    "item": [
        {"id": f"00000000-0000-4000-8000-00000000000{n}", "day": day}
        for n, day in enumerate(["2021-01-01", "2021-12-31", "2022-01-01"])
    ]
}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(lambda: tmp_path / "shelf" / "one.sqlite")


@pytest.fixture
def items() -> Sources:
    return Sources(SourceTable("item", {"id": "uuid", "day": "date"}))


class Built:
    """Two figures, and how often each was built; `looks` looks at the days of the period."""

    def __init__(self) -> None:
        self.times: list[str] = []

    def catalogue(self, shelf: Shelf, sources: Sources) -> Catalogue:
        found = Catalogue(*(self._figure(key) for key in ("plain", "looks")))
        found.keep_on(shelf, sources)
        return found

    def _figure(self, key: str) -> Indicator:
        def given(sources: Sources, period: Period) -> ibis.Table:
            self.times.append(key)
            item = sources.table("item")
            if key == "looks":
                item = item.filter(item.day >= period.start.isoformat())
            return as_records(
                item.filter(period.holds(item.day)),
                record_type="item",
                record_id=item.id,
                organisation_id=item.id,
                on=item.day,
                label=ibis.literal("item"),
            )

        return Indicator(
            key=key,
            label=key,
            label_en=key,
            definition=key,
            room="rooms",
            unit="项",
            over=Over.FLOW,
            record_type="item",
            aggregate=Count(),
            records=given,
        )


def test_what_is_put_there_lasts(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.get("one") is None
    shelf.put("one", "eins")
    assert shelf.get("one") == "eins"
    other = Shelf(lambda: tmp_path / "shelf" / "one.sqlite")
    assert (other.get("one"), other.get("two")) == ("eins", None)
    other.put("two", "zwei")
    assert shelf.get("two") == "zwei"
    third = Shelf(lambda: tmp_path / "shelf" / "one.sqlite")
    assert (third.get("one"), third.get("two")) == ("eins", "zwei")


def test_looking_writes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.get("one") is None
    assert list(tmp_path.iterdir()) == []


def test_a_shelf_of_another_program_goes(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("one", "eins")
    newer = Shelf(lambda: tmp_path / "shelf" / "two.sqlite")
    assert newer.get("one") is None
    newer.put("one", "uno")
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == ["two.sqlite"]


@pytest.mark.parametrize("content", ["", "{", "SQLite format 3\0" + 100 * "x", 5000 * "\xff"])
def test_what_cannot_be_read_is_compiled_again(shelf: Shelf, tmp_path: Path, content: str) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "one.sqlite").write_bytes(content.encode("latin-1"))
    assert shelf.get("one") is None
    shelf.put("one", "eins")
    assert Shelf(lambda: tmp_path / "shelf" / "one.sqlite").get("one") == "eins"


def test_where_nothing_can_be_written_it_is_known_here_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(lambda: tmp_path / "file" / "one.sqlite")
    shelf.put("one", "eins")
    assert shelf.get("one") == "eins"


def test_another_process_builds_nothing(shelf: Shelf, items: Sources) -> None:
    engine = DuckDBEngine.over_rows(items, ROWS)
    first, second = Built(), Built()
    found = values(engine, first.catalogue(shelf, items), items, ["plain", "looks"], Y2021)
    assert [figure.value for figure in found.values()] == [2, 2]
    assert set(first.times) == {"plain", "looks"}

    catalogue = second.catalogue(shelf, items)
    again = values(engine, catalogue, items, ["plain", "looks"], Y2021)
    assert {key: figure.value for key, figure in again.items()} == {"plain": 2, "looks": 2}
    assert tables_behind(catalogue, items, "plain", Y2021) == {"item"}
    assert as_built(catalogue, items, "plain", Y2021) is ANY_PERIOD
    assert second.times == ["plain"]

    later = values(engine, catalogue, items, ["plain", "looks"], Period.year(2022))
    assert [figure.value for figure in later.values()] == [1, 1]
    assert second.times == ["plain", "looks"]


def test_another_process_opens_what_stands_behind_without_building_it(shelf: Shelf) -> None:
    placed = Sources(SourceTable("item", {"id": "uuid", "day": "date"}), ORGANISATION_STATE, DIVISION)
    engine = DuckDBEngine.over_rows(placed, ROWS)
    first, second = Built(), Built()
    told = [_opened(engine, each.catalogue(shelf, placed), placed) for each in (first, second)]
    assert told[0] == told[1]
    assert set(first.times) == {"plain"}
    assert second.times == []


def _opened(engine: DuckDBEngine, catalogue: Catalogue, sources: Sources) -> tuple[object, ...]:
    """All that can be asked of what stands behind a figure."""
    page = records(engine, catalogue, sources, "plain", Y2021, limit=1)
    ids = [row["record_id"] for row in page.rows]
    assert (page.total, [type(one) for one in ids]) == (2, [UUID])
    return (
        page,
        drill(engine, catalogue, sources, "plain", Y2021, "city"),
        record_ids(engine, catalogue, sources, "plain", Y2021),
        records_of(engine, catalogue, sources, "plain", Y2021, ids),
    )


def test_over_other_sources_nothing_is_kept(shelf: Shelf, items: Sources, tmp_path: Path) -> None:
    built = Built()
    elsewhere = Sources(SourceTable("item", {"id": "uuid", "day": "date"}))
    engine = DuckDBEngine.over_rows(elsewhere, ROWS)
    assert values(engine, built.catalogue(shelf, items), elsewhere, ["plain"], Y2021)["plain"].value == 2
    assert list(tmp_path.iterdir()) == []


def test_a_shelf_in_use_is_left_as_it_is(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("one", "eins")
    monkeypatch.setattr("jineng.engines.measures.shelf.PATIENCE", 0.01)
    with closing(sqlite3.connect(tmp_path / "shelf" / "one.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        shelf.put("two", "zwei")
    assert shelf.get("two") == "zwei"
    again = Shelf(lambda: tmp_path / "shelf" / "one.sqlite")
    assert (again.get("one"), again.get("two")) == ("eins", None)


def test_what_belongs_to_a_shelf_stays_beside_it(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    for name in ("one.sqlite.note", "old.sqlite"):
        (tmp_path / "shelf" / name).touch()
    shelf.put("one", "eins")
    assert {path.name for path in (tmp_path / "shelf").iterdir()} >= {"one.sqlite", "one.sqlite.note"}
    assert not (tmp_path / "shelf" / "old.sqlite").exists()

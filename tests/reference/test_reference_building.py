"""Workbooks on disk: the same bytes each time, written only when something changed, readable by the importer."""

from __future__ import annotations

import gc
import hashlib

import pytest

from jineng.engines.exchange import read as read_book
from jineng.kernel.returns import the_book
from jineng.reference import building
from jineng.reference.building import NotBuilt, build_returns, built_returns, returns_folder
from jineng.reference.year import Numbers
from tests.reference.small_year import NAMES, small_year


@pytest.fixture
def small(settings, tmp_path, monkeypatch):
    """A working folder of its own and a small year in place of the reference year."""
    settings.VAR = tmp_path
    year = small_year(Numbers(recognised=3, refused=1, voided=1, withdrawn_later=1))
    monkeypatch.setattr(building, "read_specification", lambda number: year)
    monkeypatch.setattr(building, "catalogue_names", lambda edition: NAMES)
    return monkeypatch


def contents(year):
    return {path.name: path.read_bytes() for path in returns_folder(year).iterdir()}


def silent(label, done, total):
    """Nobody watches."""


def test_building_twice_from_nothing_gives_the_same_bytes(small):
    build_returns(2021, silent)
    first = contents(2021)
    for path in returns_folder(2021).iterdir():
        path.unlink()
    build_returns(2021, silent)
    assert contents(2021) == first
    assert len(first) == 4


def test_several_processes_write_the_same_bytes(small):
    build_returns(2021, silent)
    alone = contents(2021)
    for path in returns_folder(2021).iterdir():
        path.unlink()
    small.setattr(building, "MANY", 1)
    small.setattr(building, "processors", lambda: 2)
    told = []
    build_returns(2021, lambda *step: told.append(step))
    assert contents(2021) == alone
    assert [done for _, done, _ in told] == [0, 1, 2, 3]


def test_a_process_that_takes_over_writes_what_was_planned(small):
    year = building.read_specification(2021)
    planned = building.plan_returns(year, NAMES)
    returns_folder(2021).mkdir(parents=True)
    small.setattr(building, "_planned", [])
    building._take_over(planned)
    gc.unfreeze()
    digest = building._write_planned(1)
    assert hashlib.sha256((returns_folder(2021) / planned[1].file_name).read_bytes()).hexdigest() == digest


def test_what_is_up_to_date_is_left_alone(small):
    told = []
    built = build_returns(2021, silent)
    small.setattr(building, "plan_returns", None)
    assert build_returns(2021, lambda *step: told.append(step)) == built == built_returns(2021)
    assert told == [("", 3, 3)]


def test_a_changed_input_or_a_lost_file_is_built_again_and_strays_go(small):
    built = build_returns(2021, silent)
    stray = returns_folder(2021) / "09-旧.xlsx"
    stray.write_bytes(b"old")
    (returns_folder(2021) / built[0].file_name).unlink()
    assert build_returns(2021, silent) == built
    assert not stray.exists()
    small.setattr(building, "catalogue_names", lambda edition: {**NAMES, "410102": "别名"})
    assert [item.digest for item in build_returns(2021, silent)] != [item.digest for item in built]


def test_progress_names_each_workbook(small):
    told = []
    build_returns(2021, lambda *step: told.append(step))
    assert [done for _, done, _ in told] == [0, 1, 2, 3]
    assert told[0] == ("01-620000-省教育厅.xlsx", 0, 3)


def test_what_was_not_built_is_said(small):
    with pytest.raises(NotBuilt, match="还没有生成"):
        built_returns(2021)


@pytest.mark.deep
def test_the_year_s_workbooks_read_without_an_error(settings, tmp_path):
    settings.VAR = tmp_path
    built = build_returns(2021, silent)
    for item in (built[0], built[1], built[-1]):
        reading = read_book((returns_folder(2021) / item.file_name).read_bytes(), the_book())
        assert reading.errors == ()

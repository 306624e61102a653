"""A province many times the size: what belongs to somebody grows, what belongs to nobody is shared."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from jineng.briefs.desk import open_snapshot
from jineng.briefs.snapshots import write_snapshot
from jineng.engines.measures import Period
from jineng.kernel.actors import acting
from jineng.kernel.measures import sources
from jineng.reference.scaling import grows, scale_snapshot
from tests.calls.small_world import award, batch, call
from tests.factories import World

Y2021 = Period.year(2021)


def test_what_belongs_to_somebody_grows() -> None:
    assert grows("calls_award")
    assert grows("calls_awardstatus")
    assert grows("registry_organisationstate")
    assert not grows("registry_division")
    assert not grows("majors_major")
    assert not grows("calls_batch")


def test_every_copy_is_a_province_of_its_own(world: World, tmp_path: Path) -> None:
    with acting(world.actor("province_officer")):
        of = batch(world, call(world, "micro-course", name="微课"))
        award(world, of, "county_school", "甲课")
        award(world, of, "other_school", "乙课")
    write_snapshot(tmp_path / "1", key=b"0" * 32)
    told: list[str] = []
    rows = scale_snapshot(tmp_path / "1", tmp_path / "3", 3, lambda name, done, total: told.append(name))
    assert set(rows) == set(told) - {""} == set(sources.names())
    for name, count in rows.items():
        once = parquet.read_table(tmp_path / "1" / f"{name}.parquet")
        assert count == once.num_rows * (3 if grows(name) else 1)
        table = parquet.read_table(tmp_path / "3" / f"{name}.parquet")
        assert table.column_names == once.column_names
        by_key = {next(iter(row.values())): row for row in table.to_pylist()}
        assert len(by_key) == count
        assert all(by_key[next(iter(row.values()))] == row for row in once.to_pylist())
    one, three = (open_snapshot(tmp_path / name) for name in ("1", "3"))
    wanted = [("micro_courses", Y2021)]
    assert one.measure(wanted)[wanted[0]].value == 2
    assert three.measure(wanted)[wanted[0]].value == 6


def test_less_than_one_is_no_scale(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="至少为 1"):
        scale_snapshot(tmp_path, tmp_path / "0", 0)

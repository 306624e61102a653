"""Snapshots hold what is declared and nothing of people, in the same bytes for the same data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from jineng.briefs.snapshots import file_digest, write_snapshot
from jineng.calls.models import Award
from jineng.calls.verbs import add_holder, correct_award
from jineng.kernel.actors import acting
from jineng.kernel.measures import sources
from jineng.registry.verbs.people import PersonRow, ensure_people, merge_people
from tests.calls.small_world import award, batch, call, resident
from tests.factories import LONG_AGO, World

SECRET = "欧阳不可说"
TRICKY = '引号"、逗号,、换行与\\N'


def with_a_person(world: World) -> None:
    """A studio whose title tells its leader's name."""
    actor = world.actor("province_officer")
    with acting(actor):
        row = PersonRow(SECRET, resident(7), world["county_school"].pk, LONG_AGO, synthetic=True)
        (person,) = ensure_people(actor=actor, rows=[row])
        of = batch(world, call(world, "master-teacher-studio", holder_form="studio"))
        studio = award(world, of, "county_school", f"{SECRET}名师工作室")
        add_holder(actor=actor, award_id=studio.pk, kind="person", person_id=person, role="leader")


def test_the_same_data_give_the_same_bytes(world: World, courses: dict[str, Award], tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    first = write_snapshot(tmp_path / "one", lambda *step: told.append(step))
    assert write_snapshot(tmp_path / "two") == first
    assert {path.name for path in (tmp_path / "one").iterdir()} == {f"{name}.parquet" for name in sources.names()}
    for name, entry in first.items():
        one, two = (tmp_path / folder / f"{name}.parquet" for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        assert entry == {"rows": parquet.read_metadata(one).num_rows, "sha256": file_digest(one)}
    assert first["calls_award"]["rows"] == 4
    assert told[-1] == ("", len(first), len(first))

    correct_award(actor=world.actor("province_officer"), award_id=courses["甲课"].pk, title="另一课")
    changed = write_snapshot(tmp_path / "three")
    assert {name for name in first if changed[name] != first[name]} == {"calls_award"}


def test_only_declared_columns_and_nothing_of_people(world: World, courses: dict[str, Award], tmp_path: Path) -> None:
    with_a_person(world)
    write_snapshot(tmp_path)
    for name in sources.names():
        table = parquet.read_table(tmp_path / f"{name}.parquet")
        assert table.column_names == list(sources[name].columns)
        assert not {"person_id", "title", "team_name", "resident_id", "number"} & set(
            table.column_names if name.startswith("calls_award") else ()
        )
        for row in table.to_pylist():
            assert not any(SECRET in str(value) or resident(7) in str(value) for value in row.values())
    named = {name for name in sources.names() if "person" in name or "employment" in name}
    assert named == {"registry_personmerge"}


def test_people_are_pseudonyms_of_one_snapshot(world: World, tmp_path: Path) -> None:
    actor = world.actor("province_officer")
    with acting(actor):
        rows = [PersonRow(SECRET, resident(n), world["county_school"].pk, LONG_AGO, synthetic=True) for n in (7, 8, 9)]
        kept, one, other = ensure_people(actor=actor, rows=rows)
        for absorbed in (one, other):
            merge_people(actor=actor, kept_id=kept, absorbed_id=absorbed, reason="同一人")
    told = []
    for folder, key in (("a", b"1" * 32), ("b", b"1" * 32), ("c", b"2" * 32), ("d", None)):
        write_snapshot(tmp_path / folder, key=key)
        table = parquet.read_table(tmp_path / folder / "registry_personmerge.parquet").to_pylist()
        assert len(table) == 2
        assert len({row["kept_id"] for row in table}) == 1
        assert len({row["absorbed_id"] for row in table}) == 2
        told.append({row[name] for row in table for name in ("kept_id", "absorbed_id")})
    assert told[0] == told[1]
    assert told[0].isdisjoint(told[2])
    assert told[2].isdisjoint(told[3])
    assert all(found.isdisjoint({str(kept), str(one), str(other)}) for found in told)


def test_values_come_through_as_they_are(world: World, courses: dict[str, Award], tmp_path: Path) -> None:
    correct_award(actor=world.actor("province_officer"), award_id=courses["甲课"].pk, title=TRICKY)
    write_snapshot(tmp_path)
    awards = {row["id"]: row for row in parquet.read_table(tmp_path / "calls_award.parquet").to_pylist()}
    with acting(world.actor("province_officer")):
        stored = Award.objects.get(pk=courses["甲课"].pk).public_title
    assert awards[str(courses["甲课"].pk)]["public_title"] == stored
    assert "\\N" in stored
    assert list(awards) == sorted(awards)
    assert {row["voided_at"] for row in awards.values()} == {None}
    statuses = parquet.read_table(tmp_path / "calls_awardstatus.parquet")
    assert statuses.schema.field("since").type == pa.date32()
    assert statuses.schema.field("recorded_at").type == pa.timestamp("us", tz="UTC")
    assert {row["since"] for row in statuses.to_pylist()} == {date(2021, 5, 20), date(2021, 12, 1)}
    empty = parquet.read_table(tmp_path / "majors_majoroffering.parquet")
    assert empty.num_rows == 0
    assert empty.schema.field("duration_years").type == pa.decimal128(3, 1)

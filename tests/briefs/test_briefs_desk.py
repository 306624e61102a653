"""Live answers are kept until a register changes; a release's for good. Records are those that the scope opens."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import ibis
import pytest
from django.db import transaction

from jineng.briefs import desk, queries
from jineng.briefs.composition import Reader
from jineng.briefs.desk import live_desk, snapshot_desk
from jineng.briefs.queries import Behind, brief_of, records_behind
from jineng.briefs.snapshots import write_snapshot
from jineng.calls.models import Award
from jineng.calls.verbs import void_award
from jineng.engines.measures import Catalogue, Over, Period, Ratio, Sources, indicator
from jineng.kernel.actors import Actor, acting
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.memory import memory, source_versions
from tests.factories import World

Y2021 = Period.year(2021)
KEY = "micro_courses"


def counted(at: desk.Desk) -> object:
    return at.measure(((KEY, Y2021),))[KEY, Y2021].value


def behind(actor: Actor, at: desk.Desk | None = None, key: str = KEY, limit: int = 50, offset: int = 0) -> Behind:
    with acting(actor):
        return records_behind(actor, at or live_desk(), key, Y2021, None, limit, offset)


def labels(found: Behind) -> list[object]:
    return sorted(str(row["label"]) for row in found.rows)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Keys of the figures that were computed, not remembered: one list for each query."""
    memory.forget()
    asked: list[list[str]] = []
    measure_many = desk.measure_many
    monkeypatch.setattr(
        desk, "measure_many", lambda *given: asked.append([key for key, _ in given[-1]]) or measure_many(*given)
    )
    return asked


def test_a_figure_is_kept_until_a_table_behind_it_changes(
    world: World, courses: dict[str, Award], computed: list[list[str]]
) -> None:
    officer = world.actor("province_officer")
    assert [counted(live_desk()) for _ in range(3)] == [4, 4, 4]
    assert computed == [[KEY]]
    void_award(actor=officer, award_id=courses["甲课"].pk, reason="误录")
    assert [counted(live_desk()) for _ in range(2)] == [3, 3]
    assert computed == [[KEY], [KEY]]


def test_a_change_elsewhere_leaves_the_figure_as_it_is(
    world: World, courses: dict[str, Award], computed: list[list[str]]
) -> None:
    both = ((KEY, Y2021), ("major_offerings", Y2021))
    live_desk().measure(both)
    void_award(actor=world.actor("province_officer"), award_id=courses["甲课"].pk, reason="误录")
    live_desk().measure(both)
    assert computed == [[KEY, "major_offerings"], [KEY]]


def test_a_statement_that_changes_no_row_makes_nothing_stale(world: World, courses: dict[str, Award]) -> None:
    before = live_desk().edition
    with acting(world.actor("province_officer")):
        Award.objects.filter(title="没有这一项").update(title="也没有")
    assert live_desk().edition == before


def test_what_was_undone_is_never_taken_for_what_was_done_instead(
    world: World, courses: dict[str, Award], computed: list[list[str]]
) -> None:
    officer = world.actor("province_officer")
    counted(live_desk())
    with suppress(RuntimeError), transaction.atomic():
        void_award(actor=officer, award_id=courses["甲课"].pk, reason="误录")
        assert counted(live_desk()) == 3
        raise RuntimeError
    assert counted(live_desk()) == 4
    void_award(actor=officer, award_id=courses["甲课"].pk, reason="误录")
    void_award(actor=officer, award_id=courses["乙课"].pk, reason="误录")
    assert counted(live_desk()) == 2
    assert len(computed) == 3


def test_the_draft_is_composed_anew_from_the_figures_that_changed(
    world: World, courses: dict[str, Award], computed: list[list[str]]
) -> None:
    brief = brief_of(live_desk(), 2021, "")
    assert brief_of(live_desk(), 2021, "") is brief
    computed.clear()
    void_award(actor=world.actor("province_officer"), award_id=courses["甲课"].pk, reason="误录")
    assert brief_of(live_desk(), 2021, "").values[KEY, Y2021].value == 3
    keys = {key for query in computed for key in query}
    assert KEY in keys
    assert "major_offerings" not in keys


def test_a_snapshot_answers_as_the_registers_did(world: World, courses: dict[str, Award], tmp_path: Path) -> None:
    write_snapshot(tmp_path / "tables")
    live, frozen = live_desk(), snapshot_desk(tmp_path / "tables")
    assert frozen is not snapshot_desk(tmp_path / "tables")
    assert frozen.reader is snapshot_desk(tmp_path / "tables").reader
    assert frozen.reader.sources is sources
    for by in ("city", "county", "organisation", "batch"):
        assert frozen.drill(KEY, Y2021, by, None) == live.drill(KEY, Y2021, by, None)
    assert frozen.record_ids(KEY, Y2021, None) == live.record_ids(KEY, Y2021, None)
    void_award(actor=world.actor("province_officer"), award_id=courses["甲课"].pk, reason="误录")
    assert (counted(live_desk()), counted(frozen)) == (3, 4)


def test_a_snapshot_of_fewer_tables_is_read_as_far_as_it_goes(
    world: World, courses: dict[str, Award], tmp_path: Path
) -> None:
    write_snapshot(tmp_path / "tables")
    for path in (tmp_path / "tables").glob("majors_*.parquet"):
        path.unlink()
    old = snapshot_desk(tmp_path / "tables")
    assert not any(name.startswith("majors_") for name in old.reader.sources.names())
    assert counted(old) == 4


def test_the_root_opens_all_records_and_others_those_of_their_scope(
    world: World, courses: dict[str, Award], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        name: behind(world.actor(name)) for name in ("auditor", "city_officer", "county_officer", "college_officer")
    }
    assert {name: (found.in_scope, found.total) for name, found in told.items()} == {
        "auditor": (4, 4),
        "city_officer": (2, 4),
        "county_officer": (2, 4),
        "college_officer": (1, 4),
    }
    assert labels(told["county_officer"]) == ["乙课", "甲课"]
    assert labels(told["college_officer"]) == ["丁课"]
    assert behind(world.actor("other_city_officer"), key="culture_brands") == Behind(0, 0, ())
    monkeypatch.setattr(queries, "NAMED_ONE_BY_ONE", 1)
    assert behind(world.actor("county_officer")) == told["county_officer"]


def test_pages_of_a_scope_follow_one_another_and_never_overlap(world: World, courses: dict[str, Award]) -> None:
    actor = world.actor("county_officer")
    pages = [behind(actor, limit=1, offset=offset) for offset in range(3)]
    assert [len(page.rows) for page in pages] == [1, 1, 0]
    assert {label for page in pages for label in labels(page)} == {"甲课", "乙课"}
    assert all((page.in_scope, page.total) == (2, 4) for page in pages)


def share_desk() -> desk.Desk:
    """The live desk with a ratio beside the house's figures: groups to courses, each a side of records."""

    @indicator(
        key="share",
        label="每门微课的文化品牌",
        label_en="brands by course",
        unit="比",
        over=Over.FLOW,
        aggregate=Ratio("culture_brands", KEY),
        room="calls",
        record_type="award",
    )
    def share(src: Sources, period: Period) -> ibis.Table | None:
        """文化品牌数除以微课数。"""

    @indicator(
        key="whole",
        label="微课占微课",
        label_en="courses by courses",
        unit="比",
        over=Over.FLOW,
        aggregate=Ratio(KEY, KEY),
        room="calls",
        record_type="award",
    )
    def whole(src: Sources, period: Period) -> ibis.Table | None:
        """微课数除以微课数。"""

    with_ratio = Catalogue(*indicators, share, whole)
    return desk.Desk("ratio", Reader(live_engine, with_ratio, sources), source_versions())


def test_a_ratio_lists_both_sides_and_counts_each_record_once(world: World, courses: dict[str, Award]) -> None:
    at = share_desk()
    for name, mine in (("province_officer", 4), ("county_officer", 2)):
        found = behind(world.actor(name), at, "whole")
        assert (found.in_scope, found.total) == (mine, 4)
        assert [row["side"] for row in found.rows] == ["denominator", "numerator"] * mine
        one_sided = behind(world.actor(name), at, "share")
        assert {row["side"] for row in one_sided.rows} == {"denominator"}
    measured = at.measure((("whole", Y2021), ("share", Y2021)))
    assert [measured[key, Y2021].value for key in ("whole", "share")] == [1, 0]
    paged = [behind(world.actor("province_officer"), at, "whole", limit=1, offset=offset) for offset in range(4)]
    assert [len(page.rows) for page in paged] == [2, 2, 2, 2]

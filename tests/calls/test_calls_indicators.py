"""What counts and what does not: each figure on a small register made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from jineng.calls import series as s
from jineng.calls.counting import TABLES
from jineng.calls.series import ALL, Series
from jineng.engines.measures import DuckDBEngine, Period, Sources, declare_places, drill, records, value
from jineng.kernel.measures import indicators, live_engine
from jineng.kernel.measures import sources as house
from tests.calls.small_world import award, batch, call
from tests.factories import World

MOMENT = datetime(2021, 12, 1, tzinfo=UTC)
Y2020, Y2021, Y2022 = (Period.year(year) for year in (2020, 2021, 2022))
IN_YEAR, YEAR_BEFORE = "2021-05-20", "2020-05-20"
FLOWS = {
    "ideology_backbone_teachers": s.IDEOLOGY_TEACHER,
    "form_teacher_studios": s.FORM_TEACHER_STUDIO,
    "master_teacher_studios": s.MASTER_TEACHER_STUDIO,
    "skill_heritage_studios": s.SKILL_HERITAGE_STUDIO,
    "teacher_innovation_teams": s.TEACHER_TEAM,
    "folk_artist_studios": s.FOLK_ARTIST_STUDIO,
    "rural_heritage_studios": s.RURAL_HERITAGE_STUDIO,
    "culture_brands": s.CULTURE_BRAND,
    "micro_courses": s.MICRO_COURSE,
    "reform_projects": s.REFORM_PROJECT,
    "english_projects": s.ENGLISH_PROJECT,
}
STOCKS = {
    "vocational_groups": s.VOCATIONAL_GROUP,
    "applied_technology_centres_national": s.TECHNOLOGY_CENTRE_NATIONAL,
    "production_training_bases_national": s.TRAINING_BASE_NATIONAL,
    "red_culture_bases": s.RED_CULTURE_BASE,
    "double_high_national": s.DOUBLE_HIGH_NATIONAL,
    "virtual_simulation_systems": s.VIRTUAL_SYSTEM,
    "virtual_simulation_bases_national": s.VIRTUAL_BASE_NATIONAL,
    "ideology_courses_national": s.IDEOLOGY_COURSE_NATIONAL,
    "ideology_centres_national": s.IDEOLOGY_CENTRE_NATIONAL,
    "rural_revitalisation_colleges": s.RURAL_COLLEGE,
    "rural_talent_schools_national": s.RURAL_TALENT_SCHOOL_NATIONAL,
}
FIRST_BATCHES = {
    "integration_pilot_enterprises": s.INTEGRATION_ENTERPRISE,
    "double_high_provincial": s.DOUBLE_HIGH,
    "quality_secondary_provincial": s.QUALITY_SECONDARY,
}
PERSONS_ONLY = {"ideology_backbone_teachers", "form_teacher_studios", "folk_artist_studios", "rural_heritage_studios"}
COMBINED = {
    "integration_pilot_enterprises_national",
    "vocational_groups_national",
    "red_culture_bases_candidate",
}


@dataclass
class Register:
    """Rows of the source tables, filled award by award."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table.name: [] for table in TABLES})
    known: dict[tuple[str, int], UUID] = field(default_factory=dict)

    def add(
        self,
        of: Series,
        *events: tuple[str, str],
        number: int = 1,
        body: UUID | None = None,
        held_by: Iterable[tuple[str, str]] = (("person", "holder"),),
        level: str = "",
        void: str = "",
    ) -> UUID:
        """An award of a batch with its statuses; ``void`` strikes out the award, its status or its holders."""
        identity = uuid4()
        self._row(
            "award",
            void == "award",
            id=identity,
            batch_id=self._batch(of, number),
            organisation_id=body or uuid4(),
            public_title="",
            level=level or of.level.value,
        )
        for since, status in events:
            self._row(
                "awardstatus",
                void == "status",
                award_id=identity,
                status=status,
                since=date.fromisoformat(since),
                recorded_at=MOMENT,
            )
        for kind, role in held_by:
            self._row("awardholder", void == "holder", award_id=identity, kind=kind, role=role)
        return identity

    def count(self, key: str, period: Period = Y2021) -> int:
        return int(value(self.engine(), indicators, self.sources, key, period).value or 0)

    @property
    def sources(self) -> Sources:
        found = Sources(*TABLES)
        declare_places(found)
        return found

    def engine(self) -> DuckDBEngine:
        return DuckDBEngine.over_rows(self.sources, self.rows)

    def _batch(self, of: Series, number: int) -> UUID:
        if (of.code, 0) not in self.known:
            self.known[of.code, 0] = self._row("call", False, code=of.code, name=of.name, level=of.level.value)
        if (of.code, number) not in self.known:
            self.known[of.code, number] = self._row("batch", False, call_id=self.known[of.code, 0], number=number)
        return self.known[of.code, number]

    def _row(self, table: str, void: bool, **cells: Any) -> UUID:
        row = {"id": uuid4(), "voided_at": MOMENT if void else None, **cells}
        self.rows[f"calls_{table}"].append(row)
        return row["id"]


@pytest.fixture
def register() -> Register:
    return Register()


def test_the_room_answers_for_these_figures() -> None:
    assert {each.key for each in indicators.of_room("calls")} == {*FLOWS, *STOCKS, *FIRST_BATCHES, *COMBINED}
    assert len({each.code for each in ALL}) == len(ALL)


@pytest.mark.parametrize("key", FLOWS)
def test_flows_count_what_was_recognised_in_the_year(register: Register, key: str) -> None:
    of = FLOWS[key]
    register.add(of, (IN_YEAR, "recognised"))
    register.add(of, ("2020-11-01", "candidate"), ("2021-01-01", "recognised"), number=2)
    register.add(of, ("2021-12-31", "recognised"), ("2022-03-01", "withdrawn"))
    register.add(of, (IN_YEAR, "recognised"), ("2021-06-01", "withdrawn"), ("2021-09-01", "recognised"))
    register.add(of, (YEAR_BEFORE, "recognised"))
    register.add(of, ("2022-01-01", "recognised"))
    register.add(of, (IN_YEAR, "refused"))
    register.add(of, (IN_YEAR, "under_construction"))
    register.add(of, (IN_YEAR, "recognised"), level="city")
    register.add(of, (IN_YEAR, "recognised"), void="award")
    register.add(of, (IN_YEAR, "recognised"), void="status")
    assert (register.count(key, Y2020), register.count(key), register.count(key, Y2022)) == (1, 4, 1)


@pytest.mark.parametrize("key", sorted(PERSONS_ONLY))
def test_some_flows_want_a_person(register: Register, key: str) -> None:
    of = FLOWS[key]
    recognised = (IN_YEAR, "recognised")
    register.add(of, recognised, held_by=[("person", "leader"), ("person", "member"), ("organisation", "holder")])
    register.add(of, recognised, held_by=[("team", "holder")])
    register.add(of, recognised, held_by=[("organisation", "holder"), ("person", "member")])
    register.add(of, recognised, held_by=[])
    register.add(of, recognised, void="holder")
    assert register.count(key) == 1


@pytest.mark.parametrize("key", STOCKS)
def test_stocks_count_what_stands_at_year_end(register: Register, key: str) -> None:
    of = STOCKS[key]
    register.add(of, (YEAR_BEFORE, "recognised"))
    register.add(of, (IN_YEAR, "recognised"), ("2022-01-01", "withdrawn"), number=2)
    register.add(of, ("2021-03-01", "under_construction"), ("2021-12-31", "recognised"), number=3)
    register.add(of, (YEAR_BEFORE, "recognised"), ("2021-12-31", "withdrawn"))
    register.add(of, (YEAR_BEFORE, "withdrawn"), (IN_YEAR, "recognised"))
    register.add(of, (IN_YEAR, "candidate"))
    register.add(of, (IN_YEAR, "refused"))
    register.add(of, ("2022-01-01", "recognised"))
    register.add(of, (IN_YEAR, "recognised"), void="award")
    register.add(of, (IN_YEAR, "recognised"), void="status")
    assert (register.count(key, Y2020), register.count(key), register.count(key, Y2022)) == (2, 4, 4)


@pytest.mark.parametrize("key", FIRST_BATCHES)
def test_first_batches_count_each_body_once(register: Register, key: str) -> None:
    of, twice = FIRST_BATCHES[key], uuid4()
    register.add(of, (IN_YEAR, "recognised"), body=twice)
    register.add(of, (IN_YEAR, "recognised"), body=twice)
    register.add(of, (IN_YEAR, "recognised"))
    register.add(of, (IN_YEAR, "recognised"), number=2)
    register.add(of, (IN_YEAR, "recognised"), ("2021-10-01", "withdrawn"))
    register.add(of, (IN_YEAR, "candidate"))
    assert register.count(key) == 2


@pytest.mark.parametrize(
    ("key", "provincial", "national"),
    [
        ("integration_pilot_enterprises_national", s.INTEGRATION_ENTERPRISE, s.INTEGRATION_ENTERPRISE_NATIONAL),
        ("vocational_groups_national", s.VOCATIONAL_GROUP, s.VOCATIONAL_GROUP_NATIONAL),
    ],
)
def test_of_these_nationally(register: Register, key: str, provincial: Series, national: Series) -> None:
    both, gone = uuid4(), uuid4()
    recognised = (IN_YEAR, "recognised")
    register.add(provincial, recognised, body=both)
    register.add(national, recognised, body=both)
    register.add(national, recognised)
    register.add(provincial, recognised, ("2021-11-01", "withdrawn"), body=gone)
    register.add(national, recognised, body=gone)
    candidate = uuid4()
    register.add(provincial, recognised, body=candidate)
    register.add(national, (IN_YEAR, "candidate"), body=candidate)
    assert register.count(key) == 1


def test_a_candidate_is_no_base_yet(register: Register) -> None:
    of = s.RED_CULTURE_BASE
    register.add(of, (IN_YEAR, "candidate"), ("2021-06-25", "under_construction"))
    register.add(of, (IN_YEAR, "candidate"))
    register.add(of, (IN_YEAR, "candidate"), ("2021-06-25", "recognised"))
    register.add(of, (IN_YEAR, "candidate"), ("2021-06-25", "refused"))
    register.add(of, (IN_YEAR, "candidate"), ("2021-06-25", "withdrawn"))
    register.add(of, (IN_YEAR, "candidate"), ("2022-02-01", "withdrawn"))
    assert (register.count("red_culture_bases"), register.count("red_culture_bases_candidate")) == (1, 3)
    assert register.count("red_culture_bases_candidate", Y2022) == 2


def test_records_and_parts_say_what_was_counted(register: Register) -> None:
    first = register.add(s.RED_CULTURE_BASE, (IN_YEAR, "recognised"))
    second = register.add(s.RED_CULTURE_BASE, (IN_YEAR, "recognised"), number=2)
    engine, sources = register.engine(), register.sources
    page = records(engine, indicators, sources, "red_culture_bases", Y2021)
    assert {row["record_id"] for row in page.rows} == {first, second}
    assert {row["label"] for row in page.rows} == {s.RED_CULTURE_BASE.name}
    parts = drill(engine, indicators, sources, "red_culture_bases", Y2021, "batch").parts
    assert [(part.label, part.value) for part in parts] == [("第1批", 1), ("第2批", 1)]
    level = drill(engine, indicators, sources, "red_culture_bases", Y2021, "level").parts
    assert [part.label for part in level] == ["省级"]


def test_live_figures_are_read_by_a_reader_without_names(world: World) -> None:
    from jineng.kernel.actors import acting

    with acting(world.actor("province_officer")):
        first = batch(world, call(world, s.CULTURE_BRAND.code))
        award(world, first, "county_school")
        award(world, first, "city_school", status="candidate")
        found = value(live_engine, indicators, house, "culture_brands", Y2021)
    assert found.value == 1

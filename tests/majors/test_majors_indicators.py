"""The figures of the room on small hand-made worlds; every rule of counting has a case that would break it."""

import random
from datetime import date, timedelta

import pytest

from jineng.engines.measures import Period, compare, record_ids
from jineng.kernel.measures import indicators, sources
from tests.majors.colleges import Colleges, day, identity

AGRICULTURE, MECHANICS, TOURISM, FOOD = "410101", "460301", "540101", "490101"


@pytest.fixture
def world() -> Colleges:
    """Two colleges, one offering each that stands all the while."""
    colleges = Colleges()
    colleges.college("甲")
    colleges.college("乙", "vocational_university")
    colleges.offering("甲", MECHANICS, "2018-09-01")
    colleges.offering("乙", MECHANICS, "2018-09-01")
    return colleges


def test_pairs_majors_and_categories_are_three_different_counts(world):
    world.offering("甲", AGRICULTURE, "2019-09-01")
    world.offering("甲", "460302", "2019-09-01")
    assert world.figure("major_offerings") == 4
    assert world.figure("majors") == 3
    assert world.figure("major_categories") == 2


def test_two_durations_are_one_pair(world):
    world.offering("甲", MECHANICS, "2018-09-01", years=5)
    assert world.figures() == (2, 0, 0)


def test_a_second_duration_is_not_added(world):
    world.offering("甲", MECHANICS, "2021-09-01", years=5)
    assert world.figures() == (2, 0, 0)


def test_revoking_one_of_two_durations_changes_nothing(world):
    world.offering("甲", MECHANICS, "2018-09-01", "2021-06-01", years=5)
    assert world.figures() == (2, 0, 0)
    assert world.figures(2020) == (2, 0, 0)


def test_revoking_both_durations_counts_once_in_the_year_of_the_last(world):
    world.offering("甲", TOURISM, "2018-09-01", "2020-06-01", years=3)
    world.offering("甲", TOURISM, "2018-09-01", "2021-06-01", years=5)
    assert world.figures(2020) == (3, 0, 0)
    assert world.figures(2021) == (2, 0, 1)


def test_both_durations_revoked_on_one_day_are_one_revocation(world):
    for years in (3, 5):
        world.offering("甲", TOURISM, "2018-09-01", "2021-06-01", years=years)
    assert world.figures() == (2, 0, 1)
    assert world.balance() == 0


def test_both_durations_opened_on_one_day_are_one_addition(world):
    for years in (3, 5):
        world.offering("甲", TOURISM, "2021-09-01", years=years)
    assert world.figures() == (3, 1, 0)
    assert world.balance() == 0


def test_one_duration_follows_another_without_a_gap(world):
    world.offering("甲", TOURISM, "2018-09-01", "2021-09-01", years=3)
    world.offering("甲", TOURISM, "2021-09-01", years=2)
    assert world.figures() == (3, 0, 0)


def test_a_gap_of_one_day_is_a_revocation_and_an_addition(world):
    world.offering("甲", TOURISM, "2018-09-01", "2021-08-31", years=3)
    world.offering("甲", TOURISM, "2021-09-01", years=2)
    assert world.figures() == (3, 1, 1)
    assert world.balance() == 0


def test_reopened_after_years_is_added_again(world):
    world.offering("甲", TOURISM, "2016-09-01", "2019-06-01")
    world.offering("甲", TOURISM, "2021-09-01")
    assert world.figures() == (3, 1, 0)
    assert world.figures(2019) == (2, 0, 1)
    assert world.figures(2017) == (1, 0, 0)


@pytest.mark.parametrize("seed", range(6))
def test_events_agree_with_asking_day_by_day(seed):
    chance = random.Random(seed)
    world = Colleges()
    spans: dict[tuple[str, str], list[tuple[date, date | None]]] = {}
    for _ in range(120):
        college, code = chance.choice("甲乙丙丁"), f"4101{chance.randrange(1, 13):02d}"
        opened = date(2020, 12, 26) + timedelta(days=chance.randrange(9))
        revoked = opened + timedelta(days=chance.randrange(1, 6)) if chance.random() < 0.7 else None
        world.offering(college, code, str(opened), revoked and str(revoked), years=chance.choice((2, 3, 5)))
        spans.setdefault((college, code), []).append((opened, revoked))
    for college in "甲乙丙丁":
        world.college(college)

    def held(pair: tuple[str, str], on: date) -> bool:
        return any(opened <= on and (revoked is None or on < revoked) for opened, revoked in spans[pair])

    year = [date(2021, 1, 1) + timedelta(days=n) for n in range(365)]
    turns = [(pair, held(pair, on - timedelta(days=1)), held(pair, on)) for pair in spans for on in year]
    added = {pair for pair, before, after in turns if after and not before}
    revoked = {pair for pair, before, after in turns if before and not after}
    assert 0 < len(added) < len(spans)
    assert 0 < len(revoked) < len(spans)
    assert world.figures()[1:] == (len(added), len(revoked))


def test_void_rows_never_count(world):
    world.offering("甲", TOURISM, "2021-03-01", void=True)
    world.offering("甲", FOOD, "2018-03-01", "2021-03-01", void=True)
    world.offering("甲", MECHANICS, "2018-03-01", "2021-03-01", years=5, void=True)
    assert world.figures() == (2, 0, 0)
    assert world.figure("rural_major_offerings_added") == 0


def test_a_void_second_duration_does_not_hold_the_pair(world):
    world.offering("甲", TOURISM, "2018-09-01", "2021-06-01", years=3)
    world.offering("甲", TOURISM, "2018-09-01", years=5, void=True)
    assert world.figures() == (2, 0, 1)


@pytest.mark.parametrize("kind", ["undergraduate", "secondary_vocational", "adult_higher", "open_university"])
def test_only_higher_vocational_colleges_count(world, kind):
    world.college("丙", kind)
    world.offering("丙", TOURISM, "2018-09-01")
    world.offering("丙", FOOD, "2021-09-01")
    world.offering("丙", AGRICULTURE, "2018-09-01", "2021-09-01")
    assert world.figures() == (2, 0, 0)


@pytest.mark.parametrize("code", ["640101", "240101"])
def test_only_the_higher_level_counts(world, code):
    world.offering("乙", code, "2021-09-01")
    assert world.figures() == (2, 0, 0)


def test_a_college_redesignated_as_undergraduate_breaks_the_balance_of_stock(world):
    world.college("甲", "undergraduate", day("2021-06-01"))
    assert world.figures(2020) == (2, 0, 0)
    assert world.figures() == (1, 0, 0)
    assert world.balance() == 1


def test_events_count_by_the_kind_of_their_day(world):
    world.offering("甲", TOURISM, "2021-03-01")
    world.offering("甲", FOOD, "2018-09-01", "2021-04-01")
    world.offering("甲", AGRICULTURE, "2021-07-01")
    world.college("甲", "undergraduate", day("2021-06-01"))
    assert world.figures() == (1, 1, 1)


def test_what_is_revoked_on_the_day_of_redesignation_was_last_run_by_a_college(world):
    world.offering("甲", TOURISM, "2018-09-01", "2021-06-01")
    world.college("甲", "undergraduate", day("2021-06-01"))
    assert world.figure("major_offerings_revoked") == 1


def test_what_is_opened_on_the_day_of_redesignation_is_added_by_the_new_kind(world):
    world.college("丙", "secondary_vocational")
    world.college("丙", "higher_vocational", day("2021-05-01"))
    world.offering("丙", TOURISM, "2021-05-01")
    assert world.figures() == (3, 1, 0)
    assert world.balance() == 0


def test_a_closed_college_runs_nothing_any_more(world):
    world.offering("甲", TOURISM, "2018-09-01", "2021-06-01")
    world.college("甲", "higher_vocational", day("2021-06-01"), closed=True)
    assert world.figures() == (1, 0, 1)


@pytest.mark.parametrize(
    ("opened", "revoked", "expected"),
    [
        ("2021-01-01", None, (3, 1, 0)),
        ("2020-12-31", None, (3, 0, 0)),
        ("2021-12-31", None, (3, 1, 0)),
        ("2022-01-01", None, (2, 0, 0)),
        ("2018-09-01", "2021-12-31", (2, 0, 1)),
        ("2018-09-01", "2022-01-01", (3, 0, 0)),
        ("2018-09-01", "2021-01-01", (2, 0, 1)),
        ("2021-03-01", "2021-09-01", (2, 1, 1)),
    ],
)
def test_edges_of_the_year(world, opened, revoked, expected):
    world.offering("甲", TOURISM, opened, revoked)
    assert world.figures() == expected
    assert world.balance() == 0


def test_revoked_on_new_years_eve_is_gone_at_the_end_of_the_year(world):
    world.offering("甲", TOURISM, "2018-09-01", "2021-01-01")
    assert world.figure("major_offerings", 2020) == 3


def test_rural_additions_take_every_level_and_kind_of_school_in_three_categories(world):
    world.college("职校", "secondary_vocational")
    world.college("中心", "county_centre")
    world.college("大学", "undergraduate")
    world.offering("职校", "610101", "2021-09-01")
    world.offering("中心", "740101", "2021-09-01")
    world.offering("乙", "290101", "2021-09-01")
    world.offering("甲", FOOD, "2021-09-01")
    world.offering("甲", "460302", "2021-09-01")
    world.offering("大学", TOURISM, "2021-09-01")
    world.offering("职校", "610102", "2020-09-01")
    assert world.figure("rural_major_offerings_added") == 4
    assert world.figure("major_offerings_added") == 2
    assert world.parts("rural_major_offerings_added", "level") == {"secondary": 2, "bachelor": 1, "higher": 1}


def test_parts_of_pairs_sum_to_the_whole_and_parts_of_majors_need_not(world):
    world.offering("甲", AGRICULTURE, "2019-09-01")
    assert world.parts("major_offerings", "category") == {"01 大类1": 1, "06 大类6": 2}
    assert world.parts("major_offerings", "college_kind") == {"higher_vocational": 2, "vocational_university": 1}
    assert sum(world.parts("majors", "organisation").values()) == 3
    assert world.figure("majors") == 2
    assert indicators.get("major_offerings").additive
    assert not indicators.get("majors").additive
    assert indicators.get("majors").reason


def test_records_behind_a_pair_are_all_its_durations(world):
    world.offering("甲", MECHANICS, "2019-09-01", years=5)
    found = record_ids(world.engine(), indicators, sources, "major_offerings", Period.year(2021))
    assert len(found["major_offering"]) == 3


def test_years_side_by_side(world):
    world.offering("甲", TOURISM, "2021-09-01")
    years = [Period.year(2020), Period.year(2021)]
    assert [m.value for m in compare(world.engine(), indicators, sources, "major_offerings", years)] == [2, 3]


def test_a_corrected_state_rules_over_a_voided_one(world):
    world.college("甲", "undergraduate", day("2020-01-01"))
    world.states[-1]["voided"] = True
    assert world.figure("major_offerings") == 2
    assert world.offerings[0]["organisation_id"] == identity("甲")


def test_every_definition_is_written_in_chinese():
    for figure in indicators.of_room("majors"):
        assert sum("一" <= letter <= "鿿" for letter in figure.definition) > 20

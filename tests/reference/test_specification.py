"""The reference year's specification, counted by hand, comes to the figures of the oracle.

The counting here is written apart from the product's indicators on purpose: it checks the input, they are the product.
"""

from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from tests.reference.specification import (
    BEFORE,
    END,
    ROOT,
    Award,
    awards,
    offerings,
    organisations,
    read,
)

FIGURES = read(ROOT / "tests/oracles/figures-2021.yaml")["figures"]
HIGHER = {"higher_vocational", "junior_college", "vocational_university"}
VOCATIONAL = HIGHER | {"secondary_vocational"}
RURAL = {"41", "54", "49", "61", "74", "69", "21", "34", "29"}


def standing(call: str) -> list[Award]:
    return [a for a in awards(call) if not a.voided and a.state(END) == "recognised"]


def recognised_in_year(call: str) -> list[Award]:
    return [a for a in awards(call) if not a.voided and a.recognised_in(2021)]


def holders(rows: list[Award]) -> set[str]:
    return {a.by for a in rows}


def first_batch(rows: list[Award]) -> list[Award]:
    return [a for a in rows if a.batch == 1]


@cache
def pairs(day: date) -> set[tuple[str, str]]:
    """Distinct (higher vocational college, major of the higher level) in being on a day, by kind as of that day."""
    known = organisations()
    return {
        (o.organisation, o.major)
        for o in offerings()
        if o.stands(day)
        and "41" <= o.major[:2] <= "59"
        and known[o.organisation].kind(day) in HIGHER
        and not known[o.organisation].ended(day)
    }


def rural_pairs(day: date) -> set[tuple[str, str]]:
    known = organisations()
    return {
        (o.organisation, o.major)
        for o in offerings()
        if o.stands(day) and o.major[:2] in RURAL and known[o.organisation].kind(day) in VOCATIONAL
    }


def new_vocational_universities() -> set[str]:
    return {
        key
        for key, organisation in organisations().items()
        for change in organisation.changes
        if change["date"].year == 2021 and change.get("to", {}).get("kind") == "vocational_university"
    }


COUNTED = {
    "vocational_universities": lambda: len(new_vocational_universities()),
    "integration_pilot_enterprises": lambda: len(holders(first_batch(standing("integration-pilot")))),
    "integration_pilot_enterprises_national": lambda: len(
        holders(first_batch(standing("integration-pilot"))) & holders(standing("integration-enterprise-national"))
    ),
    "vocational_groups": lambda: len(standing("vocational-group")),
    "vocational_groups_national": lambda: len(
        holders(standing("vocational-group")) & holders(first_batch(standing("demonstration-group-national")))
    ),
    "applied_technology_centres_national": lambda: len(standing("applied-technology-centre-national")),
    "production_training_bases_national": lambda: len(standing("production-base-national")),
    "red_culture_bases": lambda: len(standing("red-culture-base")),
    "red_culture_bases_candidate": lambda: sum(
        not a.voided and a.state(END) == "under_construction" for a in awards("red-culture-base")
    ),
    "double_high_national": lambda: len(holders(standing("double-high-national"))),
    "double_high_provincial": lambda: len(holders(first_batch(standing("double-high")))),
    "quality_secondary_provincial": lambda: len(holders(first_batch(standing("quality-secondary")))),
    "ideology_backbone_teachers": lambda: sum(bool(a.people) for a in recognised_in_year("ideology-backbone")),
    "form_teacher_studios": lambda: len(recognised_in_year("form-teacher-studio")),
    "master_teacher_studios": lambda: len(recognised_in_year("master-teacher-studio")),
    "skill_heritage_studios": lambda: len(recognised_in_year("skill-heritage-studio")),
    "teacher_innovation_teams": lambda: len(recognised_in_year("innovation-team")),
    "folk_artist_studios": lambda: len(recognised_in_year("folk-artist-studio")),
    "rural_heritage_studios": lambda: len(recognised_in_year("rural-heritage-studio")),
    "major_categories": lambda: len({major[:2] for _, major in pairs(END)}),
    "majors": lambda: len({major for _, major in pairs(END)}),
    "major_offerings": lambda: len(pairs(END)),
    "major_offerings_added": lambda: len(pairs(END) - pairs(BEFORE)),
    "major_offerings_revoked": lambda: len(pairs(BEFORE) - pairs(END)),
    "virtual_simulation_systems": lambda: len(standing("virtual-simulation-system")),
    "virtual_simulation_bases_national": lambda: len(standing("virtual-simulation-base-national")),
    "culture_brands": lambda: len(recognised_in_year("culture-brand")),
    "micro_courses": lambda: len(recognised_in_year("micro-course")),
    "reform_projects": lambda: len(recognised_in_year("reform-project")),
    "english_projects": lambda: len(recognised_in_year("english-project")),
    "ideology_courses_national": lambda: len(standing("ideology-course-national")),
    "ideology_centres_national": lambda: len(standing("ideology-centre-national")),
    "rural_revitalisation_colleges": lambda: len(standing("rural-revitalisation-college")),
    "rural_major_offerings_added": lambda: len(rural_pairs(END) - rural_pairs(BEFORE)),
    "rural_talent_schools_national": lambda: len(holders(standing("rural-talent-school-national"))),
}


def test_every_figure_of_these_rooms_is_counted():
    assert COUNTED.keys() == {k for k, f in FIGURES.items() if f["room"] in ("registry", "majors", "calls")}


def test_the_oracle_keeps_all_figures():
    assert len(FIGURES) == 69


@pytest.mark.parametrize("key", COUNTED)
def test_specification_counts_to_the_figure(key):
    assert COUNTED[key]() == FIGURES[key]["value"]


def test_last_year_plus_added_minus_ceased_is_this_year():
    known = FIGURES
    added, ceased = known["major_offerings_added"]["value"], known["major_offerings_revoked"]["value"]
    assert len(pairs(BEFORE)) + added - ceased == len(pairs(END))


def test_flows_agree_whether_events_or_stocks_are_compared():
    """No pair ceases and comes back, or comes and ceases, within the year: both ways of counting give the same."""
    for organisation, major in pairs(BEFORE) ^ pairs(END):
        days = [BEFORE, *(date(2021, month, 15) for month in range(1, 13)), END]
        stands = [(organisation, major) in pairs(day) for day in days]
        assert sum(a != b for a, b in pairwise(stands)) == 1


BARE = {
    "integration_pilot_enterprises": "integration-pilot",
    "integration_pilot_enterprises_national": "integration-enterprise-national",
    "vocational_groups": "vocational-group",
    "vocational_groups_national": "demonstration-group-national",
    "applied_technology_centres_national": "applied-technology-centre-national",
    "production_training_bases_national": "production-base-national",
    "red_culture_bases": "red-culture-base",
    "double_high_national": "double-high-national",
    "double_high_provincial": "double-high",
    "quality_secondary_provincial": "quality-secondary",
    "ideology_backbone_teachers": "ideology-backbone",
    "form_teacher_studios": "form-teacher-studio",
    "master_teacher_studios": "master-teacher-studio",
    "skill_heritage_studios": "skill-heritage-studio",
    "teacher_innovation_teams": "innovation-team",
    "folk_artist_studios": "folk-artist-studio",
    "rural_heritage_studios": "rural-heritage-studio",
    "virtual_simulation_systems": "virtual-simulation-system",
    "virtual_simulation_bases_national": "virtual-simulation-base-national",
    "culture_brands": "culture-brand",
    "micro_courses": "micro-course",
    "reform_projects": "reform-project",
    "english_projects": "english-project",
    "ideology_courses_national": "ideology-course-national",
    "ideology_centres_national": "ideology-centre-national",
    "rural_revitalisation_colleges": "rural-revitalisation-college",
    "rural_talent_schools_national": "rural-talent-school-national",
}


@pytest.mark.parametrize("key", BARE)
def test_a_bare_count_of_a_call_is_wrong(key):
    assert len(awards(BARE[key])) != FIGURES[key]["value"]


def test_a_bare_count_of_offerings_is_wrong():
    value = FIGURES["major_offerings"]["value"]
    assert len(offerings()) > value
    assert len([o for o in offerings() if o.stands(END)]) > value
    higher = [o for o in offerings() if o.stands(END) and "41" <= o.major[:2] <= "59"]
    assert len(higher) > len({(o.organisation, o.major) for o in higher}) > value

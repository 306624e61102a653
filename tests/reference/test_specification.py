"""The reference year's specification, counted by hand, comes to the figures of the oracle.

The counting here is written apart from the product's indicators on purpose: it checks the input, they are the product.
"""

import csv
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
import yaml
from stdnum.cn import ric, uscc

from tests.reference.specification import (
    BEFORE,
    END,
    ROOT,
    YEAR,
    Award,
    awards,
    calls,
    offerings,
    organisations,
    read,
)

FIGURES = read(ROOT / "tests/oracles/figures-2021.yaml")["figures"]
COLLEGES = ROOT.parent / "shared/reference/gansu-colleges-2025.csv"
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
        holders(first_batch(standing("integration-pilot")))
        & holders(standing("integration-enterprise-national"))
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
    "ideology_backbone_teachers": lambda: sum(
        bool(a.people) for a in recognised_in_year("ideology-backbone")
    ),
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


def test_calls_awards_and_files_fit_together():
    files = {path.stem for path in (YEAR / "awards").glob("*.yaml")}
    assert files == calls().keys()
    known = organisations()
    for slug, call in calls().items():
        assert call["level"] in ("national", "provincial", "city")
        assert set(call["departments"]) <= known.keys()
        numbers = [batch["number"] for batch in call["batches"]]
        assert numbers == sorted(set(numbers))
        for award in awards(slug):
            assert award.batch in numbers
            assert {award.by, *award.organisations} <= known.keys()
            assert list(award.events) == sorted(award.events, key=lambda event: event[0])
        tree = read(YEAR / "awards" / f"{slug}.yaml")
        assert {
            a["also_reported_by"] for a in tree.get("awards", []) if "also_reported_by" in a
        } <= known.keys()
        ordinals = [a["n"] for a in tree.get("awards", [])]
        assert ordinals == list(range(1, len(ordinals) + 1))


def test_offerings_use_majors_of_the_edition_and_known_institutions():
    edition = set()
    for level in ("secondary", "higher", "bachelor"):
        tree = read(ROOT / f"src/jineng/majors/data/catalogue-2021-{level}.yaml")
        for category in tree["categories"].values():
            for code, klass in category["classes"].items():
                controlled, doubtful = klass.get("state_controlled", []), klass.get("doubtful", [])
                for serial in klass["majors"].keys() - set(doubtful):
                    edition.add(code + serial + ("K" if serial in controlled else ""))
    assert {o.major for o in offerings()} <= edition
    assert {o.organisation for o in offerings()} <= organisations().keys()
    keys = Counter((o.organisation, o.major, o.years, o.opened) for o in offerings())
    assert max(keys.values()) == 1
    assert all(o.revoked is None or o.revoked > o.opened for o in offerings())


def test_organisations_hang_on_one_tree_and_lie_in_known_places():
    known = organisations()
    tree = read(ROOT / "src/jineng/registry/data/divisions-gansu.yaml")
    places = {c["code"] for c in tree["cities"]} | {k["code"] for c in tree["cities"] for k in c["counties"]}
    places |= {area["id"] for area in tree["special_areas"]}
    for key, organisation in known.items():
        record = organisation.record
        assert record.get("located") in places | {None}
        seen = {key}
        while (parent := known[key].record.get("authority")) is not None:
            assert parent not in seen
            seen.add(parent)
            key = parent
        for change in organisation.changes:
            assert change["type"] in {"founded", "renamed", "redesignated", "moved", "merged", "closed"}
            assert change.get("into", record["id"]) in known
            assert set(change.get("absorbs", [])) <= known.keys()
            assert change.get("to", {}).get("located", "620200") in places


def test_each_county_has_a_centre_and_a_department():
    governs = Counter(o.record["governs"] for o in organisations().values() if "governs" in o.record)
    centres = [o.record["located"] for o in organisations().values() if o.record["kind"] == "county_centre"]
    assert len(centres) == len(set(centres)) == 86
    assert set(governs.values()) == {1}
    assert len(governs) == 14 + 86 + 1


def test_codes_are_valid_and_synthetic_ones_recognisable():
    codes = []
    for organisation in organisations().values():
        record = organisation.record
        if "credit_code" in record:
            assert uscc.is_valid(record["credit_code"]), record["name"]
            assert record["credit_code"][8:10] == "JN"
            codes.append(record["credit_code"])
        if "code" in record:
            assert len(record["code"]) == 10
            assert record["code"].isdigit()
            assert record["code"][:4] in ("4162", "4262", "3662")
            assert (record["code"][:5] == "36629") == (record["kind"] == "secondary_vocational")
            codes.append(record["code"])
        if record["kind"] == "vocational_group":
            codes.append(record["local_code"])
        assert {"code", "credit_code", "local_code"} & record.keys()
    assert len(codes) == len(set(codes))


@pytest.mark.skipif(not COLLEGES.exists(), reason="no published list of colleges beside the checkout")
def test_colleges_agree_with_the_published_list_of_2025():
    with COLLEGES.open(encoding="utf-8", newline="") as file:
        published = {row["code"]: row["name"] for row in csv.DictReader(file)}
    ours = {k: o for k, o in organisations().items() if o.group == "higher_education" and "code" in o.record}
    gone = {k for k, o in ours.items() if o.ended(END)}
    assert published.keys() - ours.keys() == {"4162014823"}  # 定西职业技术学院, founded later
    assert ours.keys() - gone - published.keys() == {"4162099001"}  # 甘肃机电, merged away since
    renamed = set()
    for key in ours.keys() & published.keys():
        name = ours[key].record["name"]
        for change in ours[key].changes:
            name = change.get("to", {}).get("name", name)
        if name != published[key]:
            renamed.add(name)
    assert renamed == {
        "天水师范学院",
        "陇南师范高等专科学校",
        "甘肃警察职业学院",
        "甘肃林业职业技术学院",
        "甘肃工业职业技术学院",
        "酒泉职业技术学院",
        "武威职业学院",
    }


def person_identity(n: int) -> str:
    """The resident identity that the rules of people.yaml give to person n."""
    people = read(YEAR / "people.yaml")
    place, rest = people["birthplaces"][n // 58400], n % 58400
    born = date.fromordinal(date(1961, 1, 1).toordinal() + (rest // 4 * 7919) % 14600)
    body = f"{place}{born:%Y%m%d}{996 + n % 4}"
    return body + ric.calc_check_digit(body + "0")


def test_people_have_valid_distinct_and_impossible_identities():
    serials = [*range(1, 4000), *range(58390, 58410), 700799]
    identities = [person_identity(n) for n in serials]
    assert len(set(identities)) == len(identities)
    assert all(ric.is_valid(identity) for identity in identities)
    assert all(identity[14:16] == "99" for identity in identities)


def test_people_of_awards_keep_to_their_serials():
    serials = read(YEAR / "people.yaml")["serials"]
    for slug in calls():
        items = "expansions" in read(YEAR / "awards" / f"{slug}.yaml")
        low, high = serials["awards_by_number" if items else "awards_by_item"]
        people = [n for award in awards(slug) for n in award.people]
        assert all(low <= n <= high for n in people)


def test_accounts_name_known_organisations_and_hold_no_password():
    tree = read(YEAR / "accounts.yaml")
    known = organisations()
    assert tree["demonstration"] is True
    assert {a["role"] for a in tree["accounts"]} >= {
        "province_officer",
        "city_officer",
        "county_officer",
        "school_officer",
        "auditor",
        "administrator",
    }
    for account in tree["accounts"]:
        assert account["organisation"] in known
        assert account["login"].startswith("demo-")
        assert "password" not in account


def test_no_total_stands_in_the_specification():
    def keys(node):
        if isinstance(node, dict):
            for key, value in node.items():
                yield key
                yield from keys(value)
        elif isinstance(node, list):
            for value in node:
                yield from keys(value)

    for path in YEAR.rglob("*.yaml"):
        names = set(keys(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)))
        assert not {
            n for n in names if isinstance(n, str) and n in ("total", "totals", "count", "sum", "expected")
        }

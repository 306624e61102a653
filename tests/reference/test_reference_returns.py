"""Which return says what, on a small year and on the reference year."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from jineng.reference.books import Books
from jineng.reference.building import catalogue_names
from jineng.reference.expansion import all_awards
from jineng.reference.piloting import is_case, read_pilots
from jineng.reference.places import Places
from jineng.reference.returns import plan_returns
from jineng.reference.selections import applied_for, read_selections
from jineng.reference.specification import read_specification
from jineng.reference.year import Numbers
from tests.reference import specification as independent
from tests.reference.small_year import JULY, NAMES, small_year

KEY = ("call_code", "batch_number", "title", "org_code")


@pytest.fixture(scope="module")
def year():
    return read_specification(2021)


@pytest.fixture(scope="module")
def returns(year):
    return plan_returns(year, catalogue_names(2021))


def small_returns(**numbers):
    return plan_returns(small_year(Numbers(**numbers)), NAMES)


def test_province_city_and_college_hand_in_a_return_each():
    assert [item.file_name for item in small_returns(recognised=1)] == [
        "01-620000-省教育厅.xlsx",
        "02-620500-市教育局.xlsx",
        "4162000002-新名大学.xlsx",
    ]


def test_the_root_is_not_reported_and_stands_under_its_own_code():
    rows = {row["code"]: row for row in small_returns(recognised=1)[0].tables["organisations"]}
    assert rows.keys() == {"GOV", "TS-JY", "4162000002", "3662000001"}
    assert rows["TS-JY"]["authority_code"] == "620000-JY"
    assert rows["TS-JY"]["division_code"] == "620500"
    assert (rows["GOV"]["authority_code"], rows["GOV"]["division_code"]) == (None, "620000")


def test_a_redesignated_college_is_one_organisation_under_its_last_code():
    province, _, college = small_returns(recognised=1)
    first = next(row for row in province.tables["organisations"] if row["code"] == "4162000002")
    assert (first["name"], first["kind"], first["code_scheme"]) == ("旧名学院", "higher_vocational", "school")
    (change,) = province.tables["organisation_changes"]
    assert (change["code"], change["change"], change["since"]) == ("4162000002", "redesignated", JULY)
    assert (change["name"], change["kind"]) == ("新名大学", "vocational_university")
    assert {row["org_code"] for row in college.tables["awards"]} == {"4162000002"}


def test_offerings_carry_durations_approval_and_void():
    _, city, college = small_returns(recognised=1)
    rows = college.tables["offerings"]
    assert [(row["major_code"], row["duration"]) for row in rows] == [
        ("410102", 3),
        ("410101", 3),
        ("410101", 2),
        ("520201K", 3),
    ]
    assert [bool(row["document"]) for row in rows] == [False, False, False, True]
    (void,) = city.tables["offerings"]
    assert (void["voided"], void["void_reason"]) == (True, "误报")


def test_a_city_s_own_item_has_its_first_status_and_then_changes():
    _, city, _ = small_returns(recognised=1)
    (award,) = city.tables["awards"]
    assert (award["status"], award["status_date"], award["document"]) == ("candidate", date(2021, 1, 5), None)
    (later,) = city.tables["award_statuses"]
    assert (later["status"], later["since"], later["document"]) == ("recognised", JULY, "9902号")
    kinds = [(row["holder_kind"], row.get("role")) for row in city.tables["award_holders"]]
    assert kinds == [("person", "leader"), ("organisation", None)]


def test_a_city_does_not_report_again_what_lies_outside_its_reach():
    """The college answers to the province, so the importer would refuse the city's word on it."""
    _, city, college = small_returns(recognised=2, double=2)
    assert len(college.tables["awards"]) == 2
    assert {row["call_code"] for row in city.tables["awards"]} == {"studio"}


def test_every_item_of_the_year_is_reported_or_applied_for_and_second_reports_say_the_same(year, returns):
    told = {}
    for item in returns:
        for row in item.tables.get("awards", []):
            told.setdefault(tuple(row[name] for name in KEY), []).append((item.organisation, row))
    awards = all_awards(year, catalogue_names(year.year), Places(year).city_office)
    applied = applied_for(read_selections(year.year), year, awards)
    known = codes(year)
    own = {(item.call, item.batch, item.title, known[item.by]): item for items in applied.values() for item in items}
    assert not own.keys() & told.keys()
    calls = Counter(key[0] for key in (*told, *own))
    assert calls == {slug: len(independent.awards(slug)) for slug in independent.calls()}
    twice = [rows for rows in told.values() if len(rows) > 1]
    assert len(twice) > 100
    for rows in told.values():
        assert len(rows) <= 2
        assert len({organisation for organisation, _ in rows}) == len(rows)
        assert all(row == rows[0][1] for _, row in rows)


@pytest.mark.parametrize("sheet", ["award_statuses", "award_holders"])
def test_second_reports_tell_the_same_statuses_and_holders(returns, sheet):
    told = {}
    for item in returns:
        of_item = {}
        for row in item.tables.get("awards", []):
            of_item[tuple(row[name] for name in KEY)] = []
        for row in item.tables.get(sheet, []):
            of_item[tuple(row[name] for name in KEY)].append({k: v for k, v in row.items() if k not in KEY})
        for key, rows in of_item.items():
            assert told.setdefault(key, rows) == rows


def test_nobody_but_the_province_names_what_lies_outside_their_reach(year, returns):
    places = Places(year)
    ids = {row_code: key for key, row_code in codes(year).items()}
    for item in returns[1:]:
        for sheet in ("offerings", "awards", "award_holders"):
            for row in item.tables.get(sheet, []):
                for name in ("org_code", "holder_org_code"):
                    if row.get(name):
                        assert places.answers_to(ids[row[name]], item.organisation)


def codes(year):
    from jineng.reference.books import code_of

    return {key: code_of(organisation, year) for key, organisation in year.organisations.items()}


def test_codes_tell_organisations_apart(year):
    assert len(set(codes(year).values())) == len(year.organisations)


def test_all_offerings_are_reported_once(returns):
    rows = Counter(
        (row["org_code"], row["major_code"], row["duration"], row["opened_on"])
        for item in returns
        for row in item.tables.get("offerings", [])
    )
    assert len(rows) == len(independent.offerings())
    assert set(rows.values()) == {1}


def test_a_merged_college_hands_in_nothing_and_the_province_speaks_for_it(returns):
    assert all("甘肃能源化工职业学院" not in item.file_name for item in returns)
    assert any(row["org_code"] == "4162099002" for row in returns[0].tables["offerings"])


def test_a_pilot_stands_in_returns_or_is_a_case(year, returns):
    selections = read_selections(2021)
    pilots = read_pilots(year.folder)
    key = ("batch_number", "org_code", "certificate_code", "level")
    rows = [row for book in returns for row in book.tables.get("certificate_pilots", ())]
    codes = Books(year).codes
    kept = [pilot for pilot in pilots if not is_case(selections, pilot)]
    assert {tuple(row[name] for name in key) for row in rows} == {
        (each.batch.number, codes[each.by], each.certificate, each.level) for each in kept
    }
    cases = [pilot for pilot in pilots if is_case(selections, pilot)]
    assert {each.batch.number for each in cases} == set(selections.pilots.batches)
    assert {each.fate for each in cases} == {"standing", "refused"}
    assert all(each.also is None for each in cases)

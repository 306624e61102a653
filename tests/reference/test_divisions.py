"""The divisions' own shape, and how they compare with a published list."""

import csv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TREE = yaml.load((ROOT / "src/jineng/registry/data/divisions-gansu.yaml").read_text("utf-8"), yaml.CSafeLoader)
PUBLISHED = ROOT.parent / "shared/reference/gansu-divisions.csv"


def test_one_province_fourteen_cities_eighty_six_counties():
    counties = [county for city in TREE["cities"] for county in city["counties"]]
    assert (len(TREE["cities"]), len(counties)) == (14, 86)
    assert TREE["province"]["code"] == "620000"


def test_codes_nest_and_are_unique():
    codes = [TREE["province"]["code"]]
    for city in TREE["cities"]:
        assert city["code"].startswith("62")
        assert city["code"].endswith("00")
        codes.append(city["code"])
        for county in city["counties"]:
            assert county["code"][:4] == city["code"][:4]
            assert not county["code"].endswith("00")
            codes.append(county["code"])
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(set(codes)) == len(codes)


def test_only_jiayuguan_has_no_counties():
    assert [c["name"] for c in TREE["cities"] if not c["counties"]] == ["嘉峪关市"]
    assert [c["name"] for c in TREE["cities"] if c.get("without_counties")] == ["嘉峪关市"]


def test_ethnic_areas_are_two_prefectures_and_seven_counties():
    prefectures = [c["name"] for c in TREE["cities"] if c.get("ethnic") == "autonomous_prefecture"]
    counties = [k for c in TREE["cities"] for k in c["counties"] if k.get("ethnic") == "autonomous_county"]
    assert prefectures == ["临夏回族自治州", "甘南藏族自治州"]
    assert len(counties) == 7
    assert all(county["name"].endswith("自治县") for county in counties)


def test_special_areas_stand_apart_from_the_civil_codes():
    civil = {c["code"] for c in TREE["cities"]} | {k["code"] for c in TREE["cities"] for k in c["counties"]}
    for area in TREE["special_areas"]:
        assert "code" not in area
        assert area["statistical_code"] not in civil
        assert area["lies_in"] in civil
        assert set(area["overlaps"]) <= civil


def test_huating_became_a_city_in_2018():
    (huating,) = [k for c in TREE["cities"] for k in c["counties"] if k["code"] == "620881"]
    assert (huating["since"], huating["former"]) == (2018, {"name": "华亭县", "code": "620824"})


@pytest.mark.skipif(not PUBLISHED.exists(), reason="no published divisions beside the checkout")
def test_divisions_agree_with_the_published_list():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = {(r["code"], r["name"], r["level"], r["parent"]) for r in csv.DictReader(file)}
    province = TREE["province"]
    ours = {(province["code"], province["name"], "province", "")}
    for city in TREE["cities"]:
        ours.add((city["code"], city["name"], "city", province["code"]))
        ours |= {(k["code"], k["name"], "county", city["code"]) for k in city["counties"]}
    assert ours == {row for row in published if row[2] != "special"}
    special = {(area["statistical_code"], area["lies_in"]) for area in TREE["special_areas"]}
    assert special == {(row[0], row[3]) for row in published if row[2] == "special"}

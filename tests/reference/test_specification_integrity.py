"""The parts of the reference year's specification fit together, and what is invented can be told from what is fact."""

import csv
import unicodedata
from collections import Counter
from datetime import date

import pytest
from stdnum.cn import ric, uscc

from tests.reference.specification import END, ROOT, YEAR, awards, calls, offerings, organisations, read

COLLEGES = ROOT.parent / "shared/reference/gansu-colleges-2025.csv"


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
        assert {a["also_reported_by"] for a in tree.get("awards", []) if "also_reported_by" in a} <= known.keys()
        ordinals = [a["n"] for a in tree.get("awards", [])]
        assert ordinals == list(range(1, len(ordinals) + 1))


def test_titles_are_unique_within_batch_and_organisation():
    for slug in calls():
        rows = read(YEAR / "awards" / f"{slug}.yaml").get("awards", [])
        keys = Counter((a["batch"], a["by"], "".join(unicodedata.normalize("NFKC", a["title"]).split())) for a in rows)
        assert [key for key, n in keys.items() if n > 1] == []


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


def organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714) over its eight characters."""
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in body]
    return "0123456789X0"[11 - sum(w * v for w, v in zip((3, 7, 9, 10, 5, 8, 4, 2), values, strict=True)) % 11]


def test_synthetic_credit_codes_follow_the_stated_rule():
    codes = [o.record["credit_code"] for o in organisations().values() if "credit_code" in o.record]
    assert [int(code[10:16]) for code in codes] == list(range(1, len(codes) + 1))
    assert all(code[16] == organisation_check(code[8:16]) for code in codes)


def test_no_award_is_recognised_and_withdrawn_within_the_year():
    for call in calls():
        for award in awards(call):
            states = {state for when, state in award.events if when.year == 2021}
            assert not {"recognised", "withdrawn"} <= states


def test_awards_do_not_precede_the_founding_of_their_organisation():
    known = organisations()
    for call in calls():
        for award in awards(call):
            founded = known[award.by].record.get("founded")
            assert founded is None or founded <= award.events[0][0]
            assert not known[award.by].ended(award.events[0][0])


def test_offerings_lie_within_the_life_of_their_institution():
    known = organisations()
    for offering in offerings():
        organisation = known[offering.organisation]
        founded = organisation.record.get("founded")
        assert founded is None or founded <= offering.opened
        for change in organisation.changes:
            if change["type"] in ("merged", "closed"):
                assert offering.revoked is not None
                assert offering.revoked <= change["date"]


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
        names = set(keys(read(path)))
        assert not {n for n in names if isinstance(n, str) and n in ("total", "totals", "count", "sum", "expected")}

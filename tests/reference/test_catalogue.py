"""The catalogue's own shape, and how it compares with a published copy of late 2025."""

import csv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/jineng/majors/data"
PUBLISHED = ROOT.parent / "shared/reference/vocational-catalogue.csv"
EDITION = {"secondary": 358, "higher": 744, "bachelor": 247}
SURPLUS = {"secondary": 0, "higher": 2, "bachelor": 1}
CATEGORIES = {"secondary": range(61, 80), "higher": range(41, 60), "bachelor": range(21, 40)}


def load(level: str) -> dict:
    return yaml.load((DATA / f"catalogue-2021-{level}.yaml").read_text("utf-8"), yaml.CSafeLoader)


def majors(level: str):
    """Every major as (category code, class code, code, name, state-controlled, year since)."""
    for category_code, category in load(level)["categories"].items():
        for class_code, klass in category["classes"].items():
            controlled = set(klass.get("state_controlled", []))
            later = klass.get("later", {})
            named = {s: (n, 2021) for s, n in klass["majors"].items()}
            assert not named.keys() & later.keys()
            named |= {s: (m["name"], m["since"]) for s, m in later.items()}
            assert controlled <= named.keys()
            assert set(klass.get("doubtful", [])) <= named.keys()
            for serial, (name, since) in named.items():
                suffix = "K" if serial in controlled else ""
                yield category_code, class_code, class_code + serial + suffix, name, bool(suffix), since


@pytest.mark.parametrize("level", EDITION)
def test_codes_fit_level_category_and_class(level):
    rows = list(majors(level))
    assert len({row[2] for row in rows}) == len(rows)
    for category, klass, code, name, _, since in rows:
        assert int(category) in CATEGORIES[level]
        assert klass.startswith(category)
        assert code[:6].isdigit()
        assert len(code.rstrip("K")) == 6
        assert name == name.strip()
        assert name
        assert 2021 <= since <= 2025


@pytest.mark.parametrize("level", EDITION)
def test_edition_of_2021_counts_as_documented(level):
    assert sum(row[5] == 2021 for row in majors(level)) == EDITION[level] + SURPLUS[level]


def test_nineteen_categories_and_ninety_seven_classes():
    trees = {level: load(level)["categories"] for level in EDITION}
    assert {len(tree) for tree in trees.values()} == {19}
    assert sum(len(category["classes"]) for category in trees["higher"].values()) == 97


def test_state_controlled_majors_are_the_forty_seven_of_the_higher_level():
    controlled = [row[2] for level in EDITION for row in majors(level) if row[4]]
    assert len(controlled) == 47
    assert {code[:2] for code in controlled} == {"52", "57", "58"}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="no published catalogue beside the checkout")
def test_catalogue_agrees_with_the_published_copy():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = {
            (row["level"], row["category_code"], row["class_code"], row["major_code"]): (
                row["category"],
                row["class"],
                row["major"],
            )
            for row in csv.DictReader(file)
        }
    ours = {}
    for level in EDITION:
        tree = load(level)["categories"]
        for category, klass, code, name, _, _ in majors(level):
            labels = tree[category]["name"], tree[category]["classes"][klass]["name"], name
            ours[level, category, klass, code] = labels
    assert ours == published

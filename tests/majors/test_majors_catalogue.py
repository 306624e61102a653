"""The catalogue in the register agrees with its files and, where it lies beside the checkout, with a published copy."""

import csv
from pathlib import Path

import pytest
import yaml
from django.db import connection

from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.models import AuditLine
from jineng.majors import catalogue
from jineng.majors.models import CatalogueEdition, Category, Major, MajorClass
from jineng.majors.rules import category_number, level_of
from jineng.majors.verbs import load_catalogue
from tests.factories import World

PUBLISHED = Path(__file__).parents[3] / "shared/reference/vocational-catalogue.csv"


def test_rows_are_consistent():
    rows = catalogue.read_catalogue(2021)
    categories = {row.id: row for row in rows.categories}
    classes = {row.id: row for row in rows.classes}
    assert [row.number for row in rows.categories] == list(range(1, 20))
    assert len({row.id for row in rows.majors}) == len({row.code for row in rows.majors}) == len(rows.majors)
    for major in rows.majors:
        klass = classes[major.major_class_id]
        assert major.code.startswith(klass.code)
        assert major.level == klass.level == level_of(major.code)
        assert category_number(major.code) == categories[major.category_id].number
        assert klass.category_id == major.category_id


def test_ids_are_the_same_on_every_installation():
    rows = catalogue.read_catalogue(2021)
    first = next(row for row in rows.majors if row.code == "410101")
    assert first.id == catalogue.stable_id(2021, "major", "410101")
    assert rows.edition.year in catalogue.editions()


def test_an_unknown_edition_is_refused():
    with pytest.raises(LookupError, match="1999"):
        catalogue.read_catalogue(1999)


def test_levels_that_name_a_category_differently_are_refused(tmp_path):
    for source in catalogue.DATA.glob("catalogue-2021-*.yaml"):
        tree = yaml.load(source.read_text("utf-8"), yaml.CSafeLoader)
        if tree["level"] == "secondary":
            tree["categories"]["61"]["name"] = "别的大类"
        (tmp_path / source.name).write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")
    with pytest.raises(ValueError, match="category 1 of 2021 has 2 names"):
        catalogue.read_catalogue(2021, tmp_path)


@pytest.fixture
def empty(world: World) -> World:
    """The world without the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for model in (Major, MajorClass, Category, CatalogueEdition):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute("SET ROLE jineng_app")
    return world


def test_loading_twice_changes_nothing(empty):
    actor = empty.actor("province_officer")
    rows = catalogue.read_catalogue(2021)
    total = 1 + len(rows.categories) + len(rows.classes) + len(rows.majors)
    assert load_catalogue(actor=actor, edition=2021) == total
    assert load_catalogue(actor=actor, edition=2021) == 0
    with acting(actor):
        assert CatalogueEdition.objects.get().document == "教职成〔2021〕2号"
        assert Category.objects.count() == 19
        assert MajorClass.objects.filter(level="higher").count() == 97
        assert Major.objects.count() == len(rows.majors)


def test_loading_again_mends_what_differs(world):
    actor = world.actor("province_officer")
    with acting(actor):
        deeds = AuditLine.objects.filter(verb="load_catalogue").count()
        Major.objects.filter(code="410101").update(name="写错了")
    assert load_catalogue(actor=actor, edition=2021) == 1
    with acting(actor):
        assert Major.objects.get(code="410101").name == "种子生产与经营"
        assert AuditLine.objects.filter(verb="load_catalogue").count() == deeds + 1


@pytest.mark.parametrize("name", ["city_officer", "college_officer", "auditor"])
def test_only_the_province_loads_it(world, name):
    with pytest.raises(NotAllowed):
        load_catalogue(actor=world.actor(name), edition=2021)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="no published catalogue beside the checkout")
def test_the_register_agrees_with_the_published_copy():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = {
            (row["major_code"].removesuffix("K"), row["major"], row["class"], row["category"], row["level"])
            for row in csv.DictReader(file)
        }
    rows = catalogue.read_catalogue(2021)
    categories = {row.id: row.name for row in rows.categories}
    classes = {row.id: row.name for row in rows.classes}
    ours = {
        (row.code, row.name, classes[row.major_class_id], categories[row.category_id], str(row.level))
        for row in rows.majors
    }
    assert ours == published

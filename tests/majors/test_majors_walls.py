"""The second wall and the system reader: what raw SQL sees, and that live figures agree with the records."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from jineng.engines.measures import Period, record_ids, values
from jineng.kernel.actors import acting
from jineng.kernel.measures import indicators, live_engine, sources
from jineng.kernel.walls import declared
from jineng.majors import policies
from jineng.majors.models import MajorOffering
from jineng.majors.queries import visible_offerings
from jineng.majors.verbs import revoke_offering, void_offering
from jineng.registry.scope import ruled_models

TABLES = ("catalogueedition", "category", "majorclass", "major", "majoroffering", "majorofferingevent")


def seen(table: str) -> int:
    """Rows of a table that the session sees."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM majors_{table}")
        return int(cursor.fetchone()[0])


def test_every_table_has_a_wall_and_every_model_a_rule():
    assert {f"majors_{table}" for table in TABLES} <= set(declared())
    assert {*policies.CATALOGUE, MajorOffering} <= ruled_models()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("province_officer", 3),
        ("auditor", 3),
        ("college_officer", 1),
        ("county_officer", 1),
        ("city_officer", 1),
        ("other_city_officer", 0),
        ("school_officer", 1),
    ],
)
def test_raw_sql_sees_what_the_first_wall_shows(world, opened, name, expected):
    opened("petrochemical", "460301")
    opened("forestry", "460301")
    opened("county_school", "610101")
    with acting(world.actor("province_officer")):
        MajorOffering.objects.update(document="甘教职成〔2021〕1号")
    actor = world.actor(name)
    with acting(actor):
        assert seen("majoroffering") == seen("majorofferingevent") == visible_offerings(actor).count() == expected
        assert seen("category") == 19


def test_without_a_scope_nothing_is_seen(world, opened):
    opened("petrochemical", "460301")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jineng.organisation', '', false)")
    assert [seen(table) for table in TABLES] == [0] * len(TABLES)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE majors_majoroffering SET document = 'x' WHERE organisation_id <> jineng_organisation()",
        "UPDATE majors_major SET name = 'x'",
        "DELETE FROM majors_category",
    ],
)
def test_raw_sql_changes_no_row_outside_the_scope(world, opened, statement):
    opened("forestry", "460301")
    with acting(world.actor("college_officer")), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DELETE FROM majors_majorofferingevent", "permission denied"),
        ("UPDATE majors_majorofferingevent SET document = ''", "permission denied"),
        (
            "INSERT INTO majors_catalogueedition VALUES (1999, '1999-01-01', '', '1999-01-01', NULL)",
            "row-level security",
        ),
    ],
)
def test_raw_sql_neither_forges_history_nor_adds_to_the_catalogue(world, opened, statement, refusal):
    opened("petrochemical", "460301")
    with (
        acting(world.actor("college_officer")),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match=refusal),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_live_figures_count_everything_whoever_asks(world, opened):
    officer = world.actor("province_officer")
    opened("petrochemical", "460301")
    opened("petrochemical", "460301", years=5)
    opened("forestry", "410101", date(2021, 9, 1))
    opened("university", "460301")
    opened("county_school", "610101", date(2021, 9, 1))
    revoked = opened("forestry", "460302")
    revoke_offering(actor=officer, offering_id=revoked.pk, revoked_on=date(2021, 6, 1))
    voided = opened("forestry", "460303")
    void_offering(actor=officer, offering_id=voided.pk, reason="误报")
    keys = [figure.key for figure in indicators.of_room("majors")]
    with acting(world.actor("college_officer")):
        found = values(live_engine, indicators, sources, keys, Period.year(2021))
        behind = record_ids(live_engine, indicators, sources, "major_offerings", Period.year(2021))
        assert MajorOffering.objects.count() == 2
    assert {key: measured.value for key, measured in found.items()} == {
        "major_categories": 2,
        "majors": 2,
        "major_offerings": 2,
        "major_offerings_added": 1,
        "major_offerings_revoked": 1,
        "rural_major_offerings_added": 2,
    }
    assert len(behind["major_offering"]) == 3

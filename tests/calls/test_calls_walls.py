"""Who sees and writes which awards: the program's wall and the database's wall agree."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from jineng.calls.models import Award, AwardHolder, AwardStatus, Batch, Call, CallDecider
from jineng.calls.verbs import add_holder
from jineng.kernel.actors import acting, tell_database
from jineng.kernel.walls import declared
from jineng.registry.scope import visible
from tests.calls.small_world import award, batch, call
from tests.factories import World

SCOPED = (Award, AwardStatus, AwardHolder)
ANNOUNCED = (Call, CallDecider, Batch)
SEEN = {
    "province_officer": {"县校", "别校", "高职"},
    "auditor": {"县校", "别校", "高职"},
    "city_officer": {"县校"},
    "other_city_officer": {"别校"},
    "county_officer": {"县校"},
    "school_officer": {"县校", "别校"},
    "college_officer": {"高职"},
}
"""Which awards each sees; the county school is a party to the other school's award."""


@pytest.fixture
def filled(world: World) -> World:
    """Three awards, one held by a school of another city."""
    actor = world.actor("province_officer")
    with acting(actor):
        first = batch(world, call(world))
        award(world, first, "county_school", "县校")
        award(world, first, "petrochemical", "高职")
        shared = award(world, first, "other_school", "别校")
        add_holder(actor=actor, award_id=shared.pk, kind="organisation", organisation_id=world["county_school"].pk)
        Award.objects.update(notes="已核")
    return world


def raw_ids(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {str(row[0]) for row in cursor.fetchall()}


@pytest.mark.parametrize("name", SEEN)
def test_the_walls_agree(filled: World, name: str) -> None:
    actor = filled.actor(name)
    expected = set(SEEN[name])
    if name in ("city_officer", "county_officer"):
        expected.add("别校")
    with acting(actor):
        assert {row.title for row in visible(actor, Award)} == expected
        for model in (*SCOPED, *ANNOUNCED):
            assert raw_ids(model._meta.db_table) == {str(row.pk) for row in visible(actor, model)}
        assert Call.objects.count() == Batch.objects.count() == CallDecider.objects.count() == 1


def test_nobody_sees_nothing(filled: World) -> None:
    tell_database(None)
    for model in (*SCOPED, *ANNOUNCED):
        assert raw_ids(model._meta.db_table) == set()
        assert raw_ids_of_events(model) == 0


def raw_ids_of_events(model: type) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}event")
        return cursor.fetchone()[0]


def test_a_party_reads_and_does_not_write(filled: World) -> None:
    actor = filled.actor("school_officer")
    with acting(actor):
        shared = Award.objects.get(title="别校")
        assert Award.objects.filter(pk=shared.pk).update(notes="改") == 0
        assert AwardStatus.objects.filter(award=shared).update(document="改") == 0
        assert raw_ids_of_events(Award) == 2
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            AwardStatus.objects.create(award=shared, status="withdrawn", since="2021-06-01")


def test_a_department_that_decides_sees_without_being_above(world: World) -> None:
    with acting(world.actor("province_officer")):
        joint = call(world, decider_ids=[world.root.pk, world["lanzhou"].pk])
        award(world, batch(world, joint), "other_school", "别市的")
    actor = world.actor("city_officer")
    with acting(actor):
        assert {row.title for row in visible(actor, Award)} == {"别市的"}
        assert len(raw_ids("calls_award")) == len(raw_ids("calls_awardstatus")) == 1


def test_every_table_has_a_wall() -> None:
    tables = {model._meta.db_table for model in (*SCOPED, *ANNOUNCED)}
    assert {*tables, *(f"{table}event" for table in tables), "calls_awardparty"} <= set(declared())

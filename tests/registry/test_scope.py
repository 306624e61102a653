"""Who sees which organisations: the program's wall and the database's wall agree."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from jineng.kernel.actors import acting, tell_database
from jineng.registry.models import Organisation, OrganisationState, Reach
from jineng.registry.scope import visible
from tests.credentials.assessments import body
from tests.factories import World


def raw_ids(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {str(row[0]) for row in cursor.fetchall()}


def test_unset_scope_sees_nothing(world: World) -> None:
    tell_database(None)
    for table in ("registry_organisation", "registry_organisationstate", "registry_post", "registry_person"):
        assert raw_ids(table) == set()
    assert not Reach.objects.exists()


@pytest.mark.parametrize(
    ("name", "sees", "does_not_see"),
    [
        ("province_officer", ["county_school", "other_school", "firm"], []),
        ("city_officer", ["county_school", "city_school", "firm", "tianshui"], ["other_school", "petrochemical"]),
        ("county_officer", ["county_school", "lanzhou", "province"], ["city_school", "other_school", "firm"]),
        ("school_officer", ["county_school", "yongdeng"], ["city_school", "other_school"]),
    ],
)
def test_sight_runs_downward(world: World, name: str, sees: list[str], does_not_see: list[str]) -> None:
    actor = world.actor(name)
    with acting(actor):
        ids = {row.pk for row in visible(actor, Organisation)}
        assert {world[key].pk for key in sees} <= ids
        assert not {world[key].pk for key in does_not_see} & ids


@pytest.mark.parametrize("name", ["province_officer", "city_officer", "county_officer", "school_officer", "auditor"])
@pytest.mark.parametrize("model", [Organisation, OrganisationState])
def test_the_two_walls_agree(world: World, name: str, model: type) -> None:
    actor = world.actor(name)
    with acting(actor):
        assert {str(row.pk) for row in visible(actor, model)} == raw_ids(model._meta.db_table)


def test_everybody_who_acts_finds_assessment_bodies(world: World) -> None:
    found = body(world)
    for name in ("city_officer", "other_county_officer", "school_officer", "auditor"):
        actor = world.actor(name)
        with acting(actor):
            assert visible(actor, Organisation).filter(pk=found.pk).exists(), name
            assert visible(actor, OrganisationState).filter(organisation=found).exists(), name


def test_no_default_order_goes_by_way_of_organisations() -> None:
    """A join with organisations out of sight would hide rows that are in sight."""
    models = [model for model in apps.get_models() if model.__module__.startswith("jineng.")]
    assert len(models) > 100
    rows = {model.__name__: str(model._default_manager.all().query) for model in models if model is not Organisation}
    assert {name for name, query in rows.items() if f'JOIN "{Organisation._meta.db_table}"' in query} == set()

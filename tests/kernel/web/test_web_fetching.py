"""Rows fetched quickly are those that Django makes: values, relations, annotations, what is left for later."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, Model, Prefetch, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from jineng.kernel.actors import acting
from jineng.kernel.models import Account, AuditLine
from jineng.kernel.web.fetching import QuickIterable, count_with_keys, keys_first, keys_of_a_part, quickly
from jineng.registry.models import Organisation, OrganisationState, Post, Reach
from tests.factories import World


def told(record: Model | None, deep: int = 2) -> Any:
    """All that a record holds, and the records at hand with it."""
    if record is None:
        return None
    state, values = record._state, {}
    for name, value in vars(record).items():
        if name not in ("_state", "_prefetched_objects_cache"):
            values[name] = [told(one, 0) for one in value] if isinstance(value, list) else value
    near = {name: told(other, deep - 1) for name, other in state.fields_cache.items()} if deep else {}
    return type(record), state.db, state.adding, values, near


CHOSEN: dict[str, QuerySet[Any]] = {
    "plain": Organisation.objects.all(),
    "related, some missing": Organisation.objects.select_related("authority__division", "division__parent"),
    "annotated": Organisation.objects.annotate(place=F("division__name")).select_related("division"),
    "narrowed": Post.objects.select_related("account", "organisation").only("title", "organisation__name", "account"),
    "prefetched": Organisation.objects.prefetch_related(
        Prefetch("states", OrganisationState.objects.order_by("id"), to_attr="told")
    ),
    "with a key of two columns": Reach.objects.select_related("organisation__division"),
    "seen from the other side": AuditLine.objects.select_related("account"),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_records_are_those_that_django_makes(world: World, name: str) -> None:
    rows = CHOSEN[name].order_by("pk")
    with acting(world.actor("province_officer")):
        ours, theirs = list(quickly(rows.all())), list(rows.all())
    assert quickly(rows)._iterable_class is QuickIterable
    assert [told(record) for record in ours] == [told(record) for record in theirs]
    assert ours


@pytest.mark.parametrize("name", [name for name in CHOSEN if not CHOSEN[name].model._meta.is_composite_pk])
def test_keys_first_gives_the_same_page(world: World, name: str) -> None:
    rows = CHOSEN[name].order_by("pk")
    with acting(world.actor("province_officer")):
        ours, theirs = list(quickly(keys_first(rows))[1:3]), list(rows[1:3])
        assert [told(record) for record in ours] == [told(record) for record in theirs]
        assert ours
        assert [told(record) for record in keys_first(rows)] == [told(record) for record in rows]


def test_of_a_key_of_two_columns_the_one_that_tells_them_apart_comes_first(world: World) -> None:
    rows = Reach.objects.filter(authority=world["tianshui"]).select_related("organisation").order_by("organisation_id")
    with acting(world.actor("province_officer")):
        ours = list(keys_first(rows, "organisation", authority=world["tianshui"])[1:3])
        theirs = list(rows[1:3])
        assert [told(record) for record in ours] == [told(record) for record in theirs]
        assert len(ours) == 2
    with pytest.raises(TypeError, match="Reach"):
        keys_first(rows)


def test_keys_first_asks_twice_where_it_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = keys_first(Organisation.objects.select_related("division").order_by("-name", "pk"))
    with acting(world.actor("province_officer")), CaptureQueriesContext(connection) as queries:
        assert [one.name for one in rows[:3]] == sorted((one.name for one in rows), reverse=True)[:3]
        assert len(queries) == 3
        assert "JOIN" not in queries.captured_queries[0]["sql"]
    monkeypatch.setattr("jineng.kernel.web.fetching._is_plain", lambda rows: False)
    with pytest.raises(TypeError, match="Organisation"):
        keys_first(rows)


@pytest.mark.parametrize("size", [1, 3, 500])
def test_their_number_comes_along_with_the_first_keys(world: World, size: int) -> None:
    plain = Organisation.objects.select_related("division").filter(authority__isnull=False).order_by("-name", "pk")
    with acting(world.actor("province_officer")):
        number, expected = plain.count(), [told(record) for record in plain[:size]]
        rows = keys_first(plain, together=True)
        with CaptureQueriesContext(connection) as queries:
            assert count_with_keys(rows, size) == number > 3
            assert [told(record) for record in rows[: min(size, number)]] == expected
        assert len(queries) == 2
        assert [told(record) for record in rows[1:3]] == [told(record) for record in plain[1:3]]
        assert count_with_keys(keys_first(plain.filter(name="没有"), together=True), size) == 0


@pytest.mark.django_db
def test_of_other_rows_the_number_is_asked_apart() -> None:
    rows = Organisation.objects.order_by("pk")
    for each in (
        rows,
        keys_first(rows),
        keys_first(rows.distinct(), together=True),
        keys_first(rows.annotate(n=Count("states")), together=True),
    ):
        assert count_with_keys(each, 3) is None


def test_who_sees_everything_needs_no_keys_first(world: World) -> None:
    rows = Organisation.objects.order_by("pk")
    assert keys_of_a_part(world.actor("province_officer"), rows) is rows
    mine = keys_of_a_part(world.actor("county_officer"), rows)
    with acting(world.actor("county_officer")):
        assert count_with_keys(mine, 2) == rows.count() > 2


def test_what_was_left_out_is_fetched_when_asked_for(world: World) -> None:
    with acting(world.actor("province_officer")), CaptureQueriesContext(connection) as queries:
        first = quickly(Organisation.objects.only("name").order_by("code"))[0]
        assert len(queries) == 1
        assert first.code == Organisation.objects.get(pk=first.pk).code
        assert len(queries) == 3


def test_a_changed_record_is_saved_as_one_that_was_there(world: World) -> None:
    with acting(world.actor("province_officer")):
        record = quickly(Organisation.objects.filter(pk=world["firm"].pk))[0]
        record.name = "改名"
        record.save()
        assert Organisation.objects.get(pk=world["firm"].pk).name == "改名"


@pytest.mark.django_db
def test_where_somebody_listens_django_makes_the_records() -> None:
    made: list[Any] = []

    def hear(instance: Any, **_: Any) -> None:
        made.append(instance)

    post_init.connect(hear, sender=Account)
    try:
        assert quickly(Account.objects.all())._iterable_class is ModelIterable
        assert quickly(AuditLine.objects.select_related("account"))._iterable_class is ModelIterable
    finally:
        post_init.disconnect(hear, sender=Account)


def test_other_shapes_are_left_to_django(world: World) -> None:
    for rows in (
        Organisation.objects.values("name"),
        Organisation.objects.select_related(),
        world["lanzhou"].states.all(),
    ):
        assert quickly(rows) is rows

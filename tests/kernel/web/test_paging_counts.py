"""Large lists are counted once for each state of the registers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django_tables2 import Column, Table

from jineng.kernel.actors import acting
from jineng.kernel.models import RegisterVersion
from jineng.kernel.web import paging
from jineng.kernel.web.fetching import keys_first
from jineng.registry.models import Organisation
from tests.factories import World


class OrganisationTable(Table):
    name = Column()


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_counts", paging._Counts())
    monkeypatch.setattr(paging, "REMEMBERED_FROM", 2)


def asked(world: World, who: str = "province_officer", query: str = "") -> HttpRequest:
    request = RequestFactory().get(f"/organisations/{query}")
    request.actor = world.actor(who)
    return request


def counted(request: HttpRequest) -> tuple[int, int]:
    """How many rows the list says there are, and how many queries counted them."""
    with acting(request.actor), CaptureQueriesContext(connection) as queries:
        links = paging.turn_to_page(OrganisationTable(Organisation.objects.all()), request)
    return links.total, sum("COUNT" in query["sql"] for query in queries)


def test_a_count_is_remembered_from_the_second_time_on(world: World) -> None:
    totals = [counted(asked(world)) for _ in range(4)]
    assert len({total for total, _ in totals}) == 1
    assert [queries for _, queries in totals] == [1, 1, 0, 0]


def test_order_and_page_are_the_same_question_but_a_filter_is_another(world: World) -> None:
    for _ in range(2):
        counted(asked(world))
    assert counted(asked(world, query="?sort=name&page=2&size=25"))[1] == 0
    assert counted(asked(world, query="?kind=enterprise"))[1] == 1


def test_a_change_of_the_registers_counts_anew(world: World) -> None:
    for _ in range(3):
        before, _ = counted(asked(world))
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    RegisterVersion.objects.get_or_create(room="registry")
    Organisation.objects.filter(pk=world["county_school"].pk).update(voided_at="2021-01-01T00:00Z", void_reason="x")
    RegisterVersion.objects.update(version=F("version") + 1)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
    after, queries = counted(asked(world))
    assert queries == 1
    assert after == before


def test_each_actor_has_counts_of_their_own(world: World) -> None:
    for _ in range(3):
        all_of_them, _ = counted(asked(world))
    mine, queries = counted(asked(world, "county_officer"))
    assert queries == 1
    assert mine < all_of_them


def test_old_questions_are_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging._counts, "kept", 1)
    for _ in range(2):
        counted(asked(world))
    counted(asked(world, query="?kind=enterprise"))
    assert len(paging._counts._known) == 1
    assert counted(asked(world))[1] == 1


def test_a_part_is_counted_with_the_keys_of_its_first_page(world: World) -> None:
    rows = Organisation.objects.order_by("pk")

    def shown(query: str) -> tuple[int, list[str], int]:
        request = asked(world, "county_officer", query)
        table = OrganisationTable(keys_first(rows, together=True))
        with acting(request.actor), CaptureQueriesContext(connection) as queries:
            links = paging.turn_to_page(table, request)
            names = [row.record.name for row in table.paginated_rows]
        return links.total, names, len(queries)

    with acting(world.actor("county_officer")):
        total, names = rows.count(), [one.name for one in rows]
    assert shown("") == (total, names, 2)
    assert shown("?page=1&size=25") == (total, names, 2)
    assert shown("?page=2&size=25")[:2] == (total, names)

"""What is remembered holds until a table changes that it was found in; the queries tell which tables these are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from jineng.calls.models import Call
from jineng.kernel.actors import acting
from jineng.kernel.memory import memory, source_versions
from jineng.kernel.models import AuditLine
from jineng.kernel.remembering import deaf, hearing, remembered
from jineng.majors.models import MajorOffering
from jineng.registry.models import Organisation, Reach
from tests.factories import World


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


@contextmanager
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")


def asker(find: Callable[[], object]) -> Callable[[], tuple[object, int]]:
    """Ask one question again and again; gives the answer and how often it had to be found so far."""
    found: list[None] = []
    return lambda: (remembered("question", lambda: (found.append(None), find())[1]), len(found))


def test_an_answer_holds_until_its_table_changes(world: World) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(lambda: Organisation.objects.filter(kind="enterprise").count())
        assert [ask(), ask()] == [(1, 1), (1, 1)]
        with as_owner():
            Call.objects.create(code="c", name="另一张表", level="city", holder_form="organisation")
        assert ask() == (1, 1)
        with as_owner():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
        assert [ask(), ask()] == [(2, 2), (2, 2)]


def test_who_sees_what_is_part_of_every_answer(world: World) -> None:
    with acting(world.actor("county_officer")):
        ask = asker(lambda: MajorOffering.objects.count())
        assert [ask(), ask()] == [(0, 1), (0, 1)]
        with as_owner():
            Reach.objects.filter(organisation_id=world["firm"].pk).delete()
        assert ask() == (0, 2)


def test_what_was_rolled_back_is_not_found_again(world: World) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(lambda: Organisation.objects.filter(kind="enterprise").count())
        assert ask() == (1, 1)
        with transaction.atomic():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
            assert ask() == (2, 2)
            transaction.set_rollback(True)
        assert ask()[0] == 1


def test_a_remembered_answer_used_on_the_way_brings_its_tables(world: World) -> None:
    with acting(world.actor("province_officer")):
        inner = asker(lambda: Organisation.objects.filter(kind="enterprise").count())
        inner()
        found: list[int] = []

        def find() -> object:
            found.append(1)
            return inner()[0]

        assert [remembered("outer", find), remembered("outer", find)] == [1, 1]
        with as_owner():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
        assert remembered("outer", find) == 2
        assert len(found) == 2


@pytest.mark.parametrize(
    "find",
    [
        lambda: AuditLine.objects.count(),
        lambda: source_versions(),
        lambda: connection.cursor().execute("SELECT * FROM registry_organisations_by_code(%s)", [["x"]]),
    ],
    ids=["a table without version", "versions themselves", "a function whose tables nobody knows"],
)
def test_what_nothing_would_tell_of_is_not_remembered(world: World, find: Callable[[], object]) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(find)
        assert [ask()[1], ask()[1]] == [1, 2]


def test_only_what_is_asked_within_is_heard(world: World) -> None:
    with acting(world.actor("province_officer")):
        Call.objects.exists()
        with hearing() as tables:
            MajorOffering.objects.exists()
            with deaf():
                AuditLine.objects.exists()
        Call.objects.exists()
    assert {"majors_majoroffering", "registry_reach", "registry_organisation"} <= tables
    assert not {"calls_call", "kernel_auditline"} & tables

"""Whom the database takes the session for: told where it changes, and back to what it was with a transaction's end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from jineng.kernel.actors import Actor, acting, tell_database

pytestmark = pytest.mark.django_db(transaction=True)


def actor(number: int) -> Actor:
    """Somebody of an organisation of that number."""
    return Actor(number, None, UUID(int=number), role="", rights=frozenset(), label="")


def keyed_to() -> int | None:
    """The number of the actor that the session is keyed to, by both settings; None for nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jineng.organisation', true), current_setting('jineng.account', true)")
        organisation, account = cursor.fetchone()
    if not organisation:
        assert not account
        return None
    assert UUID(organisation).int == int(account)
    return int(account)


@contextmanager
def telling() -> Iterator[list[str]]:
    """What the database is told within the block."""
    told: list[str] = []

    def listen(execute: Any, sql: str, *given: Any) -> Any:
        if "set_config" in sql:
            told.append(sql)
        return execute(sql, *given)

    with connection.execute_wrapper(listen):
        yield told


@pytest.fixture(autouse=True)
def _a_session_of_its_own() -> Iterator[None]:
    connection.close()
    yield
    connection.close()


def test_the_database_is_told_where_it_changes() -> None:
    with telling() as told:
        tell_database(None)
        assert connection.connection is None, "a new session is nobody's"
        connection.ensure_connection()
        tell_database(None)
        assert told == []
        with acting(actor(1)):
            tell_database(actor(1))
            assert keyed_to() == 1
            with acting(actor(2)):
                assert keyed_to() == 2
            assert keyed_to() == 1
        tell_database(None)
        assert keyed_to() is None
        assert len(told) == 4


def test_a_new_connection_is_told_again() -> None:
    tell_database(actor(1))
    connection.close()
    assert keyed_to() is None
    tell_database(actor(1))
    assert keyed_to() == 1


def test_what_could_not_be_told_is_not_believed() -> None:
    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    tell_database(actor(1))
    with suppress(ZeroDivisionError), connection.execute_wrapper(fail):
        tell_database(actor(2))
    tell_database(None)
    assert keyed_to() is None


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_told_in_a_transaction_ends_with_it(fails: bool) -> None:
    tell_database(actor(1))
    with transaction.atomic():
        with acting(actor(2)), acting(actor(3)):
            assert keyed_to() == 3
        tell_database(actor(4))
        transaction.set_rollback(fails)
    assert keyed_to() == 1
    with telling() as told:
        tell_database(actor(1))
    assert told == []
    tell_database(None)
    assert keyed_to() is None


def test_who_acts_is_forgotten_with_a_transaction_that_breaks() -> None:
    with transaction.atomic(), acting(actor(2)):
        assert keyed_to() == 2
        with suppress(ZeroDivisionError), transaction.atomic(savepoint=False):
            raise ZeroDivisionError
    assert keyed_to() is None


def test_savepoints_take_back_what_was_told_within() -> None:
    with transaction.atomic():
        tell_database(actor(1))
        with suppress(ZeroDivisionError), transaction.atomic():
            tell_database(actor(2))
            raise ZeroDivisionError
        assert keyed_to() == 1

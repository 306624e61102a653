"""One value by a prepared statement: as Django's cursors would give it, on Django's connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, OperationalError, connection, transaction

from jineng.kernel.models import CallCount
from jineng.kernel.prepared import plans_kept, value_of

pytestmark = pytest.mark.django_db


def test_a_value_is_given_as_text() -> None:
    assert value_of("SELECT $1 || '技能'", "a' --") == "a' --技能".encode()
    assert value_of("SELECT $1::int + 1", "41") == b"42"
    assert value_of("SELECT null WHERE $1 <> ''", "x") is None
    assert value_of("SELECT 1 WHERE $1 = ''", "x") is None


def test_a_statement_is_prepared_once_and_asks_in_the_sessions_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jineng.kernel.prepared._shared", set())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jineng.account', '7', true)")
    for _ in range(3):
        assert value_of("SELECT current_setting('jineng.account') || $1", "!") == b"7!"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT current_setting(%%'")
        assert cursor.fetchone() == (1,)


def test_what_is_wrapped_around_queries_hears_them() -> None:
    heard: list[tuple[str, object]] = []

    def listen(execute: Any, sql: str, values: object, *rest: Any) -> Any:
        heard.append((sql, values))
        return execute(sql, values, *rest)

    with connection.execute_wrapper(listen), connection.execute_wrapper(listen):
        assert value_of("SELECT coalesce($1, 'nothing')", None) == b"nothing"
    assert heard == [("SELECT coalesce($1, 'nothing')", [None])] * 2


def test_errors_are_those_of_django() -> None:
    with pytest.raises(DataError), transaction.atomic():
        value_of("SELECT $1::int", "x")
    assert value_of("SELECT $1::int", "1") == b"1"


def test_a_lost_connection_is_told_and_the_next_one_prepares_anew(server_dsn: str) -> None:
    other = connection.copy()
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("jineng.kernel.prepared.connection", other)
            mine = value_of("SELECT pg_backend_pid() WHERE $1 = ''", "")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [int(mine or 0)])
            with pytest.raises(OperationalError):
                value_of("SELECT pg_backend_pid() WHERE $1 = ''", "")
            other.close()
            assert value_of("SELECT pg_backend_pid() WHERE $1 = ''", "") != mine
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_first_in_a_transaction_is_taken_back_with_it() -> None:
    with transaction.atomic():
        value_of("SELECT kernel_count_calls('{x}', '{1}', '{60}')")
        transaction.set_rollback(True)
    assert not CallCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_plans_are_kept_within_the_block_and_dropping_them_takes_no_answer_away() -> None:
    def kept() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1 + 40%%'")
            return int(cursor.fetchone()[0])

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s + 40", [2])
            assert cursor.fetchone() == (42,)

    assert value_of("SELECT $1::int + 1", "41") == b"42"
    for _ in range(3):
        ask()
    assert kept() == 0
    with plans_kept():
        for _ in range(3):
            ask()
        assert kept() == 1
    ask()
    with pytest.raises(DataError), transaction.atomic():
        value_of("SELECT $1::int", "x")
    assert kept() == 0, "psycopg drops all when it rolls back"
    assert value_of("SELECT $1::int + 1", "41") == b"42", "prepared anew"
    with plans_kept():
        ask(), ask(), ask()
    with pytest.raises(DataError), transaction.atomic():
        value_of("SELECT $1::int", "x")
    with transaction.atomic():
        assert value_of("SELECT $1::int + 1", "41") == b"42", "asked without a name"

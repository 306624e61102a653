"""What the database does meanwhile: whoever asks it next waits, and meets its error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DataError, connection, transaction
from psycopg import sql
from psycopg.pq import TransactionStatus

from jineng.kernel.returns.underway import under_way

pytestmark = pytest.mark.django_db
ADD = sql.SQL("INSERT INTO counted SELECT %(many)s::int").format()
FAIL = sql.SQL("INSERT INTO counted SELECT 1 / (%(many)s::int - 2)").format()


@pytest.fixture(autouse=True)
def counted() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE counted (many int) ON COMMIT DROP")
        yield
        cursor.execute("DROP TABLE IF EXISTS counted")


def told() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT many FROM counted ORDER BY many")
        return [many for (many,) in cursor.fetchall()]


def test_whoever_asks_next_finds_it_done() -> None:
    with under_way() as meanwhile:
        meanwhile.send((ADD, ADD), {"many": 2})
        assert told() == [2, 2]
        meanwhile.send((ADD,), {"many": 3})
    assert told() == [2, 2, 3]


def test_nobody_waits_for_it_before() -> None:
    with under_way() as meanwhile:
        meanwhile.send((ADD,), {"many": 7})
        assert connection.connection.info.transaction_status == TransactionStatus.ACTIVE
        assert told() == [7]
        assert connection.connection.info.transaction_status == TransactionStatus.INTRANS


def test_its_error_is_met_by_whoever_asks_next() -> None:
    with transaction.atomic(), under_way() as meanwhile:
        meanwhile.send((ADD, FAIL), {"many": 2})
        with pytest.raises(DataError, match="division by zero"):
            told()
        transaction.set_rollback(True)
    assert told() == []


def test_its_error_is_met_at_the_end() -> None:
    with pytest.raises(DataError, match="division by zero"), transaction.atomic(), under_way() as meanwhile:
        meanwhile.send((FAIL, ADD), {"many": 2})
    assert told() == []


def test_what_goes_wrong_meanwhile_is_told_and_not_what_it_was_about() -> None:
    def fail() -> None:
        with transaction.atomic(), under_way() as meanwhile:
            meanwhile.send((FAIL,), {"many": 2})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert told() == []


def test_its_error_is_met_within_the_savepoint_that_it_was_sent_in() -> None:
    with under_way() as meanwhile:
        meanwhile.send((ADD,), {"many": 1})
        with pytest.raises(DataError, match="division by zero"), transaction.atomic():
            meanwhile.send((ADD, FAIL, ADD), {"many": 2})
        assert told() == [1]


def test_what_is_refused_while_more_is_on_its_way_leaves_nothing_open() -> None:
    with under_way() as meanwhile:
        meanwhile.send((ADD,), {"many": 1})
        with pytest.raises(DataError, match="division by zero"), transaction.atomic():
            meanwhile.send((FAIL, *[ADD] * 20000), {"many": 2})
        assert told() == [1]

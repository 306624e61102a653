"""Statements that the database has prepared, for what is asked a thousand times a second and for pages of one thing.

A cursor of Django's writes the values into the statement, which the database reads and plans each time, and waits in
Python; together that takes three times what the answer takes. Here libpq asks, by a statement that each connection
prepares once. The connection is Django's, so the session's role and walls are the same; its wrappers of queries are
told, its log is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import Connection, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

ASKED_BEFORE = 1
"""A statement is prepared when it is asked for the second time over a connection."""
Values = list[Any]
"""In UTF-8, or None for NULL, of which the annotations of psycopg do not know."""
_NO_SUCH = b"26000"
_prepared: WeakKeyDictionary[Connection[Any], dict[str, bytes]] = WeakKeyDictionary()
_shared: WeakSet[Connection[Any]] = WeakSet()
"""Connections on which psycopg prepares statements too: it drops all that there are when it rolls back."""


def value_of(statement: str, *values: str | None) -> bytes | None:
    """The first column of the first row of ``statement`` with these values (``$1`` and on), as text in UTF-8; None for
    NULL and where there is no row.

    Raises:
        django.db.Error: as Django's cursors do.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw: Connection[Any] = connection.connection
        if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
            # In a transaction of Django's that asked nothing yet, psycopg has not begun one.
            _done(raw, raw.pgconn.exec_(b"BEGIN"))
        found = _heard(raw, statement, [None if each is None else each.encode() for each in values])
        return found.get_value(0, 0) if found.ntuples else None


def array(items: Iterable[object]) -> str:
    """Items as PostgreSQL writes an array; for what needs no quotes: numbers, names of tables, keyed hashes."""
    return "{" + ",".join(map(str, items)) + "}"


def _heard(raw: Connection[Any], statement: str, values: Values) -> PGresult:
    """Ask through whatever is wrapped around Django's queries: what listens to them hears this one, too."""

    def ask(sql: str, given: Values, *_: object) -> PGresult:
        return _done(raw, _asked(raw, sql, given))

    if not connection.execute_wrappers:
        return ask(statement, values)
    for wrapper in connection.execute_wrappers:
        ask = partial(wrapper, ask)
    return ask(statement, values, False, {"connection": connection})


def _asked(raw: Connection[Any], statement: str, values: Values) -> PGresult:
    if raw in _shared and raw.pgconn.transaction_status != TransactionStatus.IDLE:
        # It may have been dropped meanwhile, and to ask by the name of nothing would end the transaction.
        return raw.pgconn.exec_params(statement.encode(), values)
    names = _prepared.setdefault(raw, {})
    if statement in names:
        found = raw.pgconn.exec_prepared(names[statement], values)
        if found.error_field(DiagnosticField.SQLSTATE) != _NO_SUCH:
            return found
        names.clear()
    name = f"jineng_{len(names)}".encode()
    _done(raw, raw.pgconn.prepare(name, statement.encode()))
    names[statement] = name
    return raw.pgconn.exec_prepared(name, values)


@contextmanager
def plans_kept() -> Iterator[None]:
    """Within the block a statement that comes again is not read, walled and planned again by the database.

    What walls add to a small statement makes its plan cost more than its answer. Only for pages that show one thing and
    for lines of a list whose keys are known: they ask by keys, so that a plan for any value (``force_generic_plan``) is
    as good as one for the value at hand. How many rows are asked for stands in the statement and is known to its plan.
    Statements written by hand are given values apart, not within their text, which the rights matrix tries on every
    page that shows one thing.
    """
    connection.ensure_connection()
    raw = connection.connection
    if raw.cursor_factory is ServerBindingCursor:
        yield
        return
    _shared.add(raw)
    before = raw.cursor_factory, raw.prepare_threshold
    raw.cursor_factory, raw.prepare_threshold = ServerBindingCursor, ASKED_BEFORE
    raw.pgconn.exec_(b"SET plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        raw.cursor_factory, raw.prepare_threshold = before
        if raw.pgconn.status == ConnStatus.OK:
            raw.pgconn.exec_(b"RESET plan_cache_mode")


def _done(raw: Connection[Any], result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if raw.pgconn.status != ConnStatus.OK:
        raise OperationalError("the connection to the database is lost")
    raise error_from_result(result)

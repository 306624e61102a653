"""One value by a statement that the database has prepared: for what is asked a thousand times a second.

A cursor of Django's writes the values into the statement, which the database reads and plans each time, and waits in
Python; together that takes three times what the answer takes. Here libpq asks, by a statement that each connection
prepares once. The connection is Django's, so the session's role and walls are the same; what listens to Django's
queries does not hear it.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

_prepared: WeakKeyDictionary[Connection[Any], dict[str, bytes]] = WeakKeyDictionary()


def value_of(statement: str, *values: str) -> bytes | None:
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
        names = _prepared.setdefault(raw, {})
        name = names.get(statement)
        if name is None:
            name = f"jineng_{len(names)}".encode()
            _done(raw, raw.pgconn.prepare(name, statement.encode()))
            names[statement] = name
        found = _done(raw, raw.pgconn.exec_prepared(name, [each.encode() for each in values]))
        return found.get_value(0, 0) if found.ntuples else None


def _done(raw: Connection[Any], result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if raw.pgconn.status != ConnStatus.OK:
        raise OperationalError("the connection to the database is lost")
    raise error_from_result(result)

"""Connections that the database has closed while nobody asked it: found out without asking."""

from __future__ import annotations

from select import POLLIN, poll
from typing import Any

from django.db import connections
from psycopg import Connection
from psycopg.pq import ConnStatus


def drop_lost(**_: object) -> None:
    """Let go of this thread's connections that the database has closed (it began anew); called as a request comes in.

    The next question opens a new one. For those that hold, Django need not ask a question of its own before the first
    of the request, as it does for jobs.
    """
    for each in connections.all(initialized_only=True):
        if each.connection is None or each.in_atomic_block:
            continue
        if _is_lost(each.connection):
            each.close()
        else:
            each.health_check_done = True  # type: ignore[attr-defined]


def _is_lost(raw: Connection[Any]) -> bool:
    """Whether there is something to read although nothing was asked: that the connection ends, or why."""
    if raw.pgconn.status != ConnStatus.OK:
        return True
    waiting = poll()
    waiting.register(raw.pgconn.socket, POLLIN)
    return bool(waiting.poll(0))

"""A connection that the database closed is found out as a request comes in, without asking it anything."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.signals import request_started
from django.db import connection

from jineng.kernel import connections

pytestmark = pytest.mark.django_db


def test_what_the_database_closed_is_let_go_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    other, ended, unused = connection.copy(), connection.copy(), connection.copy()
    monkeypatch.setattr(connections, "connections", SimpleNamespace(all=lambda **_: [other, ended, unused]))
    try:
        for each in (other, ended):
            each.ensure_connection()
        kept, lost = other.connection, ended.connection
        connections.drop_lost()
        assert (other.connection, ended.connection, unused.connection) == (kept, lost, None)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [lost.info.backend_pid])
        connections.drop_lost()
        assert (other.connection, ended.connection) == (kept, None)
        kept.close()
        connections.drop_lost()
        assert other.connection is None
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        for each in (other, ended):
            each.close()


def test_a_request_looks_first() -> None:
    assert connections.drop_lost in [receiver() for _, receiver, *_ in request_started.receivers]


def test_what_holds_is_not_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    other = connection.copy()
    monkeypatch.setattr(connections, "connections", SimpleNamespace(all=lambda **_: [other]))
    monkeypatch.setattr(other, "is_usable", lambda: pytest.fail("asked"))
    try:
        other.ensure_connection()
        assert other.health_check_enabled
        other.close_if_unusable_or_obsolete()
        connections.drop_lost()
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        other.close()

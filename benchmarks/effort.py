"""Processor time of the served site: of its workers and of the database's sessions, whatever else the machine does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
SESSION = b" [local] "
"""What the name of a process holds that serves a session of the embedded database; its housekeepers have none."""


def spent(site: int, database: int) -> float:
    """Seconds of processor time that the process ``site`` with all below it, and the sessions of the database's
    process ``database``, have taken so far."""
    own = sum(map(_seconds, _tree(site)))
    return own + sum(_seconds(pid) for pid in _tree(database) if SESSION in _name(pid))


def database_process() -> int:
    """The process that starts the sessions of the database that this process works on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = cursor.fetchone()[0]
    return int((PROC / str(session) / "stat").read_text().rpartition(")")[2].split()[1])


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in _told(pid, "task/*/children"):
        for child in children.split():
            yield from _tree(int(child))


def _name(pid: int) -> bytes:
    return b"".join(_told(pid, "cmdline"))


def _seconds(pid: int) -> float:
    return sum(int(told.split()[0]) for told in _told(pid, "task/*/schedstat")) / 1e9


def _told(pid: int, what: str) -> Iterator[bytes]:
    """What the system says of a process; nothing of one that has ended meanwhile."""
    for path in (PROC / str(pid)).glob(what):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield path.read_bytes()

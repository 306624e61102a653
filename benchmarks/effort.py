"""Processor time and memory of processes and of all below them, whatever else the machine does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
SESSION = b" [local] "
"""What the name of a process holds that serves a session of the embedded database; its housekeepers have none."""


def spent(site: int, database: int) -> float:
    """Seconds of processor time that the process ``site`` with all below it, and the sessions of the database's
    process ``database``, have taken so far."""
    own = sum(map(processor_time, _tree(site)))
    return own + sum(processor_time(pid) for pid in _tree(database) if SESSION in _name(pid))


def spent_by_all(top: int) -> float:
    """Seconds of processor time that the process ``top`` and all below it have taken so far, the ended ones too."""
    told = (fields for pid in _tree(top) for fields in map(_after_name, _told(pid, "stat")))
    return sum(sum(map(int, fields[11:15])) for fields in told) / os.sysconf("SC_CLK_TCK")


def most_held(top: int) -> float:
    """MiB that the process ``top`` and all below it held, each when it held most."""
    lines = (line for pid in _tree(top) for told in _told(pid, "status") for line in told.splitlines())
    return round(sum(int(line.split()[1]) for line in lines if line.startswith(b"VmHWM")) / 1024, 1)


def parent(pid: int) -> int:
    """The process that started the process ``pid``."""
    return int(_after_name((PROC / str(pid) / "stat").read_bytes())[1])


def database_process() -> int:
    """The process that starts the sessions of the database that this process works on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = cursor.fetchone()[0]
    return parent(session)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in _told(pid, "task/*/children"):
        for child in children.split():
            yield from _tree(int(child))


def _after_name(stat: bytes) -> list[bytes]:
    """What the system tells of a process, from its state on."""
    return stat.rpartition(b")")[2].split()


def _name(pid: int) -> bytes:
    return b"".join(_told(pid, "cmdline"))


def processor_time(pid: int) -> float:
    """Seconds of processor time that one process has taken so far."""
    return sum(int(told.split()[0]) for told in _told(pid, "task/*/schedstat")) / 1e9


def _told(pid: int, what: str) -> Iterator[bytes]:
    """What the system says of a process; nothing of one that has ended meanwhile."""
    for path in (PROC / str(pid)).glob(what):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield path.read_bytes()

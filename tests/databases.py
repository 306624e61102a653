"""Databases of the suite: migrated once, copied in a moment, one for every process.

The migrated database outlives the run. Its name tells what it was migrated from, so that it is made anew when a
migration, a wall or a source changes, and only one of several processes makes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection, connections
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.utils import OperationalError

from jineng.kernel import foreign_keys, migrating, tallies, walls
from jineng.kernel.measures import sources

MIGRATED = "migrated_jineng_"
MAKING, LOADING = 0x6A6E7965, 0x6A6E7966
"""Locks: who makes a database, and who fills one with a year, which takes minutes."""
GET_FLAGS, SET_FLAGS, TOP_OF_A_TREE = 0x80086601, 0x40086602, 0x20000
"""Of ``ioctl_iflags(2)``: FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_TOPDIR_FL."""


@contextmanager
def maintenance(lock: int = MAKING) -> Iterator[Any]:
    """A cursor of the server's own database; within the block no other process of the suite has the same lock."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        yield cursor


def made_once(cursor: Any, name: str, prefix: str, make: Callable[[str], None], whole: bool = True) -> None:
    """Have the database ``name``; where it is missing, or not ``whole``, ``make`` fills one under another name first.

    Older databases of the same ``prefix`` go.
    """
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    known = {row[0] for row in cursor.fetchall()}
    if name in known and whole:
        return
    for old in known:
        with suppress(OperationalError):
            cursor.execute(f'DROP DATABASE "{old}"')
    draft = f"{name}_draft"
    cursor.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
    make(draft)
    cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


def migrated_template(cursor: Any) -> str:
    """The name of a database with all tables and walls and no rows."""
    name = f"{MIGRATED}{_fingerprint()}"

    def migrate(draft: str) -> None:
        cursor.execute(f'CREATE DATABASE "{draft}" TEMPLATE template0')
        with connected_to(draft):
            call_command("migrate", verbosity=0, interactive=False)

    made_once(cursor, name, MIGRATED, migrate)
    return name


def copy_database(cursor: Any, template: str, name: str) -> None:
    """Make the database ``name`` a copy of ``template``.

    A copy of the files takes a quarter of the time that writing them into the log takes.
    """
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def lay_apart(folder: Path) -> None:
    """Have what is made in ``folder`` lie apart on the disk, where that is ext4.

    Without a journal ext4 takes no inode that was given up in the last minutes, and looks at all of them, one by one,
    for each file that is made beside them: a database copied where another one was dropped took twenty times as long.
    """
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            flags = struct.unpack("l", fcntl.ioctl(opened, GET_FLAGS, bytes(struct.calcsize("l"))))[0]
            fcntl.ioctl(opened, SET_FLAGS, struct.pack("l", flags | TOP_OF_A_TREE))
        finally:
            os.close(opened)


def empty_quickly() -> None:
    """Have tests that commit leave their database empty by deleting rows, and nothing else.

    Of some two hundred tables they fill a few, and a table that is truncated is made anew with all its indexes. Walls
    stand as before, so that nobody needs to raise them as after a migration.
    """

    def sql_flush(operations: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        del style, options
        names = [operations.quote_name(name) for name in tables]
        filled = " UNION ALL ".join(
            f"SELECT {place} WHERE EXISTS (SELECT FROM {name})" for place, name in enumerate(names)
        )
        with operations.connection.cursor() as cursor:
            cursor.execute(filled)
            deleting = [f"DELETE FROM {names[place]}" for (place,) in cursor.fetchall()]
        anew = [f"SELECT kernel_tally_anew('{table}')" for table in sorted(tallies.tallied())]
        return ["SET LOCAL session_replication_role = replica", *deleting, *anew]

    DatabaseOperations.sql_flush = sql_flush
    flush.emit_post_migrate_signal = lambda *asked: None


@contextmanager
def connected_to(name: str, options: str = "") -> Iterator[None]:
    """Within the block every connection goes to the database ``name``; ``options`` are those of a new session."""
    aliases = [connections[alias] for alias in ("default", "owner")]
    before = [(alias.settings_dict["NAME"], dict(alias.settings_dict["OPTIONS"])) for alias in aliases]
    for alias in aliases:
        alias.close()
        alias.settings_dict["NAME"] = name
    if options:
        aliases[0].settings_dict["OPTIONS"]["options"] = options
    try:
        yield
    finally:
        for alias, (old_name, old_options) in zip(aliases, before, strict=True):
            alias.close()
            alias.settings_dict["NAME"], alias.settings_dict["OPTIONS"] = old_name, old_options


@cache
def _fingerprint() -> str:
    """A digest of all that makes tables and walls: migrations, what they read, declared walls and sources."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        folder = Path(config.path) / "migrations"
        for path in sorted(folder.rglob("*.py")) + sorted(folder.rglob("*.sql")):
            digest.update(f"{config.label}/{path.name}\0".encode() + path.read_bytes())
    declared = sorted((name, repr(wall)) for name, wall in walls.declared().items())
    columns = [(name, dict(sources[name].columns)) for name in sources.names()]
    digest.update(repr((declared, columns, sorted(tallies.tallied()))).encode())
    machinery: tuple[ModuleType, ...] = (walls, foreign_keys, migrating, tallies)
    for module in machinery:
        digest.update(inspect.getsource(module).encode())
    return digest.hexdigest()[:16]

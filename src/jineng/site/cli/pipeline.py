"""What `jineng up` does before it serves, and what it says when it serves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from jineng.site.cli.steps import Report, Step, run_steps
from jineng.site.database import database_in_use
from jineng.site.places import var_directory
from jineng.site.preflight import check_disk, check_var
from jineng.site.server import SETTINGS


def steps() -> list[Step]:
    """Everything between an empty database and a site worth opening, in order."""
    return [Step("建立数据表 / Migrate the database", _migrate, _is_unmigrated)]


def farewell(address: str) -> list[tuple[str, str]]:
    """The lines of the closing panel: a label and a value each."""
    return [("网站 / Site", address)]


@contextmanager
def django_ready() -> Iterator[None]:
    """Have Django set up on a database in use, for the length of the block. Runs no step."""
    var = var_directory()
    check_var(var)
    check_disk(var)
    with database_in_use():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        import django
        from django.db import connections

        django.setup()
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def site_ready(console: Console) -> Iterator[None]:
    """`django_ready`, and every step done."""
    with django_ready():
        run_steps(steps(), console)
        yield


def _is_unmigrated() -> bool:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate(report: Report) -> None:
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    total = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    done = 0

    class Migrate(Command):
        def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
            nonlocal done
            del fake
            if action == "apply_start":
                report(done, total, str(migration))
            elif action == "apply_success":
                done += 1
                report(done, total)

    call_command(Migrate(), database="owner", verbosity=0, interactive=False)

"""The suite's database and actors. Each test runs as the application role, in the scope of whoever acts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from xdist.scheduler.loadfile import LoadFileScheduling

from jineng.site.database import database_in_use, owner_url
from jineng.site.places import var_directory
from tests.databases import connected_to, copy_database, empty_quickly, lay_apart, maintenance, migrated_template
from tests.factories import World, build_world, stand_world
from tests.quick_clients import make_clients_quick

HERE = Path(__file__).parent
RANKS = (
    "oracles/test_rows_behind_figures",
    "engines/casework/",
    "rights/test_pages",
    "rights/",
    "crash/",
    "journeys/",
    "year",
    "briefs/",
)
"""By how their path begins, the order in which files are run. The first makes the database and loads the year; the
second need none, so nobody waits for it. ``year`` stands for whatever needs the year. The rest comes after these, and
at the very end whatever empties the database: each test after it has to build its world anew."""
TOGETHER = ("tests/crash/", "tests/rights/")
"""Folders for whose tests one installation, or one stage, is made: ten seconds in each process that runs some."""


def pytest_configure() -> None:
    """What tests can do without: passwords that are hard to guess (a quarter of a second for each), a chain of
    middleware for each client, and tables made anew where rows can be deleted."""
    make_clients_quick()
    empty_quickly()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in an order in which nobody waits: long ones first, and who needs the loaded year after it is loaded.
    Within a rank the order stays as random as it came."""
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(ranks.get(item.path, len(RANKS)), _rank(item))
    ranks |= {item.path: len(RANKS) + 1 for item in items if _empties_the_database(item)}
    items.sort(key=lambda item: ranks[item.path])


def _rank(item: pytest.Item) -> int:
    where = item.path.relative_to(HERE).as_posix()
    rank = next((rank for rank, part in enumerate(RANKS) if where.startswith(part)), len(RANKS))
    return RANKS.index("year") if rank and "reference_year" in getattr(item, "fixturenames", ()) else rank


def _empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(marker and marker.kwargs.get("transaction"))


class InRooms(LoadFileScheduling):
    """Gives out tests by file, and all of those folders at once in which one costly thing is made for all."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InRooms | None:
    """Who gets which tests, where they are given out by file."""
    return InRooms(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """The program and the tests stay to the end, so that nothing is gained by looking through them again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Find or start the suite's own embedded server, before Django looks for it; leave when the session ends."""
    with database_in_use():
        lay_apart(var_directory() / "pg" / "base")
        lay_apart(tmp_path_factory.getbasetemp())
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The process's own database: a copy of the one that is migrated once for all processes and runs."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['TEST']['NAME']}"
        with maintenance() as cursor:
            copy_database(cursor, migrated_template(cursor), name)
        with connected_to(name):
            yield
        with maintenance() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def server_dsn() -> Iterator[str]:
    """The owner's URL of the suite's server, for tests that bring their own temporary tables."""
    with database_in_use():
        yield owner_url()


@pytest.fixture(scope="session")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The world, committed once for all tests of this process; whoever empties the database makes it be built anew."""
    with django_db_blocker.unblock():
        stand_world()
        connection.close()


@pytest.fixture
def world(standing_world: None, db: None) -> Iterator[World]:
    """A small province: two cities, three counties, schools, one account per role. Written as the owner."""
    world = build_world()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
    yield world
    with connection.cursor() as cursor:
        if not connection.needs_rollback:
            cursor.execute("RESET ROLE")

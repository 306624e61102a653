"""The loaded reference year for tests: loaded once, copied in a moment, rolled back after each test.

Use it by ``from tests.reference_year import reference_year`` in a ``conftest.py`` and ask for the fixture
``reference_year``: for the length of a module the suite's database is a copy of the loaded year, in which the session
acts as the application's role, and ``settings.VAR`` is a folder of the module's own.

The loaded database outlives the run: its name tells what it was loaded from, so that it is loaded anew when the
reference year or the program that loads it changes, and only one of several workers loads it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from jineng.kernel.actors import Actor
from jineng.kernel.models import Account
from jineng.reference import accounts, steps
from jineng.reference.books import ROOT_CODE
from jineng.registry.acting import actor_of
from jineng.site.places import var_directory
from tests.databases import LOADING, connected_to, copy_database, made_once, maintenance, migrated_template

YEAR = 2021
ROOT = Path(__file__).parents[1]
PREFIX = "reference_jineng_"
AS_APPLICATION = "-c role=jineng_app"
NOT_LOADING = frozenset({"web", "templates", "static", "cli", "documents", "measures", "briefs", "__pycache__"})
"""Folders of the program that have no part in what is loaded."""
STEPS = (
    steps.build_returns,
    steps.load_majors_catalogue,
    steps.load_procedures,
    steps.load_returns,
    steps.load_facts,
    steps.file_standards,
    steps.run_selections,
    steps.run_assessments,
    steps.run_admissions,
    steps.load_accounts,
)


@dataclass(frozen=True)
class ReferenceYear:
    """The year 2021 as the returns told it, with demonstration accounts; ``folder`` is the working folder."""

    folder: Path

    @property
    def province(self) -> Actor:
        """The officer who hands in the province's return."""
        return accounts.reporting_officer(ROOT_CODE)

    def officer(self, organisation_code: str) -> Actor:
        """The officer who hands in the return of the organisation with this code."""
        return accounts.reporting_officer(organisation_code)

    def account(self, login: str) -> Account:
        """The demonstration account ``demo-<login>``."""
        return Account.objects.get(username=f"demo-{login}")

    def actor(self, login: str) -> Actor:
        """The actor of the demonstration account ``demo-<login>``."""
        found = actor_of(self.account(login))
        assert found is not None
        return found


@pytest.fixture(scope="module")
def reference_year(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReferenceYear]:
    """A copy of the loaded year for one module; ask for ``db`` too, so that each test is rolled back."""
    folder = tmp_path_factory.mktemp("year")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        template, files = loaded_template()
        shutil.copytree(files, folder, dirs_exist_ok=True)
        patch.setattr(settings, "VAR", folder)
        name = f"{connection.settings_dict['NAME']}_year"
        with maintenance() as cursor:
            copy_database(cursor, template, name)
        with connected_to(name, AS_APPLICATION):
            yield ReferenceYear(folder)
        with maintenance() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def loaded_template() -> tuple[str, Path]:
    """The name of the database that holds the loaded year, and the folder with its files; loads it where missing."""
    name = f"{PREFIX}{_fingerprint()}"
    files = var_directory() / "reference-year" / name

    def load(draft: str) -> None:
        shutil.rmtree(files.parent, ignore_errors=True)
        with maintenance() as making:
            copy_database(making, migrated_template(making), draft)
        _load(draft, files)

    with maintenance(LOADING) as cursor:
        made_once(cursor, name, PREFIX, load, whole=files.is_dir())
    return name, files


def _load(name: str, files: Path) -> None:
    """Load the year into the database ``name`` and its files into ``files``."""
    folder = files.with_name(f"{files.name}.draft")
    with pytest.MonkeyPatch.context() as patch, connected_to(name):
        patch.setattr(settings, "VAR", folder)
        steps.prepare(using="default")
        with connection.cursor() as session:
            session.execute("SET ROLE jineng_app")
        for step in STEPS:
            step(YEAR)
        with connection.cursor() as session:
            session.execute("RESET ROLE")
            session.execute("ANALYZE")
    folder.rename(files)


@cache
def _fingerprint() -> str:
    """A digest of all that the loaded year follows from, the installation's keys among them."""
    digest = hashlib.sha256(settings.SECRET_KEY.encode())
    for top in (ROOT / "src" / "jineng", ROOT / "reference"):
        for folder, inner, names in os.walk(top):
            inner[:] = sorted(name for name in inner if name not in NOT_LOADING)
            for name in sorted(names):
                if name.endswith((".py", ".yaml", ".csv", ".sql")):
                    path = Path(folder) / name
                    digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    for path in sorted((ROOT / "src" / "jineng" / "briefs" / "migrations").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

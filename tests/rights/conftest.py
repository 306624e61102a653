"""The stage is built once for the folder, in a transaction that is never committed; each test plays in a savepoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from jineng.kernel.clock import clock_at
from tests.rights.stage import DURING, Stage, build_stage


@pytest.fixture(scope="package")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The stage, with files in a folder of its own."""
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock(), clock_at(DURING):
        patch.setattr(settings, "VAR", Path(tmp_path_factory.mktemp("var")))
        patch.setattr("jineng.briefs.wording.SEED", Path(__file__).with_name("narrative.yaml"))
        patch.setattr("jineng.briefs.releasing.render_docx", lambda document: b"not under test here")
        patch.setattr("jineng.briefs.releasing.render_pdf", lambda document: b"not under test here")
        # Django's client keeps a copy of what each template was given, for tests that look at it; here are thousands.
        patch.setattr("django.test.client.store_rendered_templates", lambda store, **rendered: None)
        whole = transaction.atomic()
        whole.__enter__()
        try:
            stage = build_stage()
            # Else every test would check anew, and undo with its savepoint, what building the stage has deferred.
            connection.check_constraints()
            yield stage
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
            patch.undo()
            connection.close()


@pytest.fixture
def stage(built: Stage, db: None) -> Iterator[Stage]:
    """The stage for one test, on a day of the delegation; ``db`` undoes what the test does."""
    with clock_at(DURING):
        yield built

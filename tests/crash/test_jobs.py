"""A real worker lands what pages hand in; one that dies leaves its jobs to the next."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.crash.conftest import ROOT, Installation
from tests.crash.test_importing import NOTHING, WHOLE, found, landings_logged, receipts

SETTINGS = """
from jineng.site.settings import *
PROCRASTINATE_WORKER_DEFAULTS |= {"update_heartbeat_interval": 0.3, "stalled_worker_timeout": 1.0}
"""
StartWorker = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(installation: Installation, tmp_path: Path) -> Iterator[StartWorker]:
    (tmp_path / "quick_settings.py").write_text(SETTINGS)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "JINENG_VAR": str(installation.var), "JINENG_TESTING": "0", "PYTHONPATH": path}
    environment |= {"DJANGO_SETTINGS_MODULE": "quick_settings"}
    started = []

    def start() -> subprocess.Popen[bytes]:
        with (installation.var / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "django", "procrastinate", "worker"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def wait_for(installation: Installation, name: str, states: set[str], seconds: float) -> str:
    """The state of the file's receipt as soon as it is one of ``states``."""
    deadline = time.monotonic() + seconds
    while True:
        ((state, _),) = receipts(installation, name)
        if state in states:
            return state
        assert time.monotonic() < deadline, (state, (installation.var / "worker.log").read_text())
        time.sleep(0.02)


@contextmanager
def held_up(installation: Installation) -> Iterator[None]:
    """Let nothing land while the block lasts: awards can be read, but nobody can write them."""
    with psycopg.connect(installation.server.url()) as connection:
        connection.execute("LOCK TABLE calls_award IN EXCLUSIVE MODE")
        yield
        connection.rollback()


def jobs(installation: Installation) -> list[tuple[str, str]]:
    return installation.rows(
        "SELECT task_name, status::text FROM procrastinate_jobs WHERE task_name = 'process_return'"
    )


def test_worker_lands_and_the_next_takes_up_what_a_dead_one_left(
    installation: Installation, start_worker: StartWorker, tmp_path: Path
) -> None:
    first, second = tmp_path / "return-first.xlsx", tmp_path / "return-second.xlsx"
    for file in (first, second):
        installation.do("write", f"{file.stem.removeprefix('return-')} {file}")

    installation.do("upload", str(first))
    assert receipts(installation, first.name) == [("waiting", False)]
    assert jobs(installation) == [("process_return", "todo")]
    worker = start_worker()
    wait_for(installation, first.name, {"landed"}, 60)
    assert found(installation, "first") == WHOLE

    with held_up(installation):
        installation.do("upload", str(second))
        wait_for(installation, second.name, {"running"}, 60)
        worker.kill()
        worker.wait()
    assert found(installation, "second") == NOTHING
    start_worker()
    wait_for(installation, second.name, {"landed"}, 60)
    assert found(installation, "second") == WHOLE
    assert landings_logged(installation, second.name) == 1
    users = installation.rows("SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name <> 'psql'")
    assert ("jineng_login",) in users

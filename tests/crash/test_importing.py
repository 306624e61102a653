"""``kill -9`` of the importer or of PostgreSQL at any moment of an import: all of the file is in, or none of it.

Two thirds of the moments are spread over the whole import, a third falls between the last merged row and the end,
where the commit is. The moments are seeded; the machine's speed makes them land elsewhere in each run.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from jineng.site.processes import pid_is_running
from tests.crash.conftest import Installation
from tests.crash.nursery import ACCOUNT, AWARDS, CALL, ORGANISATIONS

SAMPLE, ALL = 3, 50
MOMENTS = [pytest.param(seed, marks=() if seed < SAMPLE else pytest.mark.deep) for seed in range(ALL)]


@dataclass(frozen=True)
class Pace:
    """Seconds that an undisturbed import takes in all, and from its last merged row to its end."""

    whole: float
    tail: float


@pytest.fixture(scope="session")
def pace(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Pace:
    file = tmp_path_factory.mktemp("pace") / "return.xlsx"
    installation.do("write", f"pace {file}")
    installation.start("load", str(file))
    assert installation.await_mark("begin")
    begin = time.monotonic()
    assert installation.await_mark("merged")
    merged = time.monotonic()
    assert installation.await_end() == 0, installation.log()
    assert found(installation, "pace") == WHOLE
    return Pace(time.monotonic() - begin, time.monotonic() - merged)


WHOLE = (ORGANISATIONS, ORGANISATIONS, 1, 1, AWARDS, AWARDS)
NOTHING = (0, 0, 0, 0, 0, 0)


def found(installation: Installation, tag: str) -> tuple[int, ...]:
    """How much of the file with ``tag`` is in, table by table."""
    like, call = f"{tag}-%", f"{CALL}-{tag}"
    (counts,) = installation.rows(
        """
        SELECT (SELECT count(*) FROM registry_organisation WHERE code LIKE %s),
               (SELECT count(*) FROM registry_organisationstate s JOIN registry_organisation o
                ON o.id = s.organisation_id WHERE o.code LIKE %s),
               (SELECT count(*) FROM calls_call WHERE code = %s),
               (SELECT count(*) FROM calls_batch b JOIN calls_call c ON c.id = b.call_id WHERE c.code = %s),
               (SELECT count(*) FROM calls_award a JOIN calls_batch b ON b.id = a.batch_id
                JOIN calls_call c ON c.id = b.call_id WHERE c.code = %s),
               (SELECT count(*) FROM calls_awardstatus s JOIN calls_award a ON a.id = s.award_id
                JOIN calls_batch b ON b.id = a.batch_id JOIN calls_call c ON c.id = b.call_id WHERE c.code = %s)
        """,
        like,
        like,
        call,
        call,
        call,
        call,
    )
    return counts


def receipts(installation: Installation, name: str) -> list[tuple[str, bool]]:
    """State of each receipt of the file and whether it is sealed, oldest first."""
    return installation.rows(
        "SELECT state, seal IS NOT NULL FROM kernel_receipt WHERE file_name = %s ORDER BY submitted_at", name
    )


def landings_logged(installation: Installation, name: str) -> int:
    """Audit lines that say that the file landed."""
    ((count,),) = installation.rows(
        "SELECT count(*) FROM kernel_auditline WHERE verb = 'land_return' AND summary = %s", f"入库 {name}"
    )
    return count


def wait_for_moment(installation: Installation, pace: Pace, seed: int) -> None:
    """Let the import run for a random while."""
    chance = random.Random(seed)
    if seed % 3 == 2:
        installation.await_mark("merged")
        time.sleep(chance.uniform(0, pace.tail))
    else:
        installation.await_mark("begin")
        time.sleep(chance.uniform(0, pace.whole))


def kill_importer(child: int) -> None:
    """``kill -9`` the importer, unless it was faster."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def kill_server(installation: Installation, whole: bool) -> None:
    """``kill -9`` the server's main process, or everything that serves the data, as a power cut would."""
    pid = installation.server.pid()
    assert pid
    leader = psutil.Process(pid)
    for process in [leader, *(leader.children() if whole else [])]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    while pid_is_running(pid):
        time.sleep(0.005)


def wait_until_forgotten(installation: Installation) -> None:
    """Wait until the server has noticed that the importer is gone; it may finish a commit that it was told."""
    deadline = time.monotonic() + 10
    while installation.rows("SELECT 1 FROM pg_stat_activity WHERE usename = 'jineng_login'"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def all_or_nothing(installation: Installation, pace: Pace, path: Path, tag: str, kill: Callable[[int], None]) -> None:
    file = path / f"return-{tag}.xlsx"
    installation.do("write", f"{tag} {file}")
    child = installation.start("load", str(file))
    wait_for_moment(installation, pace, int(tag.split("-")[1]))
    kill(child)
    installation.await_end()
    wait_until_forgotten(installation)

    counts, told = found(installation, tag), receipts(installation, file.name)
    assert counts in (WHOLE, NOTHING)
    landed = counts == WHOLE
    assert landed <= len(told) <= 1
    assert set(told) <= ({("landed", True)} if landed else {("waiting", False), ("running", False)})
    assert landings_logged(installation, file.name) == landed

    installation.do("load", str(file))
    assert found(installation, tag) == WHOLE
    told = receipts(installation, file.name)
    assert told == [("landed", True)] * (2 if landed else 1)
    assert landings_logged(installation, file.name) == len(told)


@pytest.mark.parametrize("seed", MOMENTS)
def test_importer_is_killed(installation: Installation, pace: Pace, tmp_path: Path, seed: int) -> None:
    all_or_nothing(installation, pace, tmp_path, f"importer-{seed}", kill_importer)


@pytest.mark.parametrize("seed", MOMENTS)
def test_server_is_killed(installation: Installation, pace: Pace, tmp_path: Path, seed: int) -> None:
    def kill(child: int) -> None:
        del child
        kill_server(installation, whole=seed % 2 == 0)

    all_or_nothing(installation, pace, tmp_path, f"server-{seed}", kill)


def test_account_of_the_crash_tests_is_an_ordinary_officer(installation: Installation) -> None:
    ((is_superuser,),) = installation.rows("SELECT is_superuser FROM kernel_account WHERE username = %s", ACCOUNT)
    assert not is_superuser

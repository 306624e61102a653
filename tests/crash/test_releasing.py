"""A release that is cut off is not there; what it left behind gives way to the next."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.crash.conftest import Installation
from tests.crash.test_importing import wait_until_forgotten

YEAR = 2021
SAMPLE, ALL = 1, 8


@pytest.fixture(scope="module")
def seconds(installation: Installation) -> float:
    """How long an undisturbed release takes."""
    begin = time.monotonic()
    installation.do("release", str(YEAR))
    return time.monotonic() - begin


def releases(installation: Installation) -> dict[str, int]:
    """Folder and number of each release that stands."""
    return dict(installation.rows("SELECT folder, number FROM briefs_release ORDER BY number"))


def whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("brief.html", "brief.docx", "brief.pdf", "manifest.json"))


@pytest.mark.parametrize("seed", [pytest.param(n, marks=() if n < SAMPLE else pytest.mark.deep) for n in range(ALL)])
def test_release_is_killed(installation: Installation, request: pytest.FixtureRequest, seed: int) -> None:
    seconds = request.getfixturevalue("seconds") if seed % 2 else 0.0
    before = releases(installation)
    place = installation.var / "releases"
    kept = {folder: (place / folder / "manifest.json").read_bytes() for folder in before}
    child = installation.start("release", str(YEAR))
    if seed % 2 == 0:
        installation.await_mark("merged")  # the folder is in its place, the transaction still open
    else:
        time.sleep(random.Random(seed).uniform(0, seconds))
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    installation.await_end()
    wait_until_forgotten(installation)

    after = releases(installation)
    assert set(before) <= set(after)
    assert len(after) <= len(before) + 1
    assert all(whole(place / folder) for folder in after)

    installation.do("release", str(YEAR))
    again = releases(installation)
    assert sorted(again.values()) == list(range(1, len(after) + 2))
    assert all(whole(place / folder) for folder in again)
    assert {folder: (place / folder / "manifest.json").read_bytes() for folder in kept} == kept
    assert {path.name for path in place.iterdir() if not path.name.startswith(".")} == set(again)

"""Each obstacle is one line in two languages that says what to do."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from jineng.site import preflight
from jineng.site.preflight import EnvironmentFailure


@pytest.fixture
def taken() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def test_taken_port_names_its_holder_and_the_way_out(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    with taken, pytest.raises(EnvironmentFailure) as caught:
        preflight.check_port("127.0.0.1", port)
    assert f"Port {port} is taken by" in caught.value.en
    assert f"pid {os.getpid()}" in caught.value.en
    assert "--port" in caught.value.zh


def test_free_port_passes(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    taken.close()
    preflight.check_port("127.0.0.1", port)


def test_foreign_address_is_refused() -> None:
    with pytest.raises(EnvironmentFailure, match="--host"):
        preflight.check_port("192.0.2.1", 8000)


def test_nearly_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * 2**20))
    with pytest.raises(EnvironmentFailure, match=r"10 MB free .* at least 500 MB"):
        preflight.check_disk(tmp_path)


def test_full_disk_while_probing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(EnvironmentFailure, match="Disk full"):
        preflight.check_var(tmp_path)


def test_working_directory_is_made_and_left_clean(tmp_path: Path) -> None:
    preflight.check_var(tmp_path / "new" / "var")
    assert list((tmp_path / "new" / "var").iterdir()) == []


def test_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    preflight.check_python()
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(EnvironmentFailure, match=r"Python 3\.9\.2 is too old"):
        preflight.check_python()

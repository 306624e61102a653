"""Files that were handed in: unreadable at rest, whole or not there at all, nothing left behind by a full disk."""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.test import override_settings

from jineng.kernel import files

CONTENT = "姓名,身份证号\n王小明,620102199601019960\n".encode() * 50


@pytest.fixture(autouse=True)
def place(tmp_path: Path):
    with override_settings(VAR=tmp_path):
        yield tmp_path


def test_what_is_kept_comes_back_and_is_not_read_on_disk(place: Path) -> None:
    identity = uuid.uuid4()
    files.keep(identity, CONTENT)
    assert files.fetch(identity) == CONTENT
    stored = files.path_of(identity).read_bytes()
    assert "王小明".encode() not in stored
    assert b"620102199601019960" not in stored
    assert files.path_of(identity).stat().st_mode & 0o077 == 0
    assert files.path_of(identity).parent.stat().st_mode & 0o077 == 0


def test_same_content_looks_different_each_time() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    files.keep(first, CONTENT)
    files.keep(second, CONTENT)
    assert files.path_of(first).read_bytes() != files.path_of(second).read_bytes()


def test_altered_file_is_refused() -> None:
    identity = uuid.uuid4()
    files.keep(identity, CONTENT)
    stored = bytearray(files.path_of(identity).read_bytes())
    stored[-20] ^= 1
    files.path_of(identity).write_bytes(stored)
    with pytest.raises(InvalidTag):
        files.fetch(identity)


def test_what_was_never_kept_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        files.fetch(uuid.uuid4())


def test_cut_off_writing_leaves_nothing_to_be_taken_for_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the process were killed between writing and renaming."""
    identity = uuid.uuid4()

    class Killed(BaseException):
        pass

    def killed(descriptor: int) -> None:
        raise Killed

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(Killed):
        files.keep(identity, CONTENT)
    with pytest.raises(FileNotFoundError):
        files.fetch(identity)
    monkeypatch.undo()
    files.keep(identity, CONTENT)
    assert files.fetch(identity) == CONTENT
    assert [path.name for path in files.path_of(identity).parent.iterdir()] == [str(identity)]


def test_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    identity = uuid.uuid4()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.keep(identity, CONTENT)
    assert [path for path in place.rglob("*") if path.is_file()] == []


def test_name_and_bytes_are_made_to_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is synced before it is renamed, its folders after."""
    identity, done = uuid.uuid4(), []
    sync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        done.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        sync(descriptor)

    def replaced(path: Path, target: Path) -> Path:
        done.append("renamed")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    files.keep(identity, CONTENT)
    assert done == [f"{identity}.part", "renamed", str(identity)[:2], "files"]

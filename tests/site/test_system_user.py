"""Root hands the server to an unprivileged user, and opens to that user alone what it must pass through."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from jineng.site import system_user
from jineng.site.preflight import EnvironmentFailure
from jineng.site.system_user import RunAs

NOBODY = RunAs(uid=65534, gid=65534, switch=True)
OWN = RunAs(uid=os.geteuid(), gid=os.getegid(), switch=False)


def unknown(name: str) -> pwd.struct_passwd:
    raise KeyError(name)


def allowed(directory: Path, uid: int) -> int | None:
    return system_user._read(directory).get((system_user._USER, uid))


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    directory = tmp_path / "closed"
    directory.mkdir()
    directory.chmod(0o700)
    try:
        system_user.allow_traversal(directory, 4000)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            pytest.skip("this file system has no access control lists")
        raise
    return directory


def test_traversal_is_given_to_one_user_and_nobody_else(closed: Path) -> None:
    entries = system_user._read(closed)
    assert allowed(closed, 4000) == 0o1
    assert entries[system_user._GROUP_OBJ, system_user._NO_ID] == 0
    assert entries[system_user._OTHER, system_user._NO_ID] == 0
    assert closed.stat().st_mode & 0o700 == 0o700


def test_traversal_for_a_second_user_keeps_the_first(closed: Path) -> None:
    system_user.allow_traversal(closed, 3000)
    system_user.allow_traversal(closed, 3000)
    assert allowed(closed, 3000) == allowed(closed, 4000) == 0o1


def test_rights_that_were_masked_stay_masked(closed: Path) -> None:
    closed.chmod(0o700)  # with a list, the group bits are its mask
    system_user.allow_traversal(closed, 3000)
    assert allowed(closed, 4000) == 0
    assert allowed(closed, 3000) == 0o1


def test_server_runs_as_the_owner_of_its_data(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, 65534, 65534)
        assert system_user.run_as(tmp_path) == NOBODY
    else:
        assert system_user.run_as(tmp_path) == OWN
        assert system_user.run_as(tmp_path).child(["id"]) == (["id"], {})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root switches users")
@pytest.mark.parametrize("by", ["setpriv", "Python"])
def test_a_child_is_nobody_else_than_asked_for(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "Python":
        monkeypatch.setattr(shutil, "which", lambda name, path: None)
    elif not shutil.which("setpriv", path=os.defpath):
        pytest.skip("there is no setpriv here")
    command, options = NOBODY.child(["/bin/sh", "-c", "id -u; id -g; id -G"])
    assert ("setpriv" in str(command[0])) == (by == "setpriv")
    told = subprocess.run(command, capture_output=True, text=True, check=True, **options)
    assert told.stdout.split() == ["65534", "65534", "65534"]


def test_data_of_another_user_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(EnvironmentFailure, match="belongs to another user"):
        system_user.run_as(tmp_path)


@pytest.mark.parametrize(
    ("program", "reason"), [(None, "useradd is missing"), ("/sbin/useradd", "cannot lock /etc/passwd")]
)
def test_missing_system_user_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, reason: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", unknown)
    monkeypatch.setattr(shutil, "which", lambda name, path: program)
    outcome = subprocess.CompletedProcess([], 1, "", f"useradd: {reason}\n")
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: outcome)
    with pytest.raises(EnvironmentFailure, match=reason):
        system_user.run_as(tmp_path / "new")


def test_file_system_without_lists_is_told_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(directory: Path, uid: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(system_user, "allow_traversal", refuse)
    monkeypatch.setattr(system_user, "_can", lambda user, test, path: path != tmp_path)
    with pytest.raises(EnvironmentFailure, match=f"run chmod o\\+x {tmp_path}"):
        system_user.open_way(NOBODY, tmp_path)


def test_nothing_is_opened_for_ourselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_user, "_can", lambda *arguments: pytest.fail("nothing to ask"))
    system_user.open_way(OWN, tmp_path)
    system_user.open_programs(OWN, tmp_path)


def test_programs_are_opened_for_reading_and_never_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binaries = tmp_path / "wheel" / "pginstall18" / "bin"
    libraries = tmp_path / "wheel.libs"
    binaries.mkdir(parents=True)
    libraries.mkdir()
    program, library = binaries / "postgres", libraries / "libz.so"
    program.touch(mode=0o700)
    library.touch(mode=0o600)
    (binaries / "postmaster").symlink_to("postgres")
    monkeypatch.setattr(system_user, "open_way", lambda user, directory: None)
    monkeypatch.setattr(system_user, "_can", lambda user, test, path: path.exists() and path != library)
    system_user.open_programs(NOBODY, binaries)
    assert stat.S_IMODE(program.stat().st_mode) == 0o755
    assert stat.S_IMODE(library.stat().st_mode) == 0o644
    assert binaries.stat().st_mode & 0o055 == 0o055

"""The embedded server is found or started by anybody, at once, after any crash, and leaves with its last user."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jineng.site import embedded
from jineng.site.embedded import EmbeddedServer, socket_directory
from jineng.site.preflight import EnvironmentFailure
from jineng.site.processes import pid_is_running

CHILD = """
import sys, time
from pathlib import Path
from jineng.site.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
"""


def child(var: Path, work: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + work, str(var)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "var", durable=False)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data as a first use leaves them; making them takes a second of a processor, copying them next to none."""
    server = EmbeddedServer(tmp_path_factory.mktemp("made") / "var", durable=False)
    server.ensure_running()
    server.stop()
    return server.data


@pytest.fixture
def used_before(server: EmbeddedServer, data: Path) -> None:
    """The server ran before and does not run now."""
    server.var.mkdir()
    subprocess.run(["cp", "-a", data, server.data], check=True)


def execute(server: EmbeddedServer, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 5
    while pid_is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)


def test_first_use_creates_and_second_finds(server: EmbeddedServer) -> None:
    assert not server.is_ready()
    assert server.ensure_running()
    pid = server.pid()
    assert not server.ensure_running()
    assert server.pid() == pid
    assert execute(
        server,
        "SELECT current_setting('server_encoding'), datlocale, current_setting('listen_addresses')"
        " FROM pg_database WHERE datname = 'postgres'",
    ) == [("UTF8", "C.UTF-8", "")]
    assert server.stop()
    assert not server.stop()
    assert server.pid() is None


def test_data_are_closed_to_others(server: EmbeddedServer) -> None:
    server.ensure_running()
    assert server.data.stat().st_mode & 0o077 == 0
    assert server.data.stat().st_uid != 0


def test_four_processes_at_once_start_one_server(server: EmbeddedServer) -> None:
    work = "print(server.ensure_running(), server.pid())"
    answers = [process.communicate()[0].split() for process in [child(server.var, work) for _ in range(4)]]
    assert sorted(answer[0] for answer in answers) == ["False", "False", "False", "True"]
    assert {answer[1] for answer in answers} == {str(server.pid())}


def test_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "var")
    server.ensure_running()
    execute(server, "CREATE TABLE kept (n int)")
    execute(server, "INSERT INTO kept VALUES (1)")
    pid = server.pid()
    assert pid
    with psycopg.connect(server.url(database="postgres")) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)
        assert server.ensure_running()
        connection.close()
    assert execute(server, "SELECT n FROM kept") == [(1,)]
    server.stop()


@pytest.mark.usefixtures("used_before")
def test_orphans_of_a_killed_server_do_not_live_beside_the_next(server: EmbeddedServer) -> None:
    server.ensure_running()
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        backend = connection.info.backend_pid
        pid = server.pid()
        assert pid
        os.kill(backend, signal.SIGSTOP)  # it cannot notice that its server dies
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)
        assert pid_is_running(backend)
        assert server.ensure_running()
        assert not pid_is_running(backend)
        connection.close()


@pytest.mark.usefixtures("used_before")
@pytest.mark.parametrize("pid", ["own", "unused"])
def test_stale_process_id_file_is_no_obstacle(server: EmbeddedServer, pid: str) -> None:
    server.ensure_running()
    stale = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    stale[0] = str(os.getpid()) if pid == "own" else "4194300"
    (server.data / "postmaster.pid").write_text("\n".join(stale) + "\n")
    (socket_directory(server.var) / ".s.PGSQL.5432.lock").write_text("\n".join(stale) + "\n")
    assert not server.is_ready()
    assert server.ensure_running()


@pytest.mark.usefixtures("used_before")
def test_garbled_process_id_file_is_no_obstacle(server: EmbeddedServer) -> None:
    server.ensure_running()
    server.stop()
    (server.data / "postmaster.pid").write_text("")
    assert server.ensure_running()


def test_interrupted_initialisation_starts_over(server: EmbeddedServer) -> None:
    half = server.var / "pg.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert server.ensure_running()
    assert not half.exists()


def test_orphaned_initialisation_is_ended(server: EmbeddedServer) -> None:
    starter = child(server.var, "server.ensure_running()")
    deadline = time.monotonic() + 5
    while not (server.var / "pg.new" / "base").exists() and time.monotonic() < deadline:
        time.sleep(0.002)
    starter.kill()
    starter.communicate()
    assert server.ensure_running()
    assert execute(server, "SELECT 1") == [(1,)]


@pytest.mark.usefixtures("used_before")
def test_killed_holder_of_the_lock_is_no_obstacle(server: EmbeddedServer) -> None:
    holder = child(server.var, "with server._locked():\n    print('held', flush=True)\n    time.sleep(60)")
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    begin = time.monotonic()
    assert server.ensure_running()
    assert time.monotonic() - begin < 10


@pytest.mark.usefixtures("used_before")
def test_last_user_stops_the_server(server: EmbeddedServer) -> None:
    with server.lease() as started:
        assert started
        other = child(server.var, "with server.lease() as s:\n    print(s, flush=True)\n    input()")
        assert other.stdout
        assert other.stdout.readline() == "False\n"
    assert server.is_ready()
    other.communicate("\n")
    assert not server.is_ready()


@pytest.mark.usefixtures("used_before")
def test_killed_user_does_not_count(server: EmbeddedServer) -> None:
    other = child(server.var, "with server.lease() as s:\n    print(s, flush=True)\n    input()")
    assert other.stdout
    assert other.stdout.readline() == "True\n"
    with server.lease() as started:
        assert not started
        other.kill()
        other.communicate()
    assert not server.is_ready()


@pytest.mark.usefixtures("used_before")
def test_kept_server_outlives_its_users(server: EmbeddedServer) -> None:
    server.keep(True)
    with server.lease():
        pass
    assert server.is_ready()
    server.keep(False)
    with server.lease():
        pass
    assert not server.is_ready()


@pytest.mark.parametrize("name", ["a" * 90 + "/" + "b" * 60, "甘肃, 职教 '2021'"])
def test_long_or_odd_path_gets_its_socket_elsewhere(tmp_path: Path, name: str) -> None:
    server = EmbeddedServer(tmp_path / name, durable=False)
    directory = socket_directory(server.var)
    assert directory != server.data
    try:
        server.ensure_running()
        assert socket_directory(server.var) == directory
        assert directory.stat().st_mode & 0o077 == 0
        assert execute(server, "SELECT 1") == [(1,)]
    finally:
        server.stop()
        shutil.rmtree(directory)


def test_recorded_socket_directory_holds_for_other_temporary_directories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = tmp_path / ("c" * 120)
    (var / "run").mkdir(parents=True)
    (var / "run" / "socket-directory").write_text("/recorded/place\n")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert socket_directory(var) == Path("/recorded/place")


def test_socket_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / ("d" * 120), durable=False)
    directory = socket_directory(server.var)
    directory.mkdir(mode=0o700)
    directory.chmod(0o777)
    try:
        with pytest.raises(EnvironmentFailure, match="not ours alone"):
            server.ensure_running()
    finally:
        directory.rmdir()


def test_foreign_files_in_the_place_of_the_data_are_left_alone(server: EmbeddedServer) -> None:
    server.data.mkdir(parents=True)
    (server.data / "letter.txt").write_text("mine")
    with pytest.raises(EnvironmentFailure, match="not a database directory"):
        server.ensure_running()
    assert (server.data / "letter.txt").read_text() == "mine"


def test_data_of_another_major_version_are_refused(server: EmbeddedServer) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EnvironmentFailure, match="made by PostgreSQL 16"):
        server.ensure_running()


def test_unwritable_working_directory_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFailure, match="Cannot write to the working directory") as caught:
        EmbeddedServer(tmp_path / "file" / "var").ensure_running()
    assert "\n" not in str(caught.value)


def test_server_that_ends_at_once_says_why(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(embedded._SETTINGS, "max_connections", "none")
    with pytest.raises(EnvironmentFailure, match="max_connections") as caught:
        server.ensure_running()
    assert "\n" not in str(caught.value)


def test_full_disk_reported_by_the_server_is_called_so(server: EmbeddedServer) -> None:
    failure = server._failure("启动失败", "Cannot start", "FATAL:  could not write: No space left on device\n")
    assert "Disk full" in failure.en


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_closed_parent_is_opened_to_the_database_user_alone(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o700)
    server = EmbeddedServer(closed / "var", durable=False)
    try:
        server.ensure_running()
        assert closed.stat().st_mode & 0o007 == 0
        everybody = subprocess.run(["ls", closed], user="nobody", group="nogroup", extra_groups=[], check=False)
        assert everybody.returncode != 0
    finally:
        server.stop()


@pytest.mark.usefixtures("used_before")
def test_killed_server_is_revived_and_a_stopped_one_is_not(server: EmbeddedServer) -> None:
    assert not server.revive()
    server.ensure_running()
    assert not server.revive()
    pid = server.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert server.revive()
    assert server.is_ready()
    server.stop()
    assert not server.revive()

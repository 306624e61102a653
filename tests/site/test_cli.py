"""The command teaches, speaks JSON, and turns obstacles into one line and exit code 3."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from jineng.site.cli import program
from jineng.site.places import var_directory
from jineng.site.preflight import EnvironmentFailure


def jineng(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from jineng.site.cli import main; main()", *arguments],
        env={**os.environ, "JINENG_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_teaches(tmp_path: Path) -> None:
    answer = jineng(tmp_path, "--help")
    assert answer.returncode == 0
    for word in ("up", "db", "DATABASE_URL", "JINENG_VAR", "Exit codes"):
        assert word in answer.stdout
    assert list(tmp_path.iterdir()) == []


def test_help_loads_neither_django_nor_psycopg(tmp_path: Path) -> None:
    code = "import sys; import jineng.site.cli; print({'django', 'psycopg', 'psutil'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout == "set()\n"


def test_version() -> None:
    answer = CliRunner().invoke(program.app, ["--version"])
    assert answer.exit_code == 0
    assert answer.stdout.startswith("jineng ")


def test_wrong_usage_is_two() -> None:
    assert CliRunner().invoke(program.app, ["up", "--port", "none"]).exit_code == 2
    assert CliRunner().invoke(program.app, ["nonsense"]).exit_code == 2


def test_db_up_url_psql_and_down(tmp_path: Path) -> None:
    try:
        up = json.loads(jineng(tmp_path, "db", "up", "--json").stdout)
        url = jineng(tmp_path, "db", "url").stdout.strip()
        assert url == up["url"]
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("postgres",)
        answer = jineng(tmp_path, "db", "psql", "-Atc", "SELECT 6 * 7")
        assert answer.stdout == "42\n"
        assert jineng(tmp_path, "db", "psql", "-c", "SELECT nonsense").returncode == 1
    finally:
        down = json.loads(jineng(tmp_path, "db", "down", "--json").stdout)
    assert down == {"stopped": True}


@pytest.mark.parametrize(
    ("environment", "telling"),
    [
        ({"DATABASE_URL": "postgresql://o@127.0.0.1:1/edu"}, "Cannot connect"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be read"),
        ({"JINENG_VAR": "/proc/jineng"}, "Cannot write to the working directory"),
    ],
)
def test_obstacle_is_one_line_and_three(tmp_path: Path, environment: dict[str, str], telling: str) -> None:
    answer = jineng(tmp_path, "db", "up", **environment)
    assert answer.returncode == 3
    assert telling in answer.stderr
    assert answer.stderr.count("\n") == 1


class _Full(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize(
    ("error", "telling"),
    [
        (EnvironmentFailure("端口", "the port"), "the port"),
        (OSError(errno.ENOSPC, "No space left on device", "some/file"), "Disk full"),
        (_Full(), "Disk full"),
        (PermissionError(errno.EACCES, "Permission denied", str(var_directory() / "x")), "change its rights"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), "connection to the database"),
        (psycopg.errors.AdminShutdown(), "connection to the database"),
    ],
)
def test_main_turns_errors_into_lines(
    error: Exception, telling: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError from error

    monkeypatch.setattr(program, "app", broken if not isinstance(error, EnvironmentFailure) else _raise(error))
    with pytest.raises(SystemExit) as caught:
        program.main()
    assert caught.value.code == 3
    assert telling in capsys.readouterr().err


def _raise(error: Exception) -> object:
    def app() -> None:
        raise error

    return app


def test_manage_runs_django_commands(tmp_path: Path) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "tests.site.bare_settings"}
    answer = jineng(tmp_path, "manage", "sqlflush", "--database", "owner", **environment)
    assert answer.returncode == 0, answer.stderr


def test_other_errors_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "app", _raise(KeyError("bug")))
    with pytest.raises(KeyError):
        program.main()

"""Who logs in where, and the roles that must exist: made once, by any number of processes, with no rights to spare."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from jineng.site import database
from jineng.site import settings as shipped
from jineng.site.embedded import EmbeddedServer
from jineng.site.preflight import EnvironmentFailure


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JINENG_VAR", str(tmp_path))
    monkeypatch.setenv("JINENG_TESTING", "0")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path_factory.mktemp("shared"), durable=False)
    server.ensure_running()
    yield server
    server.stop()


@pytest.fixture
def server(shared: EmbeddedServer) -> EmbeddedServer:
    with psycopg.connect(shared.url(database="postgres"), autocommit=True) as connection:
        for role in ("jineng_login", "jineng_app", "jineng_reader", "operator"):
            connection.execute(f"DROP ROLE IF EXISTS {role}")
    return shared


def operators_url(server: EmbeddedServer, rights: str = "CREATEROLE") -> str:
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE operator LOGIN {rights}")
    return server.url("operator", "postgres")


def test_program_logs_in_with_the_small_role(production: Path) -> None:
    aliases = database.django_databases()
    assert aliases["default"]["USER"] == "jineng_login"
    assert aliases["owner"]["USER"] == "postgres"
    assert aliases["owner"]["TEST"] == {"MIRROR": "default"}
    assert aliases["default"]["HOST"] == aliases["owner"]["HOST"] == str(production / "pg")
    assert list(production.iterdir()) == []


def test_test_run_logs_in_as_owner_apart_from_real_data(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINENG_TESTING", "1")
    alias = database.django_databases()["default"]
    assert alias["USER"] == "postgres"
    assert alias["HOST"] == str(production / "test" / "pg")
    assert str(os.getpid()) in alias["TEST"]["NAME"]


def test_url_becomes_settings(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://o%40x:p%2Fw@db.example:6543/edu?sslmode=require")
    owner = database.django_databases()["owner"]
    parts = {key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert parts == {"USER": "o@x", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "6543", "NAME": "edu"}
    assert owner["OPTIONS"]["sslmode"] == "require"


def test_unreadable_url_is_one_line(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    with pytest.raises(EnvironmentFailure, match="DATABASE_URL cannot be read") as caught:
        database.django_databases()
    assert "\n" not in str(caught.value)


def test_unreachable_server_is_one_line_without_the_password(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://o:secret@127.0.0.1:1/edu")
    with pytest.raises(EnvironmentFailure, match="Cannot connect") as caught, database.database_in_use():
        pass
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_old_server_is_refused(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MINIMUM_VERSION", 19)
    with pytest.raises(EnvironmentFailure, match="PostgreSQL 18 is too old: 19 or newer"):
        database.prepare(server.url(database="postgres"))


def test_roles_have_nothing_to_spare(server: EmbeddedServer) -> None:
    url = server.url(database="postgres")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(database.prepare, [url, server.url(database="template1")] * 4))
    with psycopg.connect(server.url("jineng_login", "postgres"), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (n int)")
        for role in ("jineng_app", "jineng_reader"):
            connection.execute(f"SET ROLE {role}")
            connection.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE postgres")


def test_widened_role_is_narrowed_again(server: EmbeddedServer) -> None:
    url = server.url(database="postgres")
    database.prepare(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER ROLE jineng_app BYPASSRLS LOGIN")
        database.prepare(url)
        found = connection.execute("SELECT rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'jineng_app'")
        assert found.fetchone() == (False, False)


def test_databases_of_killed_test_runs_are_dropped(server: EmbeddedServer) -> None:
    names = {f"test_jineng_{os.getpid()}_gw0", "test_jineng_4194300", "test_jineng_4194300_gw1", "test_jineng_x"}
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name} STRATEGY file_copy")
        database._drop_left_test_databases(server.url(database="postgres"))
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_jineng%'").fetchall()
    assert {name for (name,) in left} == {f"test_jineng_{os.getpid()}_gw0", "test_jineng_x"}


def test_operators_server_gets_a_password_that_stays(
    server: EmbeddedServer, production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = operators_url(server)
    monkeypatch.setenv("DATABASE_URL", url)
    with database.database_in_use():
        pass
    file = production / "keys" / "database.json"
    assert file.stat().st_mode & 0o777 == 0o600
    password = json.loads(file.read_text())["jineng_login"]
    with database.database_in_use():
        assert database.django_databases()["default"]["PASSWORD"] == password
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE jineng_app")
    assert json.loads(file.read_text())["jineng_login"] == password


def test_operator_without_the_right_is_told(
    server: EmbeddedServer, production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", operators_url(server, rights=""))
    with pytest.raises(EnvironmentFailure, match="CREATEROLE"), database.database_in_use():
        pass


def test_another_process_may_set_the_password_meanwhile(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    class Busy:
        def execute(self, statement: object) -> None:
            tried.append(statement)
            if len(tried) == 1:
                raise psycopg.errors.InternalError("tuple concurrently updated")

    def refused(*asked: object, **options: object) -> None:
        raise psycopg.OperationalError("password authentication failed")

    monkeypatch.setattr(psycopg, "connect", refused)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    database._set_password(cast("psycopg.Connection[Any]", Busy()), "postgresql://operator@/jineng?host=/nowhere")
    assert len(tried) == 2


def test_passwords_of_the_site_are_hard_to_guess() -> None:
    assert shipped.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.ScryptPasswordHasher"

"""Which PostgreSQL the program talks to, as whom, and what must exist there before the first migration.

Two aliases name one database. `default` is the program: role `jineng_login`, which owns nothing and sees
nothing until it takes on `jineng_app` or `jineng_reader`. `owner` owns the tables and runs migrations.
In a test run both log in as the owner, because Django creates the test database through `default`.

The server is the embedded one, or the one that `DATABASE_URL` names (PostgreSQL 15 or newer, the URL of
a role that may create roles and owns the database).
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jineng.site.embedded import SUPERUSER, EmbeddedServer, socket_directory
from jineng.site.places import testing, var_directory
from jineng.site.preflight import EnvironmentFailure, check_var, disk_full

if TYPE_CHECKING:
    from psycopg import Connection

DATABASE = "jineng"
APP_ROLE = "jineng_app"
READER_ROLE = "jineng_reader"
LOGIN_ROLE = "jineng_login"
MINIMUM_VERSION = 15
_CONNECT_SECONDS = 10
_ADVISORY_KEY = 0x6A696E656E67


def external_url() -> str | None:
    """The owner's URL of the server that the operator chose, or None for the embedded server."""
    return os.environ.get("DATABASE_URL", "").strip() or None


def embedded_server() -> EmbeddedServer:
    """The embedded server of this process's working directory; durable except in a test run."""
    return EmbeddedServer(var_directory(), durable=not testing())


def owner_url() -> str:
    """The connection URL of the owner, for `psql`, dumps and the like."""
    return external_url() or embedded_server().url(SUPERUSER, DATABASE)


def django_databases() -> dict[str, dict[str, Any]]:
    """Django's `DATABASES`, from the environment and the key file alone: nothing is started or created.

    Raises `EnvironmentFailure` when `DATABASE_URL` cannot be read as a PostgreSQL URL.
    """
    url = external_url()
    owner = _from_url(url) if url else _alias(SUPERUSER, DATABASE, str(socket_directory(var_directory())))
    default = dict(owner)
    if testing():
        default["TEST"] = {"NAME": f"test_{DATABASE}_{os.getpid()}", "TEMPLATE": "template0"}
    else:
        default |= {"USER": LOGIN_ROLE, "PASSWORD": (_stored_password() or "") if url else ""}
        default["OPTIONS"] = {**owner["OPTIONS"], "options": f"-c role={APP_ROLE}"}
    return {"default": default, "owner": owner | {"TEST": {"MIRROR": "default"}}}


def _alias(user: str, name: str, host: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": "",
        "HOST": host,
        "PORT": "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": _CONNECT_SECONDS},
    }


def _from_url(url: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError as error:
        raise EnvironmentFailure(
            "DATABASE_URL 无法识别：应形如 postgresql://用户:密码@主机:5432/数据库。",
            "DATABASE_URL cannot be read: it looks like postgresql://user:password@host:5432/database.",
        ) from error
    alias = _alias(parts.pop("user", ""), parts.pop("dbname", DATABASE), parts.pop("host", ""))
    alias |= {"PASSWORD": parts.pop("password", ""), "PORT": parts.pop("port", "")}
    alias["OPTIONS"] |= parts
    return alias


def _key_file() -> Path:
    return var_directory() / "keys" / "database.json"


def _stored_password() -> str | None:
    try:
        return str(json.loads(_key_file().read_text())["jineng_login"])
    except (OSError, ValueError, KeyError):
        return None


def _make_password() -> str:
    file = _key_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = secrets.token_urlsafe(32)
    fresh = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({"jineng_login": password}, out)
    with suppress(FileExistsError):
        os.link(fresh, file)
    fresh.unlink()
    return _stored_password() or password


@contextmanager
def database_in_use() -> Iterator[None]:
    """Have the database for the length of the block: server found or started, version checked, database
    and roles in place. The embedded server stops with its last user.

    Raises `EnvironmentFailure`.
    """
    url = external_url()
    if url:
        _from_url(url)
        check_var(var_directory())
        prepare(url)
        yield
        return
    server = embedded_server()
    with server.lease():
        _create_database(server.url(SUPERUSER, "postgres"))
        if testing():
            _drop_left_test_databases(server.url(SUPERUSER, "postgres"))
        prepare(server.url(SUPERUSER, DATABASE))
        yield


def _connect(url: str) -> Connection[tuple[Any, ...]]:
    import psycopg

    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_SECONDS)
    except psycopg.Error as error:
        if "No space left on device" in str(error):
            raise disk_full(var_directory()) from error
        reason = str(error).strip().splitlines()[-1].strip()
        raise EnvironmentFailure(
            f"无法连接数据库：{reason}。请检查 DATABASE_URL 以及数据库服务是否运行。",
            f"Cannot connect to the database: {reason}. Check DATABASE_URL and that the server runs.",
        ) from error


def _create_database(maintenance_url: str) -> None:
    import psycopg

    with _connect(maintenance_url) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")


def _drop_left_test_databases(maintenance_url: str) -> None:
    """Drop the databases of test runs that were killed: the process in their name runs no more."""
    from psycopg import sql

    from jineng.site.processes import pid_is_running

    with _connect(maintenance_url) as connection:
        found = connection.execute(
            "SELECT datname, (regexp_match(datname, %s))[1]::int FROM pg_database WHERE datname ~ %s",
            [f"^test_{DATABASE}_(\\d+)", f"^test_{DATABASE}_\\d+"],
        ).fetchall()
        for name, pid in found:
            if not pid_is_running(pid):
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(name)))


def prepare(url: str) -> None:
    """Bring the roles of the server at `url` (the owner's) into being; changes nothing when they are right.

    Roles belong to the whole server, so other databases and other processes may make them at the same
    moment. On a server of the operator's, `jineng_login` gets a random password, kept in
    `keys/database.json` of the working directory.

    Raises `EnvironmentFailure` when the server is older than PostgreSQL 15, cannot be reached, or does
    not let the owner create what is missing.
    """
    import psycopg

    with _connect(url) as connection:
        version = connection.info.server_version // 10000
        if version < MINIMUM_VERSION:
            raise EnvironmentFailure(
                f"PostgreSQL 版本过低：当前 {version}，需要 {MINIMUM_VERSION} 或更高版本。",
                f"PostgreSQL {version} is too old: {MINIMUM_VERSION} or newer is needed.",
            )
        try:
            _make_roles(connection)
            if external_url():
                _set_password(connection, url)
        except psycopg.errors.InsufficientPrivilege as error:
            raise EnvironmentFailure(
                f"DATABASE_URL 的角色无权创建所需角色：请由管理员授予 CREATEROLE，或先创建 {APP_ROLE}、"
                f"{READER_ROLE}、{LOGIN_ROLE}。",
                f"The role of DATABASE_URL may not create roles: have an administrator grant CREATEROLE, "
                f"or make {APP_ROLE}, {READER_ROLE} and {LOGIN_ROLE} beforehand.",
            ) from error


def _roles_are_right(connection: Connection[tuple[Any, ...]]) -> bool:
    found = connection.execute(
        """
        SELECT count(*) = 3
           AND bool_and(NOT rolsuper AND NOT rolbypassrls AND NOT rolcreaterole AND NOT rolcreatedb)
           AND bool_and(CASE rolname WHEN %(login)s THEN rolcanlogin AND NOT rolinherit
                        ELSE NOT rolcanlogin AND pg_has_role(current_user, oid, 'MEMBER') END)
           AND (SELECT count(*) = 2 FROM pg_auth_members
                WHERE member = to_regrole(%(login)s)
                  AND roleid IN (to_regrole(%(app)s), to_regrole(%(reader)s)))
        FROM pg_roles WHERE rolname IN (%(app)s, %(reader)s, %(login)s)
        """,
        {"app": APP_ROLE, "reader": READER_ROLE, "login": LOGIN_ROLE},
    ).fetchone()
    return bool(found and found[0])


def _make_roles(connection: Connection[tuple[Any, ...]]) -> None:
    import psycopg

    quiet = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    statements = [f"CREATE ROLE {role} NOLOGIN" for role in (APP_ROLE, READER_ROLE)]
    statements.append(f"CREATE ROLE {LOGIN_ROLE} LOGIN NOINHERIT")
    for attempt in range(20):
        if _roles_are_right(connection):
            return
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        superuser = bool(row and row[0])
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_KEY])
            for statement in statements:
                with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    connection.execute(statement)
            if superuser:
                for role in (APP_ROLE, READER_ROLE):
                    connection.execute(f"ALTER ROLE {role} NOLOGIN {quiet}")
                connection.execute(f"ALTER ROLE {LOGIN_ROLE} LOGIN NOINHERIT {quiet}")
            members = LOGIN_ROLE if superuser else f"{LOGIN_ROLE}, CURRENT_USER"
            connection.execute(f"GRANT {APP_ROLE}, {READER_ROLE} TO {members}")
        except (psycopg.errors.InternalError, psycopg.errors.UniqueViolation):
            time.sleep(0.05 * (attempt + 1))  # another database of the server changes the same rows
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_KEY])
    raise EnvironmentFailure(
        f"数据库角色 {LOGIN_ROLE} 权限不符：请由管理员检查其属性与成员关系。",
        f"The database role {LOGIN_ROLE} has unexpected rights: have an administrator check it.",
    )


def _set_password(connection: Connection[tuple[Any, ...]], url: str) -> None:
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import make_conninfo

    password = _stored_password() or _make_password()
    login = make_conninfo(url, user=LOGIN_ROLE, password=password, connect_timeout=str(_CONNECT_SECONDS))
    setting = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(LOGIN_ROLE), sql.Literal(password))
    for attempt in range(20):
        with suppress(psycopg.OperationalError), psycopg.connect(login):
            return
        try:
            connection.execute(setting)
            return
        except psycopg.errors.InternalError:
            time.sleep(0.05 * (attempt + 1))  # another process sets it, perhaps from another database

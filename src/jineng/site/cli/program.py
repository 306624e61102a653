"""The command tree of `jineng`, and the one place where failures become lines and exit codes."""

from __future__ import annotations

import errno
import sys
from typing import Annotated

import typer

from jineng.site.cli import admitting, credentials, database, exporting, figures, keys, loading, snapshots, up
from jineng.site.places import var_directory
from jineng.site.preflight import EnvironmentFailure, check_python, disk_full, not_writable

EXIT_FINDING = 1
EXIT_USAGE = 2
EXIT_ENVIRONMENT = 3

_HELP = """技能 Jineng: a province's vocational education in one system, and the year's brief written from
its records.

Every command finds or starts the embedded database by itself; DATABASE_URL names a PostgreSQL server to
use instead, JINENG_VAR another working directory.
"""
_EPILOG = """Exit codes: 0 done · 1 a finding (something checked is not as it should be) · 2 wrong usage ·
3 the surroundings (port, disk, rights, database server) do not allow it.
"""

app = typer.Typer(
    name="jineng",
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog="Example: `jineng up --port 8010`")(up.up)
app.command(epilog="Example: `jineng load return.xlsx --as demo-city --dry-run`")(loading.load)
app.command(epilog="Example: `jineng export 2021 --as demo-city --sheet offerings`")(exporting.export)
app.command(epilog="Example: `jineng admit problems/ --out runs`, then `jineng verify admissions runs/gansu.json`")(
    admitting.admit
)
app.command(epilog="Example: `jineng brief 2021 --check expected.csv`")(figures.brief)
app.command(epilog="Example: `jineng release 2021 --as demo-province`")(figures.release)
app.command(epilog="Example: `jineng snapshot 2021`")(snapshots.snapshot)
app.command(epilog="Example: `jineng verify var/releases/2021-01/manifest.json`")(figures.verify)
app.command(epilog="Example: `jineng check`")(figures.check)
app.command("renew-key", epilog="Example: `jineng renew-key --as demo-admin`")(keys.renew_key)
app.command("vc-api", epilog="Example: `jineng vc-api --port 8030 --suite eddsa-rdfc-2022`")(credentials.vc_api)
app.add_typer(database.app, name="db")
app.add_typer(snapshots.reference, name="reference")
app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: `jineng manage migrate --database owner`",
)(up.manage)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"jineng {version('jineng')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; a failure of the surroundings is one line on stderr and exit code 3."""
    try:
        check_python()
        app()
    except Exception as error:
        behind = _failure_behind(error)
        if behind is None:
            raise
        _fail(behind)


def _failure_behind(error: BaseException | None) -> EnvironmentFailure | None:
    """The failure of the surroundings that caused `error`, or None for a defect of the program.

    A full disk is the system's ENOSPC or SQLSTATE 53100; a lost server is a class 08 or 57P state
    (PostgreSQL, appendix A), or psycopg's OperationalError without a state.
    """
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if isinstance(error, EnvironmentFailure):
            return error
        if getattr(error, "errno", None) == errno.ENOSPC or state == "53100":
            return disk_full(getattr(error, "filename", None) or var_directory())
        if isinstance(error, PermissionError) and str(error.filename).startswith(str(var_directory())):
            return not_writable(error.filename, error.strerror)
        lost = type(error).__name__ == "OperationalError" and type(error).__module__.startswith("psycopg")
        if (lost and state is None) or str(state).startswith(("08", "57P")):
            return EnvironmentFailure(
                "与数据库的连接中断：未完成的工作已回滚，请重新运行本命令。",
                "The connection to the database was lost: unfinished work is rolled back; run the command again.",
            )
        error = error.__cause__ or error.__context__
    return None


def _fail(failure: EnvironmentFailure) -> None:
    typer.secho(str(failure), fg="red", err=True)
    sys.exit(EXIT_ENVIRONMENT)

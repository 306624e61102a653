"""The command tree of `jineng`, and the one place where failures become lines and exit codes."""

from __future__ import annotations

import errno
import sys
from typing import Annotated

import typer

from jineng.site.cli import database, up
from jineng.site.preflight import EnvironmentFailure, check_python, disk_full

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
app.add_typer(database.app, name="db")
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
    except EnvironmentFailure as failure:
        _fail(failure)
    except Exception as error:
        if not _is_disk_full(error):
            raise
        _fail(disk_full(getattr(error, "filename", None) or "JINENG_VAR"))


def _is_disk_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind `error`: the system's ENOSPC, or PostgreSQL's SQLSTATE 53100."""
    while error is not None:
        if getattr(error, "errno", None) == errno.ENOSPC or getattr(error, "sqlstate", None) == "53100":
            return True
        error = error.__cause__ or error.__context__
    return False


def _fail(failure: EnvironmentFailure) -> None:
    typer.secho(str(failure), fg="red", err=True)
    sys.exit(EXIT_ENVIRONMENT)

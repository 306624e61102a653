"""`jineng db`: the database server itself."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

app = typer.Typer(help="The database server: start, stop, find, open.", no_args_is_help=True)

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _say(as_json: bool, text: str, **facts: object) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else text)


@app.command(epilog='Example: `jineng db up && psql "$(jineng db url)"`')
def up(as_json: _JSON = False) -> None:
    """Start the embedded server and leave it running until `jineng db down`."""
    from jineng.site.database import database_in_use, embedded_server, external_url, owner_url

    server = embedded_server()
    if external_url() is None:
        server.keep(True)
    with database_in_use():
        url = owner_url() if external_url() is None else None
        _say(
            as_json,
            f"数据库已就绪 / The database is ready: {url or 'DATABASE_URL'}",
            url=url,
            pid=server.pid(),
        )


@app.command()
def down(as_json: _JSON = False) -> None:
    """Stop the embedded server, whoever uses it. Work in progress is rolled back, nothing is lost."""
    from jineng.site.database import embedded_server

    server = embedded_server()
    server.keep(False)
    stopped = server.stop()
    text = "数据库已停止 / The database has stopped." if stopped else "数据库未在运行 / The database was not running."
    _say(as_json, text, stopped=stopped)


@app.command()
def url() -> None:
    """Print the owner's connection URL. Nothing is started."""
    from jineng.site.database import owner_url

    typer.echo(owner_url())


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: `jineng db psql -c 'select count(*) from django_migrations'`",
)
def psql(context: typer.Context) -> None:
    """Open psql on the database as its owner; further arguments go to psql."""
    import subprocess

    from jineng.site.database import database_in_use, owner_url
    from jineng.site.embedded import program

    with database_in_use():
        environment = {"PSQL_PAGER": "less -S", **os.environ}
        outcome = subprocess.run([program("psql"), owner_url(), *context.args], env=environment, check=False)
    raise typer.Exit(outcome.returncode)

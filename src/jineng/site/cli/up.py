"""`jineng up` and `jineng manage`: the site itself."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

Host = Annotated[str, typer.Option(help="Address to serve on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")]


def up(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Make everything ready and serve the site until Ctrl-C. Safe to repeat; repeats nothing."""
    from rich.console import Console
    from rich.panel import Panel
    from rich.table import Table

    from jineng.site import server
    from jineng.site.cli import pipeline
    from jineng.site.cli.steps import run_steps
    from jineng.site.places import serve_at, var_directory
    from jineng.site.preflight import check_disk, check_port, check_var
    from jineng.site.readiness import mark_ready, was_ready

    serve_at(host, port)
    console = Console()
    var = var_directory()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    check_var(var)
    check_disk(var)
    with server.only_one(var, address):
        check_port(host, port)
        with pipeline.database_ready():
            left = pipeline.steps()
            if not was_ready():
                with pipeline.django_ready():
                    run_steps(pipeline.data_steps(), console)
                left = [pipeline.brief_step()]

            def do_the_rest() -> None:
                with pipeline.django_ready():
                    run_steps(left, console)
                mark_ready()

            def announce() -> None:
                table = Table.grid(padding=(0, 2))
                for label, value in pipeline.farewell(address):
                    table.add_row(f"[bold]{label}[/]", value)
                table.add_row("", "[dim]Ctrl-C 停止 / stops everything[/]")
                console.print(Panel(table, title="技能 Jineng", title_align="left", expand=False))

            children = [server.web_server(host, port), *server.job_workers()]
            server.Supervisor(var, children).run(
                lambda: server.answers(host, port), announce, _keep_database_alive, meanwhile=do_the_rest
            )
    console.print("已停止 / Stopped.", highlight=False)


def _keep_database_alive() -> None:
    """A killed embedded server comes back at once; the site and its jobs find it again by themselves."""
    from jineng.site.database import embedded_server, external_url

    if external_url() is None:
        embedded_server().revive()


def _leave(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)


def manage(context: typer.Context) -> None:
    """Run one of Django's management commands; `jineng manage help` lists them."""
    from django.core.management import execute_from_command_line

    from jineng.site.database import database_in_use
    from jineng.site.server import SETTINGS

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with database_in_use():
        execute_from_command_line(["jineng manage", *context.args])

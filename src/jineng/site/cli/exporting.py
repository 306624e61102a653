"""`jineng export`: take the registers of a year out as a workbook that can be handed in again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FINDING = 1


def export(
    year: Annotated[int, typer.Argument(min=1980, max=2200, help="What held in this year.")],
    username: Annotated[str, typer.Option("--as", help="The account that exports; its scope and rights apply.")],
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="Where to write it; by default return-YEAR.xlsx.")
    ] = None,
    sheet: Annotated[
        list[str] | None, typer.Option("--sheet", help="A sheet by its machine name; again for more. Default: all.")
    ] = None,
) -> None:
    """Export the registers of a year as the workbook of the return: handed in again, it changes nothing.

    Rows that name people go out in full where the account may read personal data; the export leaves an audit line.
    Exit code 1 where there is nothing to export.
    """
    from rich.console import Console

    from jineng.site.cli import pipeline

    console = Console()
    with pipeline.site_ready(console):
        from django.core.exceptions import ValidationError

        from jineng.registry.verbs import export_return

        actor = pipeline.actor_named(username)
        try:
            content = export_return(actor=actor, year=year, sheets=sheet or ())
        except ValidationError as refusal:
            console.print("；".join(refusal.messages), highlight=False)
            raise typer.Exit(FINDING) from refusal
    target = out or Path(f"return-{year}.xlsx")
    target.write_bytes(content)
    console.print(f"{target}  {len(content):,} B", highlight=False)

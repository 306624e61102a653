"""`jineng snapshot`, `jineng reference build`: facts as Parquet files, of the province or of N of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jineng.site.cli.figures import Json, compare

if TYPE_CHECKING:
    from jineng.briefs.composition import Reader

MANIFEST = "snapshot.json"
reference = typer.Typer(
    help="The reference year: its returns, and provinces many times its size.", no_args_is_help=True
)


def snapshot(
    year: Annotated[int, typer.Argument(help="The year that the snapshot is taken for.")] = 2021,
    to: Annotated[
        Path | None, typer.Option(help="Where to write the files; by default snapshots/YEAR of the working folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the de-identified facts as Parquet files, one per table, as they stand at one moment.

    A manifest beside them lists the rows and the SHA-256 of every file.
    """
    from rich.console import Console

    from jineng.site.cli import pipeline
    from jineng.site.places import var_directory

    folder = to or var_directory() / "snapshots" / str(year)
    console = Console(stderr=as_json)
    with pipeline.site_ready(console):
        from jineng.briefs.snapshots import write_snapshot

        written = write_snapshot(folder)
    _write_manifest(folder, year, 1, written)
    if as_json:
        typer.echo((folder / MANIFEST).read_text(encoding="utf-8"), nl=False)
    else:
        for name, entry in written.items():
            console.print(f"{name}  {entry['rows']}  {entry['sha256']}", highlight=False)
        console.print(str(folder), highlight=False)


@reference.command(epilog="Example: `jineng reference build --scale 100`")
def build(
    scale: Annotated[int, typer.Option(min=1, help="How many times the reference province.")] = 1,
    year: Annotated[int, typer.Option(help="The reference year.")] = 2021,
) -> None:
    """Build the reference year's returns; with --scale also the facts of a province N times as large.

    The facts come from a snapshot of the loaded year, copied N times with ids of their own for whatever belongs to an
    organisation or a person. They lie under scaled/N of the working folder.
    """
    from rich.console import Console

    from jineng.site.cli import pipeline
    from jineng.site.places import var_directory

    console = Console()
    with pipeline.site_ready(console):
        if scale == 1:
            console.print(str(var_directory() / "returns" / str(year)), highlight=False)
            return
        from jineng.briefs.snapshots import file_digest, write_snapshot
        from jineng.reference.scaling import scale_snapshot

        once = var_directory() / "scaled" / "1"
        write_snapshot(once, key=b"reference" * 4)
        target = var_directory() / "scaled" / str(scale)
        rows = scale_snapshot(
            once, target, scale, lambda name, done, total: console.print(f"{done}/{total} {name}", highlight=False)
        )
        written = {
            name: {"rows": count, "sha256": file_digest(target / f"{name}.parquet")} for name, count in rows.items()
        }
    _write_manifest(target, year, scale, written)
    console.print(str(target), highlight=False)


def figures_over(folder: Path, engine: str, year: int, check: Path | None, as_json: bool) -> int:
    """Print every figure of the year as the engine computes it from a snapshot; the exit code.

    The same figures are the same bytes, whichever engine computed them.
    """
    import os

    import django

    from jineng.site.server import SETTINGS

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    from jineng.briefs.engines import EngineMissing, reader_over
    from jineng.engines.measures import MeasureError

    try:
        reader = reader_over(folder, engine)
    except (EngineMissing, MeasureError) as error:
        raise typer.BadParameter(str(error)) from error
    if check is not None:
        return compare(lambda pairs: dict(reader.measure(list(pairs))), year, check, as_json)
    typer.echo(json.dumps(exact_figures(reader, year), ensure_ascii=False, indent=1, sort_keys=True))
    return 0


def exact_figures(reader: Reader, year: int) -> dict[str, str]:
    """Every figure of the catalogue in the year, exactly, as text."""
    from jineng.engines.measures import Period

    period = Period.year(year)
    values = reader.measure([(item.key, period) for item in reader.catalogue])
    return {key: str(measured.value) for (key, _), measured in values.items()}


def _write_manifest(folder: Path, year: int, scale: int, written: dict[str, dict[str, object]]) -> None:
    content = {
        "type": "snapshot",
        "year": year,
        "scale": scale,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "tables": written,
    }
    (folder / MANIFEST).write_text(
        json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )

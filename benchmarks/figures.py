"""Every figure of the catalogue over provinces once, a hundred and a thousand times the size.

The bound is one pass over the same Parquet files that aggregates every column; the peer is plain SQL, one query for all
figures, in PostgreSQL (at a hundred times at the most: it has to be filled first). Each engine runs in a process of its
own, Spark on a cluster of ``scripts/with-spark``. Engines that differ in a single figure fail the run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.timing import Line, Spread

ROOT = Path(__file__).parents[1]
ENGINES = ("duckdb", "spark", "postgres")
NAMES = {"duckdb": "DuckDB", "spark": "Spark, two workers", "postgres": "PostgreSQL, plain SQL"}
BOUND = 5.0
MOST_MEMORY = 4096.0
"""In MiB, for DuckDB."""
MOST_PEER = 100
Tell = Callable[[Line], None]


class EnginesDiffer(RuntimeError):
    """Two engines gave a figure differently; the message names the first figures and both values."""


def measure(scales: tuple[int, ...], engines: tuple[str, ...], rounds: int, data: Path, tell: Tell) -> list[Line]:
    """A line for each engine at each scale; ``data`` keeps the provinces, made where they are missing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    wanted = [
        (scale, engine)
        for scale in scales
        for engine in ("scan", *engines)
        if engine != "postgres" or scale <= MOST_PEER
    ]
    lines: list[Line] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(wanted))
        once = _once(data)
        floor: dict[str, Any] = {}
        first: tuple[str, Mapping[str, str]] | None = None
        for scale, engine in wanted:
            progress.update(task, description=f"{scale} × {engine}")
            found = _run(engine, _province(data, once, scale), once, rounds)
            progress.advance(task)
            if engine == "scan":
                floor, first = found, None
                continue
            if first is None:
                first = (engine, found["figures"])
            _compare(*first, engine, found["figures"])
            lines.append(_line(scale, engine, found, floor))
            tell(lines[-1])
    return lines


def _line(scale: int, engine: str, found: Mapping[str, Any], floor: Mapping[str, Any]) -> Line:
    spread, least = Spread.of(found["seconds"]), Spread.of(floor["seconds"])
    took, floor_took = statistics.median(found["processor"]), statistics.median(floor["processor"])
    note = f"(processor {took:.1f} s, one pass {floor_took:.1f} s; peak {found['peak']:.0f} MiB"
    if engine == "duckdb":
        note += f", 4 GB: {'holds' if found['peak'] <= MOST_MEMORY else 'does not hold'}"
    return Line(
        f"all {len(found['figures'])} figures, {NAMES[engine]}",
        f"{scale:,} ×",
        spread,
        least,
        round(spread.median / least.median, 2),
        BOUND if engine == "duckdb" and scale > 1 else None,
        note + ")",
        by_processor=round(took / floor_took, 2),
    )


def _compare(one: str, ones: Mapping[str, str], other: str, others: Mapping[str, str]) -> None:
    differing = [f"{key}: {one} {ones[key]}, {other} {others.get(key)}" for key in ones if ones[key] != others.get(key)]
    if differing or set(ones) != set(others):
        raise EnginesDiffer("; ".join(differing[:5]))


def _once(data: Path) -> Path:
    """The snapshot of the reference year, loaded where there is none yet."""
    folder = data / "1"
    if not any(folder.glob("*.parquet")):
        from rich.console import Console

        from jineng.briefs.snapshots import write_snapshot
        from jineng.site.cli.pipeline import site_ready

        with site_ready(Console(stderr=True)):
            write_snapshot(folder, key=b"reference" * 4)
    return folder


def _province(data: Path, once: Path, scale: int) -> Path:
    import django

    django.setup()
    from jineng.kernel.measures import sources
    from jineng.reference.scaling import scale_snapshot

    folder = data / str(scale)
    if scale > 1 and any(not (folder / f"{name}.parquet").is_file() for name in sources.names()):
        scale_snapshot(once, folder, scale)
    return folder


def _run(engine: str, folder: Path, once: Path, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.figuring", engine, str(folder), "--small", str(once)]
    command += ["--rounds", str(rounds)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "jineng.site.settings"}
    if engine == "spark":
        command.insert(0, str(ROOT / "scripts" / "with-spark"))
    if engine != "postgres":
        return _answer(command, environment)
    from jineng.site.database import database_in_use, owner_url

    with database_in_use():
        return _answer(command, {**environment, "PEER_URL": owner_url()})


def _answer(command: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer

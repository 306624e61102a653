"""``python -m benchmarks [NAME …]``: measure, print a table, say whether the bounds hold."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from benchmarks.timing import HEAD, Line, row

TIMES = 100
YEAR = 2021
Tell = Callable[[Line], None]


def _pages(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from rich.console import Console

    from benchmarks import pages
    from benchmarks.multiplying import multiply
    from jineng.site.cli.pipeline import django_ready, site_ready
    from jineng.site.database import owner_url

    made = Path(os.environ["JINENG_VAR"]) / f"{options.times}-times"
    with django_ready() if made.exists() else site_ready(Console(stderr=True)):
        if not made.exists():
            print(f"{options.times} × {YEAR}: {multiply(owner_url(), options.times)}", file=sys.stderr)
            made.touch()
        return pages.measure(options.rounds or 60, options.only, options.who.split(","), tell)


def _imports(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from django.core.management import call_command

    from benchmarks import imports
    from jineng.site.cli.pipeline import django_ready

    with django_ready():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        lines = imports.measure(options.rounds or 5)
    for line in lines:
        tell(line)
    return lines


def _reviewing(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import reviewing

    return reviewing.measure(options.rounds or 3, options.only, tell)


def _cases(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import selecting
    from jineng.site.cli.pipeline import django_ready

    with django_ready():
        return selecting.measure(options.applications, options.rounds or 40, options.only, tell)


def _allocation(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import allocation

    return allocation.measure(options.rounds or 3, options.only, tell)


def _results(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import results
    from jineng.site.cli.pipeline import django_ready

    with django_ready():
        return results.measure(options.look_ups, options.seconds, options.applicants, tell)


def _submissions(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import submissions
    from jineng.site.cli.pipeline import django_ready

    with django_ready():
        return submissions.measure(options.submissions, options.minutes, tell)


def _seals(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import certificates, seals
    from jineng.site.cli.pipeline import django_ready

    lines = seals.measure(options.rounds or 3, options.only, tell)
    if options.only not in certificates.BULK and options.only not in certificates.PAGES:
        return lines
    with django_ready():
        return lines + certificates.measure(options.certificates, options.rounds or 3, options.only, tell)


def _figures(options: argparse.Namespace, tell: Tell) -> list[Line]:
    from benchmarks import figures
    from jineng.site.places import var_directory

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jineng.site.settings")
    scales = tuple(int(text) for text in options.scale.split(","))
    engines = tuple(options.engines.split(","))
    data = options.keep / "scaled" if options.keep else var_directory() / "scaled"
    return figures.measure(scales, engines, options.rounds or 3, data, tell)


BENCHMARKS = {
    "allocation": _allocation,
    "cases": _cases,
    "figures": _figures,
    "imports": _imports,
    "pages": _pages,
    "results": _results,
    "reviewing": _reviewing,
    "seals": _seals,
    "submissions": _submissions,
}


def main() -> int:
    """Run the benchmarks named, all by default; returns 1 where a bound does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument(
        "--rounds", type=int, default=0, help="measurements of each thing (pages 60, cases 40, imports 5, others 3)"
    )
    parser.add_argument("--times", type=int, default=TIMES, help="how many times the reference year (100)")
    parser.add_argument("--only", default="", help="pages, assignments or markets whose name holds this text")
    parser.add_argument("--who", default="province,county", help="pages: whose pages of one thing (province,county)")
    parser.add_argument("--applications", type=int, default=100_000, help="cases: how many applications (100,000)")
    parser.add_argument("--look-ups", type=int, default=1_000_000, help="results: how many look-ups (1,000,000)")
    parser.add_argument("--seconds", type=float, default=3600, help="results: for so long at most (3,600)")
    parser.add_argument("--applicants", type=int, default=20_000, help="results: published by the verb (20,000)")
    parser.add_argument("--submissions", type=int, default=50_000, help="submissions: how many (50,000)")
    parser.add_argument("--minutes", type=float, default=15, help="submissions: how long before the deadline (15)")
    parser.add_argument("--certificates", type=int, default=26_000, help="seals: certificates of one session (26,000)")
    parser.add_argument("--keep", type=Path, help="a folder to keep what is made in, to be measured again")
    parser.add_argument("--scale", default="1,100", help="figures: how many times the reference year (1,100)")
    parser.add_argument("--engines", default="duckdb,spark,postgres", help="figures: which engines")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    lines: list[Line] = []
    if not options.json:
        print(HEAD)
    for name in options.names or BENCHMARKS:
        # Each runs in a process of its own: working folder, database and settings are chosen before Django loads.
        lines += _apart(name, options)
    if options.json:
        print(json.dumps({"lines": [line.as_json() for line in lines]}, ensure_ascii=False, indent=1))
    return int(any(line.holds is False for line in lines))


def _apart(name: str, options: argparse.Namespace) -> list[Line]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os._exit(_measure_into(write, name, options))
    os.close(write)
    with os.fdopen(read) as source:
        lines = [Line.from_json(json.loads(text)) for text in source]
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        raise SystemExit(f"{name} failed")
    return lines


def _folder(kept: Path | None) -> AbstractContextManager[Path | str]:
    return nullcontext(kept.resolve()) if kept else tempfile.TemporaryDirectory(prefix="jineng-bench-")


def _measure_into(target: int, name: str, options: argparse.Namespace) -> int:
    def tell(line: Line) -> None:
        if not options.json:
            print(row(line), flush=True)
        out.write(json.dumps(line.as_json()) + "\n")

    os.environ.pop("DATABASE_URL", None)
    try:
        with (
            _folder(options.keep if name in ("cases", "pages", "results") else None) as folder,
            os.fdopen(target, "w") as out,
        ):
            os.environ["JINENG_VAR"] = str(Path(folder) / "var")
            Path(os.environ["JINENG_VAR"]).mkdir(parents=True, exist_ok=True)
            BENCHMARKS[name](options, tell)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

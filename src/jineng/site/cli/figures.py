"""`jineng brief`, `release`, `verify`, `check`: from registers to figures, and figures held against others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jineng.engines.measures import Measured, Period

    Measure = Callable[[tuple[tuple[str, Period], ...]], dict[tuple[str, Period], Measured]]


FINDING = 1
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines instead of a table.")]


def brief(
    year: Annotated[int, typer.Argument(help="The year of the brief.")] = 2021,
    check: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A file of expected figures (CSV or YAML) to compare with."),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Compute from this snapshot instead of the registers."),
    ] = None,
    engine: Annotated[str, typer.Option(help="Which engine computes over a snapshot: duckdb or spark.")] = "duckdb",
    as_json: Json = False,
) -> None:
    """Write the year's brief as web page, Word and PDF; with --check compare every figure with a file.

    A key that no indicator answers for is "not built", never a pass. Exit code 1 where a built figure differs.
    With --snapshot the figures are computed from its files and printed; every engine prints the same bytes.
    """
    from rich.console import Console

    if snapshot is not None:
        from jineng.site.cli.snapshots import figures_over

        raise typer.Exit(figures_over(snapshot, engine, year, check, as_json))

    from jineng.site.cli import pipeline
    from jineng.site.cli.drafts import write
    from jineng.site.cli.steps import Step, run_steps
    from jineng.site.places import var_directory

    console = Console(stderr=as_json)
    with pipeline.site_ready(console):
        if check is not None:
            raise typer.Exit(_compare(year, check, as_json))
        folder = var_directory() / "briefs" / str(year)
        run_steps([Step(f"写出 {year} 年度简报 / Write the brief", lambda report: write(year, report))], console)
        files = [str(folder / name) for name in ("brief.html", "brief.docx", "brief.pdf")]
        if as_json:
            typer.echo(json.dumps({"year": year, "files": files}, ensure_ascii=False))
        else:
            for file in files:
                console.print(file, highlight=False)


def expected_figures(path: Path) -> dict[str, dict[str, Any]]:
    """Keys with value, unit and form from a CSV (key,value,unit,form columns) or a YAML file (``figures:``)."""
    import csv

    import yaml

    if path.suffix in (".yaml", ".yml"):
        return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["figures"])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["key"]: dict(row) for row in csv.DictReader(stream)}


def _compare(year: int, path: Path, as_json: bool) -> int:
    from jineng.briefs.desk import live_desk

    return compare(live_desk().measure, year, path, as_json)


def compare(measure: Measure, year: int, path: Path, as_json: bool) -> int:
    """Hold the figures that ``measure`` gives against those of a file, print it; the exit code."""
    from fractions import Fraction

    from rich.console import Console
    from rich.table import Table

    from jineng.engines.documents.phrasing import agrees
    from jineng.engines.measures import Period
    from jineng.kernel.measures import indicators

    expected = expected_figures(path)
    period = Period.year(year)
    values = measure(tuple((key, period) for key in expected if key in indicators))
    rows = []
    for key, wanted in expected.items():
        if key not in indicators:
            rows.append((key, str(wanted["value"]), "", "not built"))
            continue
        value = values[key, period].value
        form = str(wanted.get("form", "exact"))
        fine = value is not None and agrees(value, Fraction(str(wanted["value"])), form)  # type: ignore[arg-type]
        rows.append((key, str(wanted["value"]), str(value), "agrees" if fine else "differs"))
    if as_json:
        names = ("key", "expected", "computed", "verdict")
        typer.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    else:
        table = Table("指标 key", "应为 expected", "计算 computed", "结论 verdict")
        colours = {"agrees": "green", "differs": "bold red", "not built": "dim"}
        for *cells, verdict in rows:
            table.add_row(*cells, f"[{colours[verdict]}]{verdict}[/]")
        console = Console(width=110)
        console.print(table)
        tally = {name: sum(row[3] == name for row in rows) for name in colours}
        console.print(" · ".join(f"{name} {count}" for name, count in tally.items()), highlight=False)
    return FINDING if any(row[3] == "differs" for row in rows) else 0


def release(
    year: Annotated[int, typer.Argument(help="The year of the brief.")],
    username: Annotated[str, typer.Option("--as", help="The account that releases.")],
    note: Annotated[str, typer.Option(help="What is new in this release.")] = "",
) -> None:
    """Freeze the registers and release the year's brief under the installation's seal."""
    from rich.console import Console

    from jineng.site.cli import pipeline

    console = Console()
    with pipeline.site_ready(console):
        from django.core.exceptions import ValidationError

        from jineng.briefs.queries import folder_of
        from jineng.briefs.verbs import release_brief

        try:
            done = release_brief(actor=pipeline.actor_named(username), year=year, note=note)
        except ValidationError as error:
            typer.secho("；".join(error.messages), fg="red", err=True)
            raise typer.Exit(FINDING) from error
        console.print(f"{done}  {done.digest}\n{folder_of(done)}", highlight=False)


def verify(
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="[admissions] FILE",
            help="A credential or learner record (JSON, or the PDF or PNG that carries it), a sealed receipt, manifest "
            "or paper of one row (JSON); after the word `admissions`, a published run or an own row.",
        ),
    ],
    known: Annotated[
        list[Path] | None,
        typer.Option(exists=True, help="For a credential: signers' documents and status lists, or a folder of such."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Verify a sealed file: the signature, and for a release every file and table beside it.

    A credential (Open Badge, W3C Verifiable Credential) gets one verdict: valid, revoked, altered, unknown and so on,
    by whom and when. It needs neither database nor network; a signer other than a `did:key`, and the status list that
    tells whether it was revoked, are named by `--known`.

    `jineng verify admissions FILE` recounts a run of admissions by an implementation of its own, or checks that one
    applicant's row is under the published root. Exit code 1 where anything is not as it was sealed or published.
    """
    from rich.console import Console

    findings = _findings(named, known or [])
    fine = all(finding.ok for finding in findings)
    if as_json:
        typer.echo(json.dumps([vars(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        console = Console()
        for finding in findings:
            console.print(f"{'[green]✓[/]' if finding.ok else '[bold red]✗[/]'} {finding.what}：{finding.says}")
    if not fine:
        raise typer.Exit(FINDING)


def _findings(named: list[str], known: list[Path]) -> Sequence[Any]:
    """What checking the named file found: each with `what`, `ok` and `says`."""
    recount = len(named) == 2 and named[0] == "admissions"
    if not recount and len(named) != 1:
        raise typer.BadParameter("one file, after `admissions` where it is a run of admissions", param_hint="FILE")
    file = Path(named[-1])
    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="FILE")
    from jineng.engines.canonical import CanonicalError, loads
    from jineng.engines.recount import check_file
    from jineng.engines.seals.baking import BakingError, carried
    from jineng.site.cli import credentials, pipeline

    content = file.read_bytes()
    try:
        value = loads(content if recount else carried(content))
    except (BakingError, CanonicalError, UnicodeDecodeError):
        value = None
    if recount and not credentials.is_paper(value):
        return check_file(content)
    if credentials.is_credential(value):
        import datetime as dt

        return [credentials.verify_credential(value, known, dt.datetime.now(dt.UTC))]
    with pipeline.django_ready():
        from jineng.briefs.verifying import known_keys, verify_file

        if credentials.is_paper(value):
            return [credentials.verify_paper(value, known_keys())]
        return verify_file(file)


def check(
    years: Annotated[list[int] | None, typer.Argument(help="The years to look at; else the last seven.")] = None,
) -> None:
    """Hold the figures against their own declarations: no record twice, none without date, none out of time."""
    from rich.console import Console

    from jineng.site.cli import pipeline
    from jineng.site.cli.steps import Report, Step, run_steps

    console = Console()
    found: list[str] = []
    with pipeline.site_ready(console):
        from django.core.management import call_command

        from jineng.engines.measures import Period, contradictions
        from jineng.kernel import clock
        from jineng.kernel.measures import indicators, live_engine, sources

        call_command("check")
        looked_at = years or range(clock.today().year - 6, clock.today().year + 1)

        def look(report: Report) -> None:
            each_key = [indicator.key for indicator in indicators]
            asked = [(year, key) for year in looked_at for key in each_key]
            for place, (year, key) in enumerate(asked):
                report(place, len(asked), f"{year} {key}")
                told = contradictions(live_engine, indicators, sources, key, Period.year(year))
                found.extend(f"{year} {key}: {item}" for item in filter(None, told))

        run_steps([Step("核对指标的记录 / Check the records behind the figures", look)], console)
    for line in found:
        console.print(line, highlight=False)
    console.print("没有矛盾 / No contradictions" if not found else f"{len(found)} 处矛盾 / contradictions")
    if found:
        raise typer.Exit(FINDING)

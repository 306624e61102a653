"""`jineng admit`: runs of admissions over files, one market each, without a database; also side by side on Spark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from jineng.engines.allocation import Published

ENGINES = ("local", "spark")
SALTED = "salt the rows"


def admit(
    problems: Annotated[
        list[Path],
        typer.Argument(
            exists=True,
            metavar="FILE...",
            help="Problems (JSON: scheme, places, applicants, seed), or folders.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder for the runs, one file for each problem.")] = Path("runs"),
    engine: Annotated[str, typer.Option(help="local, or spark: each problem is a task of the cluster.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Give out the places of each problem, and write the run with its certificate for `jineng verify admissions`.

    Independent markets (a nation's provinces) are files of their own. The same problem gives the same bytes on every
    engine. Rows are salted by a secret that follows from the problem's seed, which must stay unpublished until then.
    """
    from jineng.engines.allocation import AllocationError

    if engine not in ENGINES:
        raise typer.BadParameter(f"one of {', '.join(ENGINES)}", param_hint="--engine")
    files = [file for path in problems for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    names = [file.stem for file in files]
    if not files or len(set(names)) < len(names):
        raise typer.BadParameter("some files, each with a name of its own", param_hint="FILE")
    out.mkdir(parents=True, exist_ok=True)
    run = _on_spark if engine == "spark" else _here
    told = []
    try:
        for name, document in run(files):
            (out / f"{name}.json").write_bytes(document)
            certificate = json.loads(document)["certificate"]
            told.append({"problem": name, **{key: certificate[key] for key in TOLD}})
    except AllocationError as error:
        for fault in error.faults:
            typer.secho(str(fault), fg="red", err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps({"runs": told}))
    else:
        for line in told:
            typer.echo(f"{line['problem']}: {line['applicants']} 人，结果摘要 {line['result_digest'][:16]}")


TOLD = ("applicants", "input_digest", "result_digest", "root")


def published_run(content: bytes) -> Published:
    """The published run of a problem's JSON. Raises AllocationError."""
    import hashlib

    from jineng.engines.allocation import allocate, load_problem, publish

    problem = load_problem(json.loads(content))
    secret = hashlib.sha256(f"{SALTED}\n{problem.seed}".encode()).hexdigest()
    return publish(problem, allocate(problem), secret)


def _here(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        yield file.stem, published_run(file.read_bytes()).document()


def _on_spark(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Each problem goes to the cluster as a row of bytes and comes back as one; faults are told as they are here."""
    from jineng.briefs.engines import EngineMissing, spark_session

    try:
        session = spark_session()
    except EngineMissing as error:
        raise typer.BadParameter(str(error), param_hint="--engine") from error
    rows = [(file.stem, bytearray(file.read_bytes())) for file in files]
    problems = session.createDataFrame(rows, "name string, content binary").repartition(len(rows))
    for row in problems.mapInArrow(run_batches, "name string, content binary").toLocalIterator():
        yield row["name"], bytes(row["content"])


def run_batches(batches: Iterator[Any]) -> Iterator[Any]:
    """Runs of Arrow batches of problems; what Spark calls on its workers."""
    import pyarrow as pa

    for batch in batches:
        names, contents = batch.column("name"), batch.column("content")
        runs = [published_run(content.as_py()).document() for content in contents]
        yield pa.RecordBatch.from_arrays([names, pa.array(runs, pa.binary())], ["name", "content"])

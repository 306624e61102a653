"""`jineng admit` over files: one run each, the same bytes again, and all faults told."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from jineng.engines.recount import check_file
from jineng.site.cli.admitting import run_batches
from jineng.site.cli.program import app
from tests.engines.allocation.test_allocation_reasons import PLACE, SCHEME, SEED, person


def problem(folder: Path, name: str, **more: object) -> Path:
    """A small problem in a file of its own."""
    places = [{"key": "a", "group": "a", "major": "m", **PLACE}]
    data = {
        "scheme": SCHEME,
        "places": places,
        "applicants": [person(f"{name}1", 80, "a"), person(f"{name}2", 70, "a")],
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**data, "seed": SEED, **more}))
    return path


def test_each_problem_becomes_a_run_that_verifies(tmp_path: Path) -> None:
    folder = tmp_path / "problems"
    folder.mkdir()
    for name in ("gansu", "qinghai"):
        problem(folder, name)
    arguments = ["admit", str(folder), "--out", str(tmp_path / "runs"), "--json"]
    told = json.loads(CliRunner().invoke(app, arguments).stdout)["runs"]
    assert [line["problem"] for line in told] == ["gansu", "qinghai"]
    first = {path.name: path.read_bytes() for path in (tmp_path / "runs").glob("*.json")}
    assert all(finding.ok for content in first.values() for finding in check_file(content))
    CliRunner().invoke(app, arguments)
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "runs").glob("*.json")}


def test_what_spark_calls_gives_the_same_bytes(tmp_path: Path) -> None:
    import pyarrow as pa

    path = problem(tmp_path, "gansu")
    CliRunner().invoke(app, ["admit", str(path), "--out", str(tmp_path / "runs")])
    batch = pa.RecordBatch.from_pydict({"name": ["gansu"], "content": [path.read_bytes()]})
    (made,) = run_batches(iter([batch]))
    assert made.column("content")[0].as_py() == (tmp_path / "runs" / "gansu.json").read_bytes()


def test_faults_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    path = problem(tmp_path, "gansu", seed="short")
    ended = CliRunner().invoke(app, ["admit", str(path), "--out", str(tmp_path / "runs")])
    assert ended.exit_code == 1
    assert not list((tmp_path / "runs").glob("*.json"))
    assert CliRunner().invoke(app, ["admit", str(path), "--engine", "x"]).exit_code == 2

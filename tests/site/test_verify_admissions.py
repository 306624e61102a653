"""`jineng verify admissions`: recounting a run needs no database and no settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jineng.engines.allocation import Outcome, Row, State, load_problem, publish
from jineng.engines.allocation.outcome import CutOff
from jineng.site.cli import program
from tests.engines.allocation.problems import SECRET, SEED, person, place, scheme


def jineng(*arguments: object) -> Result:
    return CliRunner().invoke(program.app, [str(argument) for argument in arguments])


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of one applicant at one place, written down by hand."""
    people = [person("p", 10, 9, ("a", ["m"], False))]
    problem = load_problem({"scheme": scheme(), "places": [place("a", "m", 2)], "applicants": people, "seed": SEED})
    row = Row("p", State.ADMITTED, "a-m-open", "a", 1, "19")
    published = publish(problem, Outcome((row,), (CutOff("a-m-open", 2, 1),)), SECRET)
    (tmp_path / "run.json").write_bytes(published.document())
    (tmp_path / "own.json").write_text(json.dumps(published.own_row("p")), encoding="utf-8")
    return tmp_path / "run.json"


def test_a_sound_run_and_an_own_row_are_verified(run: Path) -> None:
    found = jineng("verify", "admissions", run, "--json")
    assert found.exit_code == 0, found.output
    assert all(finding["ok"] for finding in json.loads(found.stdout))
    own = jineng("verify", "admissions", run.parent / "own.json")
    assert (own.exit_code, "✓" in own.stdout) == (0, True)


def test_an_altered_run_is_a_finding(run: Path) -> None:
    run.write_text(run.read_text(encoding="utf-8").replace('"wish":1', '"wish":2'), encoding="utf-8")
    found = jineng("verify", "admissions", run)
    assert (found.exit_code, "✗" in found.stdout) == (1, True)


@pytest.mark.parametrize(
    "arguments", [["admissions", "none.json"], ["none.json"], ["admissions", "a", "b"], ["x", "y"]]
)
def test_what_names_no_file_is_wrong_usage(arguments: list[str]) -> None:
    assert jineng("verify", *arguments).exit_code == 2

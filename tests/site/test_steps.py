"""Steps run in order, are skipped where nothing is to be done, and stop at the first failure."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from jineng.site.cli.steps import Report, Step, run_steps


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100)


def test_order_progress_and_skipping(console: Console) -> None:
    done: list[str] = []

    def first(report: Report) -> None:
        report(1, 2, "half")
        report(2, 2)
        done.append("first")

    steps = [
        Step("First", first),
        Step("Second", lambda report: done.append("second"), needed=lambda: False),
        Step("Third", lambda report: done.append("third")),
    ]
    run_steps(steps, console)
    assert done == ["first", "third"]
    assert isinstance(console.file, io.StringIO)
    lines = [line for line in console.file.getvalue().splitlines() if line.strip()]
    assert [line.split()[1] for line in lines] == ["First", "Second", "Third"]
    assert "up to date" in lines[1]


def test_failure_stops_the_rest(console: Console) -> None:
    done: list[str] = []

    def broken(report: Report) -> None:
        raise ValueError("row 3")

    with pytest.raises(ValueError, match="row 3"):
        run_steps([Step("Broken", broken), Step("Next", lambda report: done.append("next"))], console)
    assert done == []

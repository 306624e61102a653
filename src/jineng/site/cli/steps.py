"""Steps that make the site ready, shown with progress bars and skipped where nothing is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Report(Protocol):
    """What a step tells while it works."""

    def __call__(self, done: float, total: float | None = None, saying: str = "") -> None:
        """`done` of `total` units are done; `saying` names what is being worked on."""


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One step: a title (Chinese / English), the work, and whether it is needed at all.

    `run` must be safe to repeat after a crash at any moment; `needed` must be quick, because every start
    asks it.
    """

    title: str
    run: Callable[[Report], None]
    needed: Callable[[], bool] = _always


def run_steps(steps: Iterable[Step], console: Console) -> None:
    """Run the steps in order, one progress line each. What a step raises goes up as it is."""
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[note]}", style="dim"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        for step in steps:
            task = progress.add_task(step.title, total=None, note="")
            if not step.needed():
                progress.update(task, total=1, completed=1, note="已是最新 / up to date")
                continue

            def report(done: float, total: float | None = None, saying: str = "", task: TaskID = task) -> None:
                progress.update(task, completed=done, total=total, note=saying)

            step.run(report)
            progress.update(task, total=1, completed=1, note="")

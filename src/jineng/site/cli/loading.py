"""`jineng load`: hand in workbooks from the command line, through the importer that users use."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jineng.kernel.actors import Actor
    from jineng.kernel.models import Receipt

FINDING = 1


def load(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Workbooks (.xlsx) to hand in.")],
    username: Annotated[str, typer.Option("--as", help="The account that hands them in; its scope applies.")],
    dry_run: Annotated[bool, typer.Option(help="Try only: say what would happen, change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipts as JSON.")] = False,
) -> None:
    """Hand in returns: all of a file lands or nothing. A refused file leaves a marked copy beside it.

    A file whose import was cut off is taken up again under its old receipt. Exit code 1 where a file was refused.
    """
    from rich.console import Console

    from jineng.site.cli import pipeline
    from jineng.site.cli.steps import Report, Step, run_steps

    console = Console(stderr=as_json)
    results: list[dict[str, object]] = []
    with pipeline.site_ready(console):
        from jineng.kernel.jobs import alone_with
        from jineng.kernel.models import Receipt
        from jineng.kernel.returns.receiving import error_workbook, process_return, submit_return

        actor = pipeline.actor_named(username)

        def hand_in(file: Path, report: Report) -> None:
            content = file.read_bytes()
            receipt = _cut_off(actor, content, dry_run) or submit_return(
                actor=actor, file_name=file.name, content=content, dry_run=dry_run
            )
            with alone_with(receipt.pk):
                receipt = process_return(
                    actor=actor, receipt_id=receipt.pk, progress=lambda saying, done, total: report(done, total, saying)
                )
            marked = ""
            if receipt.state == Receipt.State.REFUSED and any("cell" in error for error in receipt.errors):
                target = file.with_name(f"{file.stem}-错误.xlsx")
                target.write_bytes(error_workbook(receipt))
                marked = str(target)
            results.append(
                {
                    "file": str(file),
                    "receipt": str(receipt.pk),
                    "state": receipt.state,
                    "counts": receipt.counts,
                    "errors": receipt.error_count,
                    "first": [f"{e.get('cell', '')} {e['message']}{e['remedy']}" for e in receipt.errors[:5]],
                    "marked": marked,
                }
            )

        run_steps([Step(f"导入 {file.name} / Load", partial(hand_in, file)) for file in files], console)
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=1, default=str))
    else:
        for result in results:
            console.print(f"{result['file']}  {result['state']}  {result['counts']}", highlight=False)
            for line in result["first"]:  # type: ignore[attr-defined]
                console.print(f"  {line}", highlight=False)
            if result["marked"]:
                console.print(f"  标注错误的文件 / marked copy: {result['marked']}", highlight=False)
    if any(result["state"] == "refused" for result in results):
        raise typer.Exit(FINDING)


def _cut_off(actor: Actor, content: bytes, dry_run: bool) -> Receipt | None:
    """The receipt of these very bytes whose processing never ended, if any."""
    from jineng.kernel.actors import acting
    from jineng.kernel.models import Receipt

    with acting(actor):
        return Receipt.objects.filter(
            organisation_id=actor.organisation_id,
            digest=hashlib.sha256(content).hexdigest(),
            dry_run=dry_run,
            state__in=(Receipt.State.WAITING, Receipt.State.RUNNING),
        ).first()

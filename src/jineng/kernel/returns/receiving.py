"""How a file comes in: it is kept, read, landed in one transaction or refused whole, and answered by a receipt."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jineng.engines.exchange import CellError, ErrorCode, FileError, Reading, Table, read
from jineng.engines.exchange.marking import write_errors
from jineng.kernel import clock, files
from jineng.kernel.actors import Actor, acting
from jineng.kernel.keys import sealed
from jineng.kernel.models import Receipt
from jineng.kernel.records import Origin
from jineng.kernel.returns.landing import Hall, landings, the_book
from jineng.kernel.returns.underway import under_way
from jineng.kernel.rights import Right
from jineng.kernel.verbs import came_through, current_deed, verb

ROOM = "kernel"
ERRORS_KEPT = 1000
MANY_ROWS = 300
MUCH_GROWN = 1.5
Progress = Callable[[str, int, int], None]


class ReturnRefused(Exception):
    """The file does not land; ``errors`` say why, ``count`` how many there are in all."""

    def __init__(self, errors: list[CellError], count: int) -> None:
        super().__init__(f"{count} errors")
        self.errors, self.count = errors, count


class _OnlyTried(Exception):
    """A dry run went through; rolls everything back."""


def _silent(sheet: str, done: int, total: int) -> None:
    """Nobody watches."""


@contextmanager
def _without_collections() -> Iterator[None]:
    """Millions of cells are no garbage: looking for some among them, again and again, takes a third of a big import."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


@verb(Right.SUBMIT_RETURNS, room=ROOM)
def submit_return(*, actor: Actor, file_name: str, content: bytes, dry_run: bool = False) -> Receipt:
    """Take a file in: keep its bytes and open a receipt that waits for :func:`process_return`."""
    receipt = Receipt.objects.create(
        file_name=file_name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        dry_run=dry_run,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        actor_label=actor.label[:200],
    )
    files.keep(receipt.pk, content)
    current_deed().note(f"提交 {receipt.file_name}", subject=receipt, digest=receipt.digest)
    return receipt


_bars: list[Callable[[Actor], None]] = []


def bar_returns(bar: Callable[[Actor], None]) -> None:
    """Let a room refuse files of those who may hand in none now; ``bar`` raises :class:`FileError` for them."""
    if bar not in _bars:
        _bars.append(bar)


def require_open(actor: Actor) -> None:
    """Let pass who may hand in files now.

    Raises:
        FileError: a room refuses the actor's files, for instance because the return is signed off.
    """
    for bar in _bars:
        bar(actor)


def process_return(
    *, actor: Actor, receipt_id: UUID, progress: Progress = _silent, reading: Reading | None = None
) -> Receipt:
    """Read and land the file of a waiting receipt, all of it or nothing, and say on the receipt what came of it.

    Running it again on a finished receipt changes nothing, so a job that was cut off may simply be repeated.
    ``reading`` is what the file holds, where somebody has read it already; of another file it is not believed.
    """
    with acting(actor), _without_collections():
        receipt = Receipt.objects.get(pk=receipt_id)
        if receipt.state not in (Receipt.State.WAITING, Receipt.State.RUNNING):
            return receipt
        receipt.state = Receipt.State.RUNNING
        receipt.save(update_fields=["state"])
        try:
            progress("", 0, 1)
            require_open(actor)
            if reading is None or reading.digest != receipt.digest:
                reading = read(files.fetch(receipt.pk), the_book())
            if not reading.ok:
                raise ReturnRefused(list(reading.errors), reading.error_count)
            land_return(actor=actor, receipt=receipt, reading=reading, progress=progress)
        except FileError as error:
            _refuse_file(receipt, error)
        except ReturnRefused as refusal:
            _refuse(receipt, refusal)
        except _OnlyTried:
            receipt.state = Receipt.State.CHECKED
            _finish(receipt)
        return receipt


@verb(Right.SUBMIT_RETURNS, room=ROOM)
def land_return(*, actor: Actor, receipt: Receipt, reading: Reading, progress: Progress = _silent) -> Receipt:
    """Merge all sheets of a reading into the registers and seal the receipt, in one transaction.

    Raises:
        ReturnRefused: a cell was refused; nothing landed.
    """
    came_through(Origin.RETURN, receipt.pk)
    present = [(name, landing) for name, landing in landings().items() if name in reading.tables]
    with under_way() as meanwhile:
        hall = Hall(actor, receipt.pk, meanwhile, progress=progress)
        for position, (name, landing) in enumerate(present):
            table = reading.tables[name]
            progress(table.sheet.title, position, len(present))
            if not len(table):
                continue
            if actor.may(landing.right):
                landing.land(table, hall)
            else:
                _refuse_sheet(hall, table)
    progress("", len(present), len(present))
    receipt.book = reading.book.name
    receipt.counts = {name: outcome.as_counts() for name, outcome in hall.outcomes.items()}
    if hall.errors:
        raise ReturnRefused(hall.errors, len(hall.errors))
    if receipt.dry_run:
        raise _OnlyTried
    _refresh_statistics(hall)
    receipt.state = Receipt.State.LANDED
    receipt.seal = sealed_receipt(receipt)
    _finish(receipt)
    current_deed().note(f"入库 {receipt.file_name}", subject=receipt, counts=receipt.counts)
    return receipt


def _refresh_statistics(hall: Hall) -> None:
    """After a big landing the planner must know of it at once: the next page would else wait for minutes.

    What has not grown much since it was last looked at needs no second look: the planner knows how many pages a
    table has, and a year of returns brings hundreds of files to the same tables.
    """
    if sum(outcome.added for outcome in hall.outcomes.values()) < MANY_ROWS:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE oid = ANY(%s::regclass[]) AND (reltuples <= 0 OR "
            "pg_relation_size(oid) > %s * greatest(relpages, 1) * current_setting('block_size')::bigint)",
            [sorted(hall.tables), MUCH_GROWN],
        )
        grown = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT kernel_analyse(%s)", [grown])


def _refuse_sheet(hall: Hall, table: Table) -> None:
    """Refuse the rows of a sheet that the actor's post does not report, at their first cell."""
    for index in range(len(table)):
        hall.refuse(
            table,
            index,
            table.sheet.columns[0].name,
            ErrorCode.OUT_OF_SCOPE,
            "本岗位不填报此表。",
            "Your post does not report this sheet.",
            "请清空此表，或由主管单位填报。",
            "Empty the sheet, or have your authority report it.",
        )


def sealed_receipt(receipt: Receipt) -> dict[str, Any]:
    """The sealed statement of a receipt: which bytes, whose, when, and what they did."""
    statement = {
        "type": "return-receipt",
        "receipt": str(receipt.pk),
        "file": receipt.file_name,
        "sha256": receipt.digest,
        "bytes": receipt.size,
        "organisation": str(receipt.organisation_id),
        "submitted": receipt.submitted_at.isoformat(),
        "counts": receipt.counts,
    }
    return sealed(statement)


def error_workbook(receipt: Receipt) -> bytes:
    """The submitted workbook again, its bad cells marked with what is wrong and what to do."""
    return write_errors(files.fetch(receipt.pk), [CellError(**error) for error in receipt.errors if "cell" in error])


def _refuse(receipt: Receipt, refusal: ReturnRefused) -> None:
    receipt.state = Receipt.State.REFUSED
    receipt.errors = [asdict(error) for error in sorted(refusal.errors, key=_as_read)[:ERRORS_KEPT]]
    receipt.error_count = refusal.count
    _finish(receipt)


def _as_read(error: CellError) -> tuple[int, int, int]:
    """Where a reader meets the error: sheet after sheet, row after row, from left to right."""
    letters = error.cell.rstrip("0123456789")
    return (
        list(the_book().by_title).index(error.sheet),
        error.row,
        sum(26**i * (ord(c) - 64) for i, c in enumerate(reversed(letters))),
    )


def _refuse_file(receipt: Receipt, error: FileError) -> None:
    receipt.state = Receipt.State.REFUSED
    receipt.errors = [
        {
            "code": error.code,
            "message": error.message,
            "message_en": error.message_en,
            "remedy": error.remedy,
            "remedy_en": error.remedy_en,
            "details": list(error.details),
        }
    ]
    receipt.error_count = 1
    _finish(receipt)


def _finish(receipt: Receipt) -> None:
    receipt.finished_at = clock.now()
    with transaction.atomic():
        receipt.save()

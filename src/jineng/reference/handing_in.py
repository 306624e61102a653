"""How a workbook of the reference year is handed in: once, however often it is tried."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jineng.engines.exchange import CellError, Reading, write_book
from jineng.kernel.actors import Actor, acting
from jineng.kernel.models import Receipt
from jineng.kernel.returns import the_book
from jineng.kernel.returns.receiving import process_return, submit_return

ERRORS_SHOWN = 10
UNFINISHED = (Receipt.State.WAITING, Receipt.State.RUNNING)


class ReturnNotLanded(Exception):
    """A workbook of the reference year was refused; the message lists its first errors."""


def hand_in(
    officer: Actor, file_name: str, content: Callable[[], bytes], digest: str, reading: Reading | None = None
) -> None:
    """Hand in a workbook by its bytes and their SHA-256, as ``officer``; one that was cut off is taken up again.

    Raises:
        ReturnNotLanded: it was refused.
    """
    receipt = _known(officer, digest, *UNFINISHED)
    if receipt is None:
        receipt = submit_return(actor=officer, file_name=file_name, content=content())
    receipt = process_return(actor=officer, receipt_id=receipt.pk, reading=reading)
    if receipt.state != Receipt.State.LANDED:
        raise ReturnNotLanded(_refusal(receipt))


def hand_in_rows(officer: Actor, file_name: str, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Hand in a workbook of these rows by sheet; one that has landed for the officer's organisation is passed over.

    Raises:
        ReturnNotLanded: it was refused.
    """
    content = write_book(the_book(), sheets)
    digest = hashlib.sha256(content).hexdigest()
    if not has_landed(officer, digest):
        hand_in(officer, file_name, lambda: content, digest)


def has_landed(officer: Actor, digest: str) -> bool:
    """Whether a workbook of these bytes has landed for the officer's organisation."""
    return _known(officer, digest, Receipt.State.LANDED) is not None


def _known(officer: Actor, digest: str, *states: str) -> Receipt | None:
    with acting(officer):
        return Receipt.objects.filter(
            organisation_id=officer.organisation_id,
            digest=digest,
            dry_run=False,
            state__in=states,
        ).first()


def _refusal(receipt: Receipt) -> str:
    count = receipt.error_count
    lines = [f"{receipt.file_name} 未通过，共 {count} 处错误。 It was refused: {count} errors."]
    for error in receipt.errors[:ERRORS_SHOWN]:
        if "cell" in error:
            cell = CellError(**error)
            lines.append(f"  {cell.sheet}!{cell.cell} {cell.message}{cell.remedy} {cell.message_en} {cell.remedy_en}")
        else:
            lines.append(f"  {error['message']}{error['remedy']} {error['message_en']} {error['remedy_en']}")
    return "\n".join(lines)

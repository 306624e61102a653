"""A row entered on a page: a return of its own, landed by the very importer and answered by a sealed receipt."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from django.core.exceptions import ValidationError

from jineng.engines.exchange import CellError, FileError, ValueRefused, read, write_book
from jineng.kernel import files
from jineng.kernel.actors import Actor
from jineng.kernel.models import Receipt
from jineng.kernel.returns.landing import the_book
from jineng.kernel.returns.receiving import ReturnRefused, land_return, require_open, submit_return
from jineng.kernel.verbs import current_deed


def enter_row(
    *, actor: Actor, name: str, sheet: str, row: Mapping[str, Any], fields: Mapping[str, str] | None = None
) -> Receipt:
    """Land one ``row`` (values by column) of ``sheet`` for the running verb, as the file ``name`` would; the receipt.

    The workbook carries the deed as its identifier, so that what was struck out may be entered again: two entries
    are never the same file. ``fields`` says under which field of a form a refused column is told; others are told
    under their own names.

    Raises:
        NotAllowed: the actor hands in no returns.
        NoDeed: no verb is running.
        ValidationError: the actor's return is locked, or the importer refuses the row.
    """
    book = the_book()
    try:
        content = write_book(book, {sheet: [row]}, identifier=str(current_deed().id))
    except ValueRefused as error:
        told = (fields or {}).get(error.column, error.column)
        raise ValidationError({told: "内容的形式或长度不合填报要求。 Its form or length does not fit."}) from error
    receipt = submit_return(actor=actor, file_name=name, content=content)
    with ExitStack() as undoing:
        undoing.callback(files.forget, receipt.pk)
        try:
            require_open(actor)
            reading = read(content, book)
            if not reading.ok:
                raise ReturnRefused(list(reading.errors), reading.error_count)
            land_return(actor=actor, receipt=receipt, reading=reading)
        except FileError as error:
            words = f"{error.message}{error.remedy} {error.message_en} {error.remedy_en}"
            raise ValidationError(words) from error
        except ReturnRefused as refusal:
            raise _by_field(refusal.errors, fields or {}) from refusal
        undoing.pop_all()
    return receipt


def _by_field(errors: list[CellError], fields: Mapping[str, str]) -> ValidationError:
    told: dict[str, list[str]] = {}
    for error in errors:
        words = f"{error.message}{error.remedy} {error.message_en} {error.remedy_en}"
        told.setdefault(fields.get(error.column, error.column), []).append(words)
    return ValidationError(dict(told))

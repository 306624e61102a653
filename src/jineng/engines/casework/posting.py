"""Answers as a page sends them: flat names with text, such as `partners-2-amount`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from jineng.engines.casework.form import Field, FieldKind, Form

_CELL = re.compile(r"([a-z][a-z0-9_]*)-(\d{1,6})-([a-z][a-z0-9_]*)", re.ASCII)


def input_name(field: str, row: int | None = None, column: str | None = None) -> str:
    """The name of a field's input, or of a table's cell; of what an AnswerFault tells, too."""
    return field if row is None or column is None else f"{field}-{row}-{column}"


def from_post(
    form: Form,
    pairs: Iterable[tuple[str, str]],
    only: Collection[str],
    files: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What a page that asked for the fields in `only` got, as raw answers for `draft`.

    A field that was asked and not sent is empty (None), so that what is cleared stays cleared; fields that were not
    asked are left out. Of a name sent twice the last text counts, of a `many` field all. Rows stand in the order of
    their numbers, which may have gaps. Files are sent by their ids and looked up in `files`; one that is not there is
    left out. What the form does not know is ignored.
    """
    sent: dict[str, list[str]] = {}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    for name, text in pairs:
        cell = _CELL.fullmatch(name)
        if cell:
            table, row, column = cell.groups()
            rows.setdefault(table, {}).setdefault(int(row), {}).setdefault(column, []).append(text)
        else:
            sent.setdefault(name, []).append(text)
    known = files or {}
    return {
        key: _rows(item, rows.get(key, {}), known) if item.kind is FieldKind.TABLE else _answer(item, sent, known)
        for key, item in form.fields.items()
        if key in only
    }


def _rows(
    table: Field, rows: Mapping[int, Mapping[str, list[str]]], files: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]] | None:
    found = [
        {column.key: _answer(column, cells, files) for column in table.columns} for _, cells in sorted(rows.items())
    ]
    return found or None


def _answer(field: Field, sent: Mapping[str, list[str]], files: Mapping[str, Mapping[str, Any]]) -> Any:
    texts: list[Any] = list(sent.get(field.key, ()))
    if field.kind is FieldKind.FILE:
        texts = [dict(files[text]) for text in texts if text in files]
    if field.many:
        return texts or None
    return texts[-1] if texts else None

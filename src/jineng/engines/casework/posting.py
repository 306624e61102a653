"""Answers as a page sends them: flat names with text, such as `partners-2-amount`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jineng.engines.casework.form import REFERENCES, Field, FieldKind, Form

Refer = Callable[[Field, str], Mapping[str, str] | None]
"""What a text that was sent refers to, as {id, label, code}; None where it leads nowhere, and is kept as typed."""
_CELL = re.compile(r"([a-z][a-z0-9_]*)-(\d{1,6})-([a-z][a-z0-9_]*)", re.ASCII)


def input_name(field: str, row: int | None = None, column: str | None = None) -> str:
    """The name of a field's input, or of a table's cell; of what an AnswerFault tells, too."""
    return field if row is None or column is None else f"{field}-{row}-{column}"


def from_post(
    form: Form,
    pairs: Iterable[tuple[str, str]],
    only: Collection[str],
    refer: Refer,
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
    reader = _Reader(refer, files or {})
    return {
        key: reader.rows(item, rows.get(key, {})) if item.kind is FieldKind.TABLE else reader.answer(item, sent)
        for key, item in form.fields.items()
        if key in only
    }


@dataclass(frozen=True)
class _Reader:
    refer: Refer
    files: Mapping[str, Mapping[str, Any]]

    def rows(self, table: Field, rows: Mapping[int, Mapping[str, list[str]]]) -> list[dict[str, Any]] | None:
        return [
            {column.key: self.answer(column, cells) for column in table.columns} for _, cells in sorted(rows.items())
        ] or None

    def answer(self, field: Field, sent: Mapping[str, list[str]]) -> Any:
        texts: list[Any] = list(sent.get(field.key, ()))
        if field.kind is FieldKind.FILE:
            texts = [dict(self.files[text]) for text in texts if text in self.files]
        elif field.kind in REFERENCES:
            texts = [self._reference(field, text.strip()) for text in texts]
        if field.many:
            return texts or None
        return texts[-1] if texts else None

    def _reference(self, field: Field, text: str) -> Any:
        found = self.refer(field, text) if text else None
        return text if found is None else dict(found)

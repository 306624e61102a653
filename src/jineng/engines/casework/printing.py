"""The printed application: a form's answers as titled parts with lines, tables and lists of files.

It is a neutral structure; a room turns it into a document. Nothing personal is shown unless the room passes in how.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from jineng.engines.casework.answers import Answers, submitted, visible
from jineng.engines.casework.faults import Words
from jineng.engines.casework.form import NUMBERS, Field, FieldKind, Form
from jineng.engines.casework.reading import Json, rows_of
from jineng.engines.casework.values import NO_FACTS, Facts

HIDDEN = Words("（不予显示）", "(not shown)")
NOTHING = Words("—", "—")
_TRUTHS = {True: Words("是", "yes"), False: Words("否", "no")}


@dataclass(frozen=True)
class BookLine:
    """A field with what is shown for it; `paragraphs` of long text, one of anything else."""

    label: Words
    paragraphs: tuple[Words, ...]


@dataclass(frozen=True)
class BookTable:
    """A table as it was filled in."""

    label: Words
    headings: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True)
class BookFile:
    """A file that belongs to the answers; the digest (SHA-256) tells whether it is still the same."""

    name: str
    bytes: int
    digest: str


@dataclass(frozen=True)
class BookFiles:
    """The files of a field; those in a table's cells stand here, too, and are named there."""

    label: Words
    files: tuple[BookFile, ...]


BookItem = BookLine | BookTable | BookFiles


@dataclass(frozen=True)
class BookSection:
    """A part under its heading."""

    heading: Words
    items: tuple[BookItem, ...]


@dataclass(frozen=True)
class Book:
    """A printed application."""

    title: Words
    sections: tuple[BookSection, ...]


def book(
    form: Form,
    values: Answers,
    facts: Facts = NO_FACTS,
    masked: Mapping[str, str] = MappingProxyType({}),
    only: Collection[str] | None = None,
) -> Book:
    """What was answered, as it is printed: visible fields in the order of the form, empty ones with a dash.

    `masked` says how personal values are shown, by field ("contact") or cell ("members[0].name", rows from 0); of the
    fields only those in `only` are printed, where it is given.
    """
    writer = _Writer(masked)
    shown = visible(form, values, facts)
    answers = submitted(form, values, facts)
    sections = []
    for section in form.sections:
        fields = [item for item in section.fields if item.key in shown and (only is None or item.key in only)]
        items = tuple(part for item in fields for part in writer.items(item, answers.get(item.key)))
        if items:
            sections.append(BookSection(Words(section.name, section.name_en or section.name), items))
    return Book(Words(form.name, form.name_en or form.name), tuple(sections))


class _Writer:
    def __init__(self, masked: Mapping[str, str]) -> None:
        self._masked = masked

    def items(self, field: Field, value: Json) -> Iterator[BookItem]:
        rows = rows_of(value) if field.kind is FieldKind.TABLE else None
        if rows is not None:
            yield self._table(field, rows)
            files = tuple(file for row in rows for column in field.columns for file in _files(column, row))
            if files:
                yield BookFiles(field.words, files)
        elif field.kind is FieldKind.FILE and value is not None and not field.personal:
            yield BookFiles(field.words, _files(field, {field.key: value}))
        elif field.kind is FieldKind.LONG_TEXT and isinstance(value, str) and not field.personal:
            yield BookLine(field.words, tuple(Words(line, line) for line in value.split("\n") if line.strip()))
        else:
            yield BookLine(field.words, (self._shown(field, value, field.key),))

    def _table(self, field: Field, rows: list[dict[str, Json]]) -> BookTable:
        headings = tuple(_with_unit(column) for column in field.columns)
        cells = tuple(
            tuple(
                self._shown(column, row.get(column.key), f"{field.key}[{at}].{column.key}", in_cell=True)
                for column in field.columns
            )
            for at, row in enumerate(rows)
        )
        return BookTable(field.words, headings, cells)

    def _shown(self, field: Field, value: Json, place: str, in_cell: bool = False) -> Words:
        if value is None:
            return NOTHING
        if field.personal:
            text = self._masked.get(place)
            return Words(text, text) if text is not None else HIDDEN
        if isinstance(value, list):
            listed = [shown_value(field, one, not in_cell) for one in value]
            return Words("、".join(words.zh for words in listed), ", ".join(words.en for words in listed))
        return shown_value(field, value, not in_cell)


def shown_value(field: Field, value: Json, unit: bool = True) -> Words:
    """One answer as people read it: numbers grouped and with their unit, choices by their labels, dates in words.

    What could not be read is shown as typed.
    """
    if isinstance(value, bool):
        return _TRUTHS[value]
    if isinstance(value, dict):
        text = str(value.get("label") or value.get("name") or value.get("id") or "")
        return Words(text, text)
    text = str(value)
    if field.kind is FieldKind.CHOICE:
        return field.labels.get(text, Words(text, text))
    try:
        if field.kind in NUMBERS:
            number = f"{Decimal(text):,f} {field.shown_unit if unit else ''}".strip()
            return Words(number, number)
        if field.kind is FieldKind.DATE:
            day = date.fromisoformat(text)
            return Words(f"{day.year}年{day.month}月{day.day}日", text)
    except (ArithmeticError, ValueError):
        return Words(text, text)
    return Words(text, text)


def _with_unit(field: Field) -> Words:
    words = field.words
    return Words(f"{words.zh}（{field.shown_unit}）", f"{words.en} ({field.shown_unit})") if field.shown_unit else words


def _files(field: Field, row: Mapping[str, Json]) -> tuple[BookFile, ...]:
    value = row.get(field.key) if field.kind is FieldKind.FILE and not field.personal else None
    listed = value if isinstance(value, list) else [value]
    sound = [one for one in listed if isinstance(one, dict) and {"name", "bytes", "digest"} <= one.keys()]
    return tuple(BookFile(one["name"], one["bytes"], one["digest"]) for one in sound)

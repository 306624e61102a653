"""The application book: a case's answers as a document, with what is personal masked and files by their digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jineng.cases.facts import FactsOf
from jineng.cases.models import Case
from jineng.cases.procedures import read
from jineng.cases.situations import answers_of
from jineng.engines.casework import BookFiles, BookLine, BookSection, BookTable, FieldKind, Form, book
from jineng.engines.documents.tree import Block, Document, Heading, Paragraph, Table, Text, numbered
from jineng.kernel import clock
from jineng.kernel.crypto import mask_name, mask_number


def book_of(case: Case, applicant: str) -> Document:
    """The book of a case as it stands today."""
    form, answers = read(case.procedure).form, answers_of(case)
    printed = book(form, answers, FactsOf(case), dict(_masked(form, answers)))
    blocks = [block for section in printed.sections for block in _blocks(section)]
    return Document(
        masthead=printed.title.zh,
        issue=f"编号 {case.number}",
        issuer=applicant,
        date=clock.today(),
        title=case.title,
        blocks=numbered(blocks),
    )


def hide(text: str) -> str:
    """What is personal, as pages and books show it."""
    return mask_number(text) if any(letter.isdigit() for letter in text) else mask_name(text)


def _masked(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, field in form.fields.items():
        kept = answers.get(key)
        if field.kind is FieldKind.TABLE:
            for at, row in enumerate(kept if isinstance(kept, list) else ()):
                for column in field.columns:
                    if column.personal and isinstance(row, dict) and row.get(column.key):
                        yield f"{key}[{at}].{column.key}", hide(_text(row[column.key]))
        elif field.personal and kept:
            yield key, hide(_text(kept))


def _text(kept: Any) -> str:
    return str(kept.get("label") or kept.get("name") or "") if isinstance(kept, dict) else str(kept)


def _blocks(section: BookSection) -> Iterator[Block]:
    yield Heading(1, section.heading.zh)
    lines: list[tuple[str, str]] = []
    for item in section.items:
        if isinstance(item, BookLine) and len(item.paragraphs) == 1 and len(item.paragraphs[0].zh) <= _SHORT:
            lines.append((item.label.zh, item.paragraphs[0].zh))
            continue
        if lines:
            yield _facts(section, lines)
            lines = []
        if isinstance(item, BookLine):
            yield Heading(2, item.label.zh)
            yield from (Paragraph((Text(words.zh),)) for words in item.paragraphs)
        elif isinstance(item, BookTable):
            rows = tuple(tuple(cell.zh for cell in row) for row in item.rows)
            left = ("left",) * len(item.headings)
            yield Table(item.label.zh, tuple(words.zh for words in item.headings), rows, left)  # type: ignore[arg-type]
        elif isinstance(item, BookFiles):
            files = tuple((each.name, f"{each.bytes:,}", each.digest[:16]) for each in item.files)
            yield Table(item.label.zh, ("文件", "字节数", "摘要"), files, ("left", "right", "left"))
    if lines:
        yield _facts(section, lines)


def _facts(section: BookSection, lines: list[tuple[str, str]]) -> Table:
    return Table(section.heading.zh, ("项目", "内容"), tuple(lines), ("left", "left"))


_SHORT = 60
"""Answers up to so many characters stand in a table of two columns; longer ones are paragraphs."""

"""What a list page shows, read from its HTML as a reader would: rows by the headings of their cells, and how many."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_TOTAL = re.compile(r"共 ([\d,]+) 条")


@dataclass
class Row:
    """A row: its cells by Chinese heading (the first by ``""``), and where they lead."""

    cells: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading]


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.pager = ""
        self._cell: str | None = None
        self._inside = {"tbody": 0, "nav": 0}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tbody" or (tag == "nav" and given.get("class") == "pager"):
            self._inside[tag] = 1
        if not self._inside["tbody"]:
            return
        if tag == "tr":
            self.rows.append(Row())
        elif tag in ("th", "td"):
            self._cell = given.get("data-label") or ""
            self.rows[-1].cells[self._cell] = ""
        elif tag == "a":
            self.rows[-1].links.append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside[tag] = 0
        if tag in ("th", "td"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._inside["nav"]:
            self.pager += data
        if self._cell is not None and self._inside["tbody"]:
            self.rows[-1].cells[self._cell] += data.strip()


def _read(answer: Any) -> _Rows:
    assert answer.status_code == 200
    reader = _Rows()
    reader.feed(answer.content.decode())
    return reader


def rows_shown(answer: Any) -> list[Row]:
    """The rows of the page."""
    return _read(answer).rows


def count_shown(answer: Any) -> int:
    """How many rows the list says it has on all its pages; none where it shows that there is nothing."""
    reader = _read(answer)
    told = _TOTAL.search(reader.pager)
    if told is None:
        assert 'class="empty' in answer.content.decode()
        return 0
    total = int(told[1].replace(",", ""))
    assert bool(reader.rows) == bool(total)
    return total

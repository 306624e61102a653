"""What the cell reader hides: error values and formulas that were never calculated.

The reader gives an empty cell for both, so the sheet's XML is asked directly; it is parsed only where a quick
search finds a trace of either.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from xml.parsers import expat

_BARE_FORMULA = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*</(?:\w+:)?c>")
_NAME = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True)
class Fault:
    """A cell without a value of its own: `error` is "#N/A" and the like, or None for no cached value."""

    error: str | None
    formula: str


def find(xml: bytes) -> dict[tuple[int, int], Fault]:
    """Faulty cells of a worksheet part by (row, column), both counted from 0. Raises expat.ExpatError."""
    if not _has_trace(xml):
        return {}
    scan = _Scan()
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.Parse(xml, True)
    return scan.found


def _has_trace(xml: bytes) -> bool:
    # Plain searches for short strings, since the part may be tens of megabytes; a writer keeps to one quote.
    end = xml.rfind(b"sheetData")
    error = b"t='e'" if b"='" in xml[:4096] else b't="e"'
    if xml.find(error, 0, end) >= 0:
        return True
    return xml.find(b"f>", 0, end) >= 0 and _BARE_FORMULA.search(xml, 0, end) is not None


class _Scan:
    def __init__(self) -> None:
        self.found: dict[tuple[int, int], Fault] = {}
        self.row = -1
        self.column = -1
        self.is_error = False
        self.seen: dict[str, list[str]] = {}
        self.inside = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif name == "c":
            place = _NAME.fullmatch(attributes.get("r", ""))
            self.column = _column(place.group(1)) if place else self.column + 1
            self.is_error = attributes.get("t") == "e"
            self.seen = {}
        elif name in ("v", "f"):
            self.inside = name
            self.seen[name] = []

    def text(self, data: str) -> None:
        if self.inside:
            self.seen.setdefault(self.inside, []).append(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("v", "f"):
            self.inside = ""
        elif name == "c":
            formula = "".join(self.seen.get("f", []))
            if self.is_error:
                self.found[self.row, self.column] = Fault("".join(self.seen.get("v", [])), formula)
            elif "f" in self.seen and "v" not in self.seen:
                self.found[self.row, self.column] = Fault(None, formula)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by the title on its tab."""
    targets: dict[str, str] = {}
    titles: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            titles[attributes.get("name", "")] = key

    for name, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = handler
        parser.Parse(parts.get(name, b"<none/>"), True)
    return {
        title: posixpath.normpath(posixpath.join("/xl", targets[key])).lstrip("/")
        for title, key in titles.items()
        if key in targets
    }

"""The workbooks that offices and institutions hand in, and how the reference year's rooms write into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jineng.reference.parsing import Entry, read_entry
from jineng.reference.people import Person, person
from jineng.reference.places import PROVINCE, Places
from jineng.reference.year import Organisation, Specification

ROOT, ROOT_CODE = "gs-jyt", "620000-JY"
Row = Mapping[str, Any] | Sequence[Any]
"""A row of a sheet: values by the columns' machine names, or in the columns' order."""


@dataclass
class Return:
    """One workbook: the year that it reports, its file's name, the organisation that hands it in, and rows by sheet."""

    year: int
    file_name: str
    organisation: str
    tables: dict[str, list[Row]] = field(default_factory=dict)
    _suppliers: dict[str, list[Callable[[], Iterable[Row]]]] = field(default_factory=dict)

    def add(self, sheet: str, row: Row) -> None:
        """Add a row to a sheet."""
        self.tables.setdefault(sheet, []).append(row)

    def supply(self, sheet: str, rows: Callable[[], Iterable[Row]]) -> None:
        """Add rows that are made only when the workbook is written, for sheets of many thousands."""
        self._suppliers.setdefault(sheet, []).append(rows)

    def sheets(self) -> dict[str, Iterable[Row]]:
        """All rows by sheet, those supplied behind those added."""
        names = dict.fromkeys((*self.tables, *self._suppliers))
        return {name: self._rows(name) for name in names}

    def _rows(self, sheet: str) -> Iterable[Row]:
        yield from self.tables.get(sheet, ())
        for supplier in self._suppliers.get(sheet, ()):
            yield from supplier()


class Books:
    """All workbooks of a specification, opened when first asked for, in that order."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.places = Places(specification)
        self.organisations = specification.organisations
        self.codes = {key: code_of(value, specification) for key, value in self.organisations.items()}
        self._divisions = {office: division for division, office in self.places.city_offices.items()}
        self._books: dict[tuple[int, str, str], Return] = {}

    def book(self, organisation: str, year: int | None = None, part: str = "") -> Return:
        """The workbook that ``organisation`` hands in for ``year`` (by default the reference year).

        ``part`` names a workbook of its own for what is too much to hand in with the rest. All workbooks of the
        reference year come in first, in the order in which they were opened, then those of the neighbour years.
        """
        key = (year or self.specification.year, organisation, part)
        if key not in self._books:
            name = self.organisations[organisation].on(self.specification.end).name
            ending = f"-{part}" if part else ""
            self._books[key] = Return(key[0], f"{self._prefix(organisation)}-{name}{ending}.xlsx", organisation)
        return self._books[key]

    def all(self) -> list[Return]:
        """The workbooks in the order in which they come in: of each year the province's first."""
        year = self.specification.year
        return sorted(self._books.values(), key=lambda book: (book.year != year, book.year, book.organisation != ROOT))

    def person(self, serial: int) -> Person:
        """The synthetic person with this serial."""
        return person(serial, self.specification.people)

    def read(self, room: str) -> dict[str, Entry]:
        """What the specification says of a room: its YAML files by name without ending; empty where it has none."""
        folder = self.specification.folder
        found = sorted((folder / room).glob("*.yaml")) if folder else []
        return {path.stem: read_entry(path) for path in found}

    def _prefix(self, organisation: str) -> str:
        if organisation == ROOT:
            return f"01-{PROVINCE}"
        if organisation in self._divisions:
            return f"02-{self._divisions[organisation]}"
        return self.codes[organisation]


def code_of(organisation: Organisation, specification: Specification) -> str:
    """The code under which the register keeps an organisation: the last one of the year.

    Raises:
        LookupError: the organisation has no code.
    """
    if organisation.id == ROOT:
        return ROOT_CODE
    code = organisation.on(specification.end).code or organisation.credit_code or organisation.local_code
    if code is None:
        raise LookupError(f"{organisation.id} 没有代码。 {organisation.id} has no code.")
    return code


def returns_of(folder: Path, year: int) -> Path:
    """Where a year's workbooks lie in a working folder."""
    return folder / "returns" / str(year)

"""The catalogue's files, read into plain rows. What the files say and how sure it is: ``data/README.md``."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jineng.majors.kinds import MajorLevel
from jineng.majors.rules import CATEGORIES, category_code

DATA = Path(__file__).with_name("data")
NAMESPACE = uuid.UUID("1f0f5c0a-5f0a-5d2b-8a3c-2b7a9f7d4e11")


@dataclass(frozen=True)
class EditionRow:
    """An edition of the catalogue: when it was issued, by which document, from when until when it is in force."""

    year: int
    issued_on: date
    document: str
    in_force_from: date
    in_force_until: date | None = None


@dataclass(frozen=True)
class CategoryRow:
    """A category, numbered 1 to 19 on all levels."""

    id: uuid.UUID
    number: int
    name: str


@dataclass(frozen=True)
class ClassRow:
    """A class of majors on one level."""

    id: uuid.UUID
    category_id: uuid.UUID
    level: str
    code: str
    name: str


@dataclass(frozen=True)
class MajorRow:
    """A major; ``since`` is the year of the edition or supplement that brought it, and whether that is sure."""

    id: uuid.UUID
    category_id: uuid.UUID
    major_class_id: uuid.UUID
    level: str
    code: str
    name: str
    state_controlled: bool
    since: int
    since_certain: bool


@dataclass(frozen=True)
class CatalogueRows:
    """Everything that one edition holds, its later supplements included."""

    edition: EditionRow
    categories: tuple[CategoryRow, ...]
    classes: tuple[ClassRow, ...]
    majors: tuple[MajorRow, ...]


ISSUED = {2021: (date(2021, 3, 12), date(2021, 3, 12), None)}
"""By edition: issued, in force from, in force until (None: still)."""


def editions() -> tuple[int, ...]:
    """Years of the editions that the program brings along."""
    return tuple(sorted(ISSUED))


def stable_id(*parts: object) -> uuid.UUID:
    """The same id for the same entry of the catalogue on every installation."""
    return uuid.uuid5(NAMESPACE, "/".join(map(str, parts)))


@cache
def read_catalogue(edition: int, directory: Path = DATA) -> CatalogueRows:
    """The rows of ``edition``.

    Raises:
        LookupError: the program brings no such edition.
        ValueError: the levels' files disagree about the name of a category.
    """
    if edition not in ISSUED:
        raise LookupError(f"没有 {edition} 年版专业目录。 There is no catalogue of {edition}.")
    trees = {level: _tree(edition, level, directory) for level in MajorLevel}
    categories = tuple(_categories(edition, trees))
    ids = {category.number: category.id for category in categories}
    classes: list[ClassRow] = []
    majors: list[MajorRow] = []
    for level, tree in trees.items():
        for number, category_id in ids.items():
            entry = tree["categories"].get(category_code(number, level))
            for code, klass in (entry["classes"] if entry else {}).items():
                row = ClassRow(stable_id(edition, "class", code), category_id, level, code, klass["name"])
                classes.append(row)
                majors += _majors(edition, row, klass)
    issued_on, since, until = ISSUED[edition]
    document = trees[MajorLevel.HIGHER]["document"]
    return CatalogueRows(
        EditionRow(edition, issued_on, document, since, until), categories, tuple(classes), tuple(majors)
    )


def _tree(edition: int, level: str, directory: Path) -> dict[str, Any]:
    text = (directory / f"catalogue-{edition}-{level}.yaml").read_text(encoding="utf-8")
    tree: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return tree


def _categories(edition: int, trees: dict[MajorLevel, dict[str, Any]]) -> Iterator[CategoryRow]:
    for number in range(1, CATEGORIES + 1):
        names = {
            tree["categories"][category_code(number, level)]["name"]
            for level, tree in trees.items()
            if category_code(number, level) in tree["categories"]
        }
        if len(names) != 1:
            raise ValueError(f"category {number} of {edition} has {len(names)} names: {sorted(names)}")
        yield CategoryRow(stable_id(edition, "category", number), number, names.pop())


def _majors(edition: int, klass: ClassRow, entry: dict[str, Any]) -> Iterator[MajorRow]:
    controlled = set(entry.get("state_controlled", ()))
    doubtful = set(entry.get("doubtful", ()))
    named = {serial: (name, edition, True) for serial, name in entry["majors"].items()}
    for serial, major in entry.get("later", {}).items():
        named[serial] = (major["name"], major["since"], major.get("since_certain", True))
    for serial, (name, since, certain) in sorted(named.items()):
        code = klass.code + serial
        yield MajorRow(
            id=stable_id(edition, "major", code),
            category_id=klass.category_id,
            major_class_id=klass.id,
            level=klass.level,
            code=code,
            name=name,
            state_controlled=serial in controlled,
            since=since,
            since_certain=certain and serial not in doubtful,
        )

"""What each institution applied for in each batch of the certificate pilot, item by item, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from jineng.reference.parsing import Entry, read_entry
from jineng.reference.selections import Selections

FILES = ("pilots", "certificates", "batches")
STANDING, REFUSED = "standing", "refused"
FATES = (STANDING, "again", REFUSED, "withdrawn", "voided", "pending")
Pair = tuple[str, str]
"""A certificate's code and one of its levels."""


@dataclass(frozen=True)
class Announced:
    """A batch as the province announced it: the day, until when institutions had applied, the document."""

    number: int
    day: date
    applied: date
    document: str


@dataclass(frozen=True)
class Pilot:
    """An application: by whom (the specification's id), in which batch, for which certificate and level, for how many
    learners. ``fate`` is ``standing``, ``refused``, ``withdrawn``, ``voided`` or ``pending``; ``also`` is who reports
    it a second time."""

    by: str
    batch: Announced
    certificate: str
    name: str
    level: str
    planned: int
    fate: str
    also: str | None


def read_pilots(folder: Path) -> list[Pilot]:
    """Every application that the specification in ``folder`` tells; none where it tells of no pilot."""
    places = {name: folder / "credentials" / f"{name}.yaml" for name in FILES}
    if not places["pilots"].exists():
        return []
    return list(all_pilots({name: read_entry(path) for name, path in places.items()}))


def all_pilots(told: Mapping[str, Entry]) -> Iterator[Pilot]:
    """Every application, institution by institution and batch by batch; the README tells how numbers become items."""
    names = {kind.text("code"): kind.text("name") for kind in told["certificates"].rows("certificates")}
    pairs = [
        (kind.text("code"), level)
        for kind in told["certificates"].rows("certificates")
        for level in kind.texts("levels")
    ]
    batches = announced(told["batches"])
    least = told["pilots"].number("planned")
    for institution in told["pilots"].rows("institutions"):
        place = institution.number("from")
        walk = iter((pairs[place:] + pairs[:place])[: len(pairs)])
        standing: list[Pair] = []
        for numbers in institution.rows("batches"):
            batch, also = batches[numbers.number("batch")], numbers.maybe_text("also")
            for (code, level), fate in _fates(numbers, walk, standing):
                planned = least + 10 * (pairs.index((code, level)) % 7)
                yield Pilot(institution.text("id"), batch, code, names[code], level, planned, fate, also)


def announced(told: Entry) -> dict[int, Announced]:
    """The batches by their numbers."""
    return {
        batch.number("number"): Announced(
            batch.number("number"), batch.day("date"), batch.day("applied"), batch.text("document")
        )
        for batch in told.rows("batches")
    }


def _fates(numbers: Entry, walk: Iterator[Pair], standing: list[Pair]) -> Iterator[tuple[Pair, str]]:
    """The next pairs of the walk with what became of each; some that stood in an earlier batch come again."""
    told = {name: numbers.number(name) if numbers.has(name) else 0 for name in FATES}
    again = standing[: told["again"]]
    fresh = list(islice(walk, told[STANDING]))
    standing += fresh
    yield from ((pair, STANDING) for pair in (*fresh, *again))
    for fate in FATES[2:]:
        yield from ((pair, fate) for pair in islice(walk, told[fate]))


def is_case(selections: Selections, pilot: Pilot) -> bool:
    """Whether an application came as a case and stands in no return."""
    known = pilot.batch.number in selections.pilots.batches
    return known and pilot.fate in (STANDING, REFUSED) and pilot.also is None

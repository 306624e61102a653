"""What the specification says of a season that is run: days, law, who registers where, and how applicants behave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from jineng.reference.admitting.points import Shape
from jineng.reference.parsing import Entry, read_entry
from jineng.reference.specification import folder_of

REFUSED, DECLINED, SILENT, LEFT = "refused", "declined", "silent", "left"
CANCELLED, MISTAKEN, LATER, KEPT = "cancelled", "mistaken", "later", "kept"
FATES = (REFUSED, DECLINED, SILENT, LEFT, CANCELLED, MISTAKEN, LATER)
CONFIRMING = frozenset({LEFT, CANCELLED, MISTAKEN, LATER, KEPT})
"""Fates of those who took the seat at first."""


@dataclass(frozen=True)
class Planned:
    """A plan of a college (an id of the specification); ``withdrawn`` is the day on which it was taken back."""

    organisation: str
    programme: str
    channel: str
    pool: str
    seats: int
    withdrawn: date | None


@dataclass(frozen=True)
class Rule:
    """A college's own rule of scoring for a way in."""

    organisation: str
    channel: str
    weights: Mapping[str, Any]
    ties: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """An examination of the applicants of a category: held, reported by the province, and entered ``again`` by the
    offices that registered them, where it is."""

    name: str
    category: str
    components: tuple[str, ...]
    held: date
    reported: date
    again: date | None


@dataclass(frozen=True)
class Registered:
    """An applicant: the serial of the person, the place among all and among those of the category, the office that
    registered them."""

    serial: int
    place: int
    of_category: int
    office: str
    category: str
    household: bool


@dataclass(frozen=True)
class Fate:
    """What comes of those admitted in one of these rounds whose serial leaves ``at`` when divided by ``every``; ``on``
    a day, where it tells one."""

    name: str
    every: int
    at: int
    rounds: frozenset[str]
    reason: str
    on: date | None


@dataclass(frozen=True)
class RunSeason:
    """A season that is run. ``after_opening`` counts days from a round's opening, ``entering`` tells of rounds how
    many enter for a hundred seats; of the others everybody enters who may."""

    code: str
    people_after: int
    household_every: int
    days: Mapping[str, date]
    document: str
    law: Mapping[str, Any]
    plans: tuple[Planned, ...]
    rules: tuple[Rule, ...]
    registered: Mapping[str, Mapping[str, int]]
    sessions: tuple[Session, ...]
    shapes: tuple[Shape, ...]
    out_of: Mapping[str, int]
    drawn: Mapping[str, int]
    entering: Mapping[str, int]
    wishes: int
    after_opening: Mapping[str, int]
    fates: tuple[Fate, ...]

    @cached_property
    def applicants(self) -> tuple[Registered, ...]:
        """All who register, in the order of their serials."""
        return tuple(self._applicants())

    def _applicants(self) -> Iterator[Registered]:
        seen: dict[str, int] = {}
        place = 0
        for office, numbers in self.registered.items():
            for category, number in numbers.items():
                for _ in range(number):
                    serial, own = self.people_after + 1 + place, seen.get(category, 0)
                    household = serial % self.household_every == 0
                    yield Registered(serial, place, own, office, category, household)
                    seen[category] = own + 1
                    place += 1

    def fate(self, serial: int, key: str) -> Fate:
        """What comes of who is admitted in a round; whoever nothing is told of keeps the seat."""
        found = (each for each in self.fates if key in each.rounds and serial % each.every == each.at)
        return next(found, Fate(KEPT, 1, 0, frozenset(), "", None))


def read_run(year: int, folder: Path | None = None) -> RunSeason | None:
    """The season of ``year`` that is run; None where the specification has none.

    Raises:
        SpecificationError: an entry says something strange.
    """
    place = (folder or folder_of(year)) / "admissions"
    if not (place / f"run-{year}.yaml").exists():
        return None
    tree = read_entry(place / f"run-{year}.yaml")
    code = tree.text("season")
    scores = read_entry(place / "scores.yaml")
    law = tree.inner("law").values
    return RunSeason(
        code=code,
        people_after=tree.number("people_after"),
        household_every=tree.number("household_every"),
        days={name: tree.inner("days").day(name) for name in tree.inner("days").values},
        document=tree.text("document"),
        law=law,
        plans=tuple(_plans(read_entry(place / f"{part_of(code)}-{year}.yaml"))),
        rules=tuple(
            Rule(row.text("organisation"), row.text("channel"), row.inner("weights").values, row.texts("ties"))
            for row in tree.rows("rules")
        ),
        registered={office: dict(numbers.values) for office, numbers in tree.entries("registered")},
        sessions=tuple(map(_session, tree.rows("sessions"))),
        shapes=tuple(
            Shape(group.text("name"), group.number("per_mille"), tuple(map(tuple, group.values["reached"])))
            for _, group in scores.entries("groups")
        ),
        out_of={part["key"]: part["most"] for part in law["components"]},
        drawn=tree.inner("drawn").values,
        entering=tree.inner("entering").values,
        wishes=tree.number("wishes"),
        after_opening=tree.inner("after_opening").values,
        fates=tuple(map(_fate, tree.rows("fates"))),
    )


def part_of(code: str) -> str:
    """The kind of a season as its files are named: of ``2021-classified`` the second half."""
    return code.split("-", 1)[1]


def _plans(tree: Entry) -> Iterator[Planned]:
    for intake in tree.rows("intakes"):
        for row in intake.rows("plans"):
            yield Planned(
                intake.text("organisation"),
                row.text("programme"),
                row.text("channel"),
                row.maybe_text("pool") or "ordinary",
                row.number("seats"),
                row.maybe_day("withdrawn"),
            )


def _session(row: Entry) -> Session:
    return Session(
        row.text("name"),
        row.text("category"),
        row.texts("components"),
        row.day("held"),
        row.day("reported"),
        row.maybe_day("again"),
    )


def _fate(row: Entry) -> Fate:
    return Fate(
        row.one_of("fate", FATES),
        row.number("every"),
        row.number("at"),
        frozenset(row.texts("rounds")),
        row.maybe_text("reason") or "",
        row.maybe_day("on"),
    )

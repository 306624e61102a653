"""Seasons, plans and admissions of the reference year.

A season's file says for each institution its plans, and of each plan how many applicants came to what; people follow
each other by their serials in the order of the file. README.md beside the files tells the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import repeat
from typing import Any

from jineng.admissions.rules import written_channels
from jineng.reference.admitting.plan import part_of
from jineng.reference.books import ROOT, Books, Return, Row
from jineng.reference.parsing import Entry

PARTS = ("expansion", "classified", "secondary", "upgrade", "bachelor", "joint")
HIGHER_EDUCATION = frozenset({"undergraduate", "vocational_university", "higher_vocational", "junior_college"})
PLACED, ADMITTED, CONFIRMED, ENDED = timedelta(days=5), timedelta(days=7), timedelta(days=10), timedelta(days=6)
SPREAD = 5
"""Confirmations of one round spread over so many days."""
HOUSEHOLD_EVERY = 5
"""Every fifth serial is of a registered poor household."""
MISTAKEN = "误报，考生未填报该校"


def fill(books: Books) -> None:
    """Write what the specification says of the admissions."""
    read = books.read("admissions")
    if not read:
        return
    homes = tuple(
        organisation.governs
        for organisation in books.organisations.values()
        if organisation.kind == "education_department" and organisation.level == "county" and organisation.governs
    )
    counties = tuple(home for home in homes if home.isdigit())
    for code, entry in read["seasons"].entries("seasons"):
        season = _declare(books, code, entry)
        if f"caps-{season.year}" in read and entry.text("kind") == "classified":
            _cap(books, season, read[f"caps-{season.year}"])
        run = read.get(f"run-{season.year}")
        if run is not None and run.text("season") == code:
            continue  # its plans are filed and its applicants admitted by the verbs
        part = part_of(code)
        if f"{part}-{season.year}" in read:
            _Intake(books, season, read[f"{part}-{season.year}"], counties).write()


@dataclass(frozen=True)
class _Season:
    """A season and the first days of its rounds, by number and supplement."""

    code: str
    year: int
    opens: date
    days: dict[tuple[int, int], date]


def _declare(books: Books, code: str, entry: Entry) -> _Season:
    year = entry.number("year")
    book = books.book(ROOT, year)
    season = _Season(code, year, entry.day("opens"), {})
    book.add(
        "admission_seasons",
        {
            "season_code": code,
            "kind": entry.text("kind"),
            "year": year,
            "name": entry.text("name"),
            "document": entry.text("document"),
            "opens_on": season.opens,
            "closes_on": entry.maybe_day("closes"),
        },
    )
    for row in entry.rows("rounds"):
        key = (row.number("round"), row.number("supplement") if row.has("supplement") else 0)
        season.days[key] = row.day("opens")
        book.add(
            "admission_rounds",
            {
                "season_code": code,
                "round": key[0],
                "supplement": key[1] or None,
                "name": row.text("name"),
                "channel": row.maybe_text("channel"),
                "opens_on": row.day("opens"),
                "closes_on": row.maybe_day("closes"),
                "cancelled_on": row.maybe_day("cancelled"),
            },
        )
    for row in entry.rows("exempt"):
        names = {"exempt_code": "code", "name": "name", "evidence": "evidence"}
        book.add(
            "exempt_categories",
            {
                "season_code": code,
                "document": entry.text("document"),
                **{column: row.text(key) for column, key in names.items()},
            },
        )
    return season


def _cap(books: Books, season: _Season, entry: Entry) -> None:
    for row in entry.rows("caps"):
        books.book(ROOT, season.year).add(
            "admission_caps",
            {
                "season_code": season.code,
                "cap_code": row.text("code"),
                "kind": row.text("kind"),
                "name": row.text("name"),
                "org_code": books.codes[row.text("organisation")] if row.has("organisation") else None,
                "channels": written_channels(",".join(row.texts("channels"))) if row.has("channels") else None,
                "category": row.number("category") if row.has("category") else None,
                "limit_seats": row.number("seats") if row.has("seats") else None,
                "limit_percent": row.number("percent") if row.has("percent") else None,
                "issued_on": row.day("issued") if row.has("issued") else entry.day("issued"),
                "lifted_on": row.maybe_day("lifted"),
                "document": entry.text("document"),
            },
        )


@dataclass
class _Plan:
    """A plan of a file: its cells that admissions repeat, and the numbers of applicants by what came of them."""

    organisation: str
    entry: Entry
    cells: dict[str, Any]
    round: int
    opens: date
    blocks: list[tuple[str, int, int, str | None, str | None]] = field(default_factory=list)
    """What came of so many applicants, from a serial on, with their exempt category and their category."""

    def number(self, key: str) -> int:
        """A number of the entry; nought without the key."""
        return self.entry.number(key) if self.entry.has(key) else 0


FATES = ("declined", "declined_later", "cancelled", "lapsed", "refused", "voided_rows")
"""What else comes of applicants, in the order in which their serials follow those who keep their seats."""


class _Intake:
    """One season's plans and applicants."""

    def __init__(self, books: Books, season: _Season, entry: Entry, counties: tuple[str, ...]) -> None:
        self.books, self.season, self.entry, self.counties = books, season, entry, counties
        self.categories = entry.texts("categories")
        self.serial = entry.number("people_after")
        self.before: _Plan | None = None

    def write(self) -> None:
        """Plans at once, applicants when the workbook is written."""
        for intake in self.entry.rows("intakes"):
            organisation = intake.text("organisation")
            offices = [self._reporter(organisation)]
            if intake.has("also_reported_by"):
                offices.append(intake.text("also_reported_by"))
            for row in intake.rows("plans"):
                plan = self._plan(organisation, row)
                for office in offices:
                    self._book(office).add("admission_plans", self._plan_row(plan))
                if row.has("voided") or row.has("withdrawn") or row.has("accepted"):
                    continue
                self._serve(plan, offices)

    def _reporter(self, organisation: str) -> str:
        kind = self.books.organisations[organisation].on(self.books.specification.end).kind
        if kind in HIGHER_EDUCATION:
            return organisation
        return self.books.places.city_over(organisation) or ROOT

    def _book(self, office: str) -> Return:
        return self.books.book(office, self.season.year)

    def _plan(self, organisation: str, row: Entry) -> _Plan:
        cells = {
            "season_code": self.season.code,
            "org_code": self.books.codes[organisation],
            "programme_code": row.text("programme"),
            "joint_college": row.maybe_text("joint"),
            "channel": row.maybe_text("channel"),
            "pool": row.maybe_text("pool"),
            "county_code": row.maybe_text("county"),
        }
        return _Plan(organisation, row, cells, row.number("round"), self.season.days[row.number("round"), 0])

    def _plan_row(self, plan: _Plan) -> dict[str, Any]:
        row = plan.entry
        filed = self.season.opens
        accepted = row.day("accepted_on") if row.has("accepted_on") else filed + timedelta(days=10)
        return {
            **plan.cells,
            "programme_name": row.maybe_text("name"),
            "seats": row.number("seats"),
            "filed_on": filed,
            "accepted_on": None if row.has("accepted") else accepted,
            "withdrawn_on": row.maybe_day("withdrawn"),
            **({"voided": True, "void_reason": row.text("voided")} if row.has("voided") else {}),
        }

    def _serve(self, plan: _Plan, offices: list[str]) -> None:
        """Give the plan's applicants their serials, and let its offices report them."""
        seats = plan.number("filled") or plan.number("seats")
        kept = seats - plan.number("declined_later")
        if plan.entry.has("exempt"):
            for category, number in plan.entry.inner("exempt").values.items():
                self._block(plan, "kept", number, category)
            if plan.entry.has("declined_exempt"):
                self._block(plan, "declined", 1, plan.entry.text("declined_exempt"))
        else:
            moved, later = plan.number("moved"), plan.number("supplement_seats")
            first = self.serial + 1
            self._block(plan, "kept", kept - later, None)
            self._block(plan, "supplement", later, None)
            if moved and self.before is not None:
                self.before.blocks.append(("left", first, moved, None, plan.entry.maybe_text("category")))
        for fate in FATES:
            self._block(plan, fate, plan.number(fate), None)
        for office in offices:
            self._book(office).supply("admissions", lambda: self._rows(plan))
        self.before = plan

    def _block(self, plan: _Plan, fate: str, number: int, exempt: str | None) -> None:
        if number:
            plan.blocks.append((fate, self.serial + 1, number, exempt, plan.entry.maybe_text("category")))
            self.serial += number

    def _rows(self, plan: _Plan) -> Iterator[Row]:
        cells = tuple(plan.cells.values())
        season, where = cells[0], cells[1:]
        poor = plan.cells["pool"] == "household"
        for fate, first, number, exempt, category in plan.blocks:
            for serial, (place, outcome) in zip(range(first, first + number), self._outcomes(plan, fate), strict=False):
                person = self.books.person(serial)
                yield (
                    season,
                    person.name,
                    person.number,
                    True,
                    category or self.categories[serial % len(self.categories)],
                    self.counties[serial % len(self.counties)],
                    poor or serial % HOUSEHOLD_EVERY == 0 or None,
                    exempt,
                    *where,
                    plan.round,
                    place or None,
                    *outcome,
                )

    def _outcomes(self, plan: _Plan, fate: str) -> Iterable[tuple[int, tuple[Any, ...]]]:
        """For each applicant of a fate: the supplement, and the cells from the day of placing to the void's reason."""
        place = 1 if fate == "supplement" else 0
        opens = self.season.days[plan.round, place] if place else plan.opens
        admitted, confirmed = opens + ADMITTED, opens + CONFIRMED
        nothing: tuple[Any, ...] = (None, None, None, None, None)
        if fate == "refused":
            placed = opens + PLACED
            return repeat(
                (0, (placed, None, None, placed + timedelta(days=2), "refused", "体检不符合要求", None, None))
            )
        if fate == "lapsed":
            return repeat((0, (None, admitted, None, admitted + ENDED, "lapsed", None, None, None)))
        if fate == "voided_rows":
            return repeat((0, (None, admitted, confirmed, None, None, None, True, MISTAKEN)))
        if fate in ("kept", "supplement"):
            days = [confirmed + timedelta(days=number) for number in range(SPREAD)]
            return _cycle([(place, (None, admitted, day, *nothing)) for day in days])
        ends = {
            "declined": (confirmed + ENDED, "declined"),
            "left": (confirmed + timedelta(days=3), "declined"),
            "cancelled": (confirmed + ENDED, "withdrawn"),
            "declined_later": (date(self.season.year + 1, 1, 15), "declined"),
        }
        ended, ending = ends[fate]
        reason = "入学资格复查不合格" if ending == "withdrawn" else None
        return repeat((0, (None, admitted, confirmed, ended, ending, reason, None, None)))


def _cycle(values: list[tuple[int, tuple[Any, ...]]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    while True:
        yield from values

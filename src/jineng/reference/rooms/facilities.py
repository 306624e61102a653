"""Parks, phases and shared facilities of the reference year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry

Fields = dict[str, Any]
PERSONS_PER_HOUR = 12
"""Person-times that an hour of use makes, roughly; an invention."""


def fill(books: Books) -> None:
    """Write what the specification says of the facilities."""
    read = books.read("facilities")
    if not read:
        return
    writer = _Writer(books)
    for code, entry in read["parks"].entries("parks"):
        writer.park(code, entry)
    for entry in read["facilities"].rows("facilities"):
        writer.facility(entry, read["facilities"].numbers("years"))
    for entry in read["facilities"].rows("moves"):
        writer.move(entry)


class _Writer:
    def __init__(self, books: Books) -> None:
        self.books = books
        self.specification = books.specification
        self.keepers: dict[str, str] = {}
        """The organisation of each park, by the park's code."""

    def park(self, code: str, entry: Entry) -> None:
        """A park with its phases."""
        keeper = entry.one_of("organisation", self.books.organisations)
        self.keepers[code] = keeper
        row = {
            "code": code,
            "name": entry.text("name"),
            "org_code": self.books.codes[keeper],
            "area_mu": entry.number("area"),
        }
        self._city_book(keeper).add("parks", row)
        for phase in entry.rows("phases"):
            self._phase(code, keeper, phase)

    def _phase(self, park: str, keeper: str, entry: Entry) -> None:
        key = {"park_code": park, "number": entry.number("number")}
        row = {
            **key,
            "name": entry.text("name"),
            "planned_investment": entry.number("planned"),
            "started_on": entry.maybe_day("started"),
            "planned_completion": entry.maybe_day("planned_completion"),
        }
        self._city_book(keeper).add("park_phases", row)
        for report in entry.rows("reports"):
            for book in self._books(report, keeper):
                book.add(
                    "phase_reports",
                    {
                        **key,
                        "status": report.text("state"),
                        "since": report.day("day"),
                        "document": report.maybe_text("document"),
                        "reason": report.maybe_text("reason"),
                        **_voided(report),
                    },
                )
        for booking in entry.rows("bookings"):
            for book in self._books(booking, keeper):
                book.add(
                    "investments",
                    {
                        **key,
                        "voucher": booking.text("voucher"),
                        "booked_on": booking.day("day"),
                        "amount": booking.number("yuan"),
                        "funding": booking.text("from"),
                        **_voided(booking),
                    },
                )

    def facility(self, entry: Entry, years: tuple[int, ...]) -> None:
        """A shared facility, its members and their hours in the years."""
        code, park = entry.text("code"), entry.one_of("park", self.keepers)
        keeper, opened = self.keepers[park], entry.day("opened")
        self.books.book(keeper).add(
            "shared_facilities",
            {
                "code": code,
                "park_code": park,
                "name": entry.text("name"),
                "kind": entry.text("kind"),
                "capacity": entry.number("capacity"),
                "weekly_hours": entry.number("weekly_hours"),
                "opened_on": opened,
            },
        )
        for member in entry.rows("members"):
            organisation = member.one_of("organisation", self.books.organisations)
            since, until = member.day("since"), member.maybe_day("until")
            key = {"facility_code": code, "org_code": self.books.codes[organisation]}
            row = {**key, "name": self._name(organisation, since), "since": since, "until": until}
            self.books.book(keeper).add("facility_members", row)
            for month in _months(years, since, until):
                hours = member.number("hours") * (1 if month.month in (1, 2, 7, 8) else 2) / 2
                book = self._book_of(month.year, keeper)
                book.add(
                    "facility_hours",
                    {**key, "month": month, "hours": hours, "person_times": int(hours * PERSONS_PER_HOUR)},
                )

    def move(self, entry: Entry) -> None:
        """An organisation that moved into a park."""
        park = entry.one_of("park", self.keepers)
        organisation = entry.one_of("organisation", self.books.organisations)
        row = {
            "park_code": park,
            "org_code": self.books.codes[organisation],
            "name": self._name(organisation, entry.day("day")),
            "moved_on": entry.day("day"),
        }
        self._books(entry, self.keepers[park])[0].add("relocations", row)

    def _books(self, entry: Entry, keeper: str) -> list[Return]:
        """The workbooks that an item stands in: the park's, or the province's of another year, and the city's again."""
        if entry.has("book"):
            return [self._book_of(entry.number("book"), keeper)]
        return [self.books.book(keeper), *([self._city_book(keeper)] if entry.has("double") else [])]

    def _city_book(self, keeper: str) -> Return:
        """The workbook of the city over the park, which enters it and its phases."""
        return self.books.book(self.books.places.city_over(keeper) or ROOT)

    def _book_of(self, year: int, keeper: str) -> Return:
        if year == self.specification.year:
            return self.books.book(keeper)
        return self.books.book(ROOT, year)

    def _name(self, organisation: str, day: date) -> str:
        return self.books.organisations[organisation].on(day).name


def _months(years: tuple[int, ...], since: date, until: date | None) -> Iterator[date]:
    """First days of the months of the years in which a stretch is wholly in force."""
    for year in years:
        for number in range(1, 13):
            month = date(year, number, 1)
            if since <= month and (until is None or month < until):
                yield month


def _voided(entry: Entry) -> Fields:
    reason = entry.maybe_text("voided")
    return {"voided": True, "void_reason": reason} if reason else {}

"""Agreements, bodies, projects and clusters of the reference year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry

Fields = dict[str, Any]
HIGHER_EDUCATION = ("undergraduate", "vocational_university", "higher_vocational", "junior_college")


def fill(books: Books) -> None:
    """Write what the specification says of the partnerships."""
    read = books.read("partnerships")
    if not read:
        return
    writer = _Writer(books)
    for kind, entry in read["bodies"].entries("kinds"):
        writer.expand(kind, entry, read["bodies"].texts("partners"))
    for entry in read["named"].rows("agreements"):
        writer.agreement(entry)
    for entry in read["named"].rows("bodies"):
        writer.body(entry)
    for entry in read["projects"].rows("projects"):
        writer.project(entry)
    for entry in read["clusters"].rows("clusters"):
        writer.cluster(entry)
    for code, members in read["clusters"].lists("members"):
        for entry in members:
            writer.cluster_member(code, entry)


class _Writer:
    def __init__(self, books: Books) -> None:
        self.books = books
        self.specification = books.specification
        self.serials: Counter[str] = Counter()
        self.keepers: dict[str, str] = {}
        """Who coordinates a cluster, by its code."""

    def expand(self, kind: str, entry: Entry, partners: tuple[str, ...]) -> None:
        """Bodies of one kind by numbers per school, each with its agreement."""
        others, topics = cycle(partners), entry.texts("topics")
        places: Counter[str] = Counter()
        for row in entry.rows("rows"):
            for school in row.texts("schools"):
                for _ in range(row.number("each") if row.has("each") else 1):
                    topic = topics[places[school] % len(topics)]
                    places[school] += 1
                    self._pair(kind, entry, row, school, next(others), topic)

    def _pair(self, kind: str, entry: Entry, row: Entry, school: str, partner: str, topic: str) -> None:
        founded = row.maybe_day("founded")
        day = founded or self.specification.end
        words = {"school": self._name(school, day), "partner": self._name(partner, day), "topic": topic}
        self.serials[school] += 1
        serial = f"{self.books.codes[school]}-{{}}{self.serials[school]:02d}"
        code = serial.format(entry.text("mark"))
        agreement = None if row.has("agreement") else serial.format("XY")
        body = {
            "code": code,
            "name": entry.text("name").format(**words),
            "kind": kind,
            "org_code": self.books.codes[school],
            "agreement_code": agreement if not row.has("agreement_voided") else None,
            "founded_on": founded,
            "ended_on": row.maybe_day("ended"),
            **_voided(row.maybe_text("voided") or row.maybe_text("agreement_voided")),
        }
        for book in self._books(row, school):
            if agreement is not None and founded is not None:
                name = entry.text("agreement").format(**words)
                self._pair_agreement(book, row, agreement, name, (school, partner), founded)
            book.add("bodies", body)
            if founded is not None and not row.has("voided") and not row.has("agreement_voided"):
                member = {"body_code": code, **self._partner(partner, founded), "role": "council", "joined_on": founded}
                book.add("body_members", member)

    def _pair_agreement(
        self, book: Return, row: Entry, code: str, name: str, parties: tuple[str, str], since: date
    ) -> None:
        school, _ = parties
        book.add(
            "agreements",
            {
                "code": code,
                "name": name,
                "kind": "school_enterprise",
                "org_code": self.books.codes[school],
                "signed_on": since - timedelta(days=14),
                "ended_on": row.maybe_day("agreement_ended"),
                "end_reason": row.maybe_text("end_reason"),
                **_voided(row.maybe_text("agreement_voided")),
            },
        )
        if row.has("agreement_voided"):
            return
        until = _years_later(since, row.number("years")) if row.has("years") else None
        book.add("agreement_terms", {"agreement_code": code, "since": since, "until": until})
        for renewal in row.rows("renewals"):
            later = self.books.book(ROOT, renewal.number("book")) if renewal.has("book") else book
            later.add("agreement_terms", {"agreement_code": code, **_term(renewal)})
        for party, role in zip(parties, ("first", "second"), strict=True):
            book.add("agreement_parties", {"agreement_code": code, **self._partner(party, since), "role": role})

    def agreement(self, entry: Entry) -> None:
        """One agreement with its terms and parties."""
        code, keeper = entry.text("code"), entry.one_of("keeper", self.books.organisations)
        for book in self._books(entry, keeper):
            book.add(
                "agreements",
                {
                    "code": code,
                    "name": entry.text("name"),
                    "kind": entry.text("kind"),
                    "org_code": self.books.codes[keeper],
                    "signed_on": entry.day("signed"),
                },
            )
            for party in entry.rows("parties"):
                partner = self._named(party, entry.day("signed"))
                book.add("agreement_parties", {"agreement_code": code, **partner, "role": party.text("role")})
        for term in entry.rows("terms"):
            book = self._books(term if term.has("book") else entry, keeper)[0]
            book.add("agreement_terms", {"agreement_code": code, **_term(term)})

    def body(self, entry: Entry) -> None:
        """One body with its members."""
        code, lead = entry.text("code"), entry.one_of("lead", self.books.organisations)
        for book in self._books(entry, lead):
            book.add(
                "bodies",
                {
                    "code": code,
                    "name": entry.text("name"),
                    "kind": entry.text("kind"),
                    "org_code": self.books.codes[lead],
                    "agreement_code": entry.maybe_text("agreement"),
                    "founded_on": entry.day("founded"),
                },
            )
        for member in entry.rows("members"):
            row = {
                "body_code": code,
                **self._named(member, member.day("joined")),
                "role": member.maybe_text("role"),
                "founding": member.has("founding") and member.flag("founding"),
                "authority": member.has("authority") and member.flag("authority"),
                "joined_on": member.day("joined"),
                "left_on": member.maybe_day("left"),
                **_voided(member.maybe_text("voided")),
            }
            self._books(member if member.has("book") else entry, lead)[0].add("body_members", row)

    def project(self, entry: Entry) -> None:
        """One international project."""
        school = entry.one_of("school", self.books.organisations)
        row = {
            "code": entry.text("code"),
            "name": entry.text("name"),
            "kind": entry.text("kind"),
            "org_code": self.books.codes[school],
            "country": entry.text("country"),
            "partner": entry.text("partner"),
            "since": entry.day("since"),
            "until": entry.maybe_day("until"),
            "belt_and_road": entry.flag("belt"),
            **_voided(entry.maybe_text("voided")),
        }
        for book in self._books(entry, school):
            book.add("international_projects", row)

    def cluster(self, entry: Entry) -> None:
        """One industry cluster."""
        code, lead = entry.text("code"), entry.one_of("lead", self.books.organisations)
        self.keepers[code] = lead
        row = {
            "code": code,
            "name": entry.text("name"),
            "field": entry.text("field"),
            "org_code": self.books.codes[lead],
            "founded_on": entry.day("founded"),
            "ended_on": entry.maybe_day("ended"),
        }
        for book in self._books(entry, lead):
            book.add("clusters", row)

    def cluster_member(self, code: str, entry: Entry) -> None:
        """One member of a cluster, reported by whoever reports the cluster."""
        row = {
            "cluster_code": code,
            "org_code": self.books.codes[entry.one_of("organisation", self.books.organisations)],
            "role": entry.maybe_text("role"),
            "joined_on": entry.day("joined"),
            "left_on": entry.maybe_day("left"),
        }
        self._books(entry, self.keepers[code])[0].add("cluster_members", row)

    def _books(self, entry: Entry, organisation: str) -> list[Return]:
        """The workbooks that an item of the organisation stands in: its reporter's, and with ``double`` another's."""
        if entry.has("book"):
            return [self.books.book(ROOT, entry.number("book"))]
        reporters = list(self._reporters(organisation))
        return [self.books.book(reporter) for reporter in reporters[: 2 if entry.has("double") else 1]]

    def _reporters(self, organisation: str) -> Iterator[str]:
        if self.books.organisations[organisation].on(self.specification.end).kind in HIGHER_EDUCATION:
            yield organisation
        city = self.books.places.city_over(organisation)
        if city is not None:
            yield city
        yield ROOT

    def _name(self, organisation: str, day: date) -> str:
        return self.books.organisations[organisation].on(day).name

    def _partner(self, organisation: str, day: date) -> Fields:
        return {"org_code": self.books.codes[organisation], "name": self._name(organisation, day)}

    def _named(self, entry: Entry, day: date) -> Fields:
        if entry.has("organisation"):
            return self._partner(entry.one_of("organisation", self.books.organisations), day)
        return {name: entry.maybe_text(name) for name in ("name", "country", "province")}


def _term(entry: Entry) -> Fields:
    return {"since": entry.day("since"), "until": entry.maybe_day("until")}


def _years_later(since: date, years: int) -> date:
    """The last day of a term of so many years."""
    return since.replace(year=since.year + years) - timedelta(days=1)


def _voided(reason: str | None) -> Fields:
    return {"voided": True, "void_reason": reason} if reason else {}

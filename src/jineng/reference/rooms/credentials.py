"""Standards, pilots, assessments and certificates of the reference year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count, islice
from typing import Any

from jineng.credentials.rules import make_number, say_levels
from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry
from jineng.reference.people import Person

PART = "证书考核"
FIRST_SERIAL = 480_000
FATES = ("standing", "again", "refused", "withdrawn", "voided", "pending")
Fields = dict[str, Any]
Pair = tuple[str, str]
"""A certificate's code and one of its levels."""


def fill(books: Books) -> None:
    """Write what the specification says of the credentials."""
    told = books.read("credentials")
    if not told:
        return
    _announced(books, told)
    _Pilots(books, told).write()
    _Sessions(books, told["sessions"]).write()


def _office(books: Books, organisation: str) -> str:
    """Who reports for an organisation: its city's education department, or the province."""
    return books.places.city_over(organisation) or ROOT


def _year_of(books: Books, day: date) -> int:
    """The year of the book in which something of ``day`` is reported: neighbours of the reference year have theirs."""
    year = books.specification.year
    return min(max(day.year, year - 1), year + 1)


def _announced(books: Books, told: Mapping[str, Entry]) -> None:
    """Standards with their developers, the catalogue and the batches, in the province's book."""
    province = books.book(ROOT)
    for standard in told["standards"].rows("standards"):
        code, published = standard.text("code"), standard.day("published")
        row = {
            "standard_code": code,
            "name": standard.text("name"),
            "levels": say_levels(standard.texts("levels")),
            "published_on": published,
            "withdrawn_on": standard.maybe_day("withdrawn"),
            "document": standard.maybe_text("document"),
        }
        offices = [ROOT, *([standard.text("also")] if standard.has("also") else [])]
        for office in offices:
            book = books.book(office, max(books.specification.year, _year_of(books, published)))
            book.add("skill_standards", row)
            for developer in standard.rows("developers"):
                body = books.codes[developer.text("organisation")]
                role = developer.text("role")
                book.add("standard_developers", {"standard_code": code, "org_code": body, "role": role})
    for kind in told["certificates"].rows("certificates"):
        province.add(
            "certificate_types",
            {
                "certificate_code": kind.text("code"),
                "name": kind.text("name"),
                "levels": say_levels(kind.texts("levels")),
                "body_code": books.codes[kind.text("body")],
                "standard_code": kind.maybe_text("standard"),
                "listed_on": kind.day("listed"),
            },
        )
    for batch in told["batches"].rows("batches"):
        books.book(ROOT, max(books.specification.year, _year_of(books, batch.day("date")))).add(
            "pilot_batches",
            {
                "batch_number": batch.number("number"),
                "year": batch.day("date").year,
                "decided_on": batch.day("date"),
                "document": batch.text("document"),
            },
        )


@dataclass(frozen=True)
class _Batch:
    number: int
    day: date
    applied: date
    document: str


class _Pilots:
    """What each institution applied for in each batch, by numbers; the README tells how they become items."""

    def __init__(self, books: Books, told: Mapping[str, Entry]) -> None:
        self.books = books
        self.pilots = told["pilots"]
        self.pairs: list[Pair] = [
            (kind.text("code"), level)
            for kind in told["certificates"].rows("certificates")
            for level in kind.texts("levels")
        ]
        self.batches = {
            batch.number("number"): _Batch(
                batch.number("number"), batch.day("date"), batch.day("applied"), batch.text("document")
            )
            for batch in told["batches"].rows("batches")
        }
        self.withdrawn_on = {
            int(key): day for key, day in self.pilots.values["withdrawn_on"].items() if isinstance(day, date)
        }

    def write(self) -> None:
        """Every application, in the book of whoever reports it."""
        for institution in self.pilots.rows("institutions"):
            organisation = institution.text("id")
            walk = self._walk(institution.number("from"))
            standing: list[Pair] = []
            for numbers in institution.rows("batches"):
                batch = self.batches[numbers.number("batch")]
                for row in self._rows(batch, numbers, walk, standing):
                    self._report(organisation, batch, numbers, row)

    def _walk(self, place: int) -> Iterator[Pair]:
        """Pairs of certificate and level from ``place`` on, around the catalogue once."""
        return iter((self.pairs[place:] + self.pairs[:place])[: len(self.pairs)])

    def _rows(self, batch: _Batch, numbers: Entry, walk: Iterator[Pair], standing: list[Pair]) -> Iterator[Fields]:
        told = {name: numbers.number(name) if numbers.has(name) else 0 for name in FATES}
        again = standing[: told["again"]]
        fresh = list(islice(walk, told["standing"]))
        standing += fresh
        approved = {"approved_on": batch.day, "document": batch.document}
        for pair in (*fresh, *again):
            yield self._row(batch, pair, **approved)
        for pair in islice(walk, told["refused"]):
            yield self._row(batch, pair, refused_on=batch.day, document=batch.document)
        for pair in islice(walk, told["withdrawn"]):
            yield self._row(batch, pair, withdrawn_on=self.withdrawn_on[batch.number], **approved)
        for pair in islice(walk, told["voided"]):
            yield self._row(batch, pair, voided=True, void_reason=self.pilots.text("void_reason"), **approved)
        for pair in islice(walk, told["pending"]):
            yield self._row(batch, pair)

    def _row(self, batch: _Batch, pair: Pair, **more: Any) -> Fields:
        places = self.pilots.number("planned") + 10 * (self.pairs.index(pair) % 7)
        key = {"batch_number": batch.number, "certificate_code": pair[0], "level": pair[1]}
        return {**key, "planned": places, "applied_on": batch.applied, **more}

    def _report(self, organisation: str, batch: _Batch, numbers: Entry, row: Fields) -> None:
        row["org_code"] = self.books.codes[organisation]
        office, year = _office(self.books, organisation), _year_of(self.books, batch.day)
        self.books.book(office, year).add("certificate_pilots", row)
        if numbers.has("also") and not row.get("voided"):
            self.books.book(numbers.text("also"), year).add("certificate_pilots", row)


@dataclass(frozen=True)
class _Session:
    """A session by numbers, and where its people and its certificates' serials begin."""

    told: Entry
    host: str
    key: Fields
    certificate: str
    level: str
    day: date
    issued: date
    first: int
    serial: int
    before: int

    def count(self, name: str) -> int:
        return self.told.number(name) if self.told.has(name) else 0


class _Sessions:
    """Assessment sessions by numbers of people, the certificates that came of them numbered through each series."""

    def __init__(self, books: Books, told: Entry) -> None:
        self.books, self.told = books, told

    def write(self) -> None:
        """Every session in its host's office's book of the year, its candidates when the book is written."""
        person, serials = FIRST_SERIAL, Counter[tuple[str, int, str]]()
        firsts: dict[tuple[str, str], int] = {}
        for told in self.told.rows("sessions"):
            host, code = told.text("host"), told.text("code")
            certificate, level, day = told.text("certificate"), told.text("level"), told.day("date")
            issued = told.day("issued")
            series = (certificate, issued.year, level)
            firsts[host, code] = person
            before = firsts[host, told.text("again_of")] if told.has("again_of") else 0
            key = {"host_code": self.books.codes[host], "session_code": code}
            session = _Session(told, host, key, certificate, level, day, issued, person, serials[series] + 1, before)
            person += sum(session.count(name) for name in ("fresh", "absent", "voided"))
            serials[series] += sum(session.count(name) for name in ("passed", "passed_again", "voided"))
            book = self.books.book(_office(self.books, host), _year_of(self.books, day), PART)
            self._write_session(book, session)
            book.supply("assessment_candidates", partial(self._candidates, session))

    def _write_session(self, book: Return, session: _Session) -> None:
        book.add(
            "assessment_sessions",
            {
                **session.key,
                "certificate_code": session.certificate,
                "level": session.level,
                "held_on": session.day,
                "capacity": session.told.number("capacity"),
                "place": session.told.maybe_text("place"),
            },
        )

    def _candidates(self, session: _Session) -> Iterator[Fields]:
        """Those who sat, those of an earlier session who sat again, the absent, the void, in this order."""
        numbers = count(session.serial)
        fresh, passed = session.count("fresh"), session.count("passed")
        guests = self.books.codes[session.told.text("guests_of")] if session.told.has("guests_of") else None
        for place in range(fresh):
            certificate = self._certificate(session, numbers, place, passed, "") if place < passed else {}
            school = guests if place >= fresh - session.count("guests") else None
            yield self._sat(session, session.first + place, place < passed, org_code=school, **certificate)
        again = session.count("passed_again")
        for place in range(session.count("again")):
            certificate = self._certificate(session, numbers, place, again, "_again") if place < again else {}
            yield self._sat(session, session.before + place, place < again, **certificate)
        beyond = session.first + fresh
        for place in range(session.count("absent")):
            yield self._row(session, beyond + place, attendance="absent")
        beyond += session.count("absent")
        for place in range(session.count("voided")):
            number = self._number(session, next(numbers))
            void = {"voided": True, "void_reason": self.told.text("void_reason")}
            yield self._sat(session, beyond + place, True, certificate_no=number, issued_on=session.issued, **void)

    def _certificate(self, session: _Session, numbers: Iterator[int], place: int, of: int, ending: str) -> Fields:
        """The certificate of the ``place``-th of ``of`` who passed: the last are revoked, those before them void."""
        fields: Fields = {"certificate_no": self._number(session, next(numbers)), "issued_on": session.issued}
        revoked = session.count(f"revoked{ending}")
        void = session.count(f"certificates_voided{ending}")
        if place >= of - revoked:
            fields |= {"revoked_on": session.told.day("revoked_on"), "revoke_reason": self.told.text("revoke_reason")}
        elif place >= of - revoked - void:
            fields |= {"certificate_voided": True, "void_reason": self.told.text("certificate_void_reason")}
        return fields

    @staticmethod
    def _number(session: _Session, serial: int) -> str:
        return make_number(session.certificate, session.issued.year, session.level, serial)

    def _sat(self, session: _Session, serial: int, passed: bool, **more: Any) -> Fields:
        score = 60 + serial % 38 if passed else 20 + serial % 39
        outcome = "passed" if passed else "failed"
        return self._row(session, serial, attendance="sat", outcome=outcome, score=score, **more)

    def _row(self, session: _Session, serial: int, **more: Any) -> Fields:
        person: Person = self.books.person(serial)
        return {
            **session.key,
            "person_name": person.name,
            "resident_id": person.number,
            "is_synthetic": True,
            **more,
        }

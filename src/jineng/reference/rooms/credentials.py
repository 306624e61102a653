"""Standards, pilots, assessments and certificates of the reference year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from jineng.credentials.rules import make_number, say_levels
from jineng.reference.books import ROOT, Books, Return
from jineng.reference.parsing import Entry
from jineng.reference.people import Person
from jineng.reference.piloting import REFUSED, all_pilots, is_case
from jineng.reference.selections import read_selections

PART = "证书考核"
FIRST_SERIAL = 480_000
Fields = dict[str, Any]


def fill(books: Books) -> None:
    """Write what the specification says of the credentials."""
    told = books.read("credentials")
    if not told:
        return
    _announced(books, told)
    _pilots(books, told)
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


def _pilots(books: Books, told: Mapping[str, Entry]) -> None:
    """Every application that did not come as a case, in the book of whoever reports it."""
    selections = read_selections(books.specification.year, books.specification.folder)
    ended = {key: day for key, day in told["pilots"].values["withdrawn_on"].items() if isinstance(day, date)}
    void_reason = told["pilots"].text("void_reason")
    for pilot in all_pilots(told):
        if is_case(selections, pilot):
            continue
        row = {
            "batch_number": pilot.batch.number,
            "certificate_code": pilot.certificate,
            "level": pilot.level,
            "planned": pilot.planned,
            "applied_on": pilot.batch.applied,
            "org_code": books.codes[pilot.by],
        }
        if pilot.fate != "pending":
            answer = "refused_on" if pilot.fate == REFUSED else "approved_on"
            row |= {answer: pilot.batch.day, "document": pilot.batch.document}
        if pilot.fate == "withdrawn":
            row["withdrawn_on"] = ended[pilot.batch.number]
        if pilot.fate == "voided":
            row |= {"voided": True, "void_reason": void_reason}
        office, year = _office(books, pilot.by), _year_of(books, pilot.batch.day)
        books.book(office, year).add("certificate_pilots", row)
        if pilot.also is not None and pilot.fate != "voided":
            books.book(pilot.also, year).add("certificate_pilots", row)


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

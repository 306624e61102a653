"""Standards, pilots, assessments and certificates of the reference year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from jineng.credentials.rules import make_number
from jineng.reference.assessing.plan import ABSENT, MISTAKEN, NONE, REVOKED, VOID, Session, Sitter, Words, assessments
from jineng.reference.books import ROOT, Books
from jineng.reference.filing import certificate_row, developer_rows, read_standards
from jineng.reference.parsing import Entry
from jineng.reference.people import Person
from jineng.reference.piloting import REFUSED, all_pilots, is_case
from jineng.reference.selections import read_selections

PART = "证书考核"
Fields = dict[str, Any]


def fill(books: Books) -> None:
    """Write what the specification says of the credentials."""
    told = books.read("credentials")
    if not told:
        return
    _announced(books, told)
    _pilots(books, told)
    _sessions(books, told["sessions"])


def _office(books: Books, organisation: str) -> str:
    """Who reports for an organisation: its city's education department, or the province."""
    return books.places.city_over(organisation) or ROOT


def _year_of(books: Books, day: date) -> int:
    """The year of the book in which something of ``day`` is reported: neighbours of the reference year have theirs."""
    year = books.specification.year
    return min(max(day.year, year - 1), year + 1)


def _announced(books: Books, told: Mapping[str, Entry]) -> None:
    """The catalogue and the batches, in the province's book; standards of the year after, which no filing brought."""
    province, year = books.book(ROOT), books.specification.year
    later = [each for each in read_standards(told["standards"]) if each.published > books.specification.end]
    for standard in later:
        book = books.book(ROOT, max(year, _year_of(books, standard.published)))
        book.add("skill_standards", standard.row)
        for row in developer_rows(standard, books.codes):
            book.add("standard_developers", row)
    for kind in told["certificates"].rows("certificates"):
        province.add("certificate_types", certificate_row(kind, books.codes, None))
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


def _sessions(books: Books, told: Entry) -> None:
    """Every session in its host's office's book of the year, its candidates when the book is written: of those that are
    held on the platform who registers, of the others what came of them, certificates numbered through each series."""
    plan = assessments(told, books.specification.end)
    serials = Counter[tuple[str, int, str]]()
    for session in plan.sessions:
        key = {"host_code": books.codes[session.host], "session_code": session.code}
        book = books.book(_office(books, session.host), _year_of(books, session.day), PART)
        book.add(
            "assessment_sessions",
            {
                **key,
                "certificate_code": session.certificate,
                "level": session.level,
                "held_on": session.day,
                "capacity": session.told.number("capacity"),
                "place": session.told.maybe_text("place"),
            },
        )
        writer = _Candidates(books, plan.words, session, key)
        if session.day <= plan.until:
            book.supply("assessment_candidates", writer.registered)
        else:
            series = (session.certificate, session.issued.year, session.level)
            book.supply("assessment_candidates", partial(writer.judged, serials[series] + 1))
            serials[series] += sum(each.certificate != NONE for each in session.sitters())


@dataclass(frozen=True)
class _Candidates:
    """The rows of a session's candidates."""

    books: Books
    words: Words
    session: Session
    key: Fields

    def registered(self) -> Iterator[Fields]:
        """Who registers."""
        for sitter in self.session.sitters():
            yield self._row(sitter, attendance="registered")

    def judged(self, serial: int) -> Iterator[Fields]:
        """What came of everybody, the certificates numbered from ``serial`` on."""
        numbers = count(serial)
        for sitter in self.session.sitters():
            if sitter.came == ABSENT:
                yield self._row(sitter, attendance="absent")
                continue
            score = 60 + sitter.serial % 38 if sitter.passed else 20 + sitter.serial % 39
            outcome = "passed" if sitter.passed else "failed"
            certificate = self._certificate(sitter, numbers) if sitter.certificate != NONE else {}
            yield self._row(sitter, attendance="sat", outcome=outcome, score=score, **certificate)

    def _certificate(self, sitter: Sitter, numbers: Iterator[int]) -> Fields:
        of = self.session
        number = make_number(of.certificate, of.issued.year, of.level, next(numbers))
        fields: Fields = {"certificate_no": number, "issued_on": of.issued}
        if sitter.came == MISTAKEN:
            return fields | {"voided": True, "void_reason": self.words.void}
        if sitter.certificate == REVOKED:
            return fields | {"revoked_on": of.revoked_on, "revoke_reason": self.words.revoke}
        if sitter.certificate == VOID:
            return fields | {"certificate_voided": True, "void_reason": self.words.certificate_void}
        return fields

    def _row(self, sitter: Sitter, **more: Any) -> Fields:
        person: Person = self.books.person(sitter.serial)
        guests = self.session.guests_of
        return {
            **self.key,
            "person_name": person.name,
            "resident_id": person.number,
            "is_synthetic": True,
            "org_code": self.books.codes[guests] if sitter.guest and guests else None,
            **more,
        }

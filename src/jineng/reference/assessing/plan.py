"""What the specification says of assessment sessions: who sits, who passes, what becomes of the certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jineng.reference.parsing import Entry, read_entry

FIRST_SERIAL = 480_000
SAT, ABSENT, MISTAKEN = "sat", "absent", "mistaken"
"""Whoever is mistaken was registered, marked and certified by mistake."""
NONE, HELD, REVOKED, VOID = "none", "held", "revoked", "void"


@dataclass(frozen=True)
class Sitter:
    """A candidate by serial: whether they came and passed, whether they are learners of the guests' school, what became
    of the certificate."""

    serial: int
    came: str
    passed: bool = False
    guest: bool = False
    certificate: str = NONE


@dataclass(frozen=True)
class Days:
    """Days from a session until its first and its second entry and until it is settled, and from the issue of
    certificates until what was a mistake is struck out; of how many sessions one has a mistyped score."""

    first: int
    second: int
    settled: int
    struck: int
    mistyped_every: int


@dataclass(frozen=True)
class Words:
    """Why candidates and certificates are struck out, certificates revoked, and why a score holds."""

    void: str
    certificate_void: str
    revoke: str
    settle: str


@dataclass(frozen=True)
class Session:
    """A session by numbers. ``host`` is an id of the specification; new people begin at ``first``, those who sit again
    at ``before``."""

    told: Entry
    host: str
    code: str
    certificate: str
    level: str
    day: date
    issued: date
    first: int
    before: int

    def count(self, name: str) -> int:
        """A number of the session, 0 where it tells none."""
        return self.told.number(name) if self.told.has(name) else 0

    @property
    def to_revoke(self) -> int:
        """How many of its certificates are revoked."""
        return self.count("revoked") + self.count("revoked_again")

    @property
    def to_void(self) -> int:
        """How many of its certificates are struck out."""
        return sum(self.count(name) for name in ("certificates_voided", "certificates_voided_again", "voided"))

    @property
    def guests_of(self) -> str | None:
        """The school of the guests."""
        return self.told.maybe_text("guests_of")

    @property
    def revoked_on(self) -> date:
        """The day on which its revoked certificates are."""
        return self.told.day("revoked_on")

    def sitters(self) -> Iterator[Sitter]:
        """Those who sit for the first time, those of an earlier session, the absent, the mistaken, in this order."""
        fresh, passed = self.count("fresh"), self.count("passed")
        for place in range(fresh):
            fate = self._fate(place, passed, "") if place < passed else NONE
            guest = place >= fresh - self.count("guests")
            yield Sitter(self.first + place, SAT, place < passed, guest, fate)
        again = self.count("passed_again")
        for place in range(self.count("again")):
            fate = self._fate(place, again, "_again") if place < again else NONE
            yield Sitter(self.before + place, SAT, place < again, certificate=fate)
        beyond = self.first + fresh
        for place in range(self.count("absent")):
            yield Sitter(beyond + place, ABSENT)
        beyond += self.count("absent")
        for place in range(self.count("voided")):
            yield Sitter(beyond + place, MISTAKEN, True, certificate=VOID)

    def _fate(self, place: int, of: int, ending: str) -> str:
        """Of those who passed the last are revoked, those before them void."""
        revoked, void = self.count(f"revoked{ending}"), self.count(f"certificates_voided{ending}")
        if place >= of - revoked:
            return REVOKED
        return VOID if place >= of - revoked - void else HELD


@dataclass(frozen=True)
class Assessments:
    """All sessions in the order of the file, and how they are held; what is held by ``until`` is held on the platform,
    later ones stand in returns."""

    sessions: tuple[Session, ...]
    until: date
    days: Days
    words: Words

    @property
    def held(self) -> tuple[Session, ...]:
        """The sessions that are held on the platform."""
        return tuple(each for each in self.sessions if each.day <= self.until)


def read_assessments(folder: Path | None, until: date) -> Assessments | None:
    """The sessions that the specification in ``folder`` tells; None where it tells none."""
    path = folder / "credentials" / "sessions.yaml" if folder else None
    return assessments(read_entry(path), until) if path and path.exists() else None


def assessments(told: Entry, until: date) -> Assessments:
    """The sessions of a file."""
    serial = FIRST_SERIAL
    firsts: dict[tuple[str, str], int] = {}
    found = []
    for each in told.rows("sessions"):
        host, code = each.text("host"), each.text("code")
        before = firsts[host, each.text("again_of")] if each.has("again_of") else 0
        firsts[host, code] = serial
        session = Session(
            each,
            host,
            code,
            each.text("certificate"),
            each.text("level"),
            each.day("date"),
            each.day("issued"),
            serial,
            before,
        )
        serial += sum(session.count(name) for name in ("fresh", "absent", "voided"))
        found.append(session)
    held = told.inner("held")
    days = Days(*(held.number(name) for name in ("first", "second", "settled", "struck", "mistyped_every")))
    void, certificate_void, revoke = (told.text(f"{name}_reason") for name in ("void", "certificate_void", "revoke"))
    words = Words(void, certificate_void, revoke, held.text("settle_reason"))
    return Assessments(tuple(found), until, days, words)

"""What the API of the credentials takes and gives."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema

from jineng.kernel import clock


class StandardOut(Schema):
    """A standard; developers by id, names are empty where they lie out of sight."""

    id: UUID
    code: str
    name: str
    levels: list[str]
    published_on: date
    withdrawn_on: date | None = None
    developers: list[dict[str, str]]

    @staticmethod
    def resolve_developers(row: Any) -> list[dict[str, str]]:
        """Organisation, name and role of each developer."""
        return [
            {"organisation_id": str(item.organisation_id), "name": item.organisation_name, "role": item.role}
            for item in row.named
        ]


class PilotOut(Schema):
    """A pilot and what it is today."""

    id: UUID
    batch: int
    institution_id: UUID
    institution: str
    certificate: str
    level: str
    planned: int
    applied_on: date
    approved_on: date | None = None
    refused_on: date | None = None
    withdrawn_on: date | None = None
    status: str

    @staticmethod
    def resolve_batch(row: Any) -> int:
        """The batch's number."""
        return int(row.batch.number)

    @staticmethod
    def resolve_institution(row: Any) -> str:
        """The institution's name; empty where it lies out of sight."""
        return str(row.institution_name)

    @staticmethod
    def resolve_certificate(row: Any) -> str:
        """The certificate's code."""
        return str(row.certificate_type.code)

    @staticmethod
    def resolve_status(row: Any) -> str:
        """What it is today."""
        return str(row.status_on(clock.today()))


class SessionOut(Schema):
    """A session and how far its results are."""

    id: UUID
    code: str
    host_id: UUID
    host: str
    body_id: UUID
    certificate: str
    level: str
    held_on: date
    capacity: int
    candidates: int
    stage: str

    @staticmethod
    def resolve_host(row: Any) -> str:
        """The host's name; empty where it lies out of sight."""
        return str(row.host_name)

    @staticmethod
    def resolve_certificate(row: Any) -> str:
        """The certificate's code."""
        return str(row.certificate_type.code)

    @staticmethod
    def resolve_candidates(row: Any) -> int:
        """Candidates in the caller's sight."""
        return int(row.candidate_count)


class PartOut(Schema):
    """A component of an assessment."""

    order: int
    name: str
    full_marks: Decimal
    pass_marks: Decimal


class CandidateOut(Schema):
    """A candidate, by seat; a person is named by id only."""

    id: UUID
    person_id: UUID
    institution_id: UUID
    seat: int | None = None
    attendance: str
    outcome: str
    score: Decimal | None = None


class SessionDetail(SessionOut):
    """One session with its parts and the candidates in sight."""

    parts: list[PartOut]
    seats: list[CandidateOut]

    @staticmethod
    def resolve_parts(row: Any) -> list[Any]:
        """Its components in order."""
        return list(row.own_parts)

    @staticmethod
    def resolve_seats(row: Any) -> list[Any]:
        """Its candidates by seat."""
        return list(row.own_seats)


class CertificateOut(Schema):
    """A certificate; its holder is named by id only."""

    id: UUID
    number: str
    certificate: str
    level: str
    person_id: UUID
    institution_id: UUID
    session_id: UUID
    issued_on: date
    revoked_on: date | None = None
    suspended_on: date | None = None
    status: str

    @staticmethod
    def resolve_certificate(row: Any) -> str:
        """The certificate's code."""
        return str(row.certificate_type.code)

    @staticmethod
    def resolve_status(row: Any) -> str:
        """What it is today."""
        return str(row.status_on(clock.today()))


class PilotIn(Schema):
    """An application: batch by number, institution and certificate by code."""

    batch: int
    institution_code: str
    certificate: str
    level: str
    planned: int
    applied_on: date


class DecisionIn(Schema):
    """The answer to an application."""

    approved: bool
    on: date
    document: str = ""


class DayIn(Schema):
    """From when something ends."""

    on: date


class MarkIn(Schema):
    """What is entered for a seat in a part: a score, or absent (no score)."""

    seat: int
    part: int
    score: Decimal | None = None


class MarksIn(Schema):
    """Marks for the caller's own sheet; ``hand_in`` closes it."""

    marks: list[MarkIn]
    hand_in: bool = False


class SheetOut(Schema):
    """The caller's sheet."""

    id: UUID
    slot: int
    handed_in: bool

    @staticmethod
    def resolve_handed_in(row: Any) -> bool:
        """Whether it is closed."""
        return row.handed_in_at is not None


class ResolutionIn(MarkIn):
    """What holds where the sheets differ, and why."""

    reason: str


class SettlementIn(Schema):
    """Resolutions of all differences."""

    resolutions: list[ResolutionIn] = []


class IssueIn(Schema):
    """The day of issue."""

    issued_on: date


class ReasonIn(Schema):
    """Why something is done."""

    reason: str


class RevocationIn(DayIn):
    """From when a certificate is not held any more, and why."""

    reason: str

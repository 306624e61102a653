"""What the database's own functions tell and give: the next numbers of a series, certificates also out of sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection


class KnownCertificate(NamedTuple):
    """A standing certificate, seen or not: whoever holds the person or the number may ask for it."""

    number: str
    person_id: UUID
    certificate_type_id: UUID
    level: str
    is_held: bool


def known_certificates(people: Iterable[UUID], numbers: Iterable[str] = ()) -> list[KnownCertificate]:
    """What these people hold, and the standing certificates with these numbers, also out of scope; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, person_id, certificate_type_id, level, is_held FROM credentials_known_certificates(%s, %s)",
            [list(set(people)), list(set(numbers))],
        )
        return [KnownCertificate(*row) for row in cursor.fetchall()]


def take_numbers(certificate_type_id: UUID, year: int, level: str, how_many: int) -> range:
    """The next serials of a series; its row stays locked until the transaction ends, so that no number is lost."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_take_numbers(%s, %s, %s, %s)", [certificate_type_id, year, level, how_many])
        first = int(cursor.fetchone()[0])
    return range(first, first + how_many)


def reach_number(certificate_type_id: UUID, year: int, level: str, serial: int) -> None:
    """Let a series go on behind ``serial``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_reach_number(%s, %s, %s, %s)", [certificate_type_id, year, level, serial])

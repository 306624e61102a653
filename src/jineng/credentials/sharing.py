"""What share links show, and to whom: parts that the holder chose, while the link lasts, each opening noted."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from jineng.credentials.checking import Checked, of_register, register_row
from jineng.credentials.codes import is_code, plain_number
from jineng.kernel import clock
from jineng.kernel.crypto import lookup_hash
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import PersonDocument

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Share:
    """A link as its holder sees it, with when and whence it was opened, the latest first."""

    id: UUID
    shows: list[str]
    created_at: datetime
    expires_on: date
    revoked_at: datetime | None
    views: list[tuple[datetime, str]]

    @property
    def is_open(self) -> bool:
        """Whether it still shows something."""
        return self.revoked_at is None and self.expires_on >= clock.today()


def hash_of(token: str) -> str:
    """Under which a token is kept."""
    return lookup_hash("".join(f"{ord(sign):x}." for sign in token), "share")


def held_certificate(number: str, code: str, document: str) -> UUID | None:
    """The certificate of this number, where check code and the holder's document number are its own."""
    plain = "".join(sign for sign in document.upper() if sign.isascii() and sign.isprintable()).strip()
    hashes = [PersonDocument.hash_of(kind, plain) for kind in DocumentKind.values]
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials_held_by(%s, %s)", [plain_number(number), hashes])
        found: UUID | None = cursor.fetchone()[0]
    return found if is_code(code, found or UUID(int=0)) else None


def shares_of(certificate_id: UUID) -> list[Share]:
    """The links of a certificate, the latest first, for its holder."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, shows, created_at, expires_on, revoked_at, views FROM credentials_shares(%s)", [certificate_id]
        )
        return [
            Share(
                row[0],
                _json(row[1]),
                row[2],
                row[3],
                row[4],
                [(datetime.fromisoformat(at), net) for at, net in _json(row[5])],
            )
            for row in cursor.fetchall()
        ]


def open_share(token: str, ip: str) -> tuple[Checked, date] | None:
    """What a link shows, and until when; None where there is none, or not any more. The opening is noted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, shows, expires_on FROM credentials_open_share(%s, %s, %s, %s)",
            [hash_of(token), clock.now(), clock.today(), network_of(ip)],
        )
        row = cursor.fetchone()
    found = register_row(row[0]) if row else None
    return (of_register(found, _json(row[1])), row[2]) if row and found else None


def network_of(ip: str) -> str:
    """An address without its last part: enough to recognise a visitor of one's own, too little to follow one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value

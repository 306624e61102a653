"""Tickets: how an applicant is known, and what the database tells and takes for whoever holds one.

Nobody acts for an organisation then: an applicant stands for nobody but themselves (their own id is what the session
is keyed to), which reaches no organisation. Everything goes by functions of the database that take the ticket's hash.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from jineng.admissions.wishes import tags_of
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.crypto import decrypt, lookup_hash, mask_name
from jineng.kernel.prepared import value_of
from jineng.kernel.rights import Right
from jineng.kernel.verbs import Deed

PURPOSE = "ticket"
LETTER = "letter"
CODE_BYTES = 13
"""104 bits: at a million guesses a second against ten million tickets, one hit in more than the age of the universe."""


def new_number(year: int) -> str:
    """A registration number: the year's last digits and ten drawn ones, so that it tells nothing."""
    return f"{year % 100:02d}{secrets.randbelow(10**10):010d}"


def new_code() -> str:
    """The code that only the applicant has, in groups of five."""
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")[:20]
    return "-".join(text[at : at + 5] for at in range(0, 20, 5))


def lookup_of(number: str, code: str) -> str:
    """The keyed hash under which a ticket is found; blanks and hyphens, and small letters, make no difference."""
    plain = "".join(each for each in code if each.isalnum())
    return lookup_hash(f"{number.strip()}/{plain}", PURPOSE)


def actor_of_ticket(number: str, applicant_id: UUID) -> Actor:
    """Who acts when an applicant does: no account, no post, no organisation within reach."""
    return Actor(
        account_id=None,
        post_id=None,
        organisation_id=applicant_id,
        role="applicant",
        rights=frozenset({Right.ENTER_ADMISSIONS}),
        label=f"考生 {number}",
    )


@dataclass(frozen=True)
class Own:
    """Everything that a ticket's holder may know of their own registration."""

    lookup: str
    data: dict[str, Any]

    @cached_property
    def tags(self) -> frozenset[str]:
        """What the applicant is, in the engine's words."""
        return tags_of(
            category=self.data["category"],
            home=self.data["home"],
            household=self.data["household"],
            exempt=self.data["exempt"],
        )

    @property
    def number(self) -> str:
        """The registration number."""
        return str(self.data["number"])

    @property
    def actor(self) -> Actor:
        """The applicant as who acts."""
        return actor_of_ticket(self.number, UUID(self.data["applicant"]))

    def round(self, opening_id: UUID | str) -> dict[str, Any] | None:
        """A round that is or was open in the season, with the own form."""
        return next((each for each in self.data["rounds"] if each["opening"] == str(opening_id)), None)


def own(lookup: str) -> Own | None:
    """What stands under a ticket; None where there is no such ticket."""
    found = value_of("SELECT admissions_own($1)", lookup)
    return Own(lookup, json.loads(found)) if found is not None else None


def ticket_stands(lookup: str) -> bool:
    """Whether there is such a ticket."""
    return value_of("SELECT admissions_ticket_stands($1)", lookup) == b"t"


def told(lookup: str) -> dict[str, Any] | None:
    """What the holder is told of results: one look at one row."""
    found = value_of("SELECT admissions_told($1)", lookup)
    return None if found is None else json.loads(found)  # type: ignore[no-any-return]


def keep_form(
    lookup: str, opening_id: UUID, draft: list[dict[str, Any]], wishes: list[dict[str, Any]] | None, deed: Deed
) -> tuple[int, datetime | None]:
    """Write the draft, and submit ``wishes`` where given; how often it was submitted, and when by the database."""
    found = value_of(
        "SELECT to_json(kept) FROM admissions_keep_form($1, $2, $3, $4, $5, $6, $7) AS kept",
        lookup,
        str(opening_id),
        json.dumps(draft),
        None if wishes is None else json.dumps(wishes),
        clock.now().isoformat(),
        deed.origin_kind,
        str(deed.origin_id),
    )
    kept = json.loads(found or b"{}")
    return kept["version"], kept["submitted_at"] and datetime.fromisoformat(kept["submitted_at"])


def answer(lookup: str, admission_id: UUID, *, confirms: bool, day: date) -> str:
    """Confirm or decline: ``confirmed``, ``declined``, or ``nothing`` where there is nothing to answer."""
    found = _one("SELECT admissions_answer(%s, %s, %s, %s)", [lookup, admission_id, confirms, day])
    assert found is not None
    return str(found[0])


def hand_over(before: str, after: str) -> None:
    """What an ended ticket was told goes to the one that follows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT admissions_hand_over(%s, %s)", [before, after])


def letter_code(admission_id: UUID) -> str:
    """What stands in a letter's QR code: the admission and a keyed hash that nobody else can make."""
    return f"{admission_id.hex}{lookup_hash(admission_id.hex, LETTER)[2:28]}"


def admission_of_letter(code: str) -> UUID | None:
    """The admission that a letter's code stands for; None where the code was not made here."""
    try:
        found = UUID(hex=code[:32])
    except ValueError:
        return None
    return found if hmac.compare_digest(letter_code(found), code) else None


@dataclass(frozen=True)
class LetterFacts:
    """What an admission letter says, and how it stands now."""

    name: str
    number: str
    season: str
    institution: str
    programme: str
    level: str
    admitted_on: date | None
    confirmed_on: date | None
    ended_on: date | None
    is_void: bool

    @property
    def holds(self) -> bool:
        """Whether the admission stands."""
        return not self.is_void and self.ended_on is None

    @property
    def masked_name(self) -> str:
        """The name as somebody else may see it."""
        return mask_name(self.name)


def letter_facts(admission_id: UUID) -> LetterFacts | None:
    """The facts of an admission for its letter; only for whoever has the ticket or the letter."""
    found = _one("SELECT * FROM admissions_letter(%s)", [admission_id])
    if found is None:
        return None
    return LetterFacts(decrypt(bytes(found[0]), "name"), found[1] or "", *found[2:])


def _one(statement: str, arguments: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row

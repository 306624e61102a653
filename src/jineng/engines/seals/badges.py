"""Open Badges 3.0 (1EdTech): achievement credentials, from what was achieved, by whom, as whose word."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jineng.engines.seals.linked.pinned import CREDENTIALS_V2, OPEN_BADGES_V3
from jineng.engines.seals.times import stamp

BADGE_TYPE = "OpenBadgeCredential"


@dataclass(frozen=True)
class Issuer:
    """Who gives its word: the address whose key signs, and the name to print."""

    id: str
    name: str
    url: str | None = None

    def profile(self) -> dict[str, Any]:
        """As an Open Badges profile."""
        told: dict[str, Any] = {"id": self.id, "type": ["Profile"], "name": self.name}
        return told | ({"url": self.url} if self.url else {})


@dataclass(frozen=True)
class Achievement:
    """What can be achieved: a certificate of one level, a course. `credits` is what it is worth, in credits."""

    id: str
    name: str
    description: str
    criteria: str
    kind: str = "Certificate"
    code: str | None = None
    credits: float | None = None
    tags: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As an Open Badges achievement."""
        told: dict[str, Any] = {
            "id": self.id,
            "type": ["Achievement"],
            "achievementType": self.kind,
            "name": self.name,
            "description": self.description,
            "criteria": {"narrative": self.criteria},
        }
        if self.code is not None:
            told["humanCode"] = self.code
        if self.credits is not None:
            told["creditsAvailable"] = self.credits
        if self.tags:
            told["tag"] = list(self.tags)
        return told


@dataclass(frozen=True)
class Holder:
    """To whom it was given, told only to who knows the text (a name with a number, an address) and the salt."""

    text: str
    salt: str
    kind: str = "identifier"

    def identity(self) -> dict[str, Any]:
        """As a hashed identity object."""
        return {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": hashed_identity(self.text, self.salt),
            "identityType": self.kind,
            "salt": self.salt,
        }


@dataclass(frozen=True)
class Result:
    """How well: a value as printed (a mark, a grade)."""

    value: str

    def told(self) -> dict[str, Any]:
        """As an Open Badges result."""
        return {"type": ["Result"], "value": self.value}


def badge(
    id: str,
    issuer: Issuer,
    achievement: Achievement,
    holder: Holder,
    valid_from: dt.datetime,
    *,
    valid_until: dt.datetime | None = None,
    number: str | None = None,
    earned: float | None = None,
    results: tuple[Result, ...] = (),
    status: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An achievement credential without proof.

    `number` is the certificate's, `earned` are credits, `status` is an entry of a status list.
    """
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [holder.identity()],
        "achievement": achievement.told(),
    }
    if number is not None:
        subject["licenseNumber"] = number
    if earned is not None:
        subject["creditsEarned"] = earned
    if results:
        subject["result"] = [result.told() for result in results]
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_V3],
        "id": id,
        "type": ["VerifiableCredential", BADGE_TYPE],
        "name": achievement.name,
        "issuer": issuer.profile(),
        "validFrom": stamp(valid_from),
        "credentialSubject": subject,
    }
    if valid_until is not None:
        credential["validUntil"] = stamp(valid_until)
    if status is not None:
        credential["credentialStatus"] = dict(status)
    return credential


def hashed_identity(text: str, salt: str) -> str:
    """`sha256$` and the hex of SHA-256 over the text and the salt after it, as Open Badges write it."""
    return f"sha256${hashlib.sha256(f'{text}{salt}'.encode()).hexdigest()}"


def is_holder(credential: Mapping[str, Any], text: str) -> bool:
    """Whether a checked badge was given to whom the text names."""
    subjects = credential.get("credentialSubject")
    for subject in subjects if isinstance(subjects, list) else [subjects]:
        identifiers = subject.get("identifier", ()) if isinstance(subject, dict) else ()
        for entry in identifiers if isinstance(identifiers, list) else [identifiers]:
            if not isinstance(entry, dict) or not isinstance(entry.get("identityHash"), str):
                continue
            salt = entry.get("salt", "")
            wanted = (
                hashed_identity(text, salt if isinstance(salt, str) else "") if entry.get("hashed") is True else text
            )
            if hmac.compare_digest(entry["identityHash"].encode(), wanted.encode()):
                return True
    return False

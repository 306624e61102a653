"""What checking a credential or a proof found, in one word and one sentence in both languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The one word. Everything but `VALID` means: do not rely on it."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not_yet_valid"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Finding:
    """A verdict with its reason; who signed and when are told only as far as a good signature covers them."""

    verdict: Verdict
    reason: str
    reason_en: str
    issuer: str | None = None
    signed_at: dt.datetime | None = None

    @property
    def ok(self) -> bool:
        return self.verdict is Verdict.VALID


class Refusal(ValueError):
    """Something is not as it must be; `finding` says what."""

    def __init__(self, verdict: Verdict, reason: str, reason_en: str) -> None:
        super().__init__(reason_en)
        self.finding = Finding(verdict, reason, reason_en)


def malformed(reason: str, reason_en: str) -> Refusal:
    """A refusal for what does not have the form that it should have."""
    return Refusal(Verdict.MALFORMED, reason, reason_en)

"""Comprehensive Learner Records 2.0 (1EdTech): one credential that holds others, each with its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jineng.engines.seals.badges import Holder, Issuer
from jineng.engines.seals.findings import malformed
from jineng.engines.seals.linked.pinned import CREDENTIALS_V2, LEARNER_RECORD_V2, OPEN_BADGES_V3
from jineng.engines.seals.times import stamp

RECORD_TYPE = "ClrCredential"
MOST_HELD = 100
"""How many credentials one record may hold; each is checked by itself."""


@dataclass(frozen=True)
class Association:
    """How two achievements of a record, by their ids, belong together; `kind` is a word of the CLR vocabulary."""

    source: str
    target: str
    kind: str = "isRelatedTo"

    def told(self) -> dict[str, Any]:
        """As the record says it."""
        return {
            "type": "Association",
            "associationType": self.kind,
            "sourceId": self.source,
            "targetId": self.target,
        }


def record(
    id: str,
    issuer: Issuer,
    holder: Holder,
    held: Sequence[Mapping[str, Any]],
    valid_from: dt.datetime,
    *,
    name: str,
    valid_until: dt.datetime | None = None,
    associations: Sequence[Association] = (),
    partial: bool = False,
) -> dict[str, Any]:
    """A learner record without proof. `held` are issued credentials, with their proofs; there must be some.

    `partial` says that the issuer knows of more than the record tells.
    """
    if not 0 < len(held) <= MOST_HELD:
        raise ValueError(f"a record holds 1 to {MOST_HELD} credentials, not {len(held)}")
    subject: dict[str, Any] = {
        "type": ["ClrSubject"],
        "identifier": [holder.identity()],
        "verifiableCredential": [dict(one) for one in held],
    }
    if associations:
        subject["association"] = [each.told() for each in associations]
    made: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, LEARNER_RECORD_V2, OPEN_BADGES_V3],
        "id": id,
        "type": ["VerifiableCredential", RECORD_TYPE],
        "name": name,
        "issuer": issuer.profile(),
        "validFrom": stamp(valid_from),
        "credentialSubject": subject,
    }
    if partial:
        made["partial"] = True
    if valid_until is not None:
        made["validUntil"] = stamp(valid_until)
    return made


def is_record(credential: Any) -> bool:
    """Whether a credential is meant as a learner record, or holds others as one does."""
    if not isinstance(credential, Mapping):
        return False
    kinds = credential.get("type")
    named = RECORD_TYPE in (kinds if isinstance(kinds, list) else [kinds])
    return named or any("verifiableCredential" in subject for subject in _subjects(credential))


def held_in(credential: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The credentials in a record. Raises Refusal (malformed) where it holds none, too many, or one twice."""
    found: list[Any] = []
    for subject in _subjects(credential):
        given = subject.get("verifiableCredential", [])
        found += given if isinstance(given, list) else [given]
    if not found or not all(isinstance(one, dict) for one in found):
        raise malformed("学习记录里没有凭证。", "The record holds no credentials.")
    if len(found) > MOST_HELD:
        raise malformed(
            f"学习记录里的凭证超过 {MOST_HELD} 张。", f"The record holds more than {MOST_HELD} credentials."
        )
    if any(is_record(one) for one in found):
        raise malformed("学习记录里不能再有学习记录。", "A record cannot hold another one.")
    names = [one["id"] for one in found if "id" in one]
    if len({str(name) for name in names}) != len(names):
        # Statements of two credentials of one name would run together.
        raise malformed("学习记录里有编号相同的凭证。", "Two credentials of the record have one id.")
    return found


def _subjects(credential: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = credential.get("credentialSubject")
    return [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, Mapping)]

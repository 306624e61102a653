"""Credentials and signers to test with."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from jineng.engines.seals import Ed25519Signer
from jineng.engines.seals.dids import key_did, key_method

V2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
NOW = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
ISSUED = dt.datetime(2021, 12, 31, 1, 30, tzinfo=dt.UTC)


def signer(seed: int = 1) -> Ed25519Signer:
    """A signer by the key of a `did:key`."""
    public = Ed25519Signer("", bytes([seed]) * 32).public_key
    return Ed25519Signer(key_method(public), bytes([seed]) * 32)


ISSUER = key_did(signer().public_key)


def badge(**changes: Any) -> dict[str, Any]:
    """An achievement credential without proof."""
    return {
        "@context": [V2, OB],
        "id": "urn:uuid:6b0f2ba0-0c1d-4c0f-8a51-6f5d6e0c2021",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "甘肃某培训评价组织"},
        "validFrom": "2021-12-31T01:30:00Z",
        "name": "1+X 数控车铣加工（中级）",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$0d5e",
                    "identityType": "emailAddress",
                    "salt": "x",
                }
            ],
            "achievement": {
                "id": "https://jineng.example/achievements/7",
                "type": ["Achievement"],
                "name": "数控车铣加工（中级）",
                "description": '1+X "中级"\t等级',
                "criteria": {"narrative": "理论与实操\n均合格"},
                "tag": ["机械", "数控"],
                "creditsAvailable": 3.5,
            },
            "result": [{"type": ["Result"], "value": "86"}],
        },
        **changes,
    }


def changed(document: Any, path: str, value: Any) -> Any:
    """A copy with the value at a path (`a/0/b`) put in place of what was there, or added."""
    made = copy.deepcopy(document)
    *outer, last = path.split("/")
    place = made
    for name in outer:
        place = place[int(name) if name.isdigit() else name]
    place[int(last) if last.isdigit() else last] = value
    return made

"""Seal a statement with Ed25519 (RFC 8032) over its canonical form, and check such a seal.

A seal covers the statement and everything that its proof says, so neither the time nor the key's name can be
changed without breaking it. Engines are given a signer; they never see where keys are kept.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jineng.engines.canonical import CanonicalError, canonical
from jineng.engines.seals.findings import Finding, Verdict

PROOF_TYPE = "jineng-ed25519-jcs-1"
_CONTEXT = b"jineng seal 1\x00"
_KEY_BYTES = 32
_SIGNATURE_BYTES = 64


class Signer(Protocol):
    """Who signs: a name that finds the public key, the key, and the act."""

    @property
    def key_id(self) -> str: ...

    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


class Ed25519Signer:
    """A signer that holds its private key in memory; `seed` is the 32 bytes of RFC 8032."""

    def __init__(self, key_id: str, seed: bytes) -> None:
        if len(seed) != _KEY_BYTES:
            raise ValueError(f"an Ed25519 seed has {_KEY_BYTES} bytes, not {len(seed)}")
        self._key_id = key_id
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def key_id(self) -> str:
        return self._key_id

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


@dataclass(frozen=True)
class PublicKey:
    """A public key (32 bytes) and the time it may seal in: from `valid_from` until before `valid_until`."""

    key: bytes
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None


class Proof(TypedDict):
    """How a statement was sealed; `created` is UTC in ISO 8601, `value` base64 without line breaks."""

    type: str
    key_id: str
    created: str
    value: str


class Sealed(TypedDict):
    """A statement with its proof; plain JSON."""

    statement: Any
    proof: Proof


def seal(statement: Any, signer: Signer, issued_at: dt.datetime) -> Sealed:
    """Seal a JSON statement. `issued_at` must know its time zone. Raises CanonicalError or ValueError."""
    if issued_at.tzinfo is None:
        raise ValueError("issued_at must know its time zone")
    created = issued_at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    value = signer.sign(_message(statement, signer.key_id, created))
    encoded = base64.b64encode(value).decode("ascii")
    return {
        "statement": statement,
        "proof": {"type": PROOF_TYPE, "key_id": signer.key_id, "created": created, "value": encoded},
    }


def verify(sealed: Any, keys: Mapping[str, PublicKey]) -> Finding:
    """Check a seal against the known public keys; bad input is a finding, never an exception.

    Who signed (`issuer`) is told as the name of the key.
    """
    parts = _parts(sealed)
    if parts is None:
        return Finding(Verdict.MALFORMED, "封签的格式不对，无法核验。", "The seal does not have the form of one.")
    statement, key_id, created, signature, moment = parts
    known = keys.get(key_id)
    if known is None:
        return Finding(Verdict.UNKNOWN, "签名所用的密钥不在公布的名单里。", "The signing key is not a published one.")
    try:
        message = _message(statement, key_id, created)
        Ed25519PublicKey.from_public_bytes(known.key).verify(signature, message)
    except (InvalidSignature, CanonicalError):
        return Finding(
            Verdict.ALTERED,
            "内容与签名不符：签发之后被改动过，或不是由该密钥签发。",
            "Content and signature disagree: changed after sealing, or not sealed by this key.",
        )
    if moment < known.valid_from or (known.valid_until is not None and moment >= known.valid_until):
        return Finding(
            Verdict.UNKNOWN,
            "签发时间不在该密钥的有效期内。",
            "The seal was made outside the time in which its key is valid.",
        )
    return Finding(Verdict.VALID, "封签有效，内容未被改动。", "The seal is valid.", key_id, moment)


def _message(statement: Any, key_id: str, created: str) -> bytes:
    proof = {"type": PROOF_TYPE, "key_id": key_id, "created": created}
    return _CONTEXT + canonical({"statement": statement, "proof": proof})


def _parts(sealed: Any) -> tuple[Any, str, str, bytes, dt.datetime] | None:
    if not isinstance(sealed, dict) or sealed.keys() != {"statement", "proof"}:
        return None
    proof = sealed["proof"]
    if not isinstance(proof, dict) or proof.keys() != {"type", "key_id", "created", "value"}:
        return None
    if proof["type"] != PROOF_TYPE or not all(isinstance(item, str) for item in proof.values()):
        return None
    try:
        moment = dt.datetime.fromisoformat(proof["created"])
        signature = base64.b64decode(proof["value"], validate=True)
    except (ValueError, binascii.Error):
        return None
    # Two spellings of one signature would make two seals of one; only the canonical spelling is taken.
    spelled = base64.b64encode(signature).decode("ascii")
    if moment.tzinfo is None or len(signature) != _SIGNATURE_BYTES or spelled != proof["value"]:
        return None
    return sealed["statement"], proof["key_id"], proof["created"], signature, moment

"""Seal a statement with Ed25519 (RFC 8032) over its canonical form, and check such a seal.

A seal covers the statement and everything that its proof says, so neither the time nor the key's name can be
changed without breaking it. Engines are given a signer; they never see where keys are kept.

A seal may bear a second signature by SM2. The first covers the second, so that neither can be taken away unseen.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NotRequired, Protocol, TypedDict, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jineng.engines.canonical import CanonicalError, canonical
from jineng.engines.seals.findings import Finding, Verdict
from jineng.engines.seals.second import SECOND_TYPE, SecondMissing, SecondSigner, is_second_signature

PROOF_TYPE = "jineng-ed25519-jcs-1"
_CONTEXT = b"jineng seal 1\x00"
_SECOND_CONTEXT = b"jineng second seal 1\x00"
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
    """A public key (32 bytes; 64 of SM2) and the time it may seal in: from `valid_from` until before `valid_until`."""

    key: bytes
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None


class Proof(TypedDict):
    """How a statement was sealed; `created` is UTC in ISO 8601, `value` base64 without line breaks."""

    type: str
    key_id: str
    created: str
    value: str


class Second(TypedDict):
    """A second signature; `value` is base64 without line breaks."""

    type: str
    key_id: str
    value: str


class Sealed(TypedDict):
    """A statement with its proof; plain JSON."""

    statement: Any
    proof: Proof
    second: NotRequired[Second]


def seal(statement: Any, signer: Signer, issued_at: dt.datetime, second: SecondSigner | None = None) -> Sealed:
    """Seal a JSON statement. `issued_at` must know its time zone.

    Raises CanonicalError or ValueError, and SecondMissing where `second` cannot sign.
    """
    if issued_at.tzinfo is None:
        raise ValueError("issued_at must know its time zone")
    created = issued_at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    body: dict[str, Any] = {
        "statement": statement,
        "proof": {"type": PROOF_TYPE, "key_id": signer.key_id, "created": created},
    }
    if second is not None:
        named = {"type": SECOND_TYPE, "key_id": second.key_id}
        value = second.sign(_second_message({**body, "second": named}))
        body["second"] = {**named, "value": _text(value)}
    body["proof"] = {**body["proof"], "value": _text(signer.sign(_message(body)))}
    return cast(Sealed, body)


def verify(sealed: Any, keys: Mapping[str, PublicKey], seconds: Mapping[str, PublicKey] | None = None) -> Finding:
    """Check a seal against the known public keys; bad input is a finding, never an exception.

    Who signed (`issuer`) is told as the name of the key. A second signature is checked against `seconds`; a seal with
    one that cannot be checked is unknown, however good the first.
    """
    parts = _parts(sealed)
    if parts is None:
        return Finding(Verdict.MALFORMED, "封签的格式不对，无法核验。", "The seal does not have the form of one.")
    known = keys.get(parts.key_id)
    if known is None:
        return Finding(Verdict.UNKNOWN, "签名所用的密钥不在公布的名单里。", "The signing key is not a published one.")
    try:
        Ed25519PublicKey.from_public_bytes(known.key).verify(parts.signature, _message(parts.body))
    except (InvalidSignature, CanonicalError):
        return _ALTERED
    if not _holds(known, parts.moment):
        return _OUT_OF_TIME
    if parts.second is not None:
        found = _second_finding(parts, (seconds or {}).get(parts.body["second"]["key_id"]))
        if found is not None:
            return found
    return Finding(Verdict.VALID, "封签有效，内容未被改动。", "The seal is valid.", parts.key_id, parts.moment)


_ALTERED = Finding(
    Verdict.ALTERED,
    "内容与签名不符：签发之后被改动过，或不是由该密钥签发。",
    "Content and signature disagree: changed after sealing, or not sealed by this key.",
)
_OUT_OF_TIME = Finding(
    Verdict.UNKNOWN,
    "签发时间不在该密钥的有效期内。",
    "The seal was made outside the time in which its key is valid.",
)


class _Parts(NamedTuple):
    """A seal taken apart: what the first signature covers, by which key, that signature, when, and the second one."""

    body: dict[str, Any]
    key_id: str
    signature: bytes
    moment: dt.datetime
    second: bytes | None


def _second_finding(parts: _Parts, known: PublicKey | None) -> Finding | None:
    """Why the second signature of a seal does not hold, or None where it does."""
    if known is None:
        return Finding(
            Verdict.UNKNOWN,
            "第二签名（SM2）所用的密钥不在公布的名单里。",
            "The key of the second signature (SM2) is not a published one.",
        )
    named = {name: told for name, told in parts.body["second"].items() if name != "value"}
    try:
        if not is_second_signature(known.key, _second_message({**parts.body, "second": named}), parts.second or b""):
            return _ALTERED
    except SecondMissing:
        return Finding(
            Verdict.UNKNOWN,
            "第二签名（SM2）无法核验：没有安装 gmssl-pyx（jineng[sm2]）。",
            "The second signature (SM2) cannot be checked: gmssl-pyx (jineng[sm2]) is not installed.",
        )
    return None if _holds(known, parts.moment) else _OUT_OF_TIME


def _holds(known: PublicKey, moment: dt.datetime) -> bool:
    return known.valid_from <= moment and (known.valid_until is None or moment < known.valid_until)


def _message(body: dict[str, Any]) -> bytes:
    return _CONTEXT + canonical(body)


def _second_message(body: dict[str, Any]) -> bytes:
    return _SECOND_CONTEXT + canonical(body)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(text: str) -> bytes:
    """What base64 says in its one spelling; another would make two seals of one. Raises ValueError."""
    value = base64.b64decode(text, validate=True)
    if _text(value) != text:
        raise ValueError("not the one spelling of base64")
    return value


def _parts(sealed: Any) -> _Parts | None:
    if not isinstance(sealed, dict) or sealed.keys() - {"second"} != {"statement", "proof"}:
        return None
    proof: Any = sealed["proof"]
    second: Any = sealed.get("second")
    if not _is_text(proof, {"type", "key_id", "created", "value"}) or proof["type"] != PROOF_TYPE:
        return None
    if "second" in sealed and not (_is_text(second, {"type", "key_id", "value"}) and second["type"] == SECOND_TYPE):
        return None
    try:
        moment = dt.datetime.fromisoformat(proof["created"])
        signature, also = _bytes(proof["value"]), None if second is None else _bytes(second["value"])
    except (ValueError, binascii.Error):
        return None
    if moment.tzinfo is None or len(signature) != _SIGNATURE_BYTES:
        return None
    signed = {**sealed, "proof": {name: told for name, told in proof.items() if name != "value"}}
    return _Parts(signed, proof["key_id"], signature, moment, also)


def _is_text(given: Any, names: set[str]) -> bool:
    return isinstance(given, dict) and given.keys() == names and all(isinstance(told, str) for told in given.values())

"""Data Integrity proofs with Ed25519: cryptosuites `eddsa-jcs-2022` and `eddsa-rdfc-2022` (W3C vc-di-eddsa).

The first signs the canonical JSON, the second the canonical statements that the JSON makes by its contexts. Both are
made and checked only over documents of which every word is defined, so that they agree on what is signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jineng.engines.canonical import CanonicalError, canonical
from jineng.engines.seals.dids import DidError, Method, Resolver
from jineng.engines.seals.findings import Refusal, Verdict, malformed
from jineng.engines.seals.linked import STANDARD, Contexts, LinkedDataError, canonicalize
from jineng.engines.seals.multibase import MultibaseError, decode_z, encode_z
from jineng.engines.seals.signing import Signer
from jineng.engines.seals.times import read_stamp, stamp

PROOF_TYPE = "DataIntegrityProof"
_SIGNATURE_BYTES = 64
_MOST_PROOFS = 16
_REQUIRED = ("type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue")
_TEXTS = frozenset(_REQUIRED) | {"id", "created", "expires", "domain", "challenge", "nonce"}
_FIELDS = _TEXTS | {"@context", "previousProof"}


class Suite(StrEnum):
    """The cryptosuites known here."""

    JCS = "eddsa-jcs-2022"
    RDFC = "eddsa-rdfc-2022"


@dataclass(frozen=True)
class Expected:
    """What a checker asks of a proof: its purpose, and where it was asked for, domain and challenge."""

    purpose: str = "assertionMethod"
    domain: str | None = None
    challenge: str | None = None


ASSERTED = Expected()


@dataclass(frozen=True)
class Proven:
    """A proof that holds: by which key, when it says it was made, and from when on it must be looked at anew."""

    method: Method
    suite: Suite
    created: dt.datetime | None
    until: dt.datetime | None = None


class Document:
    """A document without its proofs, and the bytes that each suite signs of it, each made once.

    Raises Refusal (malformed) where it is no JSON object, or holds a word that the contexts do not define.
    """

    def __init__(self, document: Any, contexts: Contexts = STANDARD) -> None:
        if not isinstance(document, dict):
            raise malformed("文件不是一个 JSON 对象。", "The document is not a JSON object.")
        self.unsecured = {key: value for key, value in document.items() if key != "proof"}
        self.contexts = contexts
        self.context = self.unsecured.get("@context")
        self.proofs = _proofs_of(document)
        try:
            self._json = canonical(self.unsecured)
            self._quads = contexts.quads(self.unsecured)
        except (CanonicalError, LinkedDataError) as error:
            raise malformed(f"文件里有未定义或不规范的内容：{error}。", f"Not exactly defined: {error}.") from error

    @cached_property
    def _json_digest(self) -> bytes:
        return hashlib.sha256(self._json).digest()

    @cached_property
    def _statements_digest(self) -> bytes:
        return _statements_digest_of(self._quads)

    def message(self, suite: Suite, options: dict[str, Any], before: Sequence[Any] = ()) -> bytes:
        """The 64 bytes that are signed: digests of the options and of the document, with earlier proofs if chained."""
        try:
            if suite is Suite.JCS:
                given = hashlib.sha256(canonical(options)).digest()
                return given + (self._with_proofs_json(before) if before else self._json_digest)
            options = {**options, "@context": self.context}
            given = _statements_digest_of(self.contexts.quads(options))
            return given + (self._with_proofs_statements(before) if before else self._statements_digest)
        except (CanonicalError, LinkedDataError) as error:
            raise malformed(f"证明里有未定义或不规范的内容：{error}。", f"Not exactly defined: {error}.") from error

    def _with_proofs_json(self, before: Sequence[Any]) -> bytes:
        return hashlib.sha256(canonical({**self.unsecured, "proof": list(before)})).digest()

    def _with_proofs_statements(self, before: Sequence[Any]) -> bytes:
        return _statements_digest_of(self.contexts.quads({**self.unsecured, "proof": list(before)}))


def _statements_digest_of(quads: Any) -> bytes:
    return hashlib.sha256(canonicalize(quads).encode()).digest()


def _proofs_of(document: dict[str, Any]) -> list[Any]:
    given = document.get("proof", [])
    return given if isinstance(given, list) else [given]


def add_proof(
    document: dict[str, Any],
    signer: Signer,
    suite: Suite,
    created: dt.datetime | None,
    *,
    contexts: Contexts = STANDARD,
    purpose: str = "assertionMethod",
    as_list: bool = False,
    **options: Any,
) -> dict[str, Any]:
    """The document with one more proof; the signer's `key_id` is the address of its key.

    Further `options` are fields of the proof: `id`, `expires`, `domain`, `challenge`, `nonce`, `previousProof`. One
    proof alone stands by itself unless `as_list`. Raises Refusal where the document or an option is malformed.
    """
    source = Document(document, contexts)
    proof: dict[str, Any] = {"type": PROOF_TYPE, "cryptosuite": str(suite)}
    if created is not None:
        proof["created"] = stamp(created)
    proof |= {"verificationMethod": signer.key_id, "proofPurpose": purpose, **options}
    if suite is Suite.JCS and source.context is not None:
        proof["@context"] = source.context
    _check_fields({**proof, "proofValue": "z"})
    message = source.message(suite, proof, _before(proof, source.proofs))
    proof["proofValue"] = encode_z(signer.sign(message))
    proofs = [*source.proofs, proof]
    return {**source.unsecured, "proof": proofs if as_list or len(proofs) > 1 else proof}


def check_proofs(
    document: Any,
    resolver: Resolver,
    now: dt.datetime,
    *,
    contexts: Contexts = STANDARD,
    expected: Expected = ASSERTED,
) -> list[Proven]:
    """Check every proof of a document; all must hold. Raises Refusal with the verdict where one does not."""
    source = Document(document, contexts)
    if not source.proofs:
        raise Refusal(Verdict.UNKNOWN, "文件没有签名。", "The document bears no proof.")
    if len(source.proofs) > _MOST_PROOFS:
        raise malformed("签名太多。", "There are too many proofs.")
    ids = [proof["id"] for proof in source.proofs if isinstance(proof, dict) and "id" in proof]
    if len({str(name) for name in ids}) != len(ids):
        raise malformed("签名的编号有重复。", "Two proofs have one id.")
    return [_check(source, proof, resolver, now, expected) for proof in source.proofs]


def _check(source: Document, proof: Any, resolver: Resolver, now: dt.datetime, expected: Expected) -> Proven:
    suite = _check_fields(proof)
    created, expires = _times(proof)
    if expires is not None and expires <= now:
        raise Refusal(Verdict.EXPIRED, "签名已过有效期。", "The proof has expired.")
    asked = {"proofPurpose": expected.purpose, "domain": expected.domain, "challenge": expected.challenge}
    for name, value in asked.items():
        if value is not None and proof.get(name) != value:
            raise Refusal(Verdict.UNKNOWN, f"签名的 {name} 不是所要求的。", f"The proof's {name} is not as asked.")
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    # A proof over fewer contexts than the document names would leave open what the others do to it.
    if suite is Suite.JCS and options.get("@context") != source.context:
        raise Refusal(Verdict.ALTERED, "签名所用的语境与文件的不同。", "Proof and document name different contexts.")
    if suite is Suite.RDFC:
        options.pop("@context", None)
    try:
        method = resolver.method(proof["verificationMethod"], expected.purpose)
        signature = decode_z(proof["proofValue"])
    except DidError as error:
        raise Refusal(
            Verdict.UNKNOWN, f"签名者不在已知名单里：{error}。", f"The signer is not known: {error}."
        ) from error
    except MultibaseError as error:
        raise malformed("签名值不是 base58 编码。", f"The proof value is malformed: {error}.") from error
    message = source.message(suite, options, _before(proof, source.proofs))
    try:
        if len(signature) != _SIGNATURE_BYTES:
            raise InvalidSignature
        _key(method.key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Refusal(
            Verdict.ALTERED,
            "内容与签名不符：签发之后被改动过，或不是由该密钥签发。",
            "Content and signature disagree: changed after signing, or not signed by this key.",
        ) from error
    if not method.usable(created, now):
        raise Refusal(
            Verdict.UNKNOWN,
            "签名所用的密钥在当时已停用，或已被宣布失效。",
            "The signing key was out of use at that time, or has been revoked.",
        )
    ends = (expires, method.revoked, None if created else method.expires)
    return Proven(method, suite, created, min((end for end in ends if end is not None), default=None))


@lru_cache(maxsize=256)
def _key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def _check_fields(proof: Any) -> Suite:
    if not isinstance(proof, dict):
        raise malformed("签名不是一个对象。", "A proof must be an object.")
    unknown = proof.keys() - _FIELDS
    if unknown:
        raise malformed(f"签名里有未定义的字段 {min(unknown)}。", f"A proof has no field {min(unknown)!r}.")
    for name in _REQUIRED:
        if name not in proof and name != "cryptosuite":
            raise malformed(f"签名缺少 {name}。", f"The proof lacks {name!r}.")
    for name in _TEXTS & proof.keys():
        if not isinstance(proof[name], str):
            raise malformed(f"签名的 {name} 必须是文字。", f"The proof's {name!r} must be text.")
    if proof["type"] != PROOF_TYPE or proof.get("cryptosuite") not in tuple(Suite):
        raise Refusal(
            Verdict.UNKNOWN, "签名的种类未知，或没有写明。", "The kind of proof is not known here, or not named."
        )
    return Suite(proof["cryptosuite"])


def _times(proof: dict[str, Any]) -> tuple[dt.datetime | None, dt.datetime | None]:
    try:
        created, expires = (
            read_stamp(proof[name], zone_needed=False) if name in proof else None for name in ("created", "expires")
        )
    except ValueError as error:
        raise malformed("签名的时间不规范。", f"A time of the proof is malformed: {error}.") from error
    return created, expires


def _before(proof: dict[str, Any], proofs: Sequence[Any]) -> list[Any]:
    """The proofs that this one is chained to."""
    if "previousProof" not in proof:
        return []
    wanted = proof["previousProof"]
    names = wanted if isinstance(wanted, list) else [wanted]
    if not names or not all(isinstance(name, str) for name in names):
        raise malformed("前一签名的编号不规范。", "previousProof must be one or more ids.")
    found = [other for other in proofs if isinstance(other, dict) and other.get("id") in names and other is not proof]
    if len(found) != len(set(names)):
        raise Refusal(Verdict.ALTERED, "缺少前一个签名。", "A proof that this one is chained to is missing.")
    return found

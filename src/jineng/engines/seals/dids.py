"""Who signs: `did:key` and `did:web`, their documents, and finding a key by its address in documents at hand.

Nothing is fetched. A `did:web` is known only where its document was given beforehand.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from jineng.engines.seals.multibase import MultibaseError, public_multikey, read_public_multikey
from jineng.engines.seals.times import read_stamp, stamp

DID_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_KEY = "did:key:"
_WEB = "did:web:"
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?\Z")
_SEGMENT = re.compile(r"[A-Za-z0-9._-]+\Z")
PURPOSES = ("assertionMethod", "authentication")


class DidError(ValueError):
    """A name of a signer is malformed, is not known here, or names no key that may be used so."""


@dataclass(frozen=True)
class Method:
    """A key by its address: whose it is, its 32 bytes, and the times from which it was no longer used or trusted.

    A key is *retired* (`expires`) when another takes its place; what it signed before stays good. It is *revoked*
    when others may have it; then nothing that it signed is to be believed, whatever date it bears.
    """

    id: str
    controller: str
    key: bytes
    expires: dt.datetime | None = None
    revoked: dt.datetime | None = None

    def usable(self, signed: dt.datetime | None, now: dt.datetime) -> bool:
        """Whether a signature said to be of `signed` (or of no time, then of now) may be believed at `now`."""
        if self.revoked is not None and self.revoked <= now:
            return False
        return self.expires is None or (signed or now) < self.expires


def key_did(public_key: bytes) -> str:
    """The `did:key` of an Ed25519 public key (32 bytes)."""
    return _KEY + public_multikey(public_key)


def key_method(public_key: bytes) -> str:
    """The address of the one key of a `did:key`."""
    did = key_did(public_key)
    return f"{did}#{did.removeprefix(_KEY)}"


def web_did(host: str, *path: str) -> str:
    """The `did:web` of a host (with port, if any) and path segments. Raises DidError."""
    host = host.lower()
    if not _HOST.match(host) or not all(map(_SEGMENT.match, path)):
        raise DidError(f"{host!r} {path} cannot be a did:web")
    return _WEB + ":".join([quote(host, safe="."), *path])


def web_address(did: str) -> str:
    """Where a `did:web` publishes its document. Raises DidError."""
    host, *path = did.removeprefix(_WEB).split(":")
    if not did.startswith(_WEB) or web_did(unquote(host), *path) != did:
        raise DidError(f"{did!r} is no did:web")
    return f"https://{unquote(host)}/{'/'.join(path or ['.well-known'])}/did.json"


def document_of(did: str, methods: Iterable[Method]) -> dict[str, Any]:
    """The document that names the keys of a signer, retired ones too, so that what they signed can be checked."""
    told = []
    for method in methods:
        entry: dict[str, Any] = {
            "id": method.id,
            "type": "Multikey",
            "controller": method.controller,
            "publicKeyMultibase": public_multikey(method.key),
        }
        if method.expires is not None:
            entry["expires"] = stamp(method.expires)
        if method.revoked is not None:
            entry["revoked"] = stamp(method.revoked)
        told.append(entry)
    ids = [entry["id"] for entry in told]
    return {"@context": DID_CONTEXTS, "id": did, "verificationMethod": told, **dict.fromkeys(PURPOSES, ids)}


def key_document(did: str) -> dict[str, Any]:
    """The document of a `did:key`, computed from it. Raises DidError."""
    return document_of(did, [_key_method(did)])


def _key_method(did: str) -> Method:
    text = did.removeprefix(_KEY)
    try:
        key = read_public_multikey(text)
    except MultibaseError as error:
        raise DidError(f"{did!r} is no did:key of an Ed25519 key") from error
    return Method(f"{did}#{text}", did, key)


class Resolver:
    """Finds keys: of any `did:key`, and of others in the documents given, by their id. Read once, kept as it was."""

    def __init__(self, documents: Mapping[str, Any] | None = None) -> None:
        self._documents = dict(documents or {})
        self._read: dict[tuple[str, str], Method] = {}

    @classmethod
    def of(cls, *documents: Mapping[str, Any]) -> Resolver:
        """A resolver that knows these documents."""
        return cls({document["id"]: document for document in documents})

    def method(self, address: str, purpose: str) -> Method:
        """The key at an address, if it may be used for a purpose. Raises DidError."""
        did, _, fragment = address.partition("#")
        if not fragment:
            raise DidError(f"{address!r} names no key")
        if did.startswith(_KEY):
            method = _key_method(did)
            if method.id != address or purpose not in PURPOSES:
                raise DidError(f"{did} has no key {address!r} for {purpose}")
            return method
        found = self._read.get((address, purpose))
        if found is None:
            document = self._documents.get(did)
            if document is None:
                raise DidError(f"{did} is not known here")
            # Only what was found is kept, so there is no more of it than there are keys in the documents.
            found = self._read[address, purpose] = _read_method(document, did, address, purpose)
        return found


def _read_method(document: Any, did: str, address: str, purpose: str) -> Method:
    if not isinstance(document, Mapping) or document.get("id") != did:
        raise DidError(f"what is kept for {did} is not its document")
    methods = document.get("verificationMethod")
    entries = [item for item in methods if isinstance(item, dict)] if isinstance(methods, list) else []
    allowed = document.get(purpose)
    for item in allowed if isinstance(allowed, list) else []:
        entry = item if isinstance(item, dict) else next((one for one in entries if one.get("id") == item), None)
        if entry is None or entry.get("id") != address:
            continue
        if entry.get("type") != "Multikey" or entry.get("controller") != did:
            raise DidError(f"{address} is not a key of {did} of a kind known here")
        try:
            key = read_public_multikey(str(entry.get("publicKeyMultibase")))
            expires, revoked = (read_stamp(entry[name]) if name in entry else None for name in ("expires", "revoked"))
        except ValueError as error:
            raise DidError(f"{address}: {error}") from error
        return Method(address, did, key, expires, revoked)
    raise DidError(f"{did} has no key {address!r} for {purpose}")

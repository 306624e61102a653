"""What a verifiable credential and a presentation must look like (W3C Verifiable Credentials 2.0, section 4).

The first version of the data model is let pass, too; whether its context is known is for others to say.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from jineng.engines.seals.findings import Refusal, malformed
from jineng.engines.seals.linked.pinned import CREDENTIALS_V1, CREDENTIALS_V2, bundled_bytes, earlier_bytes
from jineng.engines.seals.linked.wellformed import is_absolute, is_language
from jineng.engines.seals.multibase import MultibaseError, decode_u, decode_z
from jineng.engines.seals.times import read_stamp

_MOST_CREDENTIALS = 64
_TYPED = ("credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema", "renderMethod")
_SHA2 = {b"\x12\x20": "sha256", b"\x13\x40": "sha512", b"\x20\x30": "sha384"}


def check_credential(credential: Any, *, earlier: bool = False) -> None:
    """Hold a credential against the data model. Raises Refusal (malformed) with what is wrong.

    With `earlier` the digest of a related resource may be that of what was published at its address before.
    """
    body = _document(credential, "VerifiableCredential")
    _reference(_present(body, "issuer"), "issuer")
    subjects = _objects(_present(body, "credentialSubject"), "credentialSubject")
    for subject in subjects:
        if not subject:
            raise _wrong("credentialSubject", "没有内容", "says nothing")
        _id(subject, "credentialSubject")
    starts, ends = validity_of(body)
    if starts is not None and ends is not None and ends < starts:
        raise _wrong("validUntil", "早于 validFrom", "lies before validFrom")
    for name in _TYPED:
        for entry in _objects(body[name], name) if name in body else ():
            _id(entry, name)
            _types(entry, name)
            if name == "credentialSchema":
                _present(entry, "id")
    _texts(body, "")
    if isinstance(body["issuer"], dict):
        _texts(body["issuer"], "issuer.")
    if "relatedResource" in body:
        _related(_objects(body["relatedResource"], "relatedResource"), earlier)


def check_presentation(presentation: Any) -> list[dict[str, Any]]:
    """Hold a presentation against the data model; returns the credentials in it. Raises Refusal (malformed)."""
    body = _document(presentation, "VerifiablePresentation")
    if "holder" in body:
        _reference(body["holder"], "holder")
    for entry in _objects(body["termsOfUse"], "termsOfUse") if "termsOfUse" in body else ():
        _types(entry, "termsOfUse")
    credentials = (
        _objects(body["verifiableCredential"], "verifiableCredential") if "verifiableCredential" in body else []
    )
    if len(credentials) > _MOST_CREDENTIALS:
        raise _wrong("verifiableCredential", "太多", "are too many")
    return credentials


def issuer_of(credential: dict[str, Any]) -> str:
    """The address of who issued a checked credential."""
    issuer = credential["issuer"]
    return str(issuer["id"] if isinstance(issuer, dict) else issuer)


def validity_of(credential: dict[str, Any]) -> tuple[dt.datetime | None, dt.datetime | None]:
    """From when and until when a credential is valid, as far as it says. Raises Refusal (malformed)."""
    if credential["@context"][0] == CREDENTIALS_V1:
        _present(credential, "issuanceDate")
        return _time(credential, "issuanceDate"), _time(credential, "expirationDate")
    return _time(credential, "validFrom"), _time(credential, "validUntil")


def _time(body: dict[str, Any], name: str) -> dt.datetime | None:
    try:
        return read_stamp(body[name]) if name in body else None
    except ValueError as error:
        raise _wrong(name, "不是带时区的时间", "is not a moment with its time zone") from error


def _document(given: Any, kind: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise malformed("文件不是一个 JSON 对象。", "The document is not a JSON object.")
    contexts = given.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] not in (CREDENTIALS_V2, CREDENTIALS_V1):
        raise _wrong("@context", f"必须以 {CREDENTIALS_V2} 开头", f"must begin with {CREDENTIALS_V2}")
    for item in contexts[1:]:
        if not (isinstance(item, dict) or (isinstance(item, str) and is_absolute(item))):
            raise _wrong("@context", "必须是网址或对象", "must hold addresses and objects")
    if kind not in _types(given, ""):
        raise _wrong("type", f"必须包含 {kind}", f"must hold {kind}")
    _id(given, "")
    return given


def _wrong(name: str, zh: str, en: str) -> Refusal:
    return malformed(f"{name} {zh}。", f"{name} {en}.")


def _present(body: dict[str, Any], name: str) -> Any:
    if body.get(name) is None:
        raise _wrong(name, "缺失", "is missing")
    return body[name]


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, dict) for item in items):
        raise _wrong(name, "必须是一个或多个对象", "must be one or more objects")
    return items


def _id(body: dict[str, Any], where: str) -> None:
    if "id" in body and not (isinstance(body["id"], str) and is_absolute(body["id"])):
        raise _wrong(f"{where}.id".lstrip("."), "必须是一个网址", "must be one address")


def _reference(value: Any, name: str) -> None:
    if isinstance(value, dict):
        _present(value, "id")
    elif not isinstance(value, str):
        raise _wrong(name, "必须是网址或带 id 的对象", "must be an address or an object with an id")
    _id(value if isinstance(value, dict) else {"id": value}, name)


def _types(body: dict[str, Any], where: str) -> list[str]:
    value = body.get("type")
    given = value if isinstance(value, list) else [value]
    names = [name for name in given if isinstance(name, str) and name]
    if not names or len(names) != len(given):
        raise _wrong(f"{where}.type".lstrip("."), "缺失或不是类型名", "must name one or more types")
    return names


def _texts(body: dict[str, Any], where: str) -> None:
    for name in ("name", "description"):
        for value in _each(body.get(name, "")):
            if isinstance(value, dict):
                _language_object(value, where + name)
            elif not isinstance(value, str):
                raise _wrong(where + name, "必须是文字", "must be text")


def _language_object(value: dict[str, Any], name: str) -> None:
    checks: dict[str, Callable[[Any], bool]] = {
        "@value": lambda text: isinstance(text, str),
        "@language": is_language,
        "@direction": lambda text: text in ("ltr", "rtl"),
    }
    if "@value" not in value or not all(key in checks and checks[key](item) for key, item in value.items()):
        raise _wrong(name, "必须是带语言的文字", "must be text with a language")


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _related(resources: list[dict[str, Any]], earlier: bool) -> None:
    seen = set()
    for resource in resources:
        _present(resource, "id")
        _id(resource, "relatedResource")
        if resource["id"] in seen:
            raise _wrong("relatedResource", "有重复", "names one resource twice")
        seen.add(resource["id"])
        named = [(name, resource[name]) for name in ("digestSRI", "digestMultibase") if name in resource]
        digests = [(name, one) for name, given in named for one in (_each(given) or [None])]
        if not digests or not all(isinstance(value, str) for _, value in digests):
            raise _wrong("relatedResource", "必须带摘要", "must bear a digest")
        try:
            contents = [bundled_bytes(resource["id"])]
        except KeyError:
            continue  # It is not at hand, and nothing is fetched; its digest stands as it was signed.
        if earlier:
            contents += earlier_bytes(resource["id"])
        if not any(all(_digest_fits(name, value, content) for name, value in digests) for content in contents):
            raise _wrong("relatedResource", "的摘要与内容不符", "has a digest that is not that of its content")


def _digest_fits(name: str, value: str, content: bytes) -> bool:
    if name == "digestSRI":
        algorithm, _, text = value.partition("-")
        if algorithm not in _SHA2.values():
            return False
        digest = hashlib.new(algorithm, content).digest()
        return text in (base64.b64encode(digest).decode(), base64.urlsafe_b64encode(digest).decode())
    try:
        told = decode_z(value) if value.startswith("z") else decode_u(value)
    except MultibaseError:
        return False
    if len(told) == hashlib.sha256().digest_size:
        return told == hashlib.sha256(content).digest()
    algorithm = _SHA2.get(told[:2], "")
    return bool(algorithm) and told[2:] == hashlib.new(algorithm, content).digest()

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.seals.samples import NOW, changed, signer

from jineng.engines.seals.dids import (
    DidError,
    Method,
    Resolver,
    document_of,
    key_did,
    key_document,
    key_method,
    web_address,
    web_did,
)
from jineng.engines.seals.multibase import (
    MultibaseError,
    base58_decode,
    base58_encode,
    decode_u,
    decode_z,
    encode_u,
    encode_z,
    public_multikey,
    read_public_multikey,
    read_secret_multikey,
)
from jineng.engines.seals.times import read_stamp, stamp

DID = web_did("jineng.example", "issuers", "7")
KEY = signer().public_key


def document(**ends: Any) -> dict[str, Any]:
    return document_of(DID, [Method(f"{DID}#1", DID, KEY, **ends)])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (b"\0\1", "12"),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
    ],
)  # fmt: skip
def test_examples_of_the_base58_draft(data: bytes, text: str) -> None:
    assert base58_encode(data) == text
    assert base58_decode(text) == data


@given(st.binary(max_size=80))
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    assert decode_z(encode_z(data)) == data
    assert decode_u(encode_u(data)) == data


@given(st.text(st.sampled_from("z1u0OIlA-_=b"), max_size=12))
def test_a_text_has_one_spelling_or_is_refused(text: str) -> None:
    for decode, encode in ((decode_z, encode_z), (decode_u, encode_u)):
        try:
            data = decode(text)
        except MultibaseError:
            continue
        assert encode(data) == text


@pytest.mark.parametrize("text", ["", "f00", "z0", "z" + "1" * 201, "uAA==", "uA", "uAB", "u+/", "uÄ"])
def test_texts_that_are_no_multibase(text: str) -> None:
    with pytest.raises(MultibaseError):
        (decode_u if text.startswith("u") else decode_z)(text)


def test_a_key_of_another_kind_is_none() -> None:
    assert read_public_multikey(public_multikey(KEY)) == KEY
    for text in (encode_z(b"\x80\x24" + KEY), encode_z(b"\xed\x01" + KEY[1:]), encode_u(b"\xed\x01" + KEY)):
        with pytest.raises(MultibaseError):
            read_public_multikey(text)
    with pytest.raises(MultibaseError):
        read_secret_multikey(public_multikey(KEY))


def test_a_did_key_is_its_own_document() -> None:
    did = key_did(KEY)
    told = key_document(did)
    assert told["verificationMethod"][0]["id"] == key_method(KEY) == told["assertionMethod"][0]
    assert told["verificationMethod"][0]["publicKeyMultibase"] == did.removeprefix("did:key:")
    assert Resolver().method(key_method(KEY), "assertionMethod").key == KEY
    with pytest.raises(DidError):
        key_document("did:key:zQ3s")


@pytest.mark.parametrize(
    ("parts", "did", "address"),
    [
        (("Example.org",), "did:web:example.org", "https://example.org/.well-known/did.json"),
        (("example.org:3000", "user", "a"), "did:web:example.org%3A3000:user:a", "https://example.org:3000/user/a/did.json"),
    ],
)  # fmt: skip
def test_where_a_did_web_lies(parts: tuple[str, ...], did: str, address: str) -> None:
    assert web_did(*parts) == did
    assert web_address(did) == address


@pytest.mark.parametrize(
    "did", ["did:web:", "did:web:a b", "did:web:a/b", "did:web:a:..%2f", "did:web:-a", "did:key:z", "did:web:a:"]
)
def test_what_is_no_did_web(did: str) -> None:
    with pytest.raises(DidError):
        web_address(did)


def test_keys_are_found_in_documents_at_hand() -> None:
    method = Resolver.of(document(expires=NOW)).method(f"{DID}#1", "assertionMethod")
    assert (method.key, method.controller, method.expires, method.revoked) == (KEY, DID, NOW, None)
    inside = changed(document(), "assertionMethod", document()["verificationMethod"])
    assert Resolver.of(inside).method(f"{DID}#1", "assertionMethod").key == KEY


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "did:web:other.example"),
        ("verificationMethod", None),
        ("verificationMethod", [7]),
        ("verificationMethod/0/id", f"{DID}#2"),
        ("verificationMethod/0/type", "JsonWebKey"),
        ("verificationMethod/0/controller", "did:web:other.example"),
        ("verificationMethod/0/publicKeyMultibase", "z6Mk"),
        ("verificationMethod/0/publicKeyMultibase", 7),
        ("verificationMethod/0/expires", "soon"),
        ("assertionMethod", []),
        ("assertionMethod", None),
    ],
)
def test_documents_that_name_no_such_key(path: str, value: Any) -> None:
    with pytest.raises(DidError):
        Resolver({DID: changed(document(), path, value)}).method(f"{DID}#1", "assertionMethod")


@pytest.mark.parametrize(
    ("address", "purpose"),
    [
        (DID, "assertionMethod"),
        (f"{DID}#1", "keyAgreement"),
        ("did:web:unheard.example#1", "assertionMethod"),
        (key_method(KEY), "keyAgreement"),
        (f"{key_did(KEY)}#other", "assertionMethod"),
    ],
)
def test_addresses_of_no_key(address: str, purpose: str) -> None:
    with pytest.raises(DidError):
        Resolver.of(document()).method(address, purpose)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2021-12-31T09:30:00+08:00", 0),
        ("2021-12-31T01:30:00Z", 0),
        ("2021-12-31T01:30:00.5Z", 0.5),
        ("2021-12-31T01:30:00.123456789Z", 0.123456),
    ],
)
def test_moments_are_read(text: str, seconds: float) -> None:
    assert read_stamp(text) == dt.datetime(2021, 12, 31, 1, 30, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "2021-12-31",
        "2021-12-31T01:30:00",
        "2021-13-31T01:30:00Z",
        "2021-12-31 01:30:00Z",
        "9999-12-31T23:59:59-08:00",
        7,
        None,
        "２021-12-31T01:30:00Z",
    ],
)
def test_what_is_no_moment(text: Any) -> None:
    with pytest.raises(ValueError, match=r"moment|calendar|range|month"):
        read_stamp(text)
    if text == "2021-12-31T01:30:00":
        assert stamp(read_stamp(text, zone_needed=False)) == "2021-12-31T01:30:00Z"


def test_a_moment_is_written_in_utc() -> None:
    east = dt.timezone(dt.timedelta(hours=8))
    assert stamp(dt.datetime(2021, 12, 31, 9, 30, 0, 999, tzinfo=east)) == "2021-12-31T01:30:00Z"
    with pytest.raises(ValueError, match="zone"):
        stamp(dt.datetime(2021, 1, 1))

"""A second signature by SM2: as the standard's example has it, as OpenSSL makes it, and never taken away unseen."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tests.engines.seals.samples import changed

from jineng.engines.seals import (
    Ed25519Signer,
    PublicKey,
    SecondMissing,
    SecondSigner,
    Verdict,
    can_sign_twice,
    new_pair,
    seal,
    verify,
)
from jineng.engines.seals.second import IDENTITY, is_second_signature

pytest.importorskip("gmssl_pyx", reason="gmssl-pyx has no build for this machine")
START = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
MOMENT = dt.datetime(2021, 12, 31, 9, 30, tzinfo=dt.UTC)
FIRST = Ed25519Signer("2021-a", bytes(range(32)))
KEYS = {"2021-a": PublicKey(FIRST.public_key, START)}
PRIVATE = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
"""GM/T 0003.5-2012, example of a digital signature over the recommended curve: "message digest", signed by the usual
identity."""
SECOND = SecondSigner("sm2-a", PUBLIC, PRIVATE)
SECONDS = {"sm2-a": PublicKey(PUBLIC, START)}
STATEMENT = {"receipt": "R-1", "rows": 26, "title": "立项名单"}
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""What stands before an SM2 point in a SubjectPublicKeyInfo (GM/T 0009)."""


def twice() -> dict[str, Any]:
    return dict(seal(STATEMENT, FIRST, MOMENT, SECOND))


def verdict(sealed: Any, seconds: Any = SECONDS) -> Verdict:
    return verify(sealed, KEYS, seconds).verdict


def test_the_example_of_the_standard_verifies() -> None:
    signature = encode_dss_signature(R, S)
    assert is_second_signature(PUBLIC, b"message digest", signature)
    assert not is_second_signature(PUBLIC, b"message digesu", signature)
    assert not is_second_signature(PUBLIC, b"message digest", encode_dss_signature(R, S + 1))


@pytest.mark.parametrize(
    "bad", [b"", b"0", b"\x30\x00", encode_dss_signature(R, S) + b"\0", encode_dss_signature(0, 0)]
)
def test_what_is_no_signature_is_none(bad: bytes) -> None:
    assert not is_second_signature(PUBLIC, b"message digest", bad)
    assert not is_second_signature(bytes(64), b"message digest", encode_dss_signature(R, S))


def test_keys_have_their_lengths() -> None:
    public, private = new_pair()
    assert (len(public), len(private)) == (64, 32)
    assert new_pair()[0] != public
    for wrong in ((public[1:], private), (public, private + b"\0")):
        with pytest.raises(ValueError, match="64 public and 32 private"):
            SecondSigner("x", *wrong)


def test_openssl_agrees_with_what_is_signed(tmp_path: Path) -> None:
    """In both directions, with the program of the system; its SM2 is another's work."""
    openssl = shutil.which("openssl")
    if openssl is None or "SM2" not in _run(openssl, "list", "-signature-algorithms").decode():
        pytest.skip("this OpenSSL has no SM2")
    message, signature, key, own = (tmp_path / name for name in ("message", "signature", "key.der", "own.pem"))
    message.write_bytes(STATEMENT["title"].encode())  # type: ignore[attr-defined]
    options = ["-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{IDENTITY.decode()}", "-in", message]
    key.write_bytes(SPKI + PUBLIC)
    signature.write_bytes(SECOND.sign(message.read_bytes()))
    asked = ["-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-sigfile", signature]
    assert b"Verified Successfully" in _run(openssl, "pkeyutl", *asked, *options)
    _run(openssl, "ecparam", "-name", "SM2", "-genkey", "-noout", "-out", own)
    theirs = _run(openssl, "pkeyutl", "-sign", "-inkey", own, *options)
    public = _run(openssl, "pkey", "-in", own, "-pubout", "-outform", "DER")
    assert public.startswith(SPKI)
    assert is_second_signature(public.removeprefix(SPKI), message.read_bytes(), theirs)


def _run(*command: Any) -> bytes:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout


def test_a_seal_of_two_signatures_holds() -> None:
    sealed = twice()
    assert verdict(sealed) is Verdict.VALID
    assert verify(sealed, KEYS, SECONDS).issuer == "2021-a"
    assert verdict(seal(STATEMENT, FIRST, MOMENT)) is Verdict.VALID, "and one of one signature as before"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("statement/rows", 27),
        ("proof/created", "2021-12-31T09:30:01.000000Z"),
        ("second/key_id", "sm2-b"),
        ("second/value", "AAAA"),
    ],
)
def test_what_was_changed_is_altered(path: str, value: Any) -> None:
    assert verdict(changed(twice(), path, value)) is Verdict.ALTERED


def test_neither_signature_is_taken_away_or_put_on_unseen() -> None:
    sealed, once = twice(), dict(seal(STATEMENT, FIRST, MOMENT))
    assert verdict({name: told for name, told in sealed.items() if name != "second"}) is Verdict.ALTERED
    assert verdict({**once, "second": sealed["second"]}) is Verdict.ALTERED
    assert verdict({name: told for name, told in sealed.items() if name != "proof"}) is Verdict.MALFORMED


def test_a_second_signature_of_another_statement_is_altered() -> None:
    """Even where the holder of the first key put it there."""

    class Copying(SecondSigner):
        def sign(self, message: bytes) -> bytes:
            return super().sign(message + b" ")

    assert verdict(seal(STATEMENT, FIRST, MOMENT, Copying("sm2-a", PUBLIC, PRIVATE))) is Verdict.ALTERED


@pytest.mark.parametrize(
    "second",
    [
        None,
        [],
        {"type": "jineng-sm2-sm3-jcs-1", "key_id": "sm2-a"},
        {"type": "another", "key_id": "sm2-a", "value": "AAAA"},
        {"type": "jineng-sm2-sm3-jcs-1", "key_id": 7, "value": "AAAA"},
        {"type": "jineng-sm2-sm3-jcs-1", "key_id": "sm2-a", "value": "AAB="},
        {"type": "jineng-sm2-sm3-jcs-1", "key_id": "sm2-a", "value": "?"},
    ],
)
def test_another_form_is_no_seal(second: Any) -> None:
    assert verdict({**twice(), "second": second}) is Verdict.MALFORMED


def test_a_second_key_must_be_known_and_in_force() -> None:
    assert verdict(twice(), {}) is Verdict.UNKNOWN
    assert verdict(twice(), None) is Verdict.UNKNOWN
    assert verdict(twice(), {"sm2-a": PublicKey(PUBLIC, START, MOMENT)}) is Verdict.UNKNOWN
    assert verdict(twice(), {"sm2-a": PublicKey(new_pair()[0], START)}) is Verdict.ALTERED


def test_without_the_library_nothing_is_signed_twice_and_nothing_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = twice()
    assert can_sign_twice()
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    assert not can_sign_twice()
    found = verify(sealed, KEYS, SECONDS)
    assert (found.verdict, "gmssl-pyx" in found.reason) == (Verdict.UNKNOWN, True)
    with pytest.raises(SecondMissing):
        twice()
    assert verdict(seal(STATEMENT, FIRST, MOMENT)) is Verdict.VALID

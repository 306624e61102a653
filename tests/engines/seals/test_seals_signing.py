from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.seals.samples import ISSUED, NOW, badge

from jineng.engines.seals import (
    CanonicalError,
    Ed25519Signer,
    PublicKey,
    Verdict,
    canonical,
    loads,
    seal,
    verify,
)
from jineng.engines.seals.credentials import Known, check, issue
from jineng.engines.seals.dids import key_did, key_method
from jineng.engines.seals.proofs import Suite, add_proof

START = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
MOMENT = dt.datetime(2021, 12, 31, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SIGNER = Ed25519Signer("2021-a", bytes(range(32)))
KEYS = {"2021-a": PublicKey(SIGNER.public_key, START)}
STATEMENT = {"receipt": "R-1", "rows": 26, "title": "立项名单", "ratio": 0.5}


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_vectors_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    signer = Ed25519Signer("vector", bytes.fromhex(seed))
    assert signer.public_key.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature


def test_a_seal_holds() -> None:
    sealed = seal(STATEMENT, SIGNER, MOMENT)
    assert sealed["statement"] == STATEMENT
    assert sealed["proof"]["created"] == "2021-12-31T01:30:00.000000Z"
    found = verify(json.loads(json.dumps(sealed)), KEYS)
    assert found.ok
    assert (found.issuer, found.signed_at) == ("2021-a", MOMENT)
    assert found.reason
    assert found.reason_en


def test_the_same_statement_gives_the_same_seal() -> None:
    assert seal(STATEMENT, SIGNER, MOMENT) == seal(STATEMENT, SIGNER, MOMENT.astimezone(dt.UTC))


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_any_flipped_bit_is_found(data: st.DataObject) -> None:
    form = canonical(seal(STATEMENT, SIGNER, MOMENT))
    at = data.draw(st.integers(0, len(form) * 8 - 1))
    changed = bytearray(form)
    changed[at // 8] ^= 1 << (at % 8)
    try:
        sealed = loads(bytes(changed))
    except CanonicalError:
        return
    assert not verify(sealed, KEYS).ok


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("created", "2021-12-31T01:30:00.000001Z"),
        ("created", "2021-12-31T01:30:00.000000+00:00"),
        ("value", "A" * 86 + "=="),
    ],
)
def test_the_proof_is_covered_too(part: str, value: str) -> None:
    sealed: Any = seal(STATEMENT, SIGNER, MOMENT)
    sealed["proof"][part] = value
    assert verify(sealed, KEYS).verdict is Verdict.ALTERED


def test_a_statement_without_canonical_form_cannot_be_what_was_sealed() -> None:
    sealed: Any = seal(STATEMENT, SIGNER, MOMENT)
    sealed["statement"] = {"rows": float("nan")}
    assert verify(sealed, KEYS).verdict is Verdict.ALTERED


def test_an_unknown_key() -> None:
    assert verify(seal(STATEMENT, SIGNER, MOMENT), {}).verdict is Verdict.UNKNOWN


def test_another_key_of_the_same_name() -> None:
    other = Ed25519Signer("2021-a", bytes(32))
    assert verify(seal(STATEMENT, other, MOMENT), KEYS).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        (MOMENT, None, Verdict.VALID),
        (MOMENT, MOMENT + dt.timedelta(seconds=1), Verdict.VALID),
        (START, MOMENT, Verdict.UNKNOWN),
        (MOMENT + dt.timedelta(seconds=1), None, Verdict.UNKNOWN),
    ],
)
def test_a_key_seals_only_in_its_time(start: dt.datetime, end: dt.datetime | None, status: Verdict) -> None:
    keys = {"2021-a": PublicKey(SIGNER.public_key, start, end)}
    assert verify(seal(STATEMENT, SIGNER, MOMENT), keys).verdict is status


def _broken() -> list[Any]:
    good: Any = seal(STATEMENT, SIGNER, MOMENT)
    proof = good["proof"]

    def with_proof(**changes: Any) -> Any:
        return {**good, "proof": {**proof, **changes}}

    return [
        None,
        [],
        {"statement": 1},
        {**good, "more": 1},
        {**good, "proof": "x"},
        {**good, "proof": {"type": proof["type"]}},
        with_proof(type="other"),
        with_proof(key_id=7),
        with_proof(created="yesterday"),
        with_proof(created="2021-12-31T01:30:00"),
        with_proof(value="***"),
        with_proof(value="AAAA"),
        with_proof(value=proof["value"][:-3] + chr(ord(proof["value"][-3]) + 1) + "=="),
    ]


@pytest.mark.parametrize("sealed", _broken())
def test_what_is_no_seal_is_malformed(sealed: Any) -> None:
    assert verify(sealed, KEYS).verdict is Verdict.MALFORMED


def test_a_seal_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal(STATEMENT, SIGNER, dt.datetime(2021, 1, 1))


def test_a_seed_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        Ed25519Signer("short", b"x")
    assert SIGNER.key_id == "2021-a"


KEEPER = """
import sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.generate()
print(key.public_key().public_bytes_raw().hex(), flush=True)
for line in sys.stdin:
    print(key.sign(bytes.fromhex(line)).hex(), flush=True)
"""


class Elsewhere:
    """A signer whose key was made in another process and never leaves it, as with a hardware module."""

    def __init__(self, keeper: subprocess.Popen[str]) -> None:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        self._asks, self._answers = keeper.stdin, keeper.stdout
        self.public_key = bytes.fromhex(self._answers.readline())
        self.key_id = key_method(self.public_key)

    def sign(self, message: bytes) -> bytes:
        print(message.hex(), file=self._asks, flush=True)
        return bytes.fromhex(self._answers.readline())


def test_a_key_that_lies_elsewhere_signs_as_one_at_hand() -> None:
    command = [sys.executable, "-c", KEEPER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        far = Elsewhere(keeper)
        did = key_did(far.public_key)
        sealed = seal({"a": 1}, far, ISSUED)
        body = badge(issuer={"id": did, "type": ["Profile"], "name": "某机构"})
        issued = add_proof(issue(body, far, ISSUED), far, Suite.RDFC, ISSUED)
        assert keeper.stdin is not None
        keeper.stdin.close()
        assert keeper.wait(20) == 0
    assert verify(sealed, {far.key_id: PublicKey(far.public_key, ISSUED)}).ok
    assert check(issued, Known(), NOW).ok

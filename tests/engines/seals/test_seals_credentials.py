from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.seals.samples import ISSUED, ISSUER, NOW, V2, changed, signer

from jineng.engines.seals import Ed25519Signer
from jineng.engines.seals.badges import Achievement, Holder, Issuer, Result, badge, is_holder
from jineng.engines.seals.credentials import Known, check, check_shown, issue, issue_status_list
from jineng.engines.seals.dids import Method, document_of, key_did
from jineng.engines.seals.findings import Refusal, Verdict
from jineng.engines.seals.linked.pinned import CREDENTIALS_V2, bundled_bytes
from jineng.engines.seals.multibase import encode_u
from jineng.engines.seals.proofs import Document, Suite, add_proof
from jineng.engines.seals.status import (
    LEAST_LENGTH,
    REVOCATION,
    SUSPENSION,
    PublishedList,
    StatusList,
    list_subject,
    status_entry,
    suspensions_beside,
)
from jineng.engines.seals.times import stamp

DAY = dt.timedelta(days=1)
LIST, PAUSED = "https://jineng.example/status/1", "https://jineng.example/status/2"
ACHIEVEMENT = Achievement(
    "https://jineng.example/achievements/7",
    "数控车铣加工（中级）",
    "1+X 中级",
    "两项均合格",
    code="460102",
    credits=3.5,
    tags=("机械",),
)


def certificate(**given: Any) -> dict[str, Any]:
    return badge(
        "urn:uuid:6b0f2ba0-0c1d-4c0f-8a51-6f5d6e0c2021",
        Issuer(ISSUER, "甘肃某培训评价组织", "https://jineng.example/"),
        ACHIEVEMENT,
        Holder("张三 62…1234", "pepper"),
        ISSUED,
        **{"number": "GS-2021-000042", "results": (Result("86"),), **given},
    )


def status_list(address: str = LIST, purpose: str = REVOCATION, *indexes: int, seed: int = 1) -> dict[str, Any]:
    bits = StatusList()
    for index in indexes:
        bits[index] = True
    key = signer(seed)
    return issue_status_list(address, key_did(key.public_key), bits, purpose, key, ISSUED)


def verdict(credential: Any, *lists: dict[str, Any], now: dt.datetime = NOW, **known: Any) -> Verdict:
    return check(credential, Known(lists={one["id"]: one for one in lists}, **known), now).verdict


def test_a_certificate_is_issued_and_found_valid() -> None:
    issued = issue(certificate(), signer(), ISSUED, as_list=True)
    issued = add_proof(issued, signer(), Suite.RDFC, NOW)
    found = check(json.loads(json.dumps(issued)), Known(), NOW)
    assert (found.verdict, found.issuer, found.signed_at) == (Verdict.VALID, ISSUER, ISSUED)
    assert issued["credentialSubject"]["licenseNumber"] == "GS-2021-000042"
    assert "张三" not in json.dumps(issued, ensure_ascii=False)
    assert is_holder(issued, "张三 62…1234")
    assert not is_holder(issued, "李四 62…1234")
    plain = {"credentialSubject": {"identifier": {"hashed": False, "identityHash": "a@b.cn"}}}
    assert is_holder(plain, "a@b.cn")
    assert not is_holder({"credentialSubject": ["x", {"identifier": [{"identityHash": 7}]}]}, "x")


def test_who_issued_must_have_signed() -> None:
    other = issue(certificate(), signer(2), ISSUED)
    assert verdict(other) is Verdict.UNKNOWN
    joined = add_proof(other, signer(), Suite.RDFC, NOW)
    assert check(joined, Known(), NOW).signed_at == NOW
    assert verdict(changed(joined, "proof/0/created", "2021-12-31T01:30:09Z")) is Verdict.ALTERED
    assert check(other, Known(), NOW).issuer is None


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (ISSUED - DAY, Verdict.NOT_YET),
        (ISSUED, Verdict.VALID),
        (ISSUED + DAY, Verdict.VALID),
        (ISSUED + DAY + dt.timedelta(seconds=1), Verdict.EXPIRED),
    ],
)
def test_a_certificate_stands_in_its_time(now: dt.datetime, found: Verdict) -> None:
    assert verdict(issue(certificate(valid_until=ISSUED + DAY), signer(), ISSUED), now=now) is found


def test_revoked_means_not_valid_whatever_the_signature_says() -> None:
    issued = issue(certificate(status=status_entry(LIST, 42)), signer(), ISSUED)
    assert verdict(issued, status_list()) is Verdict.VALID
    assert verdict(issued, status_list(LIST, REVOCATION, 41, 43)) is Verdict.VALID
    assert verdict(issued, status_list(LIST, REVOCATION, 42)) is Verdict.REVOKED
    found = check(issued, Known(lists={LIST: status_list(LIST, REVOCATION, 42)}), NOW)
    assert (found.ok, found.issuer, found.signed_at) == (False, ISSUER, ISSUED)


def test_a_list_of_suspensions_beside_is_read_where_it_is_at_hand() -> None:
    issued, beside = issue(certificate(status=status_entry(LIST, 42)), signer(), ISSUED), suspensions_beside(LIST)
    paused, free = status_list(beside, SUSPENSION, 42), status_list(beside, SUSPENSION, 41)
    assert verdict(issued, status_list(), paused) is Verdict.SUSPENDED
    assert verdict(issued, status_list(), free) is Verdict.VALID
    assert verdict(issued, status_list(LIST, REVOCATION, 42), paused) is Verdict.REVOKED
    assert verdict(issued, paused) is Verdict.SUSPENDED
    forged = status_list(beside, SUSPENSION, seed=2)
    assert verdict(issued, status_list(), forged) is Verdict.UNKNOWN


def test_a_status_that_cannot_be_read_is_unknown() -> None:
    issued = issue(certificate(status=status_entry(LIST, 42)), signer(), ISSUED)
    good = status_list()
    subject = {**good["credentialSubject"]}
    assert verdict(issued) is Verdict.UNKNOWN
    assert verdict(issued, status_needed=False) is Verdict.VALID
    for bad in (
        status_list(seed=2),
        status_list(LIST, SUSPENSION),
        changed(good, "credentialSubject/encodedList", StatusList().encoded() + "A"),
        {**good, "credentialSubject": {**subject, "type": "Other"}},
        {key: value for key, value in good.items() if key != "proof"},
    ):
        assert verdict(issued, bad) is Verdict.UNKNOWN
    assert check(issued, Known(lists={LIST: status_list(PAUSED)}), NOW).verdict is Verdict.UNKNOWN
    ended = {key: value for key, value in good.items() if key != "proof"} | {"validUntil": "2022-01-01T00:00:00Z"}
    assert verdict(issued, add_proof(ended, signer(), Suite.JCS, ISSUED)) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("path", "value"),
    [("statusListIndex", str(LEAST_LENGTH)), ("statusListIndex", "-1"), ("statusListIndex", "１"), ("statusSize", 2)],
)
def test_an_entry_that_no_list_answers_is_unknown(path: str, value: Any) -> None:
    entry = {**status_entry(LIST, 42), path: value}
    assert verdict(issue(certificate(status=entry), signer(), ISSUED), status_list()) is Verdict.UNKNOWN


def test_kinds_of_status_that_are_not_known_are_unknown() -> None:
    entry = {**status_entry(LIST, 42), "statusPurpose": "message"}
    assert verdict(issue(certificate(status=entry), signer(), ISSUED), status_list()) is Verdict.UNKNOWN


def test_a_list_that_is_missing_hides_no_revocation() -> None:
    body = certificate() | {"credentialStatus": [status_entry(PAUSED, 7, SUSPENSION), status_entry(LIST, 42)]}
    issued = issue(body, signer(), ISSUED)
    assert verdict(issued, status_list(LIST, REVOCATION, 42)) is Verdict.REVOKED
    assert verdict(issued, status_list()) is Verdict.UNKNOWN
    assert verdict(issued, status_list(PAUSED, SUSPENSION, 7)) is Verdict.SUSPENDED
    assert verdict(issued, status_list(PAUSED, SUSPENSION, 7), status_list(LIST, REVOCATION, 42)) is Verdict.REVOKED
    assert verdict(issued, status_list(PAUSED, SUSPENSION), status_list()) is Verdict.VALID


def test_bits_stand_from_the_left() -> None:
    bits = StatusList()
    bits[0] = bits[9] = True
    text = bits.encoded()
    assert text.startswith("uH4sI")
    read = StatusList.read(text)
    assert read.encoded() == text
    assert [index for index in range(0, len(bits), 9) if read[index]] == [0, 9]
    bits[9] = False
    assert not bits[9]
    for index in (-1, len(bits)):
        with pytest.raises(IndexError):
            bits[index]
    with pytest.raises(ValueError, match="entries"):
        StatusList(8)


@given(st.sets(st.integers(0, LEAST_LENGTH - 1), max_size=20))
@settings(deadline=None, max_examples=15)
def test_a_list_comes_back_as_it_was(indexes: set[int]) -> None:
    bits = StatusList()
    for index in indexes:
        bits[index] = True
    read = StatusList.read(list_subject(LIST, bits)["encodedList"])
    assert all(read[index] for index in indexes)
    assert read.encoded() == bits.encoded()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "H4sI",
        "uH4sI",
        "u" + "A" * 64,
        StatusList().encoded()[:-6],
        encode_u(gzip.compress(bytes(8), mtime=0)),
        encode_u(gzip.compress(bytes((1 << 24) + 1), mtime=0)),
    ],
)
def test_what_is_no_list(text: Any) -> None:
    with pytest.raises(Refusal):
        StatusList.read(text)


def test_the_example_of_the_status_list_specification() -> None:
    """The list of no bits set that W3C Bitstring Status List 1.0 prints (example 3)."""
    read = StatusList.read("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")
    assert len(read) == LEAST_LENGTH
    assert not any(read[index] for index in range(0, LEAST_LENGTH, 997))


BASE = "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU"
BASE_SHORT = "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="
BASE_BEFORE = "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg"
MODEL: list[tuple[str, Any]] = [
    ("@context", V2),
    ("@context", []),
    ("@context", ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", V2]),
    ("@context", [V2, 7]),
    ("@context", [V2, "not an address"]),
    ("type", None),
    ("type", "OpenBadgeCredential"),
    ("type", []),
    ("type", [7]),
    ("id", None),
    ("id", "relative"),
    ("id", ["urn:a", "urn:b"]),
    ("issuer", None),
    ("issuer", 7),
    ("issuer", {"name": "nameless"}),
    ("issuer", {"id": None}),
    ("issuer", "no address"),
    ("credentialSubject", None),
    ("credentialSubject", []),
    ("credentialSubject", {}),
    ("credentialSubject", [{}]),
    ("credentialSubject", "did:example:me"),
    ("credentialSubject", {"id": ["urn:a"], "type": "AchievementSubject"}),
    ("validFrom", "2021-12-31"),
    ("validFrom", "2021-12-31T00:00:00"),
    ("validUntil", "2021-12-31T01:29:59Z"),
    ("credentialStatus", {"id": "urn:x"}),
    ("credentialStatus", {"id": 7, "type": "BitstringStatusListEntry"}),
    ("credentialStatus", "urn:x"),
    ("termsOfUse", {"id": "urn:x"}),
    ("evidence", [{"id": "urn:x"}]),
    ("refreshService", {"id": "urn:x", "type": 7}),
    ("credentialSchema", {"type": "JsonSchema"}),
    ("credentialSchema", {"id": "relative", "type": "JsonSchema"}),
    ("name", 7),
    ("name", {"@value": "x", "other": 1}),
    ("description", {"@language": "en"}),
    ("description", [{"@value": "x", "@direction": "up"}]),
    ("issuer/name", {"@value": 7}),
    ("relatedResource", "urn:x"),
    ("relatedResource", {"digestSRI": "sha256-x"}),
    ("relatedResource", {"id": "urn:x"}),
    ("relatedResource", {"id": "urn:x", "digestSRI": 7}),
    ("relatedResource", [{"id": "urn:x", "digestSRI": "a"}, {"id": "urn:x", "digestMultibase": "b"}]),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestSRI": "sha256-AAAA"}),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestSRI": "md5-AAAA"}),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestSRI": []}),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestSRI": [BASE, BASE_BEFORE]}),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestSRI": BASE_BEFORE}),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestMultibase": "uAAAA"}),
    ("relatedResource", {"id": CREDENTIALS_V2, "digestMultibase": "!"}),
    ("grade", "优"),
]


@pytest.mark.parametrize(("path", "value"), MODEL)
def test_what_is_no_credential_is_not_issued(path: str, value: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        issue(changed(certificate(), path, value), signer(), ISSUED)
    assert refusal.value.finding.verdict is Verdict.MALFORMED
    assert (
        check(changed(issue(certificate(), signer(), ISSUED), path, value), Known(), NOW).verdict is Verdict.MALFORMED
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", [{"@value": "x", "@language": "en", "@direction": "ltr"}, {"@value": "y", "@language": "zh"}]),
        ("credentialSchema", [{"id": "urn:a", "type": "JsonSchema"}, {"id": "urn:b", "type": "JsonSchema"}]),
        ("validFrom", "2021-12-31T09:30:00.123+08:00"),
        ("issuer", ISSUER),
        ("relatedResource", {"id": "https://far.example/file", "digestSRI": "sha256-AAAA"}),
        ("relatedResource", {"id": CREDENTIALS_V2, "digestSRI": [BASE, BASE_SHORT]}),
        (
            "relatedResource",
            [{"id": CREDENTIALS_V2, "digestMultibase": "uWZVc7WaX1h4D8rJVb-swirFoQoRoRvWG0H8feteuyDT0"}],
        ),
    ],
)
def test_what_the_data_model_allows_is_issued(path: str, value: Any) -> None:
    if path == "relatedResource" and isinstance(value, list):
        import hashlib

        value = [{**value[0], "digestMultibase": encode_u(hashlib.sha256(bundled_bytes(CREDENTIALS_V2)).digest())}]
    for suite in Suite:
        assert verdict(issue(changed(certificate(), path, value), signer(), ISSUED, suite=suite)) is Verdict.VALID


def shown(*credentials: Any, holder: Any = None, suite: Suite = Suite.RDFC, **options: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"@context": [V2], "type": ["VerifiablePresentation"]}
    if holder is not None:
        body["holder"] = holder
    if credentials:
        body["verifiableCredential"] = list(credentials)
    return add_proof(body, signer(9), suite, NOW, purpose="authentication", **options)


def shown_verdict(presentation: Any, **asked: Any) -> Verdict:
    return check_shown(presentation, Known(), NOW, **asked).verdict


@pytest.mark.parametrize("suite", Suite)
def test_credentials_are_shown_by_their_holder(suite: Suite) -> None:
    issued = issue(certificate(), signer(), ISSUED)
    me = key_did(signer(9).public_key)
    for holder in (None, me, {"id": me}):
        presentation = shown(issued, holder=holder, suite=suite, challenge="c", domain="d.example")
        assert shown_verdict(presentation, challenge="c", domain="d.example") is Verdict.VALID
        assert shown_verdict(presentation, challenge="other") is Verdict.UNKNOWN
        inside = changed(presentation, "verifiableCredential/0/name", "高级")
        assert shown_verdict(inside, challenge="c") is Verdict.ALTERED
    assert shown_verdict(shown(suite=suite)) is Verdict.VALID
    assert shown_verdict(shown(issued, holder=ISSUER, suite=suite)) is Verdict.UNKNOWN
    assert shown_verdict(shown(issue(certificate(), signer(2), ISSUED), suite=suite)) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", ["VerifiableCredential"]),
        ("@context", [7]),
        ("verifiableCredential", ["urn:x"]),
        ("verifiableCredential", [{"id": "urn:x"}] * 65),
        ("holder", 7),
        ("holder", {"name": "x"}),
        ("termsOfUse", {"id": "urn:x"}),
    ],
)
def test_what_is_no_presentation(path: str, value: Any) -> None:
    good = shown(issue(certificate(), signer(), ISSUED))
    assert shown_verdict(changed(good, path, value)) is Verdict.MALFORMED


def test_what_is_known_is_sorted_out_of_a_pile() -> None:
    from jineng.engines.seals.dids import key_document

    did = key_did(signer(3).public_key)
    known = Known.of([key_document(did), status_list()])
    assert set(known.lists) == {LIST}
    for other in ([], {"id": 7}, {"id": "urn:x"}, {"id": "urn:x", "type": "VerifiableCredential"}):
        with pytest.raises(ValueError, match="neither"):
            Known.of([other])


def test_a_list_is_read_once_while_its_proof_holds() -> None:
    second = dt.timedelta(seconds=1)
    known = Known(lists={LIST: status_list()})
    read = known.list_at(LIST, NOW)
    assert known.list_at(LIST, NOW + dt.timedelta(days=999)) is read
    assert known.list_at(LIST, NOW - second) is not read, "that it held later says nothing of before"
    known = Known(lists={LIST: add_proof(status_list(), signer(), Suite.JCS, NOW, expires=stamp(NOW + second))})
    read = known.list_at(LIST, NOW)
    assert known.list_at(LIST, NOW) is read
    with pytest.raises(Refusal, match="expired"):
        known.list_at(LIST, NOW + second)


def test_a_kept_list_falls_with_its_key() -> None:
    own, second = signer(), dt.timedelta(seconds=1)
    did = "did:web:jineng.example"
    web = Ed25519Signer(f"{did}#1", bytes([1]) * 32)
    method = Method(web.key_id, did, own.public_key, revoked=NOW + second)
    published = issue_status_list(LIST, did, StatusList(), REVOCATION, web, ISSUED)
    known = Known.of([document_of(did, [method]), published])
    assert known.list_at(LIST, NOW) is known.list_at(LIST, NOW)
    with pytest.raises(Refusal, match="out of use"):
        known.list_at(LIST, NOW + second)


def test_what_publishes_no_list_is_none() -> None:
    with pytest.raises(Refusal, match="Not a status list"):
        PublishedList.read({"credentialSubject": {"type": "Other"}}, ISSUER, None)


def test_a_badge_may_bear_neither_number_nor_results() -> None:
    subject = certificate(number=None, results=())["credentialSubject"]
    assert not {"licenseNumber", "result"} & subject.keys()


def test_options_of_a_proof_have_pinned_meanings() -> None:
    with pytest.raises(Refusal, match="Not exactly defined"):
        Document(certificate()).message(Suite.RDFC, {"type": "DataIntegrityProof", "grade": "A"})

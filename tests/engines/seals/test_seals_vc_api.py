from __future__ import annotations

import json
from typing import Any

import pytest
from tests.engines.seals.samples import ISSUER, NOW, V2, signer

from jineng.engines.seals.credentials import Known, check
from jineng.engines.seals.findings import Verdict
from jineng.engines.seals.linked import CONFORMANCE
from jineng.engines.seals.linked.pinned import CREDENTIALS_V1, DATA_INTEGRITY_V2
from jineng.engines.seals.proofs import Suite, add_proof
from jineng.engines.seals.vc_api import Service

SERVICE = Service(signer(), Known(contexts=CONFORMANCE, status_needed=False), lambda: NOW)
CREDENTIAL = {
    "@context": [V2, {"Trial": "https://example.org/#Trial"}],
    "type": ["VerifiableCredential", "Trial"],
    "issuer": ISSUER,
    "credentialSubject": {"id": "did:example:subject"},
}


def post(path: str, value: Any) -> tuple[int, Any]:
    status, answer = SERVICE.answer("POST", path, value if isinstance(value, bytes) else json.dumps(value).encode())
    return status, json.loads(json.dumps(answer))


@pytest.mark.parametrize(
    ("path", "suite"),
    [
        ("/credentials/issue", "eddsa-jcs-2022"),
        ("/eddsa-jcs-2022/credentials/issue", "eddsa-jcs-2022"),
        ("/eddsa-rdfc-2022/credentials/issue?x=1", "eddsa-rdfc-2022"),
    ],
)
def test_what_is_issued_is_verified(path: str, suite: str) -> None:
    status, issued = post(path, {"credential": CREDENTIAL, "options": {}})
    assert (status, issued["proof"]["cryptosuite"]) == (201, suite)
    status, found = post("/credentials/verify", {"verifiableCredential": issued, "options": {"checks": ["proof"]}})
    assert (status, found["verified"], found["verdict"], found["errors"]) == (200, True, "valid", [])
    issued["credentialSubject"]["id"] = "did:example:other"
    status, found = post("/credentials/verify", {"verifiableCredential": issued})
    assert (status, found["verified"], found["verdict"], len(found["errors"])) == (400, False, "altered", 1)


def test_credentials_by_the_first_data_model_are_understood_here_only() -> None:
    first = {
        "@context": [CREDENTIALS_V1],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "issuanceDate": "2020-03-16T22:37:26.544Z",
        "credentialSubject": {"id": ISSUER},
    }
    status, issued = post("/eddsa-rdfc-2022/credentials/issue", {"credential": first})
    assert (status, issued["@context"][1]) == (201, DATA_INTEGRITY_V2)
    assert post("/credentials/verify", {"verifiableCredential": issued})[0] == 200
    assert check(issued, Known(), NOW).verdict is Verdict.MALFORMED
    assert (
        post("/credentials/verify", {"verifiableCredential": {**issued, "expirationDate": "2020-03-17T00:00:00Z"}})[0]
        == 400
    )
    for missing in ("issuanceDate", "issuer"):
        body = {key: value for key, value in first.items() if key != missing}
        assert post("/credentials/issue", {"credential": body})[0] == 400


NOW_THERE = (
    "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU",
    "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ",
)
BEFORE = (
    "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg",
    "uJKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k",
)
NEVER = (
    "sha384-_rCVIV7fSXXTNIvpiq26jRDyj8JG8TDjij-tD0ewLk4JpnXEz6a5AeeY_1qQ0d0P",
    "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0",
)
NAMES = ("digestSRI", "digestMultibase")


@pytest.mark.parametrize(
    ("digests", "issued", "verified"),
    [(NOW_THERE, 201, 200), (BEFORE, 201, 400), (NEVER, 400, 400), ((NOW_THERE[0], BEFORE[1]), 400, 400)],
)
def test_a_digest_of_what_was_published_before_is_signed_and_never_verified(
    digests: tuple[str, str], issued: int, verified: int
) -> None:
    related: list[dict[str, Any]] = [dict(zip(NAMES, digests, strict=True))]
    if NOW_THERE[0] not in digests:
        related += [{name: told} for name, told in zip(NAMES, digests, strict=True)]
    for told in related:
        body = {**CREDENTIAL, "relatedResource": [{"id": V2, **told}]}
        status, answer = post("/credentials/issue", {"credential": body})
        assert status == issued
        signed = answer if status == 201 else add_proof(body, signer(), Suite.JCS, NOW, contexts=CONFORMANCE)
        status, found = post("/credentials/verify", {"verifiableCredential": signed})
        assert (status, found["verified"]) == (verified, verified == 200)


def test_domain_and_challenge_are_asked_for() -> None:
    signed = add_proof(CREDENTIAL, signer(), Suite.RDFC, NOW, contexts=CONFORMANCE, domain="a.example")
    for domain, status in (("a.example", 200), ("b.example", 400)):
        body = {"verifiableCredential": signed, "options": {"domain": domain}}
        assert post("/credentials/verify", body)[0] == status


def test_presentations_are_verified() -> None:
    _, issued = post("/eddsa-rdfc-2022/credentials/issue", {"credential": CREDENTIAL})
    body = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [issued]}
    shown = add_proof(body, signer(9), Suite.RDFC, NOW, contexts=CONFORMANCE, purpose="authentication", challenge="c")
    for challenge, status in (("c", 200), ("d", 400)):
        asked = {"verifiablePresentation": shown, "options": {"challenge": challenge}}
        assert post("/presentations/verify", asked)[0] == status


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/credentials/issue", b"{", 400),
        ("/credentials/issue", b"\xff", 400),
        ("/credentials/issue", [], 400),
        ("/credentials/issue", {"options": []}, 400),
        ("/credentials/issue", {}, 400),
        ("/credentials/issue", {"credential": {**CREDENTIAL, "grade": 1}}, 400),
        ("/credentials/verify", {}, 400),
        ("/presentations/verify", {"verifiablePresentation": 7}, 400),
        ("/", {}, 404),
        ("/credentials", {}, 404),
        ("/eddsa-rdfc-2022", {}, 404),
        ("/other/credentials/issue", {}, 404),
    ],
)
def test_bad_requests_are_answered(path: str, body: Any, status: int) -> None:
    found, answer = post(path, body)
    assert (found, bool(answer["errors"])) == (status, True)


def test_only_posting_is_understood() -> None:
    assert SERVICE.answer("GET", "/credentials/issue", b"")[0] == 405

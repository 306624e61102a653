from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.seals.samples import ISSUED, NOW, OB, V2, badge, changed, signer

from jineng.engines.canonical import CanonicalError, canonical, loads
from jineng.engines.seals import Ed25519Signer
from jineng.engines.seals.dids import Method, Resolver, document_of, web_did
from jineng.engines.seals.findings import Refusal, Verdict
from jineng.engines.seals.proofs import Expected, Suite, add_proof, check_proofs

SUITES = list(Suite)
DAY = dt.timedelta(days=1)


def signed(suite: Suite = Suite.JCS, **options: Any) -> dict[str, Any]:
    return add_proof(badge(), signer(), suite, ISSUED, **options)


def both() -> dict[str, Any]:
    return add_proof(signed(Suite.JCS), signer(), Suite.RDFC, ISSUED)


def verdict(document: Any, resolver: Resolver | None = None, **asked: Any) -> Verdict:
    try:
        check_proofs(document, resolver or Resolver(), NOW, **asked)
    except Refusal as refusal:
        return refusal.finding.verdict if refusal.finding.reason and refusal.finding.reason_en else Verdict.VALID
    return Verdict.VALID


@pytest.mark.parametrize("suite", SUITES)
def test_a_proof_holds(suite: Suite) -> None:
    document = json.loads(json.dumps(signed(suite)))
    (proven,) = check_proofs(document, Resolver(), NOW)
    assert (proven.suite, proven.created, proven.method.id) == (suite, ISSUED, signer().key_id)
    assert document["proof"]["created"] == "2021-12-31T01:30:00Z"
    assert ("@context" in document["proof"]) is (suite is Suite.JCS)


def test_a_second_suite_joins_the_first() -> None:
    document = both()
    assert isinstance(document["proof"], list)
    assert [proven.suite for proven in check_proofs(document, Resolver(), NOW)] == SUITES
    assert isinstance(add_proof(badge(), signer(), Suite.JCS, None, as_list=True)["proof"], list)


def test_a_proof_needs_no_time() -> None:
    (proven,) = check_proofs(add_proof(badge(), signer(), Suite.RDFC, None), Resolver(), NOW)
    assert proven.created is None


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "1+X 数控车铣加工（高级）"),
        ("id", "urn:uuid:other"),
        ("validFrom", "2020-12-31T01:30:00Z"),
        ("validUntil", "2030-12-31T01:30:00Z"),
        ("issuer/name", "另一机构"),
        ("issuer/id", "did:web:other.example"),
        ("credentialSubject/id", "did:example:me"),
        ("credentialSubject/result/0/value", "96"),
        ("credentialSubject/achievement/name", "高级"),
        ("credentialSubject/achievement/creditsAvailable", 4.5),
        ("credentialSubject/achievement/tag", ["机械"]),
        ("credentialSubject/result", [{"type": ["Result"], "value": "86"}, {"type": ["Result"], "value": "99"}]),
        ("type", ["VerifiableCredential", "EndorsementCredential"]),
        ("proof/created", "2021-12-31T01:30:01Z"),
        ("proof/verificationMethod", signer(2).key_id),
        ("proof/nonce", "x"),
        ("proof/domain", "x"),
        ("proof/proofValue", "z" + "1" * 64),
        ("proof/proofValue", "z11"),
        ("@context", [V2, OB, "https://w3id.org/security/multikey/v1"]),
    ],
)  # fmt: skip
def test_what_was_altered_is_found(suite: Suite, path: str, value: Any) -> None:
    if suite is Suite.RDFC and path == "@context":
        # Another context that changes no word leaves every statement as it was.
        assert verdict(changed(signed(suite), path, value)) is Verdict.VALID
        return
    assert verdict(changed(signed(suite), path, value)) is Verdict.ALTERED


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("grade", "优", Verdict.MALFORMED),
        ("credentialSubject/achievement/grade", "优", Verdict.MALFORMED),
        ("credentialSubject/tag", [], Verdict.MALFORMED),
        ("proof", [], Verdict.UNKNOWN),
        ("proof", None, Verdict.MALFORMED),
        ("proof", "x", Verdict.MALFORMED),
        ("proof/cryptosuite", "eddsa-2022", Verdict.UNKNOWN),
        ("proof/cryptosuite", None, Verdict.MALFORMED),
        ("proof/type", "Ed25519Signature2020", Verdict.UNKNOWN),
        ("proof/other", "x", Verdict.MALFORMED),
        ("proof/created", "yesterday", Verdict.MALFORMED),
        ("proof/created", 7, Verdict.MALFORMED),
        ("proof/expires", "2021-12-31", Verdict.MALFORMED),
        ("proof/expires", "2026-03-01T08:00:00Z", Verdict.EXPIRED),
        ("proof/proofPurpose", "authentication", Verdict.UNKNOWN),
        ("proof/verificationMethod", "did:web:unheard.example#key", Verdict.UNKNOWN),
        ("proof/verificationMethod", "did:key:z6Mk#z6Mk", Verdict.UNKNOWN),
        ("proof/proofValue", "uAAAA", Verdict.MALFORMED),
        ("proof/proofValue", "z0", Verdict.MALFORMED),
        ("proof/previousProof", "urn:none", Verdict.ALTERED),
        ("proof/previousProof", [], Verdict.MALFORMED),
        ("proof/previousProof", [7], Verdict.MALFORMED),
    ],
)
def test_what_is_no_proof_known_here_is_refused(suite: Suite, path: str, value: Any, found: Verdict) -> None:
    assert verdict(changed(signed(suite), path, value)) is found


@pytest.mark.parametrize("name", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"])
def test_a_proof_that_lacks_a_field_is_refused(name: str) -> None:
    document = signed()
    del document["proof"][name]
    assert verdict(document) is (Verdict.UNKNOWN if name == "cryptosuite" else Verdict.MALFORMED)


def test_every_proof_must_hold() -> None:
    document = both()
    assert verdict(document) is Verdict.VALID
    assert verdict(changed(document, "proof/0/created", "2021-12-31T01:30:09Z")) is Verdict.ALTERED
    assert verdict(changed(document, "proof/1/cryptosuite", "ecdsa-rdfc-2019")) is Verdict.UNKNOWN
    assert verdict(changed(document, "proof", document["proof"] * 9)) is Verdict.MALFORMED
    for twice in (Suite.JCS, Suite.RDFC):
        one = signed(twice, id="urn:proof")
        assert verdict({**one, "proof": [one["proof"], one["proof"]]}) is Verdict.MALFORMED


def test_a_chain_needs_its_first_link() -> None:
    first = signed(Suite.RDFC, id="urn:first")
    chain = add_proof(first, signer(2), Suite.RDFC, ISSUED, previousProof="urn:first")
    assert verdict(chain) is Verdict.VALID
    other = add_proof(badge(), signer(3), Suite.RDFC, ISSUED, id="urn:first")["proof"]
    assert verdict({**chain, "proof": [other, chain["proof"][1]]}) is Verdict.ALTERED
    assert verdict({**chain, "proof": chain["proof"][1]}) is Verdict.ALTERED
    chain = add_proof(signed(Suite.JCS, id="urn:first"), signer(2), Suite.JCS, ISSUED, previousProof=["urn:first"])
    assert verdict(chain) is Verdict.VALID
    assert verdict({**chain, "proof": chain["proof"][1]}) is Verdict.ALTERED


def test_domain_and_challenge_are_held_to_what_was_asked() -> None:
    document = signed(purpose="authentication", domain="a.example", challenge="c")
    asked = Expected("authentication", "a.example", "c")
    assert verdict(document, expected=asked) is Verdict.VALID
    for other in (
        Expected("authentication", "b.example", "c"),
        Expected("authentication", "a.example", "d"),
        Expected(),
    ):
        assert verdict(document, expected=other) is Verdict.UNKNOWN


@pytest.mark.parametrize("suite", SUITES)
def test_nothing_undefined_is_signed(suite: Suite) -> None:
    for document in (badge(grade="优"), badge(name=float("nan")), badge(name=None), [badge()]):
        with pytest.raises(Refusal) as refusal:
            add_proof(document, signer(), suite, ISSUED)  # type: ignore[arg-type]
        assert refusal.value.finding.verdict is Verdict.MALFORMED
    with pytest.raises(Refusal):
        add_proof(badge(), signer(), suite, ISSUED, extra="x")


def test_a_retired_key_keeps_what_it_signed_and_a_revoked_one_loses_it() -> None:
    did = web_did("jineng.example", "issuers", "7")
    old, new = (Ed25519Signer(f"{did}#{year}", bytes([year % 256]) * 32) for year in (2021, 2022))

    def known(**ends: Any) -> Resolver:
        return Resolver.of(
            document_of(did, [Method(old.key_id, did, old.public_key, **ends), Method(new.key_id, did, new.public_key)])
        )

    document = add_proof(badge(), old, Suite.JCS, ISSUED)
    assert verdict(document, known()) is Verdict.VALID
    assert verdict(document, known(expires=ISSUED + DAY)) is Verdict.VALID
    assert verdict(document, known(expires=ISSUED)) is Verdict.UNKNOWN
    assert verdict(document, known(revoked=NOW + DAY)) is Verdict.VALID
    assert verdict(document, known(revoked=NOW)) is Verdict.UNKNOWN
    assert verdict(add_proof(badge(), old, Suite.JCS, None), known(expires=ISSUED + DAY)) is Verdict.UNKNOWN
    assert verdict(add_proof(badge(), new, Suite.JCS, ISSUED + 2 * DAY), known(expires=ISSUED + DAY)) is Verdict.VALID
    assert verdict(document) is Verdict.UNKNOWN


FORMS = [(canonical(signed(suite)), suite) for suite in SUITES]


@given(st.data())
@settings(deadline=None, max_examples=80)
def test_any_changed_character_is_found(data: st.DataObject) -> None:
    form, suite = data.draw(st.sampled_from(FORMS))
    at = data.draw(st.integers(0, len(form) * 8 - 1))
    bent = bytearray(form)
    bent[at // 8] ^= 1 << (at % 8)
    try:
        document = loads(bytes(bent))
    except (CanonicalError, UnicodeDecodeError):
        return
    assert verdict(document) is not Verdict.VALID, (suite, bytes(bent))


def test_a_property_under_the_name_of_a_type_is_found() -> None:
    """Both are one address in the context of Open Badges, and so one statement."""
    document = signed(Suite.RDFC)
    achievement = document["credentialSubject"]["achievement"]
    achievement["Criteria"] = achievement.pop("criteria")
    assert verdict(document) is Verdict.MALFORMED


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    "proof", "proof/created", "proof/previousProof", "proof/proofValue", "proof/verificationMethod", "proof/@context",
    "@context", "@context/1", "type", "issuer", "id", "credentialSubject", "credentialSubject/achievement/tag",
    "credentialSubject/result/0", "credentialSubject/achievement/criteria",
    "credentialSubject/achievement/creditsAvailable",
]  # fmt: skip


@given(st.sampled_from(list(itertools.product(PATHS, SUITES))), JSON)
@settings(deadline=None, max_examples=150)
def test_whatever_is_put_in_place_is_refused_in_good_order(place: tuple[str, Suite], value: Any) -> None:
    path, suite = place
    document = signed(suite)
    put = changed(document, path, value)
    # A proof over statements says nothing of its own contexts: they are the document's.
    same = put == document or (path == "proof/@context" and suite is Suite.RDFC)
    assert (verdict(put) is Verdict.VALID) is same

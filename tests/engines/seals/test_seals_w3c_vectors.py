"""The published test vectors of `eddsa-jcs-2022` and `eddsa-rdfc-2022`, byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from tests.engines.seals import vectors
from tests.engines.seals.samples import NOW, V2

from jineng.engines.canonical import canonical
from jineng.engines.seals import Ed25519Signer
from jineng.engines.seals.dids import Resolver, key_method
from jineng.engines.seals.linked import CONFORMANCE, canonicalize
from jineng.engines.seals.multibase import decode_z, read_secret_multikey
from jineng.engines.seals.proofs import Document, Suite, add_proof, check_proofs

FOLDER = "vc-di-eddsa"
published = pytest.mark.skipif(
    not (vectors.FOLDER / FOLDER).exists(), reason="no published vectors beside the checkout"
)


@published
@pytest.mark.parametrize(
    ("suite", "folder", "source", "ending"),
    [
        (Suite.JCS, "eddsa-jcs-2022", "unsigned.json", "JCS"),
        (Suite.RDFC, "eddsa-rdfc-2022", "unsigned.json", "DataInt"),
        (Suite.RDFC, "eddsa-rdfc-2022/employ", "employmentAuth.json", "DataInt"),
    ],
)
def test_every_step_of_a_vector(suite: Suite, folder: str, source: str, ending: str) -> None:
    def published_as(name: str) -> str:
        return vectors.text(f"{FOLDER}/{folder}/{name}{ending}.txt").strip()

    contexts = CONFORMANCE
    if folder.endswith("employ"):
        citizenship = vectors.value(f"{FOLDER}/contexts/citizenship-v4rc1.json")
        contexts = contexts.with_more({"https://w3id.org/citizenship/v4rc1": citizenship})

    def text_of(value: Any) -> str:
        return canonical(value).decode() if suite is Suite.JCS else canonicalize(contexts.quads(value))

    unsigned = vectors.value(f"{FOLDER}/{source}")
    options = vectors.value(f"{FOLDER}/{folder}/proofConfig{ending}.json")
    signed = vectors.value(f"{FOLDER}/{folder}/signed{ending}.json")
    assert text_of(unsigned).strip() == published_as("canonDoc")
    assert text_of(options).strip() == published_as("proofCanon")
    assert hashlib.sha256(text_of(unsigned).encode()).hexdigest() == published_as("docHash")
    assert hashlib.sha256(text_of(options).encode()).hexdigest() == published_as("proofHash")
    assert Document(unsigned, contexts).message(suite, options).hex() == published_as("combinedHash")
    assert decode_z(signed["proof"]["proofValue"]).hex() == published_as("sigHex")
    assert signed["proof"]["proofValue"] == published_as("sigBTC58")
    keys = vectors.value(f"{FOLDER}/keyPair.json")
    created = dt.datetime.fromisoformat(signed["proof"]["created"])
    assert add_proof(unsigned, _signer(keys), suite, created, contexts=contexts) == signed
    assert [proven.suite for proven in check_proofs(signed, Resolver(), NOW, contexts=contexts)] == [suite]


@published
def test_sets_and_chains_of_proofs() -> None:
    folder = f"{FOLDER}/proof-set-chain"
    keys = vectors.value(f"{folder}/multiKeyPairs.json")
    document = vectors.value(f"{folder}/unsigned.json")
    names = ("ProofSet1", "ProofSet2", "ProofChain1", "ProofChain2")
    for place, name in enumerate(names, 1):
        config = vectors.value(f"{folder}/p{name.removeprefix('P')[:-1]}Config{name[-1]}.json")
        options = {key: config[key] for key in ("id", "previousProof") if key in config}
        created = dt.datetime.fromisoformat(config["created"])
        signer = _signer(keys[f"keyPair{place}"])
        document = add_proof(document, signer, Suite.RDFC, created, contexts=CONFORMANCE, as_list=True, **options)
        wanted = vectors.value(f"{folder}/signed{name}.json")
        assert document["proof"] == (wanted["proof"] if isinstance(wanted["proof"], list) else [wanted["proof"]])
        assert len(check_proofs(document, Resolver(), NOW, contexts=CONFORMANCE)) == place


def _signer(keys: dict[str, str]) -> Ed25519Signer:
    seed = read_secret_multikey(keys["privateKeyMultibase"])
    public = Ed25519Signer("", seed).public_key
    assert key_method(public).endswith(f"#{keys['publicKeyMultibase']}")
    return Ed25519Signer(key_method(public), seed)


def test_the_worked_example_of_jcs() -> None:
    """W3C vc-di-eddsa, appendix B.2, as the tests of PyPI `openvc-core` 1.37.0 carry it."""
    key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    contexts = [V2, "https://www.w3.org/ns/credentials/examples/v2"]
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{key}#{key}",
        "proofPurpose": "assertionMethod",
        "@context": contexts,
    }
    unsigned = {
        "@context": contexts,
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    }
    assert Document(unsigned, CONFORMANCE).message(Suite.JCS, options).hex() == (
        "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
        "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
    )
    value = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
    signed = {**unsigned, "proof": {**options, "proofValue": value}}
    assert check_proofs(json.loads(json.dumps(signed)), Resolver(), NOW, contexts=CONFORMANCE)

"""The published test vectors of `eddsa-jcs-2022` and `eddsa-rdfc-2022`, byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.engines.seals import vectors
from tests.engines.seals.samples import NOW

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


HELD = yaml.safe_load((Path(__file__).parents[2] / "oracles/seals/eddsa-2022.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("suite", list(Suite))
def test_the_vectors_held_here(suite: Suite) -> None:
    told, document = HELD["suites"][suite], HELD["document"]
    keys = {"privateKeyMultibase": HELD["key"], "publicKeyMultibase": HELD["public"]}
    created = dt.datetime.fromisoformat(HELD["created"])
    signed = add_proof(document, _signer(keys), suite, created, contexts=CONFORMANCE)
    proof = signed["proof"]
    assert proof["proofValue"] == told["value"]
    assert decode_z(told["value"]).hex() == told["signature"].replace(" ", "")
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    # Proof options are read by the contexts of their document, whether they repeat them or not.
    options["@context"] = document["@context"]
    message = Document(document, CONFORMANCE).message(suite, options).hex()
    assert message == told["options"] + told["document"]
    assert check_proofs(json.loads(json.dumps(signed)), Resolver(), NOW, contexts=CONFORMANCE)


def test_the_sets_and_chains_held_here() -> None:
    document = HELD["document"]
    for entry in HELD["sets"]:
        seed = read_secret_multikey(entry["key"])
        signer = Ed25519Signer(key_method(Ed25519Signer("", seed).public_key), seed)
        created = dt.datetime.fromisoformat(entry["created"])
        document = add_proof(
            document, signer, Suite.RDFC, created, contexts=CONFORMANCE, as_list=True, **entry["options"]
        )
    assert [proof["proofValue"] for proof in document["proof"]] == [entry["value"] for entry in HELD["sets"]]
    assert len(check_proofs(document, Resolver(), NOW, contexts=CONFORMANCE)) == len(HELD["sets"])

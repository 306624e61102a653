"""Whether one proof holds, told by others: `cryptography` over what `rfc8785`, PyLD and Oxigraph make of a document.

Only `did:key` is known, and nothing is asked but the signature: whoever accepts a credential must find this true.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pyoxigraph as oxigraph
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

from jineng.engines.seals.linked import STANDARD

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def signature_holds(document: dict[str, Any]) -> bool:
    """Whether every proof of a document is a signature over it by the `did:key` that the proof names."""
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    return bool(proofs) and all(_holds(unsecured, proof) for proof in proofs)


def _holds(unsecured: dict[str, Any], proof: dict[str, Any]) -> bool:
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    if proof["cryptosuite"] == "eddsa-jcs-2022":
        parts = [rfc8785.dumps(options), rfc8785.dumps(unsecured)]
    else:
        options["@context"] = unsecured["@context"]
        parts = [_statements(options), _statements(unsecured)]
    message = b"".join(hashlib.sha256(part).digest() for part in parts)
    key = _base58(proof["verificationMethod"].split("#")[1][1:])[2:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(_base58(proof["proofValue"][1:]), message)
    except InvalidSignature:
        return False
    return True


def _statements(document: dict[str, Any]) -> bytes:
    options = {"format": "application/n-quads", "documentLoader": _load, "rdfDirection": "i18n-datatype"}
    text = jsonld.to_rdf(document, options)
    dataset = oxigraph.Dataset(oxigraph.parse(text, format=oxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(oxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    written = oxigraph.serialize(dataset, format=oxigraph.RdfFormat.N_QUADS)
    assert written is not None
    return "".join(sorted(f"{row}\n" for row in written.decode().split("\n") if row)).encode()


def _load(address: str, options: Any) -> Any:
    document = STANDARD.load(address)
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": document}


def _base58(text: str) -> bytes:
    number = 0
    for char in text:
        number = number * 58 + _ALPHABET.index(char)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")

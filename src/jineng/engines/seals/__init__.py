"""Seals: canonical form, signatures, and Merkle trees that show one row without the others."""

from jineng.engines.canonical import CanonicalError, canonical, digest, loads
from jineng.engines.seals.findings import Finding, Verdict
from jineng.engines.seals.merkle import (
    MerkleTree,
    Proof,
    leaf_hash,
    new_salt,
    root_of,
    row_leaf,
    verify_inclusion,
)
from jineng.engines.seals.second import SecondMissing, SecondSigner, can_sign_twice, new_pair
from jineng.engines.seals.signing import (
    Ed25519Signer,
    PublicKey,
    Sealed,
    Signer,
    seal,
    verify,
)

__all__ = [
    "CanonicalError",
    "Ed25519Signer",
    "Finding",
    "MerkleTree",
    "Proof",
    "PublicKey",
    "Sealed",
    "SecondMissing",
    "SecondSigner",
    "Signer",
    "Verdict",
    "can_sign_twice",
    "canonical",
    "digest",
    "leaf_hash",
    "loads",
    "new_pair",
    "new_salt",
    "root_of",
    "row_leaf",
    "seal",
    "verify",
    "verify_inclusion",
]

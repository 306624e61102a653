from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.seals import MerkleTree, Proof, leaf_hash, new_salt, root_of, row_leaf, verify_inclusion

# The leaves and roots that the Certificate Transparency reference implementation tests RFC 6962 with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_rfc_6962(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_path_of_rfc_6962() -> None:
    path = [node.hex() for node in MerkleTree(LEAVES).prove(0).path]
    assert path == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def _recursive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = _recursive_root(leaves[:split]), _recursive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
@settings(deadline=None)
def test_the_root_is_the_recursive_one(leaves: list[bytes]) -> None:
    assert root_of(leaves) == _recursive_root(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
@settings(deadline=None)
def test_every_leaf_is_proven_and_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = Proof.from_json(json.loads(json.dumps(tree.prove(index).to_json())))
    assert proof == tree.prove(index)
    assert verify_inclusion(leaves[index], proof, tree.root)
    assert not verify_inclusion(leaves[index] + b"x", proof, tree.root)
    assert not verify_inclusion(leaves[index], proof, hashlib.sha256(tree.root).digest())
    assert not verify_inclusion(leaves[index], Proof(index, proof.size, (*proof.path, tree.root)), tree.root)
    assert not verify_inclusion(leaves[index], Proof(-1, proof.size, proof.path), tree.root)
    assert not verify_inclusion(leaves[index], Proof(proof.size, proof.size, proof.path), tree.root)
    if proof.path:
        at = data.draw(st.integers(0, len(proof.path) * 256 - 1))
        path = [bytearray(node) for node in proof.path]
        path[at // 256][at % 256 // 8] ^= 1 << (at % 8)
        assert not verify_inclusion(leaves[index], Proof(index, proof.size, tuple(map(bytes, path))), tree.root)
        assert not verify_inclusion(leaves[index], Proof(index, proof.size, proof.path[:-1]), tree.root)


def test_a_node_never_passes_for_a_leaf() -> None:
    tree = MerkleTree([b"a", b"b"])
    inner = b"".join((leaf_hash(b"a"), leaf_hash(b"b")))
    assert root_of([inner]) != tree.root


def test_rows_with_salts_hide_their_neighbours() -> None:
    rows = [{"name": "甲", "admitted": True}, {"name": "乙", "admitted": False}]
    salts = [new_salt(), new_salt()]
    tree = MerkleTree.of_rows(rows, salts)
    assert len(tree) == 2
    assert len(set(salts)) == 2
    assert verify_inclusion(row_leaf(rows[1], salts[1]), tree.prove(1), tree.root)
    assert not verify_inclusion(row_leaf(rows[1]), tree.prove(1), tree.root)
    # The neighbour's hash is in the proof, yet a guess of the neighbour's row does not give it.
    assert leaf_hash(row_leaf(rows[0])) != tree.prove(1).path[0]


def test_rows_without_salts() -> None:
    rows = [1, 2, 3]
    tree = MerkleTree.of_rows(rows)
    assert verify_inclusion(row_leaf(3), tree.prove(2), tree.root)


def test_salts_and_rows_must_match() -> None:
    with pytest.raises(ValueError, match="shorter"):
        MerkleTree.of_rows([1, 2], ["aa"])


@pytest.mark.parametrize("index", [-1, 2])
def test_no_proof_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        MerkleTree([b"a", b"b"]).prove(index)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"index": 0, "size": 1, "path": ["zz"]},
        {"index": True, "size": 1, "path": []},
        {"index": 0, "size": "1", "path": []},
    ],
)
def test_what_is_no_proof(value: Any) -> None:
    with pytest.raises(ValueError, match="inclusion proof"):
        Proof.from_json(value)

"""Merkle trees of RFC 6962, section 2.1 (the same hashes as RFC 9162): one root for a list of rows.

Leaf and node hashes are kept apart by a first byte, so a node can never pass for a row. A row that could be
guessed (few possible values) is hashed with a random salt of its own, which only the row's holder is given.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jineng.engines.canonical import canonical

SALT_BYTES = 16


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 of a leaf: 0x00 and the content."""
    return hashlib.sha256(b"\x00" + content).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def new_salt() -> str:
    """16 random bytes in hex."""
    return secrets.token_hex(SALT_BYTES)


def row_leaf(row: Any, salt: str | None = None) -> bytes:
    """The content of a JSON row's leaf: canonical JSON of {"row": …} or {"row": …, "salt": …}."""
    return canonical({"row": row} if salt is None else {"row": row, "salt": salt})


@dataclass(frozen=True)
class Proof:
    """That the leaf at `index` (from 0) of `size` leaves lies under a root: sibling hashes from the leaf up."""

    index: int
    size: int
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON, hashes in hex."""
        return {"index": self.index, "size": self.size, "path": [node.hex() for node in self.path]}

    @classmethod
    def from_json(cls, value: Any) -> Proof:
        """Raises ValueError where the value does not have the form that `to_json` gives."""
        try:
            index, size, path = value["index"], value["size"], value["path"]
            nodes = tuple(bytes.fromhex(node) for node in path)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("not an inclusion proof") from error
        if type(index) is not int or type(size) is not int:
            raise ValueError("not an inclusion proof")
        return cls(index, size, nodes)


class MerkleTree:
    """The tree over leaf contents in the given order; holds every level, so a proof takes O(log n)."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = [leaf_hash(content) for content in leaves]
        self._levels = [level]
        while len(level) > 1:
            paired = [_node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
            # An odd node at the end rises as it is, which gives the very tree of RFC 6962.
            level = paired + level[len(paired) * 2 :]
            self._levels.append(level)

    @classmethod
    def of_rows(cls, rows: Iterable[Any], salts: Sequence[str] | None = None) -> MerkleTree:
        """The tree over JSON rows; with `salts` each row has its own."""
        if salts is None:
            return cls(row_leaf(row) for row in rows)
        return cls(row_leaf(row, salt) for row, salt in zip(rows, salts, strict=True))

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """32 bytes; of no leaves the hash of nothing."""
        return self._levels[-1][0] if self._levels[0] else hashlib.sha256(b"").digest()

    def prove(self, index: int) -> Proof:
        """The inclusion proof of one leaf. Raises IndexError."""
        if not 0 <= index < len(self):
            raise IndexError(f"no leaf {index} among {len(self)}")
        path = []
        at = index
        for level in self._levels[:-1]:
            sibling = at ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            at >>= 1
        return Proof(index, len(self), tuple(path))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf contents."""
    return MerkleTree(leaves).root


def verify_inclusion(leaf: bytes, proof: Proof, root: bytes) -> bool:
    """Whether the leaf content lies under the root where the proof says (RFC 9162, section 2.1.3.2)."""
    if not 0 <= proof.index < proof.size:
        return False
    at, last = proof.index, proof.size - 1
    node = leaf_hash(leaf)
    for sibling in proof.path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = _node_hash(sibling, node)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            node = _node_hash(node, sibling)
        at >>= 1
        last >>= 1
    return last == 0 and secrets.compare_digest(node, root)

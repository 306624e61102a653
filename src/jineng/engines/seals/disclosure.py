"""Sealed lists: one seal over many rows, and for each person a paper that shows their row and no one else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jineng.engines.canonical import CanonicalError
from jineng.engines.seals.findings import Finding, Verdict
from jineng.engines.seals.merkle import MerkleTree, Proof, new_salt, row_leaf, verify_inclusion
from jineng.engines.seals.signing import PublicKey, Sealed, Signer, seal, verify

LIST_TYPE = "sealed-list"


@dataclass(frozen=True)
class SealedList:
    """Rows, the salt of each, and the seal over their root. The salts are as secret as the rows."""

    rows: tuple[Any, ...]
    salts: tuple[str, ...]
    sealed: Sealed

    def paper_of(self, index: int) -> dict[str, Any]:
        """What the person of one row is given, plain JSON. Raises IndexError."""
        proof = MerkleTree.of_rows(self.rows, self.salts).prove(index)
        return self._paper(index, proof)

    def papers(self) -> list[dict[str, Any]]:
        """Everyone's paper, in order."""
        tree = MerkleTree.of_rows(self.rows, self.salts)
        return [self._paper(index, tree.prove(index)) for index in range(len(self.rows))]

    def _paper(self, index: int, proof: Proof) -> dict[str, Any]:
        return {"list": self.sealed, "row": self.rows[index], "salt": self.salts[index], "proof": proof.to_json()}


def seal_list(
    about: Mapping[str, Any],
    rows: Sequence[Any],
    signer: Signer,
    moment: dt.datetime,
    salts: Sequence[str] | None = None,
) -> SealedList:
    """Seal JSON rows under one root, with what the list is `about`; each row gets a random salt unless they are given.

    Raises CanonicalError, or ValueError where there is not one salt for each row.
    """
    salts = [new_salt() for _ in rows] if salts is None else list(salts)
    tree = MerkleTree.of_rows(rows, salts)
    statement = {"type": LIST_TYPE, "about": dict(about), "root": tree.root.hex(), "size": len(rows)}
    return SealedList(tuple(rows), tuple(salts), seal(statement, signer, moment))


def check_paper(paper: Any, keys: Mapping[str, PublicKey]) -> Finding:
    """Check one person's paper: the list's seal, and that the row lies under its root. Never raises on bad input."""
    bad = Finding(Verdict.MALFORMED, "不是名单中一行的凭据。", "Not a paper of one row of a sealed list.")
    if not isinstance(paper, dict) or paper.keys() != {"list", "row", "salt", "proof"}:
        return bad
    found = verify(paper["list"], keys)
    if not found.ok:
        return found
    statement = paper["list"]["statement"]
    try:
        if statement["type"] != LIST_TYPE or not isinstance(paper["salt"], str):
            return bad
        proof, root = Proof.from_json(paper["proof"]), bytes.fromhex(statement["root"])
        leaf = row_leaf(paper["row"], paper["salt"])
        inside = proof.size == statement["size"] and verify_inclusion(leaf, proof, root)
    except (CanonicalError, ValueError, TypeError, KeyError):
        return bad
    if not inside:
        zh, en = "这一行不在封签的名单里，或已被改动。", "The row is not in the sealed list, or was altered."
        return Finding(Verdict.ALTERED, zh, en)
    zh, en = "这一行在封签的名单里，内容未被改动。", "The row is in the sealed list, unaltered."
    return replace(found, reason=zh, reason_en=en)

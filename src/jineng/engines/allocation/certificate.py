"""What a run publishes so that anyone can check it, and what each applicant needs to check their own row."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jineng.engines.allocation.outcome import Outcome
from jineng.engines.allocation.problem import Problem, commitment
from jineng.engines.canonical import canonical, digest
from jineng.engines.seals import MerkleTree

FORMAT = "jineng-admissions/1"
OWN_ROW = "jineng-own-row/1"


@dataclass(frozen=True)
class Published:
    """A run with its certificate. `secret` (hex) salts the rows, so that nobody finds a neighbour's by guessing.

    `certificate` is for everybody, `document` for who may see all data, `own_row` for one applicant.
    """

    problem: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    certificate: Mapping[str, Any]
    secret: str
    tree: MerkleTree

    def document(self) -> bytes:
        """The whole run as one canonical file, for `jineng verify admissions`."""
        return canonical(
            {
                "format": FORMAT,
                "problem": self.problem,
                "rows": self.rows,
                "certificate": self.certificate,
                "secret": self.secret,
            }
        )

    def own_row(self, applicant: str) -> dict[str, Any]:
        """An applicant's row with its salt and the proof that it is under the root. Raises KeyError."""
        for index, row in enumerate(self.rows):
            if row["applicant"] == applicant:
                return self.own_row_at(index)
        raise KeyError(applicant)

    def own_row_at(self, index: int) -> dict[str, Any]:
        """The same by the row's place in the order of applicants. Raises IndexError."""
        row = self.rows[index]
        return {
            "format": OWN_ROW,
            "row": row,
            "salt": salt(self.secret, row["applicant"]),
            "proof": self.tree.prove(index).to_json(),
            "root": self.certificate["root"],
        }


def salt(secret: str, applicant: str) -> str:
    """The salt of an applicant's row: always the same under one secret, and nothing without it."""
    return hmac.new(bytes.fromhex(secret), applicant.encode(), hashlib.sha256).hexdigest()[:32]


def publish(problem: Problem, outcome: Outcome, secret: str) -> Published:
    """The certificate of a run: digests, cut-offs, moved seats, and the root over all rows.

    The same problem, outcome and secret give the same bytes.
    """
    data = problem.to_data()
    rows = tuple(_plain(row) for row in outcome.rows)
    tree = MerkleTree.of_rows(rows, [salt(secret, row["applicant"]) for row in rows])
    scheme = problem.scheme
    certificate = {
        "format": "jineng-allocation/1",
        "scheme": {"code": scheme.code, "version": scheme.version, "digest": digest(data["scheme"])},
        "mechanism": str(scheme.mechanism),
        "lot": commitment(problem.seed),
        "input_digest": digest(data),
        "applicants": len(rows),
        "places": [_plain(line) for line in outcome.places],
        "caps": [_plain(line) for line in outcome.caps],
        "groups": [_plain(line) for line in outcome.groups],
        "moves": [_plain(move) for move in outcome.moves],
        "result_digest": digest(rows),
        "root": tree.root.hex(),
    }
    return Published(data, rows, certificate, secret, tree)


def _plain(thing: Any) -> dict[str, Any]:
    """A record as JSON data without what is not there."""
    return {
        key: [*value] if isinstance(value, tuple) else value
        for key, value in asdict(thing).items()
        if value is not None
    }

"""RDF Dataset Canonicalization (RDFC-1.0) with SHA-256: one text for one dataset, however its blank nodes are named.

The work that a dataset may ask for is bounded, since a few identical blank nodes can be made to ask for years.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from itertools import permutations

from jineng.engines.seals.linked.expanding import Quad, line
from jineng.engines.seals.linked.wellformed import LinkedDataError

MOST_WORK = 20_000
"""How many orders of blank nodes may be tried for one dataset; what people write needs none or a few."""


def canonicalize(quads: Iterable[Quad], most_work: int = MOST_WORK) -> str:
    """The canonical N-Quads of a dataset. Raises LinkedDataError where that would take too much work."""
    dataset = list(dict.fromkeys(quads))
    names = _Canonicalization(dataset, most_work).names() if any(map(_blanks, dataset)) else {}
    if not names:
        return "".join(sorted(map(line, dataset)))
    return "".join(sorted(line((names.get(s, s), p, names.get(o, o), names.get(g, g))) for s, p, o, g in dataset))


def _blanks(quad: Quad) -> list[str]:
    subject, _, thing, graph = quad
    return [part for part in (subject, thing, graph) if part.startswith("_:")]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Issuer:
    """Names in the order of asking."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.issued: dict[str, str] = {}

    def issue(self, blank: str) -> str:
        return self.issued.setdefault(blank, f"{self.prefix}{len(self.issued)}")

    def copy(self) -> _Issuer:
        made = _Issuer(self.prefix)
        made.issued = dict(self.issued)
        return made


class _Canonicalization:
    def __init__(self, dataset: list[Quad], most_work: int) -> None:
        self.quads: dict[str, list[Quad]] = defaultdict(list)
        for quad in dataset:
            for blank in dict.fromkeys(_blanks(quad)):
                self.quads[blank].append(quad)
        self.canonical = _Issuer("_:c14n")
        self.first: dict[str, str] = {blank: self._first_degree(blank) for blank in self.quads}
        self.work_left = most_work

    def names(self) -> dict[str, str]:
        """The canonical name of each blank node (section 4.4.3)."""
        by_hash: dict[str, list[str]] = defaultdict(list)
        for blank, hashed in self.first.items():
            by_hash[hashed].append(blank)
        shared = []
        for hashed in sorted(by_hash):
            if len(by_hash[hashed]) == 1:
                self.canonical.issue(by_hash[hashed][0])
            else:
                shared.append(by_hash[hashed])
        for blanks in shared:
            paths = []
            for blank in blanks:
                if blank not in self.canonical.issued:
                    issuer = _Issuer("_:b")
                    issuer.issue(blank)
                    paths.append(self._n_degree(blank, issuer))
            for _, issuer in sorted(paths, key=lambda path: path[0]):
                for blank in issuer.issued:
                    self.canonical.issue(blank)
        return self.canonical.issued

    def _first_degree(self, blank: str) -> str:
        def name(part: str) -> str:
            return part if not part.startswith("_:") else "_:a" if part == blank else "_:z"

        return _sha256("".join(sorted(line((name(s), p, name(o), name(g))) for s, p, o, g in self.quads[blank])))

    def _related(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        predicate = "" if position == "g" else quad[1]
        named = self.canonical.issued.get(related) or issuer.issued.get(related) or self.first[related]
        return _sha256(f"{position}{predicate}{named}")

    def _n_degree(self, blank: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """The hash of a node by its neighbours, and the names given on the way (section 4.8.3)."""
        by_hash: dict[str, list[str]] = defaultdict(list)
        for quad in self.quads[blank]:
            for position, part in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
                if part.startswith("_:") and part != blank:
                    by_hash[self._related(part, quad, issuer, position)].append(part)
        told = []
        for hashed in sorted(by_hash):
            chosen: tuple[str, _Issuer] | None = None
            for order in permutations(by_hash[hashed]):
                self.work_left -= 1
                if self.work_left < 0:
                    raise LinkedDataError("its blank nodes are too much alike to be told apart")
                found = self._path(order, issuer, chosen[0] if chosen else None)
                if found is not None and (chosen is None or found[0] < chosen[0]):
                    chosen = found
            assert chosen is not None  # the first order tried has nothing to be worse than
            told.append(hashed + chosen[0])
            issuer = chosen[1]
        return _sha256("".join(told)), issuer

    def _path(self, order: tuple[str, ...], issuer: _Issuer, best: str | None) -> tuple[str, _Issuer] | None:
        """The path through nodes in one order; None as soon as it cannot be the least."""

        def worse() -> bool:
            return best is not None and len(path) >= len(best) and path > best

        issuer = issuer.copy()
        path, deeper = "", []
        for related in order:
            known = self.canonical.issued.get(related)
            if known is None:
                if related not in issuer.issued:
                    deeper.append(related)
                known = issuer.issue(related)
            path += known
            if worse():
                return None
        for related in deeper:
            hashed, found = self._n_degree(related, issuer)
            path += f"{issuer.issue(related)}<{hashed}>"
            issuer = found
            if worse():
                return None
        return path, issuer

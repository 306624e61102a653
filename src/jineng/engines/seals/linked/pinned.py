"""The contexts known here, bundled under `data/contexts` (`SOURCES.md` there says whence). Nothing is ever fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jineng.engines.seals.linked import learner_record
from jineng.engines.seals.linked.expanding import Quad, to_quads
from jineng.engines.seals.linked.terms import ActiveContext
from jineng.engines.seals.linked.wellformed import LinkedDataError

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
LEARNER_RECORD_V2 = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
_BUNDLED = {
    CREDENTIALS_V2: "credentials-v2.json",
    OPEN_BADGES_V3: "open-badges-v3.0.3.json",
    DATA_INTEGRITY_V2: "data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": "multikey-v1.json",
}
_EARLIER = {CREDENTIALS_V2: ("credentials-v2-2024-07-20.json",)}


def bundled_bytes(address: str) -> bytes:
    """The bytes of a bundled context, as published. Raises KeyError for an address that is not bundled."""
    return _bytes(_BUNDLED[address])


def earlier_bytes(address: str) -> list[bytes]:
    """The bytes of what was published at the address of a bundled context before; nothing is read by them."""
    return [_bytes(name) for name in _EARLIER.get(address, ())]


def _bytes(name: str) -> bytes:
    return files("jineng.engines.seals").joinpath("data", "contexts", name).read_bytes()


@cache
def _bundled(address: str) -> Any:
    return learner_record.context() if address == LEARNER_RECORD_V2 else json.loads(bundled_bytes(address))


class Contexts:
    """A closed set of contexts. With `inline` a document may define terms of its own; else that is refused.

    Those of `more` are documents by address, or what reads one when it is asked for.
    """

    def __init__(self, more: Mapping[str, Any] | None = None, inline: bool = False) -> None:
        self._more = dict(more or {})
        self.inline = inline
        self._initial = ActiveContext(self.load)

    def load(self, address: str) -> Any:
        """The document at an address. Raises LinkedDataError where it is not one of the set."""
        if address in self._more:
            told = self._more[address]
            return told() if callable(told) else told
        if address in _BUNDLED or address == LEARNER_RECORD_V2:
            return _bundled(address)
        raise LinkedDataError(f"context {address} is not known here")

    def with_more(self, more: Mapping[str, Any]) -> Contexts:
        """The same set with further contexts, by address."""
        return Contexts({**self._more, **more}, self.inline)

    def quads(self, document: Any) -> list[Quad]:
        """The statements of a document. Raises LinkedDataError where it holds what these contexts do not define."""
        return to_quads(document, self._initial, self.inline)


STANDARD = Contexts()
"""What credentials issued and checked here may use."""

CONFORMANCE = Contexts(
    {
        EXAMPLES_V2: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
        CREDENTIALS_V1: cache(lambda: json.loads(_bytes("credentials-v1.json"))),
    },
    inline=True,
)
"""For public conformance suites only: their examples context gives any word a meaning, and so refuses none; and they
hand in credentials by the data model 1.1, too."""

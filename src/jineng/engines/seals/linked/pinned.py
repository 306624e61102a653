"""The contexts known here, bundled under `data/contexts` (`SOURCES.md` there says whence). Nothing is ever fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jineng.engines.seals.linked.expanding import Quad, to_quads
from jineng.engines.seals.linked.terms import ActiveContext, LinkedDataError

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
_BUNDLED = {
    CREDENTIALS_V2: "credentials-v2.json",
    OPEN_BADGES_V3: "open-badges-v3.0.3.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": "multikey-v1.json",
}


def bundled_bytes(address: str) -> bytes:
    """The bytes of a bundled context, as published. Raises KeyError for an address that is not bundled."""
    return files("jineng.engines.seals").joinpath("data", "contexts", _BUNDLED[address]).read_bytes()


@cache
def _bundled(address: str) -> Any:
    return json.loads(bundled_bytes(address))


class Contexts:
    """A closed set of contexts. With `inline` a document may define terms of its own; else that is refused."""

    def __init__(self, more: Mapping[str, Any] | None = None, inline: bool = False) -> None:
        self._more = dict(more or {})
        self.inline = inline
        self._initial = ActiveContext(self.load)

    def load(self, address: str) -> Any:
        """The document at an address. Raises LinkedDataError where it is not one of the set."""
        if address in self._more:
            return self._more[address]
        if address in _BUNDLED:
            return _bundled(address)
        raise LinkedDataError(f"context {address} is not known here")

    def with_more(self, more: Mapping[str, Any]) -> Contexts:
        """The same set with further contexts, by address."""
        return Contexts({**self._more, **more}, self.inline)

    def quads(self, document: Any) -> list[Quad]:
        """The statements of a document. Raises LinkedDataError where it holds what these contexts do not define."""
        if not self.inline:
            _refuse_inline(document)
        return to_quads(document, self._initial)


def _refuse_inline(value: Any) -> None:
    if isinstance(value, dict):
        if "@context" in value:
            given = value["@context"]
            if not all(isinstance(item, str) for item in (given if isinstance(given, list) else [given])):
                raise LinkedDataError("a context must be one that is known here, not the document's own")
        for item in value.values():
            if isinstance(item, dict | list):
                _refuse_inline(item)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                _refuse_inline(item)


STANDARD = Contexts()
"""What credentials issued and checked here may use."""

CONFORMANCE = Contexts({EXAMPLES_V2: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}}, True)
"""For public conformance suites only: their examples context gives any word a meaning, and so refuses none."""

"""What may stand in a document at all: absolute references, tags of languages, and the error for what may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\s]*\Z")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*\Z")


class LinkedDataError(ValueError):
    """The document does not say, in the terms of contexts known here, exactly what is written in it."""


def is_absolute(text: str) -> bool:
    """Whether the text is an absolute IRI without characters that N-Quads cannot hold."""
    return _ABSOLUTE.match(text) is not None


def is_language(text: Any) -> bool:
    """Whether the value is a well-formed language tag."""
    return isinstance(text, str) and _LANGUAGE.match(text) is not None


def names_type(key: str, iri: str, terms: Mapping[str, Any]) -> bool:
    """Whether a key is a capital name where a small one means the same, as Criteria and criteria of Open Badges do.

    By the one, statements are signed that a reader of the other does not find in the document.
    """
    return key[:1].isupper() and any(term.iri == iri and name[:1].islower() for name, term in terms.items())

"""One byte string for one JSON value (RFC 8785), so that equal statements have equal digests."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 7493, section 2.2)."""
DEEPEST = 100
_EXPONENT_FROM = 1e21


class CanonicalError(ValueError):
    """A value has no canonical form, or a text is not strict JSON."""


def canonical(value: Any) -> bytes:
    """The canonical form of a JSON value (None, bool, int, float, str, list, tuple, dict with text keys).

    Raises CanonicalError for NaN and infinities, for whole numbers beyond 2^53 - 1 either way (floats
    too, unless their form has an exponent), for text that is not Unicode, for other types and for nesting
    beyond 100 levels.
    """
    _check(value, DEEPEST)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise CanonicalError(str(error)) from error


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in lower-case hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def loads(text: str | bytes) -> Any:
    """Read strict JSON.

    Raises CanonicalError for bad syntax, a key given twice, or a value that has no canonical form.
    """
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"not JSON: {error}") from error
    canonical(value)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("a key is given twice")
    return found


def _constant(name: str) -> Any:
    raise CanonicalError(f"{name} is not JSON")


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise CanonicalError(f"nested beyond {DEEPEST} levels")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise CanonicalError(f"a key must be text, not {type(key).__name__}")
            _check(item, depth - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth - 1)
    elif isinstance(value, float):
        # Between these bounds a float is written as a whole number, which reading would have to refuse.
        if LARGEST < abs(value) < _EXPONENT_FROM:
            raise CanonicalError(f"{value!r} is a whole number beyond 2^53 - 1")
    elif value is not None and not isinstance(value, bool | int | str):
        raise CanonicalError(f"{type(value).__name__} is not a JSON value")

"""One byte string for one JSON value (RFC 8785), so that equal statements have equal digests."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import orjson

LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 7493, section 2.2)."""
DEEPEST = 100
_EXPONENT_FROM = 1e21
_MOST_DIGITS = 21
_ALIKE_FROM = 1e-4
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS
_encode_text = json.JSONEncoder(ensure_ascii=False).encode


class CanonicalError(ValueError):
    """A value has no canonical form, or a text is not strict JSON."""


def canonical(value: Any) -> bytes:
    """The canonical form of a JSON value (None, bool, int, float, str, list, tuple, dict with text keys).

    Raises CanonicalError for NaN and infinities, for whole numbers beyond 2^53 - 1 either way (floats
    too, unless their form has an exponent), for text that is not Unicode, for other types and for nesting
    beyond 100 levels.
    """
    # orjson writes the same form, but for some floats, the order of rare keys, and what only derives from a type.
    plain = _plain(value, DEEPEST)
    try:
        return orjson.dumps(value, option=_SORTED) if plain else _written(value).encode()
    except (UnicodeError, orjson.JSONEncodeError) as error:
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


def _plain(value: Any, depth: int) -> bool:
    """Whether orjson writes the value's form: exact types, usual floats, no key beyond the basic plane.

    Raises CanonicalError.
    """
    if depth < 0:
        raise CanonicalError(f"nested beyond {DEEPEST} levels")
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if isinstance(value, dict):
        plain = kind is dict
        for key, item in value.items():
            if type(key) is not str:
                if not isinstance(key, str):
                    raise CanonicalError(f"a key must be text, not {type(key).__name__}")
                plain = False
            if not key.isascii() and max(key) > "\uffff":
                plain = False
            if type(item) is not str and not _plain(item, depth - 1):
                plain = False
        if depth == 0 and value:
            raise CanonicalError(f"nested beyond {DEEPEST} levels")
        return plain
    if isinstance(value, list | tuple):
        plain = kind is list or kind is tuple
        for item in value:
            if type(item) is not str and not _plain(item, depth - 1):
                plain = False
        if depth == 0 and value:
            raise CanonicalError(f"nested beyond {DEEPEST} levels")
        return plain
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise CanonicalError(f"{value} is a whole number beyond 2^53 - 1")
        return kind is int
    if isinstance(value, float):
        if not math.isfinite(value):
            raise CanonicalError(f"{value} is not JSON")
        # Between these bounds a float is written as a whole number, which reading would have to refuse.
        if LARGEST < abs(value) < _EXPONENT_FROM:
            raise CanonicalError(f"{value!r} is a whole number beyond 2^53 - 1")
        # Broken numbers of ordinary size look alike in Python and ECMAScript.
        return kind is float and bool(value % 1) and abs(value) >= _ALIKE_FROM
    if not isinstance(value, str):
        raise CanonicalError(f"{kind.__name__} is not a JSON value")
    return False


def _written(value: Any) -> str:
    if isinstance(value, str):
        return _encode_text(value)
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_encode_text(key)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, float):
        return number(value)
    if value is None or isinstance(value, bool):
        return _encode_text(value)
    return int.__repr__(value)


def number(value: float) -> str:
    """A finite float as ECMAScript writes it (ECMA-262, Number::toString), which RFC 8785 asks for."""
    mantissa, _, exponent = float.__repr__(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if not digits:
        return "0"
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= _MOST_DIGITS:
        return sign + digits.ljust(point, "0")
    if 0 < point <= _MOST_DIGITS:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    shown = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{shown}e{point - 1:+d}"

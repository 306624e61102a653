from __future__ import annotations

import json
import math
import struct
from collections import OrderedDict
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.canonical import DEEPEST
from jineng.engines.seals import CanonicalError, canonical, digest, loads

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not 2**53 <= abs(x) < 1e21)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def test_example_of_rfc_8785() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(value) == expected.encode()


def test_key_order_of_rfc_8785() -> None:
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical(value))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_number_samples_of_rfc_8785(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == text.encode()


@given(JSON)
@settings(deadline=None)
def test_reading_back_gives_the_same_form(value: Any) -> None:
    form = canonical(value)
    assert canonical(loads(form)) == form
    assert digest(loads(form)) == digest(value)


@given(JSON)
@settings(deadline=None)
def test_the_form_is_that_of_an_independent_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not 2**53 <= abs(x) < 1e21))
@settings(deadline=None)
def test_any_number_is_written_as_an_independent_implementation_writes_it(value: float) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_digest_is_sha256_in_hex() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        2**53,
        -(2**53),
        float(2**53),
        -999999999999999900000.0,
        {1: 2},
        {"a": {1, 2}},
        b"x",
        "\ud800",
        {"\ud800": 1},
        _deep(101),
        object(),
    ],
)
def test_values_without_a_form_are_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


def test_a_hundred_levels_are_enough() -> None:
    assert canonical(_deep(100)).startswith(b"[[")


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "NaN",
        "-Infinity",
        "{",
        "",
        b"\xff\xfe\xfd",
        "9007199254740992",
        "[" * 100_000,
        '"\\ud800"',
    ],
)
def test_texts_that_are_not_strict_are_refused(text: str | bytes) -> None:
    with pytest.raises(CanonicalError):
        loads(text)


def test_texts_lie_no_deeper_than_anything_else() -> None:
    deep: object = {"a": "x"}
    for _ in range(DEEPEST - 1):
        deep = {"a": deep}
    assert canonical(deep)
    with pytest.raises(CanonicalError, match="nested"):
        canonical({"a": deep})


@pytest.mark.parametrize("inside", ["x", 1, None])
@pytest.mark.parametrize("wrapped", [lambda value: [value], lambda value: {"a": value}])
def test_the_deepest_level_is_the_same_for_every_kind_of_value(wrapped: Any, inside: Any) -> None:
    value = inside
    for _ in range(DEEPEST):
        value = wrapped(value)
    assert canonical(value)
    with pytest.raises(CanonicalError, match="nested beyond"):
        canonical(wrapped(value))


class Word(StrEnum):
    ONE = "一"


class Count(IntEnum):
    ONE = 1


class Pair(NamedTuple):
    one: int


class Half(float):
    def __repr__(self) -> str:
        return "half"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ([Word.ONE, {Word.ONE: Word.ONE}], ["一", {"一": "一"}]),
        ({"a": Count.ONE}, {"a": 1}),
        ([Pair(1)], [[1]]),
        ((0.5, "a"), [0.5, "a"]),
        ({"a": Half(0.5)}, {"a": 0.5}),
        (OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
    ],
)
def test_what_derives_from_a_type_is_written_as_that_type(value: Any, plain: Any) -> None:
    assert canonical(value) == canonical(plain)

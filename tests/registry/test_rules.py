"""The registry's law: rights by role and level, sound codes, kinship in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jineng.kernel.rights import Right
from jineng.registry.rules import READING, code_fault, in_order, rights_of


def test_higher_offices_hold_what_lower_ones_hold() -> None:
    province, city, school = (rights_of("officer", level) for level in ("province", "city", "institution"))
    assert school < city < province
    assert rights_of("officer", "county") == city
    assert Right.RELEASE_BRIEFS in province - city


@pytest.mark.parametrize("level", ["province", "city", "county", "institution"])
def test_auditors_read_and_administrators_appoint(level: str) -> None:
    assert rights_of("auditor", level) == READING | {Right.VIEW_AUDIT}
    assert {Right.MANAGE_POSTS, Right.MANAGE_MAIL} <= rights_of("administrator", level)
    assert not rights_of("administrator", level) & {Right.EDIT_REGISTRY, Right.SUBMIT_RETURNS}


def test_an_unknown_role_holds_nothing() -> None:
    assert rights_of("guest", "province") == frozenset()


@pytest.mark.parametrize(
    ("code", "scheme", "sound"),
    [
        ("4162010730", "school", True),
        ("416201073", "school", False),
        ("91110000600037341L", "credit", True),
        ("911100006000373419", "credit", False),
        ("620000-JY", "office", True),
    ],
)
def test_codes_are_held_against_their_scheme(code: str, scheme: str, sound: bool) -> None:
    fault = code_fault(code, scheme)
    assert (fault is None) is sound
    assert fault is None or all(fault)


@given(st.uuids(), st.uuids())
def test_a_pair_has_one_order(one: object, other: object) -> None:
    assert in_order(one, other) == in_order(other, one)

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from jineng.engines.exchange import codes

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 999))
def test_resident_check_character_agrees_with_stdnum(birthday: dt.date, order: int) -> None:
    number = f"620102{birthday:%Y%m%d}{order:03d}"
    whole = number + codes.resident_check_character(number)
    assert ric.calc_check_digit(number + "0") == whole[-1]
    assert codes.resident_id_fault(whole) is None


@given(st.text("0123456789", min_size=6, max_size=6), st.text(CREDIT, min_size=9, max_size=9))
def test_credit_check_character_agrees_with_stdnum(place: str, body: str) -> None:
    number = "91" + place + body
    whole = number + codes.credit_check_character(number)
    assert uscc.is_valid(whole)
    assert codes.credit_code_fault(whole) is None


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(at: int, shift: int) -> None:
    number = "11010519491231002X"
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert codes.resident_id_fault(number) is None
    assert codes.resident_id_fault(wrong) is not None


@pytest.mark.parametrize(
    ("number", "fault"),
    [("1101051949123100", "shape"), ("110105194913310020", "birthday"), ("110105194912310021", "check")],
)
def test_resident_faults(number: str, fault: str) -> None:
    assert codes.resident_id_fault(number) == fault


def test_credit_faults() -> None:
    assert codes.credit_code_fault("91110000600037341I") == "shape"
    assert codes.credit_code_fault("91110000600037341M") == "check"


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("4162010730", True),
        ("3162000001", True),
        ("4199010730", False),
        ("416201073", False),
        ("41620107300", False),
    ],
)
def test_school_code(number: str, good: bool) -> None:
    assert codes.is_school_code(number) is good


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("13912345678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("0931-8888888", "0931-8888888"),
        ("(0931)8888888", "0931-8888888"),
        ("09318888888", "0931-8888888"),
        ("01066096114", "010-66096114"),
        ("9318888888", "0931-8888888"),
        ("0931-8888888-801", "0931-8888888-801"),
        ("0931-8888888转801", "0931-8888888-801"),
        ("400-123-4567", "400-1234567"),
        ("12345", None),
        ("12912345678", None),
        ("0931-8888888-8011111", None),
        ("0931-888-88-88", "0931-8888888"),
    ],
)
def test_phone(written: str, tidy: str | None) -> None:
    assert codes.tidy_phone(written) == tidy
    if tidy is not None:
        assert codes.tidy_phone(tidy) == tidy

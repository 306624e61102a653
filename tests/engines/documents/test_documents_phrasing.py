"""A phrase is true of its value, and reads as official documents word it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.engines.documents.phrasing import FORMS, Form, PhraseError, agrees, phrase, plain

AMOUNTS = st.one_of(
    st.integers(0, 10**12),
    st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=3),
    st.floats(0, 10**12, allow_nan=False),
    st.fractions(0, 10**6, max_denominator=1000),
)


@pytest.mark.parametrize(
    ("value", "unit", "form", "text"),
    [
        (26_031, "名", "rounded", "2.6万名"),
        (88_013, "人次", "rounded", "8.8万人次"),
        (32_411, "人次", "rounded", "3.24万人次"),
        (17_603, "人", "rounded", "1.76万人"),
        (1_403_000_000, "元", "rounded", "14亿元"),
        (99_999, "人", "rounded", "10万人"),
        (99_999_999, "人", "rounded", "1亿人"),
        (1386, "个", "rounded", "1386个"),
        (0, "个", "rounded", "0个"),
        (10_248, "名", "over", "1万余名"),
        (26_031, "名", "over", "2.6万余名"),
        (243, "人次", "over", "240多人次"),
        (43, "人", "over", "40多人"),
        (693, "名", "nearly", "近700名"),
        (9_999, "人", "nearly", "近1万人"),
        (642, "人", "nearly", "近650人"),
        (1_400_000_000, "元", "exact", "14亿元"),
        (17_600, "人", "exact", "1.76万人"),
        (26_013, "人", "exact", "26013人"),
        (10_000, "人", "exact", "1万人"),
        (2555, "门", "exact", "2555门"),
        (0.5, "分", "exact", "0.5分"),
        (0, "个", "exact", "0个"),
        (243, "人", "at_least", "不少于240人"),
        (240, "人", "at_least", "不少于240人"),
        (26_031, "人", "at_least", "不少于2.6万人"),
        (7.5, "个", "at_least", "不少于7个"),
        (1, "比", "at_least", "不低于100%"),
        (0.9999, "比", "at_least", "不低于99%"),
        (0.368, "", "percent", "36.8%"),
        (0.5, "", "percent", "50%"),
        (Fraction(1, 3), "", "percent", "33.3%"),
        (0.99999, "", "percent", "99.9%"),
        (0.00001, "", "percent", "0.1%"),
        (0, "", "percent", "0%"),
        (1, "", "percent", "100%"),
        (1.2, "", "percent", "120%"),
    ],
)
def test_wording(value: float, unit: str, form: Form, text: str) -> None:
    assert phrase(value, unit, form).text == text


@pytest.mark.parametrize(
    ("value", "form", "digits", "text"),
    [
        (26_031, "rounded", 1, "3万"),
        (26_031, "rounded", 4, "2.603万"),
        (1386, "rounded", 2, "1400"),
        (12_600, "over", 1, "1万余"),
        (693, "nearly", 2, "近700"),
        (12_649, "at_least", 3, "不少于1.26万"),
        (0.36849, "percent", 2, "36.85%"),
        (0.36849, "percent", 0, "37%"),
    ],
)
def test_digits_can_be_chosen(value: float, form: Form, digits: int, text: str) -> None:
    assert phrase(value, "", form, digits=digits).text == text


def test_a_ratio_at_least_takes_decimals() -> None:
    assert phrase(1.0349, "比", "at_least", digits=1).text == "不低于103.4%"


def test_a_phrase_keeps_the_value_in_full() -> None:
    made = phrase(26_031, "名", "rounded")
    assert (made.exact, made.rounded_value, made.lower, made.upper) == ("26031", 26_000, 25_950, 26_050)
    assert str(made.rounded_value) == "26000"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (240, "over"),
        (10_000, "over"),
        (0, "over"),
        (7.5, "over"),
        (0, "nearly"),
        (700, "nearly"),
        (650, "nearly"),
        (1010, "nearly"),
        (-1, "exact"),
        (float("nan"), "exact"),
        (float("inf"), "rounded"),
        (True, "exact"),
    ],
)
def test_what_would_be_untrue_is_refused(value: float, form: Form) -> None:
    with pytest.raises(PhraseError):
        phrase(value, "", form)


def test_an_unknown_form_is_named_with_those_that_exist() -> None:
    with pytest.raises(PhraseError, match=r"about.*rounded"):
        phrase(1, "", "about")  # type: ignore[arg-type]
    with pytest.raises(PhraseError, match="about"):
        agrees(1, 1, "about")  # type: ignore[arg-type]


@pytest.mark.parametrize(("form", "digits"), [("rounded", 0), ("percent", -1), ("over", -2)])
def test_too_few_digits_are_refused(form: Form, digits: int) -> None:
    with pytest.raises(PhraseError, match="有效位数"):
        phrase(26_031, "", form, digits=digits)


@given(AMOUNTS, st.sampled_from(FORMS), st.sampled_from(["", "人", "比"]), st.none() | st.integers(1, 5))
@settings(deadline=None, max_examples=400)
def test_a_phrase_is_true_of_its_value(
    value: int | float | Decimal | Fraction, form: Form, unit: str, digits: int | None
) -> None:
    try:
        made = phrase(value, unit, form, digits=digits)
    except PhraseError:
        assert form in ("over", "nearly")
        return
    exact = Decimal(made.exact)
    assert made.lower <= exact <= made.upper
    assert made.lower <= made.rounded_value <= made.upper
    if form == "over":
        assert made.rounded_value < exact
    if form == "nearly":
        assert exact < made.rounded_value
        assert exact >= made.rounded_value * Decimal("0.95")
    if form == "percent":
        assert (made.text == "100%") <= (exact >= 1)
        assert (made.text == "0%") == (exact == 0)


@given(st.integers(1, 10**11), st.integers(1, 10**11))
@settings(deadline=None)
def test_rounding_keeps_order(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert phrase(low, "", "rounded").rounded_value <= phrase(high, "", "rounded").rounded_value


@given(st.integers(0, 10**11), st.sampled_from(["exact", "rounded", "over", "nearly", "percent"]))
@settings(deadline=None)
def test_a_value_agrees_with_its_own_phrase(value: int, form: Form) -> None:
    try:
        published = phrase(value, "", form).rounded_value
    except PhraseError:
        return
    assert agrees(value, published, form)


@pytest.mark.parametrize(
    ("value", "expected", "form", "verdict"),
    [
        (40, 40, "exact", True),
        (41, 40, "exact", False),
        (26_031, 26_000, "rounded", True),
        (25_900, 26_000, "rounded", False),
        (32_411, 32_400, "rounded", True),
        (10_248, 10_000, "over", True),
        (10_000, 10_000, "over", False),
        (9_990, 10_000, "over", False),
        (12_000, 10_000, "over", False),
        (243, 240, "over", True),
        (693, 700, "nearly", True),
        (700, 700, "nearly", False),
        (640, 700, "nearly", False),
        (1.03, 1.0, "at_least", True),
        (Fraction(999, 1000), 1.0, "at_least", False),
        (0.3681, 0.368, "percent", True),
    ],
)
def test_agreement_with_a_published_phrase(value: float, expected: float, form: Form, verdict: bool) -> None:
    assert agrees(value, expected, form) is verdict


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1E+4"), "10000"), (Decimal("2.60"), "2.6"), (Decimal("100"), "100")]
)
def test_plain_digits(value: Decimal, text: str) -> None:
    assert plain(value) == text

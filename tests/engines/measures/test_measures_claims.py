from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.measures import province

from jineng.engines.measures import ClaimError, DuckDBEngine, Period, Verdict, number_text, parse, verify
from jineng.engines.measures.claims import MAX_DEPTH, MAX_LENGTH, MAX_TOKENS

STOCK = "stock@-1 + added - revoked == stock"
VALUES = {("stock", 1): 1232, ("added", 0): 82, ("revoked", 0): 140, ("stock", 0): 1174}


def test_a_claim_that_holds_shows_its_numbers() -> None:
    claim = parse(STOCK)
    assert claim.wanted() == (("stock", 1), ("added", 0), ("revoked", 0), ("stock", 0))
    assert claim.check(VALUES) == Verdict(True, "1232 + 82 - 140 = 1174")


def test_a_claim_that_fails_shows_by_how_much() -> None:
    verdict = parse(STOCK).check({**VALUES, ("stock", 0): 1175})
    assert verdict == Verdict(False, "1232 + 82 - 140 = 1174 ≠ 1175")


def test_missing_values_are_named() -> None:
    verdict = parse(STOCK).check(lambda key, back: None if key == "stock" else 1)
    assert verdict == Verdict(False, "? + 1 - 1 = ?", ("stock@-1", "stock"))


@pytest.mark.parametrize(
    ("text", "ok", "shown"),
    [
        ("14 + 28 + 90 == 132", True, "14 + 28 + 90 = 132"),
        ("a >= 100%", True, "3 ≥ 100%"),
        ("c == 50%", True, "0.5 = 50%"),
        ("a × b ÷ c － 1 ≤ 0", True, "3 × (-4) ÷ 0.5 - 1 ≤ 0"),
        ("a*(b+c) - (a-b) < 1 <= 2 >= 5", False, "3 × (-4 + 0.5) - (3 - (-4)) < 1 ≤ 2 < 5"),
        ("a/(b*c) < 0", True, "3 ÷ (-4 × 0.5) < 0"),
        ("a-(b-c) == 7.5", True, "3 - (-4 - 0.5) = 7.5"),
        ("(a-b)-c == 6.5", True, "3 - (-4) - 0.5 = 6.5"),
        ("-(a+b) == 1", True, "-(3 + (-4)) = 1"),
        ("-b*-c == -2", True, "-(-4) × (-0.5) = -2"),
        ("a == b == c", False, "3 ≠ -4 ≠ 0.5"),
        ("a > 1 and a > 2 or b > 0", True, "（3 > 1，且 3 > 2），或 -4 ≤ 0"),
        ("a > 1 and a > 2 and a > 3", False, "3 > 1，且 3 > 2，且 3 ≤ 3"),
        ("a > 4 and a > 2", False, "3 ≤ 4，且 3 > 2"),
        ("not a != 3", True, "非（3 = 3）"),
        ("not not a == 3", True, "非（非（3 = 3））"),
        ("a/3 + c == 1.6", False, "3 ÷ 3 + 0.5 = 1.5 ≠ 1.6"),
        ("2 > 1 + 2", False, "2 ≤ 1 + 2 = 3"),
        ("1/3 < 0.3", False, "1 ÷ 3 = 0.333333 ≥ 0.3"),
        ("（a ＋ 1） ＝＝ 4", True, "3 + 1 = 4"),
        ("(a == 3)", True, "3 = 3"),
        ("a ≠ 4 and a ≥ 3", True, "3 ≠ 4，且 3 ≥ 3"),
        ("a < 3 or a <= 2", False, "3 ≥ 3，或 3 > 2"),
    ],
)
def test_reading_and_showing(text: str, ok: bool, shown: str) -> None:
    verdict = parse(text).check({("a", 0): 3, ("b", 0): -4, ("c", 0): 0.5})
    assert (verdict.ok, verdict.shown) == (ok, shown)


def test_division_by_zero_is_a_fault_not_an_accident() -> None:
    verdict = parse("1 / a == 1").check({("a", 0): 0})
    assert verdict == Verdict(False, "1 ÷ 0 = 1", (), "除数为零 / division by zero")


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 0, "却是结尾"),
        ("a +", 3, "found the end"),
        ("a + == 1", 4, "却是“==”"),
        ("a", 0, "一个判断"),
        ("not a", 4, "a condition such as"),
        ("a and b > 1", 0, "a condition such as"),
        ("b > 1 or a", 9, "a condition such as"),
        ("a + (b == c) > 1", 4, "a number is needed"),
        ("(b == c) + a > 1", 0, "a number is needed"),
        ("-(b == c) > 1", 0, "a number is needed"),
        ("(b == c) > 1", 0, "a number is needed"),
        ("a == (b == c)", 5, "a number is needed"),
        ("(a > 1", 0, "never closed"),
        ("a > 1)", 5, "unexpected"),
        ("a b", 2, "unexpected 'b'"),
        ("a = 1", 2, "write == for equality"),
        ("a > 1  $", 7, "cannot read"),
        ("A > 1", 0, "不认识“A”"),
        ("a@1 > 1", 1, "cannot read '@'"),
        ("__import__('os') == 1", 0, "cannot read"),
        ("(" * (MAX_DEPTH + 1) + "1", MAX_DEPTH, "nested too deeply"),
        ("-" * (MAX_DEPTH + 1) + "1", MAX_DEPTH, "nested too deeply"),
        ("not " * (MAX_DEPTH + 1) + "1 > 0", 4 * (MAX_DEPTH + 1), "nested too deeply"),
        ("1+" * MAX_TOKENS + "1 > 0", MAX_TOKENS, "split it"),
        (" " * MAX_LENGTH + "1 > 0", MAX_LENGTH, "longer than"),
    ],
)
def test_errors_say_where_and_what(text: str, position: int, message: str) -> None:
    with pytest.raises(ClaimError, match=r"处：.* / at character") as caught:
        parse(text)
    assert caught.value.position == position
    assert message in str(caught.value)
    assert caught.value.zh.startswith(f"第{position + 1}个字符处")


@given(st.text(alphabet="ab01 +-*/()<>=!@%andortn≤", max_size=40))
@settings(deadline=None, max_examples=300)
def test_any_text_is_either_a_claim_or_an_error_in_place(text: str) -> None:
    try:
        claim = parse(text)
    except ClaimError as error:
        position = error.position
    else:
        position = 0
        assert claim.check(lambda key, back: 1).missing == ()
    assert 0 <= position <= len(text)


ATOMS = st.sampled_from(["a", "b", "2", "7", "c@-1"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
    flat = st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
    return pair | flat | inner.map(lambda text: f"-({text})")


@given(
    st.recursive(ATOMS, _grown, max_leaves=8),
    st.tuples(*[st.fractions(-9, 9, max_denominator=4) for _ in range(3)]),
)
@settings(deadline=None, max_examples=200)
def test_the_numbers_shown_come_to_the_same_as_the_claim(text: str, numbers: tuple[Fraction, ...]) -> None:
    """What is printed can be read again, and holds or fails as the claim did."""
    a, b, c = numbers
    verdict = parse(f"{text} < 5").check({("a", 0): a, ("b", 0): b, ("c", 1): c})
    if verdict.fault is None:
        left = verdict.shown.replace(" = ", "\n").replace(" ≥ ", "\n").replace(" < ", "\n").split("\n")[0]
        assert parse(f"{left} < 5").check({}).ok is verdict.ok


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (2.50, "2.5"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(-5, 4), "-1.25"),
        (10**20, "1" + "0" * 20),
    ],
)
def test_numbers_print_plainly(value: int | float | Fraction, text: str) -> None:
    assert number_text(value) == text


def test_claims_are_verified_from_one_query() -> None:
    sources, catalogue = province.fresh_sources(), province.fresh_catalogue()
    engine = DuckDBEngine.over_rows(sources, province.ROWS)
    asked = []

    class Counting:
        dialect = "duckdb"
        shares_scans = False

        def together(self, exprs: list[object], during: list[Period]) -> list[dict[str, object]]:
            asked.append(exprs)
            return engine.together(exprs, during)

    claims = [parse("awards > awards@-1"), parse("items == awards"), parse("other + awards > 1")]
    verdicts = verify(Counting(), catalogue, sources, claims, Period.year(2021))
    assert [verdict.shown for verdict in verdicts] == ["10 > 3", "9 ≠ 10", "? + 10 > 1"]
    assert [verdict.ok for verdict in verdicts] == [True, False, False]
    assert verdicts[2].missing == ("other",)
    assert len(asked) == 1
    empty = verify(Counting(), catalogue, sources, [parse("money_per_award@-1 > 1"), parse("1 > 0")], Period.year(1990))
    assert [verdict.missing for verdict in empty] == [("money_per_award@-1",), ()]

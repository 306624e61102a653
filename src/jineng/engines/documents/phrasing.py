"""How official documents word a number: 26,031 → 2.6万, 10,248 → 1万余, 693 → 近700.

A phrase is true of its value or it is not made. Scale words are 万 from 10,000 and 亿 from 100,000,000
on; with n significant digits, the rules are:

exact     the value itself. 万 and 亿 are used where at most two decimals then say it in full (17,600 →
          1.76万; 1,400,000,000 → 14亿); otherwise all digits, without separators (26031).
rounded   half up to n digits (default 3), trailing zeros dropped: 26,031 → 2.6万, 32,411 → 3.24万. Below
          10,000 the value is printed in full unless n is given.
over      cut down to n digits (default 2 from 100 on, else 1) and 余 after a scale word, 多 without: 10,248 →
          1万余, 243 → 240多. The value lies strictly above the number printed, by less than one step.
nearly    raised to 1 digit if the value is at most 5 % below that, else to 2 digits: 693 → 近700. The value
          lies strictly below the number printed.
at_least  cut down as `over` does, but the number itself counts: 不少于240; a ratio (unit 比) in percent:
          不低于100%.
percent   a ratio in percent with n decimals (default 1), trailing zeros dropped: 0.368 → 36.8%. What falls
          short of all is never printed as 100%, what is more than nothing never as 0%.

Years and ordinals are not amounts: write them as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal, get_args

Form = Literal["exact", "rounded", "over", "nearly", "at_least", "percent"]
FORMS: tuple[Form, ...] = get_args(Form)
Number = int | float | Decimal | Fraction
NEARLY = Decimal("0.95")
RATIO = "比"
WAN, YI = Decimal(10_000), Decimal(100_000_000)


class PhraseError(ValueError):
    """The form cannot be said truthfully of the value; the message says why and what to use instead."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A number as printed.

    `text` is the wording with its unit (2.6万名), `exact` the full value as text (26031), `rounded_value` the
    number that the wording names (26000). The wording holds for values from `lower` to `upper`; the value it
    was made for is one of them.
    """

    text: str
    exact: str
    rounded_value: Decimal
    lower: Decimal
    upper: Decimal


def plain(value: Decimal) -> str:
    """All digits of a number, without exponent, separators or trailing zeros: 1E+4 → 10000."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(value: Decimal) -> str:
    """A number in 亿 or 万 where it reaches them: 26000 → 2.6万."""
    if value >= YI:
        return plain(value / YI) + "亿"
    if value >= WAN:
        return plain(value / WAN) + "万"
    return plain(value)


def _decimal(value: Number) -> Decimal:
    if isinstance(value, bool):
        raise PhraseError("真假值不是数量。 A truth value is no amount.")
    if isinstance(value, Fraction):
        with localcontext(prec=60):
            number = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise PhraseError(f"“{value}”不是数。 {value} is not a number that can be printed.")
    if number < 0:
        raise PhraseError(f"{value} 为负数，无法表述；请改述为减少。 {value} is negative: word it as a decrease.")
    return number


def _to_digits(value: Decimal, digits: int, rounding: str) -> Decimal:
    """`value` (above 0) brought to a number of significant digits."""
    step = Decimal(1).scaleb(value.adjusted() - digits + 1)
    return (value / step).to_integral_value(rounding=rounding) * step


def _step(value: Decimal, digits: int) -> Decimal:
    return Decimal(1).scaleb(value.adjusted() - digits + 1)


def _positive(value: Decimal, form: Form) -> None:
    if value == 0:
        raise PhraseError(f"0 无法表述为“{form}”；请用 exact。 0 cannot be said as {form}: use exact.")


def _made(words: str, value: Decimal, number: Decimal, lower: Decimal, upper: Decimal) -> Phrase:
    tidy = (Decimal(plain(part)) for part in (number, lower, upper))
    return Phrase(words, plain(value), *tidy)


def _exact(value: Decimal, unit: str) -> Phrase:
    short = scaled(value)
    whole = value >= WAN and -int(Decimal(short[:-1]).as_tuple().exponent) <= 2
    words = short if whole else plain(value)
    return _made(words + unit, value, value, value, value)


def _rounded(value: Decimal, unit: str, digits: int | None) -> Phrase:
    if value == 0 or (digits is None and value < WAN):
        return _exact(value, unit)
    count = 3 if digits is None else digits
    number = _to_digits(value, count, ROUND_HALF_UP)
    half = _step(value, count) / 2
    return _made(scaled(number) + unit, value, number, number - half, number + half)


def _floor_digits(value: Decimal, digits: int | None) -> int:
    return (2 if value >= 100 else 1) if digits is None else digits


def _over(value: Decimal, unit: str, digits: int | None) -> Phrase:
    _positive(value, "over")
    count = _floor_digits(value, digits)
    number = _to_digits(value, count, ROUND_FLOOR)
    if number == value or value < 10:
        raise PhraseError(
            f"{plain(value)} 没有超出整数，不能写“余”“多”；请用 exact。 "
            f"{plain(value)} is not above a round number: use exact."
        )
    words = scaled(number)
    more = "余" if words[-1] in "万亿" else "多"
    return _made(words + more + unit, value, number, number, number + _step(value, count))


def _nearly(value: Decimal, unit: str, digits: int | None) -> Phrase:
    _positive(value, "nearly")
    for count in (1, 2) if digits is None else (digits,):
        number = _to_digits(value, count, ROUND_CEILING)
        if number > value >= number * NEARLY:
            return _made("近" + scaled(number) + unit, value, number, number * NEARLY, number)
        if number == value:
            break
    raise PhraseError(
        f"{plain(value)} 不在整数之下 5% 以内，不能写“近”；请用 over 或 exact。 "
        f"{plain(value)} is not within 5 % below a round number: use over or exact."
    )


def _at_least(value: Decimal, unit: str, digits: int | None) -> Phrase:
    if unit == RATIO:
        places = 0 if digits is None else digits
        number = (value * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR)
        step = Decimal(1).scaleb(-places)
        return _made(f"不低于{plain(number)}%", value, number / 100, number / 100, (number + step) / 100)
    if value < 10:
        whole = value.to_integral_value(rounding=ROUND_FLOOR)
        return _made(f"不少于{plain(whole)}{unit}", value, whole, whole, whole + 1)
    count = _floor_digits(value, digits)
    number = _to_digits(value, count, ROUND_FLOOR)
    return _made(f"不少于{scaled(number)}{unit}", value, number, number, number + _step(value, count))


def _percent(value: Decimal, digits: int | None) -> Phrase:
    step = Decimal(1).scaleb(-(1 if digits is None else digits))
    share = value * 100
    number = share.quantize(step, rounding=ROUND_HALF_UP)
    lower, upper = number - step / 2, number + step / 2
    if share < 100 <= number:
        number, lower, upper = 100 - step, 100 - step, Decimal(100)
    elif number == 0 < share:
        number, lower, upper = step, Decimal(0), step
    elif number in (0, 100):
        lower = number
    return _made(f"{plain(number)}%", value, number / 100, lower / 100, upper / 100)


def phrase(value: Number, unit: str, form: Form, *, digits: int | None = None) -> Phrase:
    """The value in words of the given form, followed by its unit.

    `digits` are significant digits, for `percent` (and `at_least` of a ratio) decimals; the module says the
    defaults and rules of each form. A ratio is given as such (0.368), not in percent.

    Raises:
        PhraseError: the form cannot be said truthfully of the value, or is unknown.
    """
    with localcontext(prec=60):
        number = _decimal(value)
        if digits is not None and digits < (0 if form == "percent" or unit == RATIO else 1):
            raise PhraseError(f"有效位数 {digits} 过小。 {digits} digits are too few.")
        match form:
            case "exact":
                return _exact(number, unit)
            case "rounded":
                return _rounded(number, unit, digits)
            case "over":
                return _over(number, unit, digits)
            case "nearly":
                return _nearly(number, unit, digits)
            case "at_least":
                return _at_least(number, unit, digits)
            case "percent":
                return _percent(number, digits)
        raise PhraseError(
            f"没有“{form}”这种表述；可用：{'、'.join(FORMS)}。 Unknown form {form!r}; known: {', '.join(FORMS)}."
        )


def agrees(value: Number, expected: Number, form: Form) -> bool:
    """Whether a computed value is phrased as a published one was.

    `expected` is the number that the published phrase names: 26,031 agrees with 26,000 as `rounded`, 10,248
    with 10,000 as `over`, 693 with 700 as `nearly`. `exact` asks for equality, `at_least` for no less.

    Raises:
        PhraseError: the form is unknown, or one of the values is no amount.
    """
    target, actual = _decimal(expected), _decimal(value)
    if form == "at_least":
        return actual >= target
    if form == "exact" or form not in FORMS:
        return phrase(value, "", form).rounded_value == target
    try:
        return phrase(value, "", form).rounded_value == target
    except PhraseError:
        return False

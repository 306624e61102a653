"""Checks: whether a claim holds for given values, and how that reads with the numbers in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from jineng.engines.measures.claims import (
    Arithmetic,
    Comparison,
    Condition,
    Constant,
    Junction,
    Name,
    Negative,
    Not,
    Operation,
    names,
    parse_claim,
)
from jineng.engines.measures.compute import Value, as_fraction, measure_many, number_text
from jineng.engines.measures.engine import Engine
from jineng.engines.measures.indicator import Catalogue
from jineng.engines.measures.period import Period
from jineng.engines.measures.source import Sources

Lookup = Callable[[str, int], Value | None]
"""Gives the value of an indicator so many periods ago (0: now), None where there is none."""

SHOWN = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
OPPOSITE = {"==": "≠", "!=": "=", "<": "≥", "<=": ">", ">": "≤", ">=": "<"}
SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}


@dataclass(frozen=True)
class Verdict:
    """Whether the claim holds (`ok`), and how it reads with its numbers in `shown`.

    `missing` lists the names that have no value, written as in the claim; with any missing, or a division by
    zero (`fault`, Chinese and English), the claim does not hold.
    """

    ok: bool
    shown: str
    missing: tuple[str, ...] = ()
    fault: str | None = None


@dataclass(frozen=True)
class Claim:
    """A parsed claim; `text` is as written."""

    text: str
    condition: Condition

    def wanted(self) -> tuple[tuple[str, int], ...]:
        """The keys that the claim reads, and how many periods back, each once, from left to right."""
        return tuple(dict.fromkeys((name.key, name.back) for name in names(self.condition)))

    def check(self, values: Lookup | Mapping[tuple[str, int], Value | None]) -> Verdict:
        """The verdict over `values`: a function (key, periods back) -> value, or a mapping of such pairs."""
        found: dict[tuple[str, int], Fraction] = {}
        missing = []
        for pair in self.wanted():
            value = values.get(pair) if isinstance(values, Mapping) else values(*pair)
            if value is None:
                missing.append(f"{pair[0]}@-{pair[1]}" if pair[1] else pair[0])
            else:
                found[pair] = as_fraction(value)
        shown = _show_condition(self.condition, found)
        if missing:
            return Verdict(False, shown, tuple(missing))
        try:
            return Verdict(_holds(self.condition, found), shown)
        except ZeroDivisionError:
            return Verdict(False, shown, (), "除数为零 / division by zero")


def parse(text: str) -> Claim:
    """Read a claim, such as `stock@-1 + added - revoked == stock`. Raises ClaimError (see claims)."""
    return Claim(text, parse_claim(text))


def verify(
    engine: Engine, catalogue: Catalogue, sources: Sources, claims: Iterable[Claim], period: Period
) -> list[Verdict]:
    """The verdict on each of `claims` in `period`, all values from one query.

    A key that is not in the catalogue, and a ratio whose denominator is 0, counts as missing.
    """
    given = list(claims)
    pairs = {pair for claim in given for pair in claim.wanted() if pair[0] in catalogue}
    wanted = [(key, period.back(back)) for key, back in sorted(pairs)]
    measured = measure_many(engine, catalogue, sources, wanted)

    def look(key: str, back: int) -> Value | None:
        found = measured.get((key, period.back(back)))
        return None if found is None else found.value

    return [claim.check(look) for claim in given]


Found = Mapping[tuple[str, int], Fraction]


def _compute(node: Arithmetic, found: Found) -> Fraction:
    match node:
        case Constant(value, _):
            return value
        case Name(key, back):
            return found[key, back]
        case Negative(operand):
            return -_compute(operand, found)
        case _:
            left, right = _compute(node.left, found), _compute(node.right, found)
            if node.sign == "+":
                return left + right
            if node.sign == "-":
                return left - right
            return left * right if node.sign == "*" else left / right


def _link(sign: str, left: Fraction, right: Fraction) -> bool:
    if sign in ("==", "!="):
        return (left == right) is (sign == "==")
    if sign in ("<", ">="):
        return (left < right) is (sign == "<")
    return (left <= right) is (sign == "<=")


def _holds(node: Condition, found: Found) -> bool:
    match node:
        case Comparison(terms, signs):
            numbers = [_compute(term, found) for term in terms]
            return all(
                _link(sign, left, right) for sign, left, right in zip(signs, numbers[:-1], numbers[1:], strict=True)
            )
        case Not(operand):
            return not _holds(operand, found)
        case _:
            verdicts = [_holds(part, found) for part in node.parts]
            return all(verdicts) if node.word == "and" else any(verdicts)


def _show(node: Arithmetic, found: Found, rank: int = 0, right: bool = False) -> str:
    """`node` with numbers, in brackets where the sign around it (of that rank) would take it apart."""
    match node:
        case Constant(_, text):
            return text
        case Name(key, back):
            value = found.get((key, back))
            shown = "?" if value is None else number_text(value)
            return f"({shown})" if right and shown.startswith("-") else shown
        case Negative(operand):
            shown = f"-{_show(operand, found, 3, True)}"
            return f"({shown})" if right else shown
        case _:
            own = 1 if node.sign in "+-" else 2
            text = f"{_show(node.left, found, own)} {SIGNS[node.sign]} {_show(node.right, found, own, True)}"
            return f"({text})" if own < rank or (right and own == rank) else text


def _show_condition(node: Condition, found: Found) -> str:
    match node:
        case Comparison(terms, signs):
            return _show_comparison(terms, signs, found)
        case Not(operand):
            return f"非（{_show_condition(operand, found)}）"
        case _:
            joint = "，且 " if node.word == "and" else "，或 "
            return joint.join(
                f"（{_show_condition(part, found)}）" if isinstance(part, Junction) else _show_condition(part, found)
                for part in node.parts
            )


def _show_comparison(terms: tuple[Arithmetic, ...], signs: tuple[str, ...], found: Found) -> str:
    """The chain with numbers; a link that fails has the opposite sign and what each side comes to."""
    try:
        numbers = [_compute(term, found) for term in terms]
    except (KeyError, ZeroDivisionError):
        pieces = [_show(terms[0], found)]
        for sign, term in zip(signs, terms[1:], strict=True):
            pieces += [SHOWN[sign], _show(term, found)]
        return " ".join(pieces)
    links = zip(signs, numbers[:-1], numbers[1:], strict=True)
    kept = [_link(sign, left, right) for sign, left, right in links]
    pieces = [_valued(terms[0], numbers[0], found, explain=not kept[0])]
    for place, sign in enumerate(signs, start=1):
        explain = not all(kept[place - 1 : place + 1])
        shown = SHOWN[sign] if kept[place - 1] else OPPOSITE[sign]
        pieces += [shown, _valued(terms[place], numbers[place], found, explain=explain)]
    return " ".join(pieces)


def _valued(term: Arithmetic, number: Fraction, found: Found, *, explain: bool) -> str:
    shown = _show(term, found)
    if explain and isinstance(term, Operation):
        return f"{shown} = {number_text(number)}"
    return shown

"""The grammar of claims: the condition under which a sentence of a brief may be printed.

    claim      = either { "or" either }
    either     = both { "and" both }
    both       = "not" both | comparison
    comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]...      (chains: a < b <= c)
    sum        = product { ("+" | "-") product }
    product    = factor { ("*" | "/") factor }
    factor     = ["-"] ( number ["%"] | name ["@-" digits] | "(" claim ")" )

A name is the key of an indicator; `name@-1` is its value in the period before. ≤ ≥ ≠ × ÷ − and full-width
signs are read as their plain forms. Nothing is evaluated by Python itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import RESERVED

MAX_LENGTH = 4000
MAX_TOKENS = 200
MAX_DEPTH = 50

PLAIN = str.maketrans("＋－−＊×／÷（）＜＞＝！％＠．", "+--**//()<>=!%@.")
SAME = {"≤": "<=", "≥": ">=", "≠": "!="}
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?%?)|(?P<name>[a-z][a-z0-9_]*(?:@-\d{1,2})?)"
    r"|(?P<sign>==|!=|<=|>=|[≤≥≠<>()+\-*/]))",
    re.ASCII,
)


class ClaimError(MeasureError):
    """A claim that cannot be read; `position` counts characters from 0."""

    def __init__(self, position: int, zh: str, en: str) -> None:
        super().__init__(f"第{position + 1}个字符处：{zh}", f"at character {position + 1}: {en}")
        self.position = position


@dataclass(frozen=True)
class Constant:
    """A number as written; `text` is what is shown."""

    value: Fraction
    text: str


@dataclass(frozen=True)
class Name:
    """The value of an indicator `back` periods ago (0: in the period of the claim)."""

    key: str
    back: int


@dataclass(frozen=True)
class Negative:
    """A term with its sign turned."""

    operand: Arithmetic


@dataclass(frozen=True)
class Operation:
    """`left` `sign` `right`, sign one of + - * /."""

    sign: str
    left: Arithmetic
    right: Arithmetic


@dataclass(frozen=True)
class Comparison:
    """A chain: terms[0] signs[0] terms[1] signs[1] terms[2] …, true where each link is."""

    terms: tuple[Arithmetic, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    """A condition that must not hold."""

    operand: Condition


@dataclass(frozen=True)
class Junction:
    """`parts` joined by `word`, which is and or or."""

    word: str
    parts: tuple[Condition, ...]


Arithmetic = Constant | Name | Negative | Operation
Condition = Comparison | Not | Junction
Node = Arithmetic | Condition


@dataclass(frozen=True)
class Token:
    """One word of a claim and where it stands."""

    kind: str
    text: str
    position: int


def parse_claim(text: str) -> Condition:
    """The condition that `text` writes. Raises ClaimError, which says where and what is wrong."""
    if len(text) > MAX_LENGTH:
        raise ClaimError(
            MAX_LENGTH,
            f"核对式过长（超过{MAX_LENGTH}个字符）",
            f"the claim is longer than {MAX_LENGTH} characters",
        )
    tokens = list(_tokens(text))
    if len(tokens) > MAX_TOKENS:
        raise ClaimError(
            tokens[MAX_TOKENS].position,
            f"核对式过长（超过{MAX_TOKENS}个记号），请拆成几条",
            f"the claim has more than {MAX_TOKENS} tokens; split it",
        )
    reader = _Reader(tokens)
    node = reader.claim()
    rest = reader.peek()
    if rest.kind != "end":
        raise ClaimError(rest.position, f"多余的“{rest.text}”", f"unexpected '{rest.text}'")
    return _condition(node, 0)


def names(node: Node) -> Iterator[Name]:
    """All names in a claim, from left to right."""
    match node:
        case Name():
            yield node
        case Negative(operand) | Not(operand):
            yield from names(operand)
        case Operation(_, left, right):
            yield from names(left)
            yield from names(right)
        case Comparison(terms, _):
            for term in terms:
                yield from names(term)
        case Junction(_, parts):
            for part in parts:
                yield from names(part)
        case _:
            return


def _tokens(text: str) -> Iterator[Token]:
    plain = text.translate(PLAIN)
    at = 0
    end = len(plain.rstrip())
    while at < end:
        found = TOKEN.match(plain, at)
        if found is None:
            at += len(plain[at:]) - len(plain[at:].lstrip())
            hint, hint_en = ("；相等写作==", "; write == for equality") if plain[at] == "=" else ("", "")
            raise ClaimError(at, f"不认识“{text[at]}”{hint}", f"cannot read '{text[at]}'{hint_en}")
        kind = str(found.lastgroup)
        word = found.group(kind)
        if word in RESERVED:
            yield Token("sign", word, found.start(kind))
        else:
            yield Token(kind, SAME.get(word, word), found.start(kind))
        at = found.end()
    yield Token("end", "", len(text))


def _condition(node: Node, position: int) -> Condition:
    if isinstance(node, Comparison | Not | Junction):
        return node
    raise ClaimError(
        position,
        "这里要一个判断（如 a == b），不是数",
        "a condition such as a == b is needed here, not a number",
    )


def _arithmetic(node: Node, position: int) -> Arithmetic:
    if isinstance(node, Comparison | Not | Junction):
        raise ClaimError(position, "这里要一个数，不是判断", "a number is needed here, not a condition")
    return node


class _Reader:
    """Recursive descent over the tokens of one claim."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def peek(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> Token | None:
        token = self.peek()
        if token.kind == "sign" and token.text in texts:
            self._at += 1
            return token
        return None

    def claim(self) -> Node:
        return self._junction("or")

    def _junction(self, word: str) -> Node:
        below = self._both if word == "and" else lambda: self._junction("and")
        start = self.peek().position
        first = below()
        parts: list[Condition] = []
        while self._take(word):
            if not parts:
                parts.append(_condition(first, start))
            start = self.peek().position
            parts.append(_condition(below(), start))
        return Junction(word, tuple(parts)) if parts else first

    def _both(self) -> Node:
        if self._take("not"):
            start = self.peek().position
            self._deeper(start)
            inner = _condition(self._both(), start)
            self._depth -= 1
            return Not(inner)
        return self._comparison()

    def _comparison(self) -> Node:
        start = self.peek().position
        first = self._sum()
        terms: list[Arithmetic] = []
        signs = []
        while sign := self._take("==", "!=", "<", "<=", ">", ">="):
            if not terms:
                terms.append(_arithmetic(first, start))
            start = self.peek().position
            terms.append(_arithmetic(self._sum(), start))
            signs.append(sign.text)
        return Comparison(tuple(terms), tuple(signs)) if signs else first

    def _sum(self) -> Node:
        return self._chain(("+", "-"))

    def _chain(self, signs: tuple[str, ...]) -> Node:
        below = self._factor if "*" in signs else lambda: self._chain(("*", "/"))
        start = self.peek().position
        left = below()
        while sign := self._take(*signs):
            first = _arithmetic(left, start)
            right = self.peek().position
            left = Operation(sign.text, first, _arithmetic(below(), right))
        return left

    def _factor(self) -> Node:
        token = self.peek()
        if self._take("-"):
            self._deeper(token.position)
            operand = _arithmetic(self._factor(), token.position)
            self._depth -= 1
            return Negative(operand)
        if self._take("("):
            self._deeper(token.position)
            inside = self.claim()
            self._depth -= 1
            if not self._take(")"):
                raise ClaimError(token.position, "括号没有闭合", "this bracket is never closed")
            return inside
        if token.kind == "number":
            self._at += 1
            share = Fraction(token.text.rstrip("%"))
            return Constant(share / 100 if token.text.endswith("%") else share, token.text)
        if token.kind == "name":
            self._at += 1
            key, _, back = token.text.partition("@-")
            return Name(key, int(back or 0))
        what, what_en = (f"“{token.text}”", f"'{token.text}'") if token.text else ("结尾", "the end")
        raise ClaimError(
            token.position,
            f"这里要一个数、指标键或括号，却是{what}",
            f"a number, an indicator key or a bracket is needed here, found {what_en}",
        )

    def _deeper(self, position: int) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ClaimError(position, "嵌套过深", "nested too deeply")

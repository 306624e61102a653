"""The grammar of conditions, which guard actions, show fields and choose ways.

    condition  = both { "or" both }
    both       = negation { "and" negation }
    negation   = "not" negation | comparison
    comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
                     | ["not"] "in" ( "[" sum { "," sum } "]" | name )
                     | "is" ["not"] "empty" ]
    sum        = product { ("+" | "-") product }
    product    = factor { "*" factor }
    factor     = "-" factor | number ["%"] | date | text | "true" | "false" | name
               | ("count" | "sum") "(" name ")" | "(" condition ")"
    name       = word { "." word }            date = 2026-05-01            text = "…" or '…'

≤ ≥ ≠ and full-width signs are read as their plain forms. There is no division, so nothing can fail for a value.
Nothing is evaluated by Python itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MAX_LENGTH = 2000
MAX_TOKENS = 200
MAX_DEPTH = 30
WORDS = frozenset({"and", "or", "not", "in", "is", "empty", "true", "false", "count", "sum", "facts", "case"})
"""Words that a field cannot be called by."""

_SAME = {"≤": "<=", "≥": ">=", "≠": "!=", "＋": "+", "－": "-", "−": "-", "＊": "*", "×": "*", "（": "(", "）": ")",
         "＜": "<", "＞": ">", "［": "[", "］": "]", "，": ",", "【": "[", "】": "]", "＝＝": "=="}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2}(?!\d))|(?P<number>\d+(?:\.\d+)?%?)(?![\w.])"
    r"|(?P<name>[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)(?!\w)"
    r"""|(?P<text>"[^"\n]*"|'[^'\n]*'|“[^”\n]*”)"""
    r"|(?P<sign>==|＝＝|!=|<=|>=|[≤≥≠<>()\[\],+\-*＋－−＊×（）＜＞［］【】，]))"
)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class ConditionError(ValueError):
    """A condition that cannot be read; `position` counts characters from 0."""

    def __init__(self, position: int, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.position = position
        self.zh = f"条件第{position + 1}个字符处：{zh}"
        self.en = f"at character {position + 1} of the condition: {en}"


@dataclass(frozen=True)
class Constant:
    """A value as written."""

    value: Decimal | str | date | bool


@dataclass(frozen=True)
class Name:
    """An answer, a fact, or something of the case."""

    path: str


@dataclass(frozen=True)
class Call:
    """`count` of what a list, table or set of files holds, or `sum` of a table's column."""

    function: str
    name: Name


@dataclass(frozen=True)
class Negative:
    """A number with its sign turned."""

    operand: Node


@dataclass(frozen=True)
class Operation:
    """`left` `sign` `right`, sign one of + - *."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison:
    """`left` `sign` `right`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Member:
    """Whether `value` is among `options`: values, or the name of a list."""

    value: Node
    options: tuple[Node, ...] | Name
    negated: bool


@dataclass(frozen=True)
class Empty:
    """Whether nothing was filled in."""

    value: Node
    negated: bool


@dataclass(frozen=True)
class Not:
    """A condition that must not hold."""

    operand: Node


@dataclass(frozen=True)
class Junction:
    """`parts` joined by `word`, which is and or or."""

    word: str
    parts: tuple[Node, ...]


Node = Constant | Name | Call | Negative | Operation | Comparison | Member | Empty | Not | Junction


@dataclass(frozen=True)
class Token:
    """One word of a condition and where it stands."""

    kind: str
    text: str
    position: int


def parse(text: str) -> Node:
    """The condition that `text` writes. Raises ConditionError, which says where and what is wrong."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(MAX_LENGTH, f"条件过长（超过{MAX_LENGTH}个字符）", f"longer than {MAX_LENGTH} characters")
    tokens = list(_tokens(text))
    if len(tokens) > MAX_TOKENS:
        raise ConditionError(
            tokens[MAX_TOKENS].position, f"条件过长（超过{MAX_TOKENS}个记号）", f"more than {MAX_TOKENS} tokens"
        )
    reader = _Reader(tokens)
    node = reader.condition()
    rest = reader.peek()
    if rest.kind != "end":
        chained = rest.text in COMPARISONS
        hint, hint_en = ("；连续比较请用 and 分开写", "; join comparisons with and") if chained else ("", "")
        raise ConditionError(rest.position, f"多余的“{rest.text}”{hint}", f"unexpected '{rest.text}'{hint_en}")
    return node


def names(node: Node) -> Iterator[str]:
    """All names in a condition, from left to right."""
    match node:
        case Name(path):
            yield path
        case Call(_, name):
            yield name.path
        case Negative(operand) | Not(operand):
            yield from names(operand)
        case Operation(_, left, right) | Comparison(_, left, right):
            yield from names(left)
            yield from names(right)
        case Member(value, options, _):
            yield from names(value)
            for option in (options,) if isinstance(options, Name) else options:
                yield from names(option)
        case Empty(value, _):
            yield from names(value)
        case Junction(_, parts):
            for part in parts:
                yield from names(part)
        case _:
            return


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            hint, hint_en = ("；相等写作 ==", "; write == for equality") if text[at] in "=＝" else ("", "")
            raise ConditionError(at, f"不认识“{text[at]}”{hint}", f"cannot read '{text[at]}'{hint_en}")
        kind = str(found.lastgroup)
        word = found.group(kind)
        known = kind == "name" and word in WORDS
        yield Token("sign" if known else kind, _SAME.get(word, word), found.start(kind))
        at = found.end()
    yield Token("end", "", len(text))


class _Reader:
    """Recursive descent over the tokens of one condition."""

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

    def _need(self, *texts: str) -> None:
        if not self._take(*texts):
            token = self.peek()
            wanted = " ".join(texts)
            raise ConditionError(token.position, f"这里缺“{wanted}”", f"'{wanted}' is missing here")

    def condition(self) -> Node:
        self._deeper()
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        self._depth -= 1
        return Junction("or", tuple(parts)) if len(parts) > 1 else parts[0]

    def _both(self) -> Node:
        parts = [self._negation()]
        while self._take("and"):
            parts.append(self._negation())
        return Junction("and", tuple(parts)) if len(parts) > 1 else parts[0]

    def _negation(self) -> Node:
        if self._take("not"):
            self._deeper()
            inner = self._negation()
            self._depth -= 1
            return Not(inner)
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        if sign := self._take(*COMPARISONS):
            return Comparison(sign.text, left, self._sum())
        if self._take("is"):
            negated = self._take("not") is not None
            self._need("empty")
            return Empty(left, negated)
        negated = self._take("not") is not None
        if negated:
            self._need("in")
        if negated or self._take("in"):
            return Member(left, self._options(), negated)
        return left

    def _options(self) -> tuple[Node, ...] | Name:
        if self.peek().kind == "name":
            return self._name()
        self._need("[")
        options = [self._sum()]
        while self._take(","):
            options.append(self._sum())
        self._need("]")
        return tuple(options)

    def _sum(self) -> Node:
        left = self._product()
        while sign := self._take("+", "-"):
            left = Operation(sign.text, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._factor()
        while sign := self._take("*"):
            left = Operation(sign.text, left, self._factor())
        return left

    def _name(self) -> Name:
        token = self.peek()
        if token.kind != "name":
            raise ConditionError(token.position, "这里要一个名称", "a name is needed here")
        self._at += 1
        return Name(token.text)

    def _factor(self) -> Node:
        token = self.peek()
        if self._take("-"):
            self._deeper()
            operand = self._factor()
            self._depth -= 1
            return Negative(operand)
        if self._take("("):
            inside = self.condition()
            self._need(")")
            return inside
        if self._take("count", "sum"):
            self._need("(")
            name = self._name()
            self._need(")")
            return Call(token.text, name)
        if self._take("true", "false"):
            return Constant(token.text == "true")
        if token.kind == "name":
            return self._name()
        if token.kind in ("number", "date", "text"):
            self._at += 1
            return Constant(_value(token))
        what, what_en = (f"“{token.text}”", f"'{token.text}'") if token.text else ("结尾", "the end")
        raise ConditionError(
            token.position, f"这里要一个名称或值，却是{what}", f"a name or value is needed here, found {what_en}"
        )

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ConditionError(self.peek().position, "嵌套过深，请拆开", "nested too deeply")


def _value(token: Token) -> Decimal | str | date:
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "number":
        number = Decimal(token.text.rstrip("%"))
        return number / 100 if token.text.endswith("%") else number
    try:
        return date.fromisoformat(token.text)
    except ValueError as error:
        raise ConditionError(token.position, f"没有“{token.text}”这一天", f"there is no day {token.text}") from error

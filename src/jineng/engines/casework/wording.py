"""Conditions in words, for the person whom one holds up: “未处理的异议”等于 0."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from jineng.engines.casework.condition import Condition, Value
from jineng.engines.casework.faults import Words
from jineng.engines.casework.grammar import (
    Call,
    Comparison,
    Constant,
    Empty,
    Junction,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Operation,
)
from jineng.engines.casework.terms import Term, Type

_SIGNS = {
    "==": Words("为", "is"), "!=": Words("不为", "is not"), "<": Words("小于", "is less than"),
    "<=": Words("不超过", "is at most"), ">": Words("大于", "is more than"), ">=": Words("不少于", "is at least"),
}  # fmt: skip
_DATE_SIGNS = {
    "<": Words("早于", "is before"), "<=": Words("不晚于", "is not after"),
    ">": Words("晚于", "is after"), ">=": Words("不早于", "is not before"),
}  # fmt: skip
_OPERATIONS = {"+": "＋", "-": "－", "*": "×"}
_FLAGS = {True: Words("是", "yes"), False: Words("否", "no")}
_JOINTS = {"and": Words("，且", " and "), "or": Words("，或", " or ")}


def worded(condition: Condition, terms: Mapping[str, Term]) -> Words:
    """What the condition asks for."""
    return _Writer(terms).write(condition.node)


def unmet(condition: Condition, terms: Mapping[str, Term], values: Mapping[str, Value]) -> tuple[Words, ...]:
    """What of the condition does not hold, each part by itself; empty where it holds."""
    node = condition.node
    parts = node.parts if isinstance(node, Junction) and node.word == "and" else (node,)
    return tuple(_Writer(terms).write(part) for part in parts if not Condition("", part).holds(values))


class _Writer:
    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms

    def write(self, node: Node) -> Words:
        """A part that holds or does not."""
        match node:
            case Comparison(sign, left, right):
                dated = self._is_date(left) or self._is_date(right)
                word = _DATE_SIGNS.get(sign, _SIGNS[sign]) if dated else _SIGNS[sign]
                one, other = self._value(left, right), self._value(right, left)
                return Words(f"{one.zh}{word.zh}{other.zh}", f"{one.en} {word.en} {other.en}")
            case Member(value, options, negated):
                return self._member(value, options, negated)
            case Empty(value, negated):
                one = self._value(value)
                return (
                    Words(f"{one.zh}已填写", f"{one.en} is filled in")
                    if negated
                    else Words(f"{one.zh}未填写", f"{one.en} is empty")
                )
            case Not(Name() as name):
                one = self._value(name)
                return Words(f"{one.zh}为否", f"{one.en} is no")
            case Not(operand):
                inner = self.write(operand)
                return Words(f"不是（{inner.zh}）", f"not ({inner.en})")
            case Junction(word, parts):
                return self._junction(word, parts)
            case _:
                one = self._value(node)
                return Words(f"{one.zh}为是", f"{one.en} is yes")

    def _junction(self, word: str, parts: tuple[Node, ...]) -> Words:
        written = []
        for part in parts:
            inner = self.write(part)
            bracket = isinstance(part, Junction)
            written.append(Words(f"（{inner.zh}）", f"({inner.en})") if bracket else inner)
        joint = _JOINTS[word]
        return Words(joint.zh.join(part.zh for part in written), joint.en.join(part.en for part in written))

    def _member(self, value: Node, options: tuple[Node, ...] | Name, negated: bool) -> Words:
        if isinstance(options, Name):
            chosen, one = self._value(options), self._value(value, options)
            return (
                Words(f"{chosen.zh}不含{one.zh}", f"{chosen.en} does not include {one.en}")
                if negated
                else Words(f"{chosen.zh}含{one.zh}", f"{chosen.en} includes {one.en}")
            )
        one = self._value(value)
        listed = [self._value(option, value) for option in options]
        zh, en = "、".join(item.zh for item in listed), ", ".join(item.en for item in listed)
        return (
            Words(f"{one.zh}不属于{zh}", f"{one.en} is none of {en}")
            if negated
            else Words(f"{one.zh}属于{zh}", f"{one.en} is one of {en}")
        )

    def _value(self, node: Node, beside: Node | None = None) -> Words:
        """A value; a choice is called by its label, which stands with the term beside it."""
        match node:
            case Name(path):
                return self._label(path)
            case Constant(value):
                return self._constant(value, beside)
            case Call("sum", name):
                table, _, column = name.path.rpartition(".")
                inner = self._terms[table].columns[column]
                return Words(f"“{inner.label}”合计", f"the sum of “{inner.label_en or inner.label}”")
            case Call(_, name):
                one = self._label(name.path)
                return Words(f"{one.zh}的数量", f"the number of {one.en}")
            case Negative(operand):
                one = self._value(operand)
                return Words(f"－{one.zh}", f"-{one.en}")
            case Operation(sign, left, right):
                one, other = self._operand(left), self._operand(right)
                return Words(f"{one.zh}{_OPERATIONS[sign]}{other.zh}", f"{one.en} {sign} {other.en}")
            case _:
                inner_words = self.write(node)
                return Words(f"（{inner_words.zh}）", f"({inner_words.en})")

    def _operand(self, node: Node) -> Words:
        one = self._value(node)
        return Words(f"（{one.zh}）", f"({one.en})") if isinstance(node, Operation) else one

    def _label(self, path: str) -> Words:
        term = self._terms.get(path)
        # A fact that the vocabulary at hand does not know is called by its name.
        return Words(f"“{term.label}”", f"“{term.label_en or term.label}”") if term else Words(path, path)

    def _constant(self, value: Decimal | str | date | bool, beside: Node | None) -> Words:
        if isinstance(value, bool):
            return _FLAGS[value]
        if isinstance(value, str):
            term = self._terms.get(beside.path) if isinstance(beside, Name) else None
            choices = term.choices if term else {}
            return choices.get(value, Words(value, value))
        if isinstance(value, date):
            return Words(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
        return Words(f"{value:f}", f"{value:f}")

    def _is_date(self, node: Node) -> bool:
        if isinstance(node, Name):
            return node.path in self._terms and self._terms[node.path].type is Type.DATE
        return isinstance(node, Constant) and isinstance(node.value, date)

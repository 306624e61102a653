"""Conditions: read once, checked against what may be named, evaluated without side effects."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jineng.engines.casework.faults import Words
from jineng.engines.casework.grammar import (
    Call,
    Comparison,
    Constant,
    Empty,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Operation,
    names,
    parse,
)
from jineng.engines.casework.terms import TYPE_WORDS, Term, Type

Value = Decimal | str | date | bool | tuple[Any, ...] | None
"""What a name stands for: a value, several (of a table: rows as mappings), or None where there is none."""

_ORDERED = frozenset({Type.NUMBER, Type.DATE})
_EQUAL = frozenset({Type.TEXT, Type.NUMBER, Type.DATE, Type.FLAG})
_COUNTED = frozenset({Type.LIST, Type.TABLE, Type.THING})
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COUNT: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class MissingFact(LookupError):
    """A condition asks for a fact that was not given; a fault of the program, not of a user."""


@dataclass(frozen=True)
class Condition:
    """A condition as written and as read."""

    text: str
    node: Node

    @classmethod
    def read(cls, text: str) -> Condition:
        """Raises ConditionError."""
        return cls(text, parse(text))

    @property
    def names(self) -> tuple[str, ...]:
        """What the condition asks for; of a table's column the table."""
        return tuple(dict.fromkeys(names(self.node)))

    def faults(self, terms: Mapping[str, Term]) -> list[Words]:
        """What is wrong with the condition where only `terms` may be named; empty: it can be evaluated."""
        judge = _Judge(terms)
        found = judge.type_of(self.node)
        if not judge.faults and found is not Type.FLAG:
            judge.fault("整个条件要成立或不成立，如 a == 1", "the whole must be true or false, such as a == 1")
        return judge.faults

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it holds for the values of its names.

        What is empty equals nothing and is neither smaller nor larger than anything; a sum or product with something
        empty is empty; an empty yes/no is no. Raises MissingFact where a name has no entry.
        """
        return _evaluate(self.node, values) is True


class _Judge:
    """Types of all parts of a condition; collects what does not fit."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms
        self.faults: list[Words] = []

    def fault(self, zh: str, en: str) -> None:
        self.faults.append(Words(zh, en))

    def type_of(self, node: Node) -> Type | None:
        """The type of a part, or None where it has a fault."""
        match node:
            case Constant(value):
                return _constant_type(value)
            case Name(path):
                term = self._term(path)
                return term.type if term else None
            case Call(function, name):
                self._call(function, name)
                return Type.NUMBER
            case Negative(operand):
                self._want(operand, Type.NUMBER)
                return Type.NUMBER
            case Operation(_, left, right):
                self._want(left, Type.NUMBER)
                self._want(right, Type.NUMBER)
                return Type.NUMBER
            case Comparison(sign, left, right):
                self._compare(left, right, _EQUAL if sign in ("==", "!=") else _ORDERED, sign)
            case Member(value, options, _):
                self._member(value, options)
            case Empty(value, _):
                if self.type_of(value) is not None and not isinstance(value, Name):
                    self.fault("只能问一个名称是否为空", "only a name can be empty")
            case Not(operand):
                self._want(operand, Type.FLAG)
            case _:
                for part in node.parts:
                    self._want(part, Type.FLAG)
        return Type.FLAG

    def _want(self, node: Node, wanted: Type) -> None:
        found = self.type_of(node)
        if found is not None and found is not wanted:
            need, have = TYPE_WORDS[wanted], TYPE_WORDS[found]
            self.fault(f"这里要{need.zh}，却是{have.zh}", f"{need.en} is needed here, found {have.en}")

    def _term(self, path: str) -> Term | None:
        term = self._terms.get(path)
        if term is None:
            near = get_close_matches(path, self._terms, 1, 0.6)
            hint, hint_en = (f"；是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
            self.fault(f"没有名为 {path} 的填写项或事实{hint}", f"no field or fact is called {path}{hint_en}")
        return term

    def _call(self, function: str, name: Name) -> None:
        if function == "count":
            term = self._term(name.path)
            if term and term.type not in _COUNTED:
                self.fault(f"count 要表格、多选或文件，{name.path} 是{TYPE_WORDS[term.type].zh}",
                           f"count needs several; {name.path} is {TYPE_WORDS[term.type].en}")  # fmt: skip
            return
        table, _, column = name.path.rpartition(".")
        term = self._terms.get(table)
        if term is None or term.type is not Type.TABLE:
            self.fault(f"sum 要“表格.列”，{name.path} 不是", f"sum needs table.column, which {name.path} is not")
        elif column not in term.columns or term.columns[column].type is not Type.NUMBER:
            self.fault(f"表格 {table} 没有名为 {column} 的数字列", f"{table} has no number column {column}")

    def _compare(self, left: Node, right: Node, allowed: frozenset[Type], sign: str) -> None:
        one, other = self.type_of(left), self.type_of(right)
        if one is None or other is None:
            return
        if one is not other or one not in allowed:
            zh, en = (TYPE_WORDS[one].zh, TYPE_WORDS[other].zh), (TYPE_WORDS[one].en, TYPE_WORDS[other].en)
            self.fault(f"{zh[0]}与{zh[1]}不能用 {sign} 比较", f"{en[0]} and {en[1]} cannot be compared by {sign}")
            return
        self._known_choice(left, right)
        self._known_choice(right, left)

    def _known_choice(self, side: Node, value: Node) -> None:
        if not isinstance(side, Name) or not isinstance(value, Constant):
            return
        choices = self._terms[side.path].choices
        if choices and value.value not in choices:
            listed = list(choices)[:8]
            self.fault(
                f"{side.path} 没有选项 {value.value}；可用：{'、'.join(listed)}",
                f"{side.path} has no choice {value.value}; there are: {', '.join(listed)}",
            )

    def _member(self, value: Node, options: tuple[Node, ...] | Name) -> None:
        if isinstance(options, Name):
            term = self._term(options.path)
            self._want(value, Type.TEXT)
            if term and term.type is not Type.LIST:
                self.fault(f"in 后面的 {options.path} 不是多选", f"{options.path} after 'in' is not a list")
            elif term:
                self._known_choice(options, value)
            return
        for option in options:
            self._compare(value, option, _EQUAL - {Type.FLAG}, "in")


def _constant_type(value: Decimal | str | date | bool) -> Type:
    if isinstance(value, bool):
        return Type.FLAG
    if isinstance(value, str):
        return Type.TEXT
    return Type.DATE if isinstance(value, date) else Type.NUMBER


def _evaluate(node: Node, values: Mapping[str, Value]) -> Value:
    match node:
        case Constant(value):
            return value
        case Name(path):
            return _look_up(path, values)
        case Call(function, name):
            return _call(function, name.path, values)
        case Negative(operand):
            number = _evaluate(operand, values)
            return -number if isinstance(number, Decimal) else None
        case Operation(sign, left, right):
            one, other = _evaluate(left, values), _evaluate(right, values)
            return None if one is None or other is None else _COUNT[sign](one, other)
        case Comparison(sign, left, right):
            return _compared(sign, _evaluate(left, values), _evaluate(right, values))
        case Member(value, options, negated):
            return _among(_evaluate(value, values), options, values) is not negated
        case Empty(value, negated):
            return _is_empty(_evaluate(value, values)) is not negated
        case Not(operand):
            return _evaluate(operand, values) is not True
        case _:
            truths = (_evaluate(part, values) is True for part in node.parts)
            return all(truths) if node.word == "and" else any(truths)


def _look_up(path: str, values: Mapping[str, Value]) -> Value:
    try:
        value = values[path]
    except KeyError as error:
        raise MissingFact(f"{path} was not given") from error
    # A fact may be counted in plain integers; yes and no are integers to Python, too.
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_empty(value: Value) -> bool:
    return value is None or value == "" or value == ()


def _compared(sign: str, one: Value, other: Value) -> bool:
    if _is_empty(one) or _is_empty(other):
        return sign == "!="
    return _COMPARE[sign](one, other)


def _among(value: Value, options: tuple[Node, ...] | Name, values: Mapping[str, Value]) -> bool:
    if _is_empty(value):
        return False
    if isinstance(options, Name):
        found = _look_up(options.path, values)
        return isinstance(found, tuple) and value in found
    return any(value == _evaluate(option, values) for option in options)


def _call(function: str, path: str, values: Mapping[str, Value]) -> Decimal:
    if function == "count":
        found = _look_up(path, values)
        return Decimal(len(found) if isinstance(found, tuple) else 0 if _is_empty(found) else 1)
    table, _, column = path.rpartition(".")
    rows = _look_up(table, values)
    cells: Iterator[Any] = (row.get(column) for row in rows) if isinstance(rows, tuple) else iter(())
    return sum((cell for cell in cells if cell is not None), Decimal(0))

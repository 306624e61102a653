"""Decisions that can be replayed: a named rule in a version, parameters and frozen inputs give one outcome.

A decision is a JSON document in canonical form (RFC 8785), without a float. Its digest is the SHA-256 of the
statement: rule, parameters, outcome and the digest of the inputs. So the list that is published can carry the digest
and be checked by everyone, while only those who may see the inputs run the rule again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any

from jineng.engines import canonical as strict
from jineng.engines.casework.faults import Refused, Words
from jineng.engines.casework.quotas import decide_quotas, freeze_units
from jineng.engines.casework.ranking import Aggregate, load_ranking, rank
from jineng.engines.casework.reviews import freeze_reviews

FORMAT = "jineng-decision/1"
_PARTS = frozenset({"format", "rule", "parameters", "inputs", "inputs_digest", "outcome", "digest"})
_ABSENT = object()


@dataclass(frozen=True)
class Rule:
    """A way to decide that never changes: another way is another version.

    `decide` gives the outcome of parameters and inputs, `freeze` the inputs in their canonical order; both take and
    give plain JSON data, depend on nothing else, and raise DefinitionError for faults.
    """

    name: str
    version: int
    words: Words
    decide: Callable[[Any, Any], Any]
    freeze: Callable[[Any, Any], Any]

    @property
    def id(self) -> str:
        """Name and version: "rank-mean/1"."""
        return f"{self.name}/{self.version}"


class Rules:
    """Rules by name and version. What is published here stays: a rule can be added, none replaced."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules: dict[str, Rule] = {}
        for rule in rules:
            self.publish(rule)

    def publish(self, rule: Rule) -> None:
        """Adds a rule. Raises ValueError where that version of it is published already."""
        if rule.id in self._rules:
            raise ValueError(f"{rule.id} is published already; publish another version")
        self._rules[rule.id] = rule

    def find(self, name: str) -> Rule:
        """The rule "name/version". Raises Refused("unknown_rule")."""
        if name not in self._rules:
            known, known_en = "、".join(self._rules), ", ".join(self._rules)
            raise Refused(
                "unknown_rule", f"没有规则 {name}（已有：{known}）", f"there is no rule {name} (known: {known_en})"
            )
        return self._rules[name]

    @property
    def ids(self) -> tuple[str, ...]:
        """The names with versions of all rules, in order."""
        return tuple(sorted(self._rules))


def _ranking(aggregate: Aggregate, zh: str, en: str) -> Rule:
    def frozen(parameters: Any, inputs: Any) -> Any:
        return freeze_reviews(load_ranking(parameters, aggregate).rubric, inputs)

    return Rule(f"rank-{aggregate}", 1, Words(zh, en), partial(rank, aggregate=aggregate), frozen)


RULES = Rules(
    [
        _ranking(Aggregate.MEAN, "按平均分排名", "rank by the mean"),
        _ranking(Aggregate.TRIMMED_MEAN, "按去极值平均分排名", "rank by the trimmed mean"),
        _ranking(Aggregate.MEDIAN, "按中位分排名", "rank by the median"),
        Rule("allot-quotas", 1, Words("按方案分配推荐名额", "allot quotas by a scheme"), decide_quotas, freeze_units),
    ]
)
"""The rules that the engine brings. Rooms may publish their own beside them."""


@dataclass(frozen=True)
class Decision:
    """What a rule made of parameters and inputs, all of it plain JSON data."""

    rule: str
    parameters: Any
    inputs: Any
    outcome: Any

    @cached_property
    def inputs_digest(self) -> str:
        """SHA-256 of the canonical inputs, in hex."""
        return _digest(self.inputs)

    @property
    def statement(self) -> dict[str, Any]:
        """What is published: everything but the inputs, of which it tells the digest."""
        return {
            "format": FORMAT,
            "rule": self.rule,
            "parameters": self.parameters,
            "inputs_digest": self.inputs_digest,
            "outcome": self.outcome,
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical statement, in hex."""
        return _digest(self.statement)

    def to_bytes(self) -> bytes:
        """The whole document, inputs and all: what is kept, and what `replay` and `check` read."""
        return canonical(self.statement | {"inputs": self.inputs, "digest": self.digest})


def decide(rule: str, parameters: Any, inputs: Any, rules: Rules = RULES) -> Decision:
    """Decides by the rule "name/version". The order in which inputs come makes no difference.

    Raises Refused for an unknown rule or data that is not plain JSON without floats, DefinitionError for faults
    of parameters or inputs.
    """
    found = rules.find(rule)
    plain_parameters, plain_inputs = plain(parameters), plain(inputs)
    frozen = found.freeze(plain_parameters, plain_inputs)
    return Decision(found.id, plain_parameters, plain(frozen), plain(found.decide(plain_parameters, frozen)))


def replay(document: bytes, rules: Rules = RULES) -> Decision:
    """Decides anew from a document's rule, parameters and inputs; its `to_bytes` are the document's if nothing moved.

    Raises Refused("malformed") for what is no document, and as `decide` does.
    """
    stated = _read(document)
    return decide(stated["rule"], stated["parameters"], stated["inputs"], rules)


class Finding(StrEnum):
    """What checking a document found."""

    SAME = "same"
    DIFFERENT = "different"
    """The rule gives another outcome, or a digest is not that of what it stands for."""
    UNKNOWN_RULE = "unknown_rule"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Difference:
    """The first place at which a document and its replay part; None stands for nothing there."""

    path: str
    stated: Any
    computed: Any

    @property
    def words(self) -> Words:
        """The place with both values."""
        stated, computed = (json.dumps(value, ensure_ascii=False) for value in (self.stated, self.computed))
        return Words(
            f"{self.path}：文件为 {stated}，重算为 {computed}", f"{self.path}: stated {stated}, computed {computed}"
        )


@dataclass(frozen=True)
class Check:
    """What checking a document found, in words; of a difference the first."""

    finding: Finding
    words: Words
    difference: Difference | None = None

    @property
    def ok(self) -> bool:
        """Whether the replay gave the same bytes."""
        return self.finding is Finding.SAME


def check(document: bytes, rules: Rules = RULES) -> Check:
    """Runs a document's rule again and compares to the last byte. Never raises for what is wrong with a document."""
    try:
        stated = _read(document)
        again = replay(document, rules)
    except Refused as refused:
        unknown = refused.code == "unknown_rule"
        return Check(Finding.UNKNOWN_RULE if unknown else Finding.MALFORMED, Words(refused.zh, refused.en))
    except (ValueError, RecursionError) as error:
        return Check(Finding.MALFORMED, Words(f"无法按规则重算：{error}", f"cannot be replayed: {error}"))
    computed = again.to_bytes()
    if computed == document:
        return Check(Finding.SAME, Words("重算结果一致", "the replay gives the same bytes"))
    found = difference(stated["outcome"], again.outcome, "outcome") or difference(stated, json.loads(computed))
    if found is None:
        return Check(Finding.DIFFERENT, Words("内容一致但不是规范形式", "the same content, but not in canonical form"))
    return Check(Finding.DIFFERENT, found.words, found)


def difference(stated: Any, computed: Any, path: str = "") -> Difference | None:
    """The first place at which two JSON values differ, members in the order of their names; None where none does."""
    if isinstance(stated, Mapping) and isinstance(computed, Mapping):
        for name in sorted({*stated, *computed}):
            inner = f"{path}.{name}" if path else name
            found = _between(stated.get(name, _ABSENT), computed.get(name, _ABSENT), inner)
            if found:
                return found
        return None
    if isinstance(stated, list) and isinstance(computed, list):
        for at, (left, right) in enumerate(zip_longest(stated, computed, fillvalue=_ABSENT)):
            found = _between(left, right, f"{path}[{at}]")
            if found:
                return found
        return None
    same = stated == computed and isinstance(stated, bool) == isinstance(computed, bool)
    return None if same else Difference(path, stated, computed)


def _between(stated: Any, computed: Any, path: str) -> Difference | None:
    if stated is _ABSENT or computed is _ABSENT:
        return Difference(path, None if stated is _ABSENT else stated, None if computed is _ABSENT else computed)
    return difference(stated, computed, path)


def canonical(value: Any) -> bytes:
    """The canonical form of plain JSON data. Raises Refused("malformed") where there is none."""
    try:
        return strict.canonical(value)
    except strict.CanonicalError as error:
        raise _malformed(f"没有规范形式（{error}）", f"no canonical form: {error}") from error


def plain(value: Any) -> Any:
    """The value as lists, objects, texts, whole numbers, booleans and nulls of its own.

    Raises Refused("malformed") for anything else, a float above all: what it shows depends on who writes it.
    """
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise _malformed("属性名应是文字", "the names of members must be text")
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        # Long columns hold one simple kind each, which need not be looked at cell by cell.
        if {*map(type, value)} <= _SIMPLE:
            return [*value]
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    kind = type(value).__name__
    raise _malformed(f"决定只能用文字、整数、真假和空值，不能用 {kind}", f"a decision holds no {kind}")


_SIMPLE = {str, int}


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _read(document: bytes) -> dict[str, Any]:
    try:
        stated = json.loads(document, object_pairs_hook=_members, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"不是 JSON（{error}）", f"not JSON: {error}") from error
    if not isinstance(stated, dict) or set(stated) != _PARTS or stated["format"] != FORMAT:
        raise _malformed(f"不是 {FORMAT} 格式的决定", f"not a decision in the format {FORMAT}")
    if not isinstance(stated["rule"], str):
        raise _malformed("规则名应是文字", "the rule must be named by text")
    return stated


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed("同一属性写了两次", "a member is given twice")
    return found


def _no_float(text: str) -> Any:
    raise _malformed(f"决定里不能有小数 {text}", f"a decision holds no float ({text})")


def _malformed(zh: str, en: str) -> Refused:
    return Refused("malformed", zh, en)

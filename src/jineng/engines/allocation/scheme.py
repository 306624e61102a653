"""A scheme of admission as data: what is scored and how, how ties are broken, which caps and pools there are, and
by which mechanism places are given. The law of a year is such a scheme; nothing of it stands in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import lcm
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, TypeAdapter, with_config

from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.reading import STRICT, Key, Label, Number, Seats, Share, dump, load, repeated, unknown


class Combine(StrEnum):
    """What an applicant's several bonuses of a kind come to."""

    BEST = "best"
    SUM = "sum"


class Kind(StrEnum):
    """How places are given."""

    DEFERRED = "deferred"
    """Student-optimal deferred acceptance: each place judges by its own rule, nobody gains by hiding a wish."""
    SERIAL = "serial"
    """Parallel preferences: by one order, each file goes once, to the first group with room.

    (分数优先，遵循志愿，一轮投档)
    """
    OFFERS = "offers"
    """One file, many offers: every listed place may offer; who holds several chooses, waiting lists move up."""


@with_config(STRICT)
@dataclass(frozen=True)
class Component:
    """A part of the score. `most`: its full marks, or the most that bonuses may add; `combine` makes it a bonus."""

    key: Key
    name: Label
    most: Number
    combine: Combine | None = None


@with_config(STRICT)
@dataclass(frozen=True)
class Rule:
    """How a place scores: a sum of components times weights, and what must at least be reached.

    `least` are thresholds of single components, `total` that of the score itself (in points of the score).
    """

    key: Key
    name: Label
    weights: Mapping[Key, Number]
    least: Mapping[Key, Number] = field(default_factory=dict)
    total: Number = Decimal(0)

    @property
    def denominator(self) -> int:
        """What the weights must be multiplied by to be whole."""
        return lcm(*(weight.as_integer_ratio()[1] for weight in self.weights.values()))

    def whole_weight(self, component: str) -> int:
        """The component's weight times the denominator."""
        return int(self.weights.get(component, Decimal(0)) * self.denominator)


@with_config(STRICT)
@dataclass(frozen=True)
class TieChain:
    """What decides between equal scores: components, higher first, one after another; at last the published lot."""

    key: Key
    by: tuple[Key, ...]


@with_config(STRICT)
@dataclass(frozen=True)
class Elimination:
    """The lowest `share` per cent by a rule are out before places are given, each category apart where `by_category`.

    Who equals the lowest that stays, stays: a share is a most, and is rounded down.
    """

    key: Key
    name: Label
    rule: Key
    share: Share
    by_category: bool = False


@with_config(STRICT)
@dataclass(frozen=True)
class Pool:
    """Seats for some applicants only. `releases_to`: the pool of the same programme that unused seats go to."""

    key: Key
    name: Label
    releases_to: Key | None = None


@with_config(STRICT)
@dataclass(frozen=True)
class Cap:
    """At most `limit` admissions over some places together.

    `order` names the rule by which all of them judge: what makes their keys comparable, and so the cap fair.
    """

    key: Key
    name: Label
    limit: Seats
    places: Annotated[frozenset[Key], PlainSerializer(sorted)]
    order: Key | None = None


@with_config(STRICT)
@dataclass(frozen=True)
class Batch:
    """Applicants with this tag come before all who follow, whatever their scores."""

    key: Key
    name: Label
    tag: Key


Ratio = Annotated[Decimal, Field(ge=100, le=120), PlainSerializer(lambda number: f"{number:f}")]


@with_config(STRICT)
@dataclass(frozen=True)
class Scheme:
    """How places are given. Made by `load_scheme`, which vouches for it.

    `scale`: how many units a point has (10: scores with one decimal). `pools` stand in the order in which an
    applicant who may use several is considered for them. `batches` come one after another, whoever has none of
    their tags last. `ratio`: of parallel preferences, how many files in a hundred seats are placed (投档比例).
    """

    code: Key
    version: Annotated[int, Field(ge=1)]
    name: Label
    components: tuple[Component, ...]
    rules: tuple[Rule, ...]
    ties: tuple[TieChain, ...]
    mechanism: Kind = Kind.DEFERRED
    scale: Literal[1, 10, 100, 1000] = 1
    ratio: Ratio = Decimal(100)
    pools: tuple[Pool, ...] = ()
    caps: tuple[Cap, ...] = ()
    eliminations: tuple[Elimination, ...] = ()
    batches: tuple[Batch, ...] = ()

    def rule(self, key: str) -> Rule:
        """A rule by its key. Raises StopIteration where there is none."""
        return next(rule for rule in self.rules if rule.key == key)

    @property
    def pool_order(self) -> dict[str, int]:
        """Pools with their place in the stated order; where none are declared, all seats are of one without a name."""
        return {pool.key: at for at, pool in enumerate(self.pools)} or {"": 0}

    def to_data(self) -> dict[str, Any]:
        """The scheme as plain JSON data; `load_scheme` reads it back."""
        plain: dict[str, Any] = dump(SCHEME, self)
        return plain


SCHEME: TypeAdapter[Scheme] = TypeAdapter(Scheme)


def load_scheme(data: Any) -> Scheme:
    """The scheme that plain data writes. Raises AllocationError with all faults."""
    scheme = load(SCHEME, data)
    faults = list(_faults(scheme))
    if faults:
        raise AllocationError(faults)
    return scheme


def _faults(scheme: Scheme) -> Iterator[Fault]:
    keys = {component.key for component in scheme.components}
    rules = {rule.key for rule in scheme.rules}
    pools = {pool.key for pool in scheme.pools}
    for path, zh, en, declared in (
        ("components", "成绩项", "component", scheme.components),
        ("rules", "计分规则", "rule", scheme.rules),
        ("ties", "同分排序", "tie chain", scheme.ties),
        ("pools", "计划类别", "pool", scheme.pools),
        ("caps", "限额", "cap", scheme.caps),
        ("eliminations", "淘汰规则", "elimination", scheme.eliminations),
        ("batches", "批次", "batch", scheme.batches),
    ):
        yield from repeated(path, zh, en, [item.key for item in declared])  # type: ignore[attr-defined]
    for path, some, zh, en in (
        ("components", scheme.components, "成绩项", "component"),
        ("rules", scheme.rules, "计分规则", "rule"),
        ("ties", scheme.ties, "同分排序", "tie chain"),
    ):
        if not some:
            yield Fault(path, "empty", f"至少要有一个{zh}", f"at least one {en} is needed")
    for at, rule in enumerate(scheme.rules):
        yield from _rule_faults(scheme, f"rules[{at}]", rule, keys)
    for at, chain in enumerate(scheme.ties):
        for step, key in enumerate(chain.by):
            if key not in keys:
                yield unknown(f"ties[{at}].by[{step}]", "成绩项", "component", key)
    for at, out in enumerate(scheme.eliminations):
        if out.rule not in rules:
            yield unknown(f"eliminations[{at}].rule", "计分规则", "rule", out.rule)
    for at, pool in enumerate(scheme.pools):
        if pool.releases_to is not None and pool.releases_to not in pools:
            yield unknown(f"pools[{at}].releases_to", "计划类别", "pool", pool.releases_to)
    yield from _ring_faults(scheme)
    for at, cap in enumerate(scheme.caps):
        if cap.order is not None and cap.order not in rules:
            yield unknown(f"caps[{at}].order", "计分规则", "rule", cap.order)
    if scheme.mechanism is not Kind.SERIAL and scheme.ratio != 100:
        yield Fault(
            "ratio", "not_serial", "只有平行志愿投档才有投档比例", "only parallel preferences have a placement ratio"
        )
    if scheme.mechanism is not Kind.DEFERRED and scheme.caps:
        yield Fault(
            "caps",
            "not_deferred",
            "运行内限额只能用于延迟接受机制：请改用 deferred，或在计划上设限额",
            "caps inside a run need deferred acceptance: use it, or cap the plans",
        )


def _rule_faults(scheme: Scheme, path: str, rule: Rule, keys: set[str]) -> Iterator[Fault]:
    if not any(rule.weights.values()):
        yield Fault(
            f"{path}.weights", "empty", f"“{rule.name}”没有计入任何成绩项", f"the rule {rule.key} counts nothing"
        )
    for name, named in (("weights", rule.weights), ("least", rule.least)):
        for key in named:
            if key not in keys:
                yield unknown(f"{path}.{name}.{key}", "成绩项", "component", key)
    for key, number in rule.least.items():
        if number * scheme.scale % 1:
            yield too_fine(f"{path}.least.{key}", number, scheme.scale)


def _ring_faults(scheme: Scheme) -> Iterator[Fault]:
    next_of = {pool.key: pool.releases_to for pool in scheme.pools}
    for at, pool in enumerate(scheme.pools):
        seen, key = {pool.key}, next_of[pool.key]
        while key in next_of and key not in seen:
            seen.add(key)
            key = next_of[key]
        if key == pool.key:
            yield Fault(
                f"pools[{at}].releases_to",
                "ring",
                f"“{pool.name}”的剩余计划转了一圈又回到自己，请改正转移次序",
                f"the unused seats of {pool.key} come back to it",
            )


def too_fine(path: str, number: Decimal, scale: int) -> Fault:
    """A number with more decimals than the scheme's scale keeps."""
    return Fault(
        path,
        "too_fine",
        f"{number} 比方案的分值单位（1/{scale} 分）更细，请改正或调整 scale",
        f"{number} is finer than the scheme's unit of 1/{scale}; correct it or change scale",
    )

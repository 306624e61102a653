"""Quotas: how many each unit may recommend, by declared rules that explain themselves, and whether a choice fits.

A unit's number is the base of its tier, plus what its past performance adds or takes away, kept between the least
and the most. Items with an exempt tag stand outside the quota.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field as Bound
from pydantic import TypeAdapter, with_config

from jineng.engines.casework.faults import AnswerFault, DefinitionError, Fault, Words
from jineng.engines.casework.loading import STRICT_KEYS, Code, Key, Label, dump, fault_at, load

Count = Annotated[int, Bound(ge=0, le=1_000_000)]
Change = Annotated[int, Bound(ge=-1000, le=1000)]


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Step:
    """From `at_least` of a fact on, `add` more (or fewer)."""

    at_least: Count
    add: Change


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Every:
    """For every full `count` of a fact `add` more (or fewer), in `most` times at most."""

    count: Annotated[int, Bound(ge=1, le=1_000_000)]
    add: Change
    most: Count | None = None


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Addition:
    """What a fact of a unit changes: by steps, of which only the highest reached counts, or for every so many."""

    fact: Key
    name: Label
    name_en: str = ""
    steps: tuple[Step, ...] = ()
    every: Every | None = None


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Exemption:
    """Items with this tag do not count towards the quota."""

    tag: Key
    name: Label
    name_en: str = ""


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Scheme:
    """How many each unit may recommend. Made by `load_scheme`, which vouches for it.

    `tiers` are the bases by tier, `otherwise` the base of a unit of any other tier. `ranks_exempt` says that exempt
    items are ranked among the others.
    """

    code: Code
    name: Label
    tiers: Mapping[str, Count] = field(default_factory=dict)
    otherwise: Count = 0
    additions: tuple[Addition, ...] = ()
    least: Count = 0
    most: Count | None = None
    exempt: tuple[Exemption, ...] = ()
    ranks_exempt: bool = False
    name_en: str = ""

    def exempting(self, tags: frozenset[str]) -> Exemption | None:
        """The exemption that an item with such tags falls under; the first where several do."""
        return next((exemption for exemption in self.exempt if exemption.tag in tags), None)

    def to_data(self) -> dict[str, Any]:
        """The scheme as plain JSON data; `load_scheme` reads it back."""
        return dump(SCHEME, self)


SCHEME: TypeAdapter[Scheme] = TypeAdapter(Scheme)


@with_config(STRICT_KEYS)
@dataclass(frozen=True)
class Unit:
    """Who recommends: its tier, and its facts as whole numbers."""

    id: str
    tier: str = ""
    facts: Mapping[str, int] = field(default_factory=dict)


UNITS: TypeAdapter[tuple[Unit, ...]] = TypeAdapter(tuple[Unit, ...])


@dataclass(frozen=True)
class Line:
    """One step of how a number came about, and by how much it changed the number."""

    amount: int
    zh: str
    en: str


@dataclass(frozen=True)
class Allotment:
    """How many a unit may recommend, and why: the amounts of the lines add up to the number."""

    unit: str
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Item:
    """Something recommended: its place in the unit's order (from 1) and its tags."""

    id: str
    rank: int | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fit:
    """How a choice stands to a quota: how many of it count and how many do not, and how many places are free."""

    quota: int
    used: int
    exempt: int

    @property
    def free(self) -> int:
        """How many more may be chosen; never below zero."""
        return max(self.quota - self.used, 0)

    @property
    def over(self) -> int:
        """How many too many are chosen."""
        return max(self.used - self.quota, 0)

    @property
    def words(self) -> Words:
        """The state of the quota, as a page tells it."""
        zh, en = f"名额 {self.quota} 个，已用 {self.used} 个", f"{self.used} of {self.quota} used"
        if self.exempt:
            zh, en = f"{zh}，另有 {self.exempt} 项不占名额", f"{en}, {self.exempt} more outside the quota"
        return Words(zh, en)


def load_scheme(data: Any) -> Scheme:
    """The scheme that plain data writes. Raises DefinitionError with all faults."""
    scheme = load(SCHEME, data)
    faults = list(_faults(scheme, data))
    if faults:
        raise DefinitionError(faults)
    return scheme


def _faults(scheme: Scheme, data: Any) -> Iterator[Fault]:
    if scheme.most is not None and scheme.most < scheme.least:
        yield fault_at(
            data, ("most",), "too_small",
            f"上限 {scheme.most} 低于下限 {scheme.least}", f"the most {scheme.most} is below the least {scheme.least}",
        )  # fmt: skip
    for at, addition in enumerate(scheme.additions):
        if bool(addition.steps) == (addition.every is not None):
            yield fault_at(
                data, ("additions", at), "unclear",
                f"“{addition.name}”请给出分档（steps）或每满（every）之一",
                f"say either steps or every for {addition.fact}",
            )  # fmt: skip
        starts = [step.at_least for step in addition.steps]
        if starts != sorted(set(starts)):
            yield fault_at(
                data, ("additions", at, "steps"), "order",
                f"“{addition.name}”的分档应从低到高且不重复", f"the steps of {addition.fact} must rise",
            )  # fmt: skip
    for name, keys in (
        ("additions", [addition.fact for addition in scheme.additions]),
        ("exempt", [exemption.tag for exemption in scheme.exempt]),
    ):
        for at, key in enumerate(keys):
            if key in keys[:at]:
                yield fault_at(data, (name, at), "duplicate", f"{key} 重复", f"{key} stands twice")


def allotment(scheme: Scheme, units: Sequence[Unit]) -> tuple[Allotment, ...]:
    """How many each unit may recommend, in the order given.

    Raises DefinitionError where a unit is given twice or does not have a fact that the scheme asks for: not to know
    is not zero.
    """
    faults = list(_unit_faults(scheme, units))
    if faults:
        raise DefinitionError(faults)
    return tuple(_allot(scheme, unit) for unit in units)


def _unit_faults(scheme: Scheme, units: Sequence[Unit]) -> Iterator[Fault]:
    counts = Counter(unit.id for unit in units)
    for at, unit in enumerate(units):
        if counts[unit.id] > 1:
            yield Fault(f"[{at}].id", "duplicate", f"单位 {unit.id} 重复", f"the unit {unit.id} is given twice")
        for addition in scheme.additions:
            if unit.facts.get(addition.fact, -1) < 0:
                yield Fault(
                    f"[{at}].facts.{addition.fact}", "missing",
                    f"缺少 {unit.id} 的“{addition.name}”", f"{_en(addition)} of {unit.id} is not known",
                )  # fmt: skip


def _allot(scheme: Scheme, unit: Unit) -> Allotment:
    lines = [_base(scheme, unit)]
    lines += [line for addition in scheme.additions if (line := _added(addition, unit.facts[addition.fact]))]
    reckoned = sum(line.amount for line in lines)
    if reckoned < scheme.least:
        lines.append(Line(scheme.least - reckoned, f"不少于 {scheme.least} 个", f"at least {scheme.least}"))
    elif scheme.most is not None and reckoned > scheme.most:
        lines.append(Line(scheme.most - reckoned, f"不超过 {scheme.most} 个", f"at most {scheme.most}"))
    return Allotment(unit.id, sum(line.amount for line in lines), tuple(lines))


def _base(scheme: Scheme, unit: Unit) -> Line:
    if unit.tier in scheme.tiers:
        base = scheme.tiers[unit.tier]
        return Line(base, f"“{unit.tier}”基数 {base} 个", f"base of {unit.tier}: {base}")
    return Line(scheme.otherwise, f"其他单位基数 {scheme.otherwise} 个", f"base of other units: {scheme.otherwise}")


def _added(addition: Addition, fact: int) -> Line | None:
    if addition.every:
        every = addition.every
        times = fact // every.count
        times = times if every.most is None else min(times, every.most)
        amount, zh, en = (
            times * every.add,
            f"每满 {every.count} 计 {every.add:+d}",
            f"{every.add:+d} for every {every.count}",
        )
    else:
        reached = [step for step in addition.steps if fact >= step.at_least]
        if not reached:
            return None
        step = reached[-1]
        amount, zh, en = step.add, f"达到 {step.at_least} 计 {step.add:+d}", f"{step.add:+d} from {step.at_least} on"
    return Line(amount, f"{addition.name} {fact}，{zh}", f"{_en(addition)} {fact}: {en}") if amount else None


def fits(scheme: Scheme, quota: int, chosen: Sequence[Item]) -> Fit:
    """How a choice stands to a unit's quota."""
    exempt = sum(scheme.exempting(item.tags) is not None for item in chosen)
    return Fit(quota, len(chosen) - exempt, exempt)


def recommendation_faults(scheme: Scheme, quota: int, chosen: Sequence[Item]) -> tuple[AnswerFault, ...]:
    """What is wrong with a unit's ranked recommendation: too many, and ranks that are not 1 to n, each once.

    Exempt items have no rank unless the scheme ranks them. `field` is the item's id, empty for the whole.
    """
    found = []
    fit = fits(scheme, quota, chosen)
    if fit.over:
        zh, en = f"超出名额 {fit.over} 个（{fit.words.zh}）", f"{fit.over} too many ({fit.words.en})"
        found.append(AnswerFault("", "over_quota", zh, en))
    ranked = [item for item in chosen if scheme.ranks_exempt or scheme.exempting(item.tags) is None]
    found += rank_faults(ranked)
    outside = [item for item in chosen if item not in ranked and item.rank is not None]
    found += [
        AnswerFault(item.id, "needs_no_rank", "不占名额的项目不参加排序", "an exempt item is not ranked")
        for item in outside
    ]
    return tuple(found)


def rank_faults(items: Sequence[Item]) -> tuple[AnswerFault, ...]:
    """What keeps the ranks from being 1 to n, each once."""
    found = []
    counts = Counter(item.rank for item in items)
    for item in items:
        if item.rank is None:
            found.append(AnswerFault(item.id, "no_rank", "尚未排序", "has no rank"))
        elif not 1 <= item.rank <= len(items):
            zh, en = f"名次 {item.rank} 不在 1 到 {len(items)} 之间", f"rank {item.rank} is not from 1 to {len(items)}"
            found.append(AnswerFault(item.id, "out_of_range", zh, en))
        elif counts[item.rank] > 1:
            found.append(
                AnswerFault(item.id, "same_rank", f"名次 {item.rank} 重复", f"rank {item.rank} is given twice")
            )
    return tuple(found)


def decide_quotas(parameters: Any, inputs: Any) -> dict[str, Any]:
    """The allotment as a decision: a scheme and units as plain data give rows by unit, and their total."""
    units: tuple[Unit, ...] = load(UNITS, inputs)
    allotted = allotment(load_scheme(parameters), units)
    rows = [
        {
            "unit": row.unit,
            "number": row.number,
            "lines": [{"amount": line.amount, "zh": line.zh, "en": line.en} for line in row.lines],
        }
        for row in allotted
    ]
    return {"rows": rows, "total": sum(row.number for row in allotted)}


def freeze_units(_parameters: Any, inputs: Any) -> list[dict[str, Any]]:
    """Units as plain data in their canonical order. Raises DefinitionError for faults."""
    units: tuple[Unit, ...] = load(UNITS, inputs)
    ordered = sorted(units, key=lambda unit: unit.id)
    return [{"id": unit.id, "tier": unit.tier, "facts": dict(unit.facts)} for unit in ordered]


def _en(addition: Addition) -> str:
    return addition.name_en or addition.name

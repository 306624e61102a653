"""The law of a season as data, and what the allocation engine is told by it. Pure.

A scheme says what is scored, how ties break, in which order pools are tried, who may register, and for each round who
may enter, by which mechanism places are given, how many preferences a form holds, what silence means, and where
unfilled seats go. Schools file their own rules of scoring beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, with_config

from jineng.admissions.kinds import ApplicantCategory, Component, Pool, ProgrammeLevel
from jineng.engines.allocation import AllocationError, Fault, load_scheme
from jineng.engines.allocation.reading import STRICT, Key, Label, Number, Seats, Share, load, unknown
from jineng.engines.allocation.scheme import Batch, Ratio, Rule
from jineng.engines.allocation.scheme import Component as Part
from jineng.engines.allocation.scheme import Pool as PoolLaw
from jineng.engines.allocation.season import NoAnswer, Target

OWN = "round"
"""The key of the round's own rule and tie chain, which judge where a school has filed none."""
MOST_WISHES = 112


@with_config(STRICT)
@dataclass(frozen=True)
class Formula:
    """How a score is made of components; as the engine's rule, without key and name."""

    weights: Mapping[Key, Number]
    least: Mapping[Key, Number] | None = None
    total: Number = Decimal(0)


@with_config(STRICT)
@dataclass(frozen=True)
class Out:
    """The lowest ``share`` per cent by the round's rule are out before places are given."""

    name: Label
    share: Share
    by_category: bool = False


@with_config(STRICT)
@dataclass(frozen=True)
class RunCap:
    """At most ``limit`` admissions of a run over some offers together: of these ``organisations`` (codes), ``majors``
    (beginnings of codes: 52 is medicine in higher vocational education), ``pools`` and ``counties``; what is empty
    excludes nothing.

    ``order`` says what makes the scores of who competes under it comparable: ``round``, all judge by the round's own
    rule and the cap is over all offers together; ``school``, it is over each school's offers, by that school's rule.
    """

    name: Label
    limit: Seats
    order: Literal["round", "school"] | None = None
    organisations: tuple[Key, ...] = ()
    majors: tuple[Key, ...] = ()
    pools: tuple[Key, ...] = ()
    counties: tuple[Annotated[str, Field(pattern=r"^[0-9]{6}$")], ...] = ()


@with_config(STRICT)
@dataclass(frozen=True)
class RoundLaw:
    """How one round is run. ``round`` and ``supplement`` name it; ``enters`` are categories of applicants.

    Where ``paper`` is said, offices may enter lists that were handed in on paper within the window, until the round is
    run. An ``exempt`` round is only for who is spared the examination, and gives out the places planned apart for them.
    """

    round: Annotated[int, Field(ge=1, le=50)]
    rule: Formula
    supplement: Annotated[int, Field(ge=0, le=20)] = 0
    mechanism: Literal["deferred", "serial"] = "deferred"
    ratio: Ratio = Decimal(100)
    most: Annotated[int, Field(ge=1, le=MOST_WISHES)] = 10
    enters: tuple[Key, ...] = ()
    exempt: bool = False
    paper: bool = False
    own_rules: bool = True
    batches: tuple[Batch, ...] = ()
    eliminations: tuple[Out, ...] = ()
    rolls_to: tuple[Target, ...] = ()
    no_answer: NoAnswer = NoAnswer.LAPSES
    declined_return: bool = True
    caps: tuple[RunCap, ...] = ()

    @property
    def key(self) -> str:
        """As rounds are named in ``rolls_to``: 1, or 1.2 for the second supplementary one."""
        return f"{self.round}.{self.supplement}" if self.supplement else f"{self.round}"

    @property
    def takes_own_rules(self) -> bool:
        """Whether schools judge by rules of their own; parallel preferences know one order."""
        return self.own_rules and self.mechanism == "deferred"


@with_config(STRICT)
@dataclass(frozen=True)
class Admits:
    """Who may register: ``categories`` (none: any), and whether the home county must be told.

    ``after`` names by category the level that an applicant must have been admitted to in an earlier season, by the
    register: a record of school.
    """

    categories: tuple[Key, ...] = ()
    home: bool = False
    after: Mapping[Key, Key] = field(default_factory=dict)


@with_config(STRICT)
@dataclass(frozen=True)
class Law:
    """A whole scheme. Made by :func:`read_law`, which vouches for it."""

    components: tuple[Part, ...]
    ties: tuple[Key, ...]
    rounds: tuple[RoundLaw, ...]
    scale: Literal[1, 10, 100, 1000] = 10
    pools: tuple[PoolLaw, ...] = ()
    admits: Admits = Admits()

    def of(self, ordinal: int, supplement: int) -> RoundLaw | None:
        """The law of a round; a supplementary round that none is written for runs as the round that it supplements."""
        found = {(each.round, each.supplement): each for each in self.rounds}
        return found.get((ordinal, supplement), found.get((ordinal, 0)))


LAW: TypeAdapter[Law] = TypeAdapter(Law)
WRITTEN = (Part, Law, PoolLaw, Admits, RoundLaw, RunCap, Out, Target)
HEADS = (
    *("scale", "components", "ties", "pools", "admits", "rounds", "key", "name"),
    *("round", "supplement", "enters", "exempt", "paper", "mechanism", "ratio", "own_rules", "rule"),
)
ORDER = {
    name: at
    for at, name in enumerate(dict.fromkeys([*HEADS, *(each.name for made in WRITTEN for each in fields(made))]))
}
"""In which order the parts of a scheme are written for people: the database does not keep the order of an object."""
POOLS = {str(value): str(label) for value, label in Pool.choices}


def read_law(data: Any) -> Law:
    """The law that plain data writes. Raises AllocationError with all faults, each with its path."""
    law = load(LAW, data)
    faults = list(_faults(law))
    if not faults:
        for at, each in enumerate(law.rounds):
            try:
                load_scheme(engine_scheme(law, each, code="x", version=1, name="x", rules=[]))
            except AllocationError as error:
                faults += [Fault(f"rounds[{at}].{one.path}", one.code, one.zh, one.en) for one in error.faults]
    if faults:
        raise AllocationError(faults)
    return law


def in_order(data: Any) -> Any:
    """Plain data of a scheme with its parts in the order in which people read them."""
    if isinstance(data, Mapping):
        keys = sorted(data, key=lambda key: ORDER.get(key, len(ORDER)))
        return {key: in_order(data[key]) for key in keys}
    return [in_order(each) for each in data] if isinstance(data, list) else data


def _faults(law: Law) -> Iterator[Fault]:
    for at, part in enumerate(law.components):
        if part.key.split("/")[0] not in Component.values:
            yield unknown(f"components[{at}].key", "成绩项", "component", part.key)
    for at, pool in enumerate(law.pools):
        if pool.key not in POOLS:
            yield unknown(f"pools[{at}].key", "计划性质", "pool", pool.key)
    for key, level in law.admits.after.items():
        if level not in ProgrammeLevel.values:
            yield unknown(f"admits.after.{key}", "层次", "level", level)
    for place, keys in (
        ("admits.categories", law.admits.categories),
        ("admits.after", tuple(law.admits.after)),
        *_entered(law),
    ):
        for at, key in enumerate(keys):
            if key not in ApplicantCategory.values:
                yield unknown(f"{place}[{at}]", "考生类别", "category of applicant", key)
    if not law.rounds:
        yield Fault("rounds", "empty", "至少要有一个轮次", "at least one round is needed")
    seen: set[str] = set()
    for at, each in enumerate(law.rounds):
        if each.key in seen:
            yield Fault(f"rounds[{at}]", "duplicate", f"第 {each.key} 轮写了两次", f"round {each.key} stands twice")
        seen.add(each.key)
        if each.exempt and each.enters:
            yield Fault(
                f"rounds[{at}].enters",
                "exempt_round",
                "免试轮次凡免试生均可参加，不再限定考生类别",
                "an exempt round is for whoever is exempt, and names no categories",
            )
        yield from _cap_faults(f"rounds[{at}]", each)
    for at, each in enumerate(law.rounds):
        for step, target in enumerate(each.rolls_to):
            if order_of(target.round) <= order_of(each.key):
                path = f"rounds[{at}].rolls_to[{step}]"
                yield unknown(path, "更晚的轮次", "later round", target.round)


def _cap_faults(path: str, of: RoundLaw) -> Iterator[Fault]:
    for at, cap in enumerate(of.caps):
        where = f"{path}.caps[{at}]"
        for step, key in enumerate(cap.pools):
            if key not in POOLS:
                yield unknown(f"{where}.pools[{step}]", "计划性质", "pool", key)
        if of.mechanism != "deferred":
            yield Fault(
                where,
                "not_deferred",
                f"限额“{cap.name}”：平行志愿一轮投档不设运行内限额。请改用 deferred，或在计划上设限额",
                f"the cap “{cap.name}” needs deferred acceptance: use it, or cap the plans",
            )
        elif cap.order is None:
            yield Fault(
                f"{where}.order",
                "no_common_order",
                f"限额“{cap.name}”须写明按什么次序比较：order: round 为各校都用本轮统一办法，合并计算"
                "（同时写 own_rules: false）；order: school 为各校按自己的办法，各自计算。"
                "不同办法的分数不可比，谁该让出名额就没有公认的答案",
                f"the cap “{cap.name}” must say by which order applicants compare: `order: round` (all by the "
                "round's own rule, with `own_rules: false`) or `order: school` (each school apart, by its own rule). "
                "Scores by different rules do not compare, so nobody could say who must give way",
            )
        elif cap.order == "round" and of.takes_own_rules:
            yield Fault(
                f"{where}.order",
                "no_common_order",
                f"限额“{cap.name}”跨校合并计算，而本轮允许学校用自己的计分办法，分数不可比。请写 own_rules: false，"
                "或改为 order: school（各校各自计算），或在计划上设限额",
                f"the cap “{cap.name}” is over several schools, whose own rules judge in this round: their scores "
                "do not compare. Write `own_rules: false`, or `order: school`, or cap the plans",
            )


def _entered(law: Law) -> Iterator[tuple[str, tuple[str, ...]]]:
    for at, each in enumerate(law.rounds):
        yield f"rounds[{at}].enters", each.enters


def order_of(key: str) -> tuple[int, int]:
    """A round's key in its order: 2.1 comes after 2 and before 3; what is no key comes before all."""
    ordinal, _, supplement = key.partition(".")
    if not ordinal.isdigit() or (supplement and not supplement.isdigit()):
        return (0, 0)
    return int(ordinal), int(supplement or 0)


@dataclass(frozen=True)
class OwnRule:
    """A rule of scoring that a school filed for a way in."""

    key: str
    name: str
    formula: Mapping[str, Any]
    ties: Sequence[str]


def engine_scheme(
    law: Law,
    of: RoundLaw,
    *,
    code: str,
    version: int,
    name: str,
    rules: Sequence[OwnRule],
    caps: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The engine's scheme of a round, as plain data: the round's own rule and those that schools filed, and its caps
    over what is offered (:func:`jineng.admissions.capping.engine_caps`)."""
    own = OwnRule(OWN, "本轮统一办法", formula_data(of.rule), law.ties)
    judged = [own, *rules]
    return {
        "code": code,
        "version": version,
        "name": name,
        "scale": law.scale,
        "components": [
            {"key": part.key, "name": part.name, "most": part.most, "combine": part.combine} for part in law.components
        ],
        "rules": [{"key": rule.key, "name": rule.name, **rule.formula} for rule in judged],
        "ties": [{"key": rule.key, "by": [*rule.ties]} for rule in judged],
        "mechanism": of.mechanism,
        "ratio": of.ratio,
        "pools": [{"key": pool.key, "name": pool.name, "releases_to": pool.releases_to} for pool in law.pools]
        or [{"key": key, "name": label} for key, label in POOLS.items()],
        "batches": [{"key": each.key, "name": each.name, "tag": each.tag} for each in of.batches],
        "eliminations": [
            {"key": f"out-{at}", "name": each.name, "rule": OWN, "share": each.share, "by_category": each.by_category}
            for at, each in enumerate(of.eliminations)
        ],
        "caps": [*caps],
    }


def formula_data(formula: Formula) -> dict[str, Any]:
    """A formula as the engine's rule writes it."""
    return {"weights": dict(formula.weights), "least": dict(formula.least or {}), "total": formula.total}


def rule_faults(law: Law, formula: Mapping[str, Any], ties: Sequence[str]) -> tuple[Fault, ...]:
    """What is wrong with a school's rule under a season's law; paths begin with ``formula`` or ``ties``."""
    rule = OwnRule("own", "本校办法", formula, ties)
    data = engine_scheme(law, law.rounds[0], code="x", version=1, name="x", rules=[rule])
    try:
        load_scheme(data)
    except AllocationError as error:
        return tuple(
            Fault(
                fault.path.replace("rules[1].", "formula.").replace("ties[1].by", "ties"),
                fault.code,
                fault.zh,
                fault.en,
            )
            for fault in error.faults
        )
    return ()


def engine_rule(law: Law, formula: Mapping[str, Any], ties: Sequence[str]) -> tuple[Any, Rule]:
    """The engine's scheme and rule of a school's filed rule, for preview. Raises AllocationError."""
    rule = OwnRule("own", "本校办法", formula, ties)
    scheme = load_scheme(engine_scheme(law, law.rounds[0], code="x", version=1, name="x", rules=[rule]))
    return scheme, scheme.rule("own")

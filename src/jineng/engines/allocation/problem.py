"""What is given: the places, the applicants with scores and preferences, and the lot; all under one scheme."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from pydantic import PlainSerializer, TypeAdapter, with_config

from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.reading import STRICT, Key, Number, Seats, dump, load, repeated, unknown
from jineng.engines.allocation.scheme import Kind, Scheme, load_scheme, too_fine

Tags = Annotated[frozenset[Key], PlainSerializer(sorted)]
_SEED = re.compile(r"[0-9a-f]{32,128}")


@with_config(STRICT)
@dataclass(frozen=True)
class Place:
    """Seats that are given out together: an organisation's major, for a pool.

    `group`: the group under which applicants name it. `needs`: tags that an applicant must all have (a category, a
    home county, a school). `rule` and `ties` say how it judges.
    """

    key: Key
    organisation: Key
    group: Key
    major: Key
    seats: Seats
    rule: Key
    ties: Key
    pool: str = ""
    needs: Tags = frozenset()


@with_config(STRICT)
@dataclass(frozen=True)
class Preference:
    """One wish: a group, some of its majors in order, and whether any other major of it would do (服从调剂).

    A `struck` one keeps its number in the list and comes to nothing: the school refused the file (退档).
    """

    group: Key
    majors: tuple[Key, ...] = ()
    any_major: bool = False
    struck: bool = False


@with_config(STRICT)
@dataclass(frozen=True)
class Applicant:
    """Somebody with scores by component, bonuses (each of several), tags, a category, and preferences in order.

    `exempt` is the place that was given before the run, by exemption; it takes a seat there.
    """

    id: Key
    scores: Mapping[Key, Number] = field(default_factory=dict)
    bonuses: Mapping[Key, tuple[Number, ...]] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    tags: Tags = frozenset()
    category: str = ""
    exempt: Key | None = None


PLACES: TypeAdapter[tuple[Place, ...]] = TypeAdapter(tuple[Place, ...])
APPLICANTS: TypeAdapter[tuple[Applicant, ...]] = TypeAdapter(tuple[Applicant, ...])


@dataclass(frozen=True)
class Problem:
    """A scheme with its places, applicants and the lot's seed. Made by `load_problem`, which vouches for it.

    Places and applicants stand in the order of their keys, whatever order they came in.
    """

    scheme: Scheme
    places: tuple[Place, ...]
    applicants: tuple[Applicant, ...]
    seed: str

    @cached_property
    def programmes(self) -> dict[str, dict[str, tuple[Place, ...]]]:
        """By group and major the places in the stated order of their pools; majors in the order of their codes."""
        order = self.scheme.pool_order
        found: dict[str, dict[str, list[Place]]] = {}
        for place in sorted(self.places, key=lambda place: (place.group, place.major, order[place.pool], place.key)):
            found.setdefault(place.group, {}).setdefault(place.major, []).append(place)
        return {group: {major: tuple(places) for major, places in majors.items()} for group, majors in found.items()}

    def lot(self, applicant: str) -> bytes:
        """What is drawn for an applicant: the lower comes first."""
        return hashlib.sha256(f"{self.seed}\n{applicant}".encode()).digest()

    def to_data(self) -> dict[str, Any]:
        """The problem as plain JSON data in its one order; `load_problem` reads it back."""
        return {
            "scheme": self.scheme.to_data(),
            "places": dump(PLACES, self.places),
            "applicants": dump(APPLICANTS, self.applicants),
            "seed": self.seed,
        }


def commitment(seed: str) -> str:
    """What is published before applicants are known: it binds the seed of the lot without telling it."""
    return hashlib.sha256(f"lot\n{seed}".encode()).hexdigest()


def load_problem(data: Mapping[str, Any], scheme: Scheme | None = None) -> Problem:
    """The problem that plain data (`scheme`, `places`, `applicants`, `seed`) writes.

    A scheme that was loaded before may be handed in instead. Raises AllocationError with all faults.
    """
    surplus = sorted(set(data) - {"scheme", "places", "applicants", "seed"})
    if surplus:
        raise AllocationError([Fault(key, "unexpected", f"不认识 {key}", f"{key} is not known") for key in surplus])
    known = scheme if scheme is not None else load_scheme(data.get("scheme"))
    places = load(PLACES, data.get("places"))
    applicants = load(APPLICANTS, data.get("applicants"))
    problem = Problem(
        known,
        tuple(sorted(places, key=lambda place: place.key)),
        tuple(sorted(applicants, key=lambda applicant: applicant.id)),
        str(data.get("seed", "")),
    )
    faults = [*_place_faults(known, places), *_applicant_faults(problem, applicants)]
    if not _SEED.fullmatch(problem.seed):
        faults.append(
            Fault(
                "seed",
                "seed",
                "抽签种子应是 32 至 128 位十六进制小写字符：先公布其承诺值，运行时再公开",
                "the seed of the lot has 32 to 128 lower-case hex digits: publish its commitment first, then itself",
            )
        )
    if faults:
        raise AllocationError(faults)
    return problem


def _place_faults(scheme: Scheme, places: tuple[Place, ...]) -> Iterator[Fault]:
    yield from repeated("places", "招生单元", "place", [place.key for place in places])
    rules, ties = {rule.key for rule in scheme.rules}, {chain.key for chain in scheme.ties}
    needs: dict[str, frozenset[str]] = {}
    for at, place in enumerate(places):
        path = f"places[{at}]"
        if place.rule not in rules:
            yield unknown(f"{path}.rule", "计分规则", "rule", place.rule)
        if place.ties not in ties:
            yield unknown(f"{path}.ties", "同分排序", "tie chain", place.ties)
        if place.pool not in scheme.pool_order:
            yield unknown(f"{path}.pool", "计划类别", "pool", place.pool)
        if scheme.mechanism is Kind.SERIAL and needs.setdefault(place.group, place.needs) != place.needs:
            yield Fault(
                f"{path}.needs",
                "mixed_group",
                f"平行志愿按专业组投档，组“{place.group}”内各招生单元的报考条件须相同：请另设专业组",
                f"files are placed by group, so all places of {place.group} need the same: part the group",
            )
    if scheme.mechanism is Kind.SERIAL and len({(place.rule, place.ties) for place in places}) > 1:
        yield Fault(
            "places",
            "many_orders",
            "平行志愿只有一个分数次序：所有招生单元须用同一计分规则和同分排序",
            "parallel preferences know one order: all places must use the same rule and tie chain",
        )


def _applicant_faults(problem: Problem, applicants: tuple[Applicant, ...]) -> Iterator[Fault]:
    scheme = problem.scheme
    yield from repeated("applicants", "考生", "applicant", [applicant.id for applicant in applicants])
    components = {component.key: component for component in scheme.components}
    places = {place.key for place in problem.places}
    for at, applicant in enumerate(applicants):
        path = f"applicants[{at}]"
        for name, given, is_bonus in (("scores", applicant.scores, False), ("bonuses", applicant.bonuses, True)):
            for key, value in given.items():
                where = f"{path}.{name}.{key}"
                component = components.get(key)
                if component is None or (component.combine is not None) != is_bonus:
                    yield unknown(where, "加分项" if is_bonus else "成绩项", "bonus" if is_bonus else "component", key)
                    continue
                for number in value if isinstance(value, tuple) else (value,):
                    if number * scheme.scale % 1:
                        yield too_fine(where, number, scheme.scale)
                    if not is_bonus and number > component.most:
                        yield Fault(
                            where,
                            "too_high",
                            f"“{component.name}”{number} 分超过满分 {component.most}",
                            f"{key} {number} is above its full marks of {component.most}",
                        )
        if applicant.exempt is not None and applicant.exempt not in places:
            yield unknown(f"{path}.exempt", "招生单元", "place", applicant.exempt)
        yield from _preference_faults(problem, path, applicant)


def _preference_faults(problem: Problem, path: str, applicant: Applicant) -> Iterator[Fault]:
    yield from repeated(f"{path}.preferences", "志愿", "preference", [wish.group for wish in applicant.preferences])
    for at, wish in enumerate(applicant.preferences):
        where = f"{path}.preferences[{at}]"
        majors = problem.programmes.get(wish.group)
        if majors is None:
            yield unknown(f"{where}.group", "专业组", "group", wish.group)
            continue
        if wish.struck and (wish.majors or wish.any_major):
            yield Fault(
                where,
                "struck",
                f"志愿“{wish.group}”已退档，不得再填专业",
                f"the preference {wish.group} is struck and must name no major",
            )
        elif not wish.struck and not wish.majors and not wish.any_major:
            yield Fault(
                where,
                "empty",
                f"志愿“{wish.group}”既没有填专业也不服从调剂，无法录取",
                f"the preference {wish.group} names no major and takes no other: nothing could be given",
            )
        yield from repeated(f"{where}.majors", "专业", "major", wish.majors)
        for step, major in enumerate(wish.majors):
            if major not in majors:
                yield unknown(f"{where}.majors[{step}]", "专业", "major", major)

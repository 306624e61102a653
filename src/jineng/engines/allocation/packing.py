"""From a problem to a market of arrays: who may be where, in one order of rows, places and keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.market import MOST_PREFERENCES, Market, crossing, pack_market
from jineng.engines.allocation.problem import Applicant, Place, Problem
from jineng.engines.allocation.scheme import Cap, Scheme
from jineng.engines.allocation.scoring import Units, eliminated, may_enter, reaches, score, units

BATCH = ""
"""The hidden component that puts batches one above another."""


@dataclass(frozen=True)
class Packed:
    """A market with what its numbers stand for: `ids` of rows, `places` by number, `wishes` per row.

    A wish is the number of the preference (from 0) that a cell came from. `units` are the components of each
    applicant, `out` who was eliminated and by what.
    """

    market: Market
    ids: tuple[str, ...]
    places: tuple[Place, ...]
    wishes: tuple[tuple[int, ...], ...]
    units: Mapping[str, Units]
    out: Mapping[str, str]


def batch_of(scheme: Scheme, applicant: Applicant) -> int:
    """How early an applicant's batch is: the number of batches after it; 0 for who is in none."""
    for at, batch in enumerate(scheme.batches):
        if batch.tag in applicant.tags:
            return len(scheme.batches) - at
    return 0


def pack(problem: Problem, seats: Mapping[str, int] | None = None) -> Packed:
    """The market of a problem, with `seats` in the stead of the planned ones where given.

    Exempt applicants have their seats already: they take one at their place and under every cap over it, and stand
    in no row. Raises AllocationError where caps cross or judge by different rules, exempt applicants do not fit, or a
    list becomes too long.
    """
    scheme = problem.scheme
    own = {applicant.id: units(scheme, applicant) for applicant in problem.applicants}
    out = eliminated(problem, own)
    left, limits = _after_exempt(problem, seats)
    places, ranges = arrange(problem.places, scheme.caps)
    number = {place.key: at for at, place in enumerate(places)}
    running = [applicant for applicant in problem.applicants if applicant.exempt is None]
    chains = {chain.key: chain.by for chain in scheme.ties}
    reference = _reference(problem)
    rule = scheme.rule(reference[0])

    def in_chain(one: Applicant, chain: str) -> tuple[int | bytes, ...]:
        return (*(-own[one.id][key] for key in chains[chain]), problem.lot(one.id))

    running.sort(
        key=lambda one: (-batch_of(scheme, one), -score(rule, own[one.id]), *in_chain(one, reference[1])),
    )
    # Where all judge by one rule and chain, the order of the rows breaks ties; elsewhere each chain has ranks.
    alike = {(place.rule, place.ties) for place in places} <= {reference}
    kept = [] if alike else sorted({place.ties for place in places})
    ranks = np.zeros((len(kept), len(running)), np.uint32)
    for at, chain in enumerate(kept):
        standings = [(in_chain(one, chain), row) for row, one in enumerate(running)]
        ranks[at, [row for _, row in sorted(standings)]] = np.arange(len(running))
    lists = [list(_cells(problem, one, own[one.id])) if one.id not in out else [] for one in running]
    longest = max(map(len, lists), default=0)
    _check_length(running, lists)
    components = [component.key for component in scheme.components] + [BATCH] * bool(scheme.batches)
    width = len(components)
    cells = np.zeros((len(running), width + longest), np.int64)
    for row, (one, wishes) in enumerate(zip(running, lists, strict=True)):
        cells[row, : len(scheme.components)] = list(own[one.id].values())
        if scheme.batches:
            cells[row, width - 1] = batch_of(scheme, one)
        cells[row, width : width + len(wishes)] = [number[key] + 1 for key, _ in wishes]
    narrow = cells.max(initial=0) <= np.iinfo(np.uint16).max and len(places) < np.iinfo(np.uint16).max
    market = pack_market(
        cells.astype(np.uint16 if narrow else np.uint32),
        width,
        np.array([_weights(scheme, place, own.values()) for place in places], np.int64).reshape(len(places), width),
        np.array([left[place.key] for place in places], np.int64),
        tie_of=np.array([-1 if alike else kept.index(place.ties) for place in places], np.int64),
        ranks=ranks,
        caps=np.array([[*ranges[cap.key], limits[cap.key]] for cap in scheme.caps], np.int64).reshape(-1, 3),
    )
    return Packed(
        market,
        tuple(one.id for one in running),
        places,
        tuple(tuple(wish for _, wish in wishes) for wishes in lists),
        own,
        out,
    )


def _reference(problem: Problem) -> tuple[str, str]:
    """The rule and tie chain by which rows stand: those of most places, the first by name where several are."""
    counts: dict[tuple[str, str], int] = {}
    for place in problem.places:
        counts[place.rule, place.ties] = counts.get((place.rule, place.ties), 0) + 1
    scheme = problem.scheme
    return min(counts, key=lambda key: (-counts[key], key), default=(scheme.rules[0].key, scheme.ties[0].key))


def _weights(scheme: Scheme, place: Place, own: Iterable[Units]) -> list[int]:
    rule = scheme.rule(place.rule)
    weights = [rule.whole_weight(component.key) for component in scheme.components]
    if scheme.batches:
        weights.append(1 + max((score(rule, one) for one in own), default=0))
    return weights


def _cells(problem: Problem, applicant: Applicant, own: Units) -> Iterator[tuple[str, int]]:
    """The places that an applicant asks for and may have, in order, each with the number of its preference."""
    for place, wish in asked(problem, applicant):
        if may_enter(place, applicant) and reaches(problem.scheme, problem.scheme.rule(place.rule), own):
            yield place.key, wish


def asked(problem: Problem, applicant: Applicant) -> Iterator[tuple[Place, int]]:
    """The places that an applicant's preferences come to: named majors first, then any other of the group."""
    for at, wish in enumerate(applicant.preferences):
        majors = problem.programmes[wish.group]
        rest = [major for major in majors if major not in wish.majors] if wish.any_major else []
        for major in (*wish.majors, *rest):
            for place in majors[major]:
                yield place, at


def _check_length(running: Sequence[Applicant], lists: Sequence[Sequence[object]]) -> None:
    faults = [
        Fault(
            f"applicants.{one.id}",
            "too_many_preferences",
            f"考生 {one.id} 的志愿展开后有 {len(wishes)} 个招生单元，超过 {MOST_PREFERENCES} 个",
            f"the preferences of {one.id} come to {len(wishes)} places, more than {MOST_PREFERENCES}",
        )
        for one, wishes in zip(running, lists, strict=True)
        if len(wishes) > MOST_PREFERENCES
    ]
    if faults:
        raise AllocationError(faults)


def _after_exempt(problem: Problem, seats: Mapping[str, int] | None) -> tuple[dict[str, int], dict[str, int]]:
    """The seats of places and the limits of caps once exempt applicants have theirs."""
    left = {place.key: place.seats for place in problem.places} | dict(seats or {})
    limits = {cap.key: cap.limit for cap in problem.scheme.caps}
    faults = []
    for applicant in problem.applicants:
        if applicant.exempt is None:
            continue
        left[applicant.exempt] -= 1
        for cap in problem.scheme.caps:
            limits[cap.key] -= applicant.exempt in cap.places
    for zh, en, table in (("招生单元", "place", left), ("限额", "cap", limits)):
        for key, number in table.items():
            if number < 0:
                faults.append(
                    Fault(
                        "applicants",
                        "exempt_over",
                        f"{zh}“{key}”的免试生比计划多 {-number} 人：请先增加计划或减少免试录取",
                        f"the {en} {key} has {-number} exempt applicants more than seats: add seats or admit fewer",
                    )
                )
    if faults:
        raise AllocationError(faults)
    return left, limits


def arrange(places: Sequence[Place], caps: Sequence[Cap]) -> tuple[tuple[Place, ...], dict[str, tuple[int, int]]]:
    """Places in an order in which every cap is a range, and those ranges.

    Raises AllocationError where a cap names an unknown place, caps cross, or places under one judge differently.
    """
    faults = list(_cap_faults(places, caps))
    if faults:
        raise AllocationError(faults)
    wide = sorted(caps, key=lambda cap: (-len(cap.places), cap.key))
    path = {place.key: tuple(cap.key for cap in wide if place.key in cap.places) for place in places}
    ordered = tuple(sorted(places, key=lambda place: (path[place.key], place.key)))
    number = {place.key: at for at, place in enumerate(ordered)}
    ranges = {}
    for cap in caps:
        under = [number[key] for key in cap.places]
        ranges[cap.key] = (min(under), max(under) + 1) if under else (0, 0)
    return ordered, ranges


def _cap_faults(places: Sequence[Place], caps: Sequence[Cap]) -> Iterator[Fault]:
    known = {place.key: place for place in places}
    for at, cap in enumerate(caps):
        missing = sorted(cap.places - set(known))
        for key in missing:
            yield Fault(
                f"caps[{at}].places", "unknown", f"限额“{cap.name}”所列的招生单元“{key}”不存在", f"no place {key}"
            )
        if not cap.places:
            yield Fault(
                f"caps[{at}].places", "empty", f"限额“{cap.name}”没有招生单元", f"the cap {cap.key} is over no place"
            )
        judged = {(known[key].rule, known[key].ties) for key in cap.places if key in known}
        if len(judged) > 1 or {rule for rule, _ in judged} != {cap.order}:
            yield Fault(
                f"caps[{at}].order",
                "no_common_order",
                f"限额“{cap.name}”之下的招生单元须用同一计分规则和同分排序，并在 order 中声明：不同规则的分数不可比，"
                "谁该让出名额就没有公认的答案。请统一规则，或把限额设在计划上",
                f"all places under the cap {cap.key} must judge by one rule and tie chain, named in `order`: scores by "
                "different rules do not compare, so nobody could say who must give way. Use one rule, or cap the plans",
            )
        for before in caps[:at]:
            shared = cap.places & before.places
            if shared and not (cap.places <= before.places or before.places <= cap.places):
                yield crossing(f"caps[{at}]", before.name, cap.name)

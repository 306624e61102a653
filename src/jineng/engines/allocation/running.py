"""Giving out places: the mechanism that the scheme declares, over a packed market."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from jineng.engines.allocation.bulk import settle_market
from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.market import NOWHERE, Ints
from jineng.engines.allocation.outcome import CutOff, Move, Outcome, Row, Standing, State, cut_off, standing
from jineng.engines.allocation.packing import Packed, batch_of, pack
from jineng.engines.allocation.problem import Preference, Problem
from jineng.engines.allocation.scheme import Kind
from jineng.engines.allocation.scoring import Units, points, score, units


def allocate(problem: Problem) -> Outcome:
    """Gives out the places of a problem by its scheme's mechanism.

    Raises AllocationError where caps, exempt applicants or lists do not fit (see `pack`), or where the mechanism needs
    answers between its steps (`offers`).
    """
    if problem.scheme.mechanism is Kind.OFFERS:
        raise AllocationError(
            [
                Fault(
                    "mechanism",
                    "interactive",
                    "一档多投须等考生答复，请用 start_offers 分步进行",
                    "one file, many offers waits for answers: go on step by step with start_offers",
                )
            ]
        )
    if problem.scheme.mechanism is Kind.SERIAL:
        return _serial(problem)
    return _deferred(problem)


def _deferred(problem: Problem) -> Outcome:
    seats = {place.key: place.seats for place in problem.places}
    moves: list[Move] = []
    while True:
        packed = pack(problem, seats)
        met = settle_market(packed.market).met
        # Seats added lower cut-offs, so whoever was turned away before may get in: from scratch.
        released = releases(problem, seats, _taken(problem, packed, met))
        if not released:
            return _outcome(problem, packed, met, seats, tuple(moves))
        for move in released:
            seats[move.giver] -= move.seats
            seats[move.taker] += move.seats
        moves += released


def releases(problem: Problem, seats: Mapping[str, int], taken: Mapping[str, int]) -> list[Move]:
    """The unused seats that go to another pool of their programme, in the order of places."""
    to = {pool.key: pool.releases_to for pool in problem.scheme.pools}
    found = []
    for group in problem.programmes.values():
        for places in group.values():
            for place in places:
                unused = seats[place.key] - taken[place.key]
                target = to.get(place.pool)
                taker = next((other for other in places if other.pool == target), None)
                if unused > 0 and target is not None and taker is not None:
                    found.append(Move(place.key, taker.key, unused))
    return found


def _taken(problem: Problem, packed: Packed, met: Ints) -> dict[str, int]:
    taken = {place.key: 0 for place in problem.places}
    for applicant in problem.applicants:
        if applicant.exempt is not None:
            taken[applicant.exempt] += 1
    market = packed.market
    for row in np.flatnonzero(met != NOWHERE):
        taken[packed.places[int(market.rows[row, market.components + met[row]]) - 1].key] += 1
    return taken


def _outcome(problem: Problem, packed: Packed, met: Ints, seats: Mapping[str, int], moves: tuple[Move, ...]) -> Outcome:
    market, scheme = packed.market, problem.scheme
    row_of = {who: row for row, who in enumerate(packed.ids)}
    known = {place.key: place for place in problem.places}
    rows = []
    for one in problem.applicants:
        if one.exempt is not None:
            rows.append(Row(one.id, State.EXEMPT, one.exempt, known[one.exempt].group))
            continue
        row = row_of[one.id]
        if met[row] == NOWHERE:
            rows.append(Row(one.id, State.ELIMINATED if one.id in packed.out else State.UNPLACED))
            continue
        place = packed.places[int(market.rows[row, market.components + met[row]]) - 1]
        rule = scheme.rule(place.rule)
        shown = points(scheme, rule, score(rule, packed.units[one.id]))
        rows.append(Row(one.id, State.ADMITTED, place.key, place.group, packed.wishes[row][met[row]] + 1, shown))
    places, caps = cut_offs(problem, rows, packed.units, seats)
    return Outcome(tuple(rows), places, caps, moves=moves)


def cut_offs(
    problem: Problem, rows: Iterable[Row], own: Mapping[str, Units], seats: Mapping[str, int]
) -> tuple[tuple[CutOff, ...], tuple[CutOff, ...]]:
    """The cut-offs of places and of caps that follow from where everybody is."""
    scheme = problem.scheme
    known = {place.key: place for place in problem.places}
    people = {one.id: one for one in problem.applicants}
    taken = dict.fromkeys(known, 0)
    lowest: dict[str, Standing] = {}
    for row in rows:
        if row.place is None:
            continue
        taken[row.place] += 1
        if row.state is State.ADMITTED:
            one = people[row.applicant]
            stands = standing(problem, known[row.place], one, own[one.id], batch_of(scheme, one))
            lowest[row.place] = min(lowest.get(row.place, stands), stands)
    return (
        tuple(
            cut_off(problem, place.key, seats[place.key], taken[place.key], place, lowest.get(place.key))
            for place in problem.places
        ),
        tuple(
            cut_off(
                problem,
                cap.key,
                cap.limit,
                sum(taken[key] for key in cap.places),
                known[min(cap.places)],
                min((lowest[key] for key in cap.places if key in lowest), default=None),
            )
            for cap in scheme.caps
        ),
    )


def _serial(problem: Problem) -> Outcome:
    """Files go to groups by score; within each group majors are given by score, what is left to who takes any."""
    placed = _deferred(_by_group(problem))
    within = {row.applicant: row.group for row in placed.rows if row.state is State.ADMITTED and row.group}
    seats = {place.key: place.seats for place in problem.places}
    named = _deferred(_narrowed(problem, within, lambda wish: replace(wish, any_major=False), seats))
    settled = {row.applicant: row for row in named.rows if row.place is not None}
    for row in settled.values():
        seats[str(row.place)] -= row.state is State.ADMITTED
    rest = {who: group for who, group in within.items() if who not in settled}
    adjusted = _deferred(_narrowed(problem, rest, lambda wish: replace(wish, majors=()), seats)).by_applicant
    rows = []
    for row in placed.rows:
        if row.state is State.ADMITTED:
            found = settled.get(row.applicant, adjusted[row.applicant])
            state = State.RETURNED if found.place is None else State.ADMITTED
            rows.append(replace(row, state=state, place=found.place))
        else:
            rows.append(settled.get(row.applicant, row))
    own = {one.id: units(problem.scheme, one) for one in problem.applicants}
    places, _ = cut_offs(problem, rows, own, {place.key: place.seats for place in problem.places})
    return Outcome(tuple(rows), places, groups=placed.places)


def _by_group(problem: Problem) -> Problem:
    """The problem with each group as one place, which takes as many files as the placement ratio says."""
    group_of = {place.key: place.group for place in problem.places}
    exempt = Counter(group_of[one.exempt] for one in problem.applicants if one.exempt is not None)
    places = []
    for group, majors in problem.programmes.items():
        inside = [place for places_of in majors.values() for place in places_of]
        open_seats = sum(place.seats for place in inside) - exempt[group]
        files = exempt[group] + int(open_seats * problem.scheme.ratio / 100)
        places.append(replace(inside[0], key=group, major=group, seats=files))
    people = [
        replace(
            one,
            exempt=group_of[one.exempt] if one.exempt is not None else None,
            preferences=tuple(Preference(wish.group, () if wish.struck else (wish.group,)) for wish in one.preferences),
        )
        for one in problem.applicants
    ]
    return replace(problem, places=tuple(places), applicants=tuple(people))


def _narrowed(
    problem: Problem,
    within: Mapping[str, str],
    change: Callable[[Preference], Preference],
    seats: Mapping[str, int],
) -> Problem:
    """The problem in which only these applicants ask, each for the majors of one group."""
    people = [
        replace(
            one,
            preferences=tuple(change(wish) for wish in one.preferences if wish.group == within.get(one.id)),
        )
        for one in problem.applicants
    ]
    places = [replace(place, seats=seats[place.key]) for place in problem.places]
    return replace(problem, applicants=tuple(people), places=tuple(places))

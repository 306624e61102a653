"""Why somebody did not get what they wished for: the cut-off, their own score, and how many waited before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from jineng.engines.allocation.outcome import CutOff, Outcome, Row, Standing, State, standing
from jineng.engines.allocation.packing import asked, batch_of
from jineng.engines.allocation.problem import Applicant, Place, Problem
from jineng.engines.allocation.scheme import Kind
from jineng.engines.allocation.scoring import Units, may_enter, points, reaches, score, units


class Why(StrEnum):
    """What stood between an applicant and a preference."""

    BELOW = "below"
    """Full, and whoever came last in stood higher."""
    THRESHOLD = "threshold"
    """Less than the rule asks for at least."""
    NOT_ENTITLED = "not_entitled"
    """Kept for others: a county, a category."""
    RETURNED = "returned"
    """Placed with the group, which had no major left that was asked for."""
    ELIMINATED = "eliminated"


@dataclass(frozen=True)
class Missed:
    """A preference that was not met. `wish` counts from 1; `place` is a place, or a group of parallel preferences.

    `cut_off` and `score` are points by the place's rule; `waiting` is the number on its waiting list, from 1: among
    those who asked for it in vain and would have it rather than what they got.
    """

    wish: int
    place: str
    why: Why
    cut_off: str | None = None
    score: str | None = None
    waiting: int | None = None


def reasons(problem: Problem, outcome: Outcome) -> Mapping[str, tuple[Missed, ...]]:
    """By applicant the preferences that were not met, in order, up to the one that was."""
    own = {one.id: units(problem.scheme, one) for one in problem.applicants}
    by_group = problem.scheme.mechanism is Kind.SERIAL
    cuts = {line.key: line for line in (outcome.groups if by_group else outcome.places)}
    missed = {
        one.id: list(_missed(problem, one, outcome.by_applicant[one.id], own[one.id], cuts, by_group=by_group))
        for one in problem.applicants
    }
    queues: dict[str, list[tuple[Standing, str, int]]] = defaultdict(list)
    people = {one.id: one for one in problem.applicants}
    judges = {(place.group if by_group else place.key): place for place in problem.places}
    for who, found in missed.items():
        for at, each in enumerate(found):
            if each.why is Why.BELOW:
                batch = batch_of(problem.scheme, people[who])
                queues[each.place].append(
                    (standing(problem, judges[each.place], people[who], own[who], batch), who, at)
                )
    for queue in queues.values():
        for number, (_, who, at) in enumerate(sorted(queue, reverse=True), 1):
            found = missed[who]
            one = found[at]
            found[at] = Missed(one.wish, one.place, one.why, one.cut_off, one.score, number)
    return {who: tuple(found) for who, found in missed.items()}


def _missed(
    problem: Problem, one: Applicant, row: Row, own: Units, cuts: Mapping[str, CutOff], *, by_group: bool
) -> Iterator[Missed]:
    """One line for each preference before the one that was met: of its places the one that came nearest."""
    if row.state is State.EXEMPT:
        return
    wishes: dict[int, list[Place]] = defaultdict(list)
    for place, wish in asked(problem, one):
        if place.key == row.place:
            break
        if row.wish is not None and wish + 1 > row.wish:
            break
        wishes[wish + 1].append(place)
    for wish, places in wishes.items():
        if wish == row.wish and row.state is State.ADMITTED:
            # Another major of the very preference that was met is no preference of its own.
            continue
        yield _line(problem, wish, places, one, row, own, cuts, by_group=by_group)


def _line(
    problem: Problem,
    wish: int,
    places: list[Place],
    one: Applicant,
    row: Row,
    own: Units,
    cuts: Mapping[str, CutOff],
    *,
    by_group: bool,
) -> Missed:
    def told(place: Place) -> str:
        rule = problem.scheme.rule(place.rule)
        return points(problem.scheme, rule, score(rule, own))

    first = places[0]
    name = first.group if by_group else first.key
    if row.state is State.ELIMINATED:
        return Missed(wish, name, Why.ELIMINATED, score=told(first))
    entitled = [place for place in places if may_enter(place, one)]
    if not entitled:
        return Missed(wish, name, Why.NOT_ENTITLED)
    reached = [place for place in entitled if reaches(problem.scheme, problem.scheme.rule(place.rule), own)]
    if not reached:
        place = entitled[0]
        return Missed(wish, place.group if by_group else place.key, Why.THRESHOLD, score=told(place))
    if row.state is State.RETURNED and wish == row.wish:
        return Missed(wish, name, Why.RETURNED, score=told(first))
    nearest = reached[-1]
    line = cuts.get(nearest.group if by_group else nearest.key)
    return Missed(wish, line.key if line else name, Why.BELOW, line.score if line else None, told(nearest))

"""A season of rounds as a pure machine: who may enter, who was admitted, who answers, and where unfilled seats go.

A round runs by a scheme (see `allocate`) on the places that have seats left. Who was admitted leaves the season; who
was not goes on to the next round; seats that nobody confirmed roll over along the declared line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.season import NoAnswer, Round, Season, Stock


class Phase(StrEnum):
    """Where the season stands."""

    READY = "ready"
    """The next round may open."""
    OPEN = "open"
    """Preferences are taken and the round is run."""
    CONFIRMING = "confirming"
    OVER = "over"


class Fate(StrEnum):
    """What became of somebody who was admitted."""

    ADMITTED = "admitted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    VACATED = "vacated"
    """Confirmed, and gave the seat back later."""


HOLDS = frozenset({Fate.ADMITTED, Fate.CONFIRMED})


@dataclass(frozen=True)
class Held:
    """Somebody's last admission: where, in which round, and what became of it."""

    place: str
    round: str
    fate: Fate


@dataclass(frozen=True)
class Entry:
    """A line of the season's log: in which round, what, whom or which place it concerns, how many seats."""

    round: str
    act: str
    whom: str = ""
    place: str = ""
    seats: int = 0


@dataclass(frozen=True)
class Progress:
    """The state of a season. Every act gives a new one; `log` is all that led here."""

    seats: Mapping[str, int]
    at: int = 0
    phase: Phase = Phase.READY
    people: Mapping[str, Held] = field(default_factory=dict)
    log: tuple[Entry, ...] = ()


def begin(season: Season) -> Progress:
    """The season before its first round."""
    return Progress({stock.place: stock.seats for stock in season.stocks})


def current(season: Season, progress: Progress) -> Round:
    """The round that is open, or that opens next. Raises AllocationError("over") after the last."""
    if progress.phase is Phase.OVER:
        raise _refused("over", "本季所有轮次已结束", "all rounds of the season are over")
    return season.rounds[progress.at]


def may_enter_round(season: Season, progress: Progress, person: str, tags: frozenset[str]) -> Fault | None:
    """Why somebody may not enter the current round; None where they may."""
    stage, held = current(season, progress), progress.people.get(person)
    if held is not None and held.fate in HOLDS:
        return Fault(
            person, "holds_seat", "已被录取，不能再参加后续轮次", "holds a seat, so takes part in no other round"
        )
    if held is not None:
        barred = not next(one for one in season.rounds if one.key == held.round).declined_return
        if barred:
            return Fault(
                person, "declined", "已放弃录取，按方案不能参加后续轮次", "gave up a seat; by the scheme that ends it"
            )
    if stage.enters and not stage.enters & tags:
        return Fault(person, "not_entitled", f"不符合“{stage.name}”的报考条件", f"has none of the tags of {stage.key}")
    return None


def offered(season: Season, progress: Progress) -> dict[str, int]:
    """The free seats by place in the current round; what is full is not offered."""
    stage, taken = current(season, progress), _taken(progress)
    free = {
        stock.place: progress.seats[stock.place] - taken[stock.place]
        for stock in season.stocks
        if stock.round == stage.key
    }
    return {place: seats for place, seats in free.items() if seats > 0}


def room_under_caps(season: Season, progress: Progress) -> dict[str, int]:
    """How many may still be admitted under each cap of the season."""
    used = _under_caps(season, progress)
    return {cap.key: cap.limit - used[cap.key] for cap in season.caps}


def open_round(season: Season, progress: Progress) -> Progress:
    """Opens the next round: seats of earlier ones that were given back since, or had nowhere to go, roll first.

    Raises AllocationError where another is not closed.
    """
    stage = _in_phase(season, progress, Phase.READY)
    seats, entries = _rolled(season, progress, progress.at)
    return _logged(replace(progress, seats=seats, phase=Phase.OPEN), *entries, Entry(stage.key, "open"))


def settle(
    season: Season, progress: Progress, admitted: Mapping[str, str], tags: Mapping[str, frozenset[str]]
) -> Progress:
    """Takes the result of the round's run: applicant → place; `tags` are those of all who were admitted.

    Raises AllocationError with everything that is wrong: who may not enter, a place of another round, more than the
    free seats, more than a cap of the season leaves.
    """
    stage = _in_phase(season, progress, Phase.OPEN)
    free, room = offered(season, progress), room_under_caps(season, progress)
    faults = [
        fault
        for who in sorted(admitted)
        if (fault := may_enter_round(season, progress, who, tags.get(who, frozenset())))
    ]
    for place, number in sorted(Counter(admitted.values()).items()):
        if number > free.get(place, 0):
            faults.append(
                Fault(
                    place,
                    "over_seats",
                    f"本轮可用 {free.get(place, 0)} 个，录取了 {number} 人",
                    f"{free.get(place, 0)} seats are free in this round, {number} were admitted",
                )
            )
    programme = {stock.place: stock.programme for stock in season.stocks}
    for cap in season.caps:
        number = sum(programme.get(place) in cap.programmes for place in admitted.values())
        if number > room[cap.key]:
            faults.append(
                Fault(
                    cap.key,
                    "over_cap",
                    f"限额“{cap.name}”还可录取 {room[cap.key]} 人，本轮录取了 {number} 人",
                    f"the cap {cap.key} leaves {room[cap.key]}, {number} were admitted",
                )
            )
    if faults:
        raise AllocationError(faults)
    people = {who: Held(place, stage.key, Fate.ADMITTED) for who, place in sorted(admitted.items())}
    entries = [Entry(stage.key, "admit", who, held.place, 1) for who, held in people.items()]
    return _logged(replace(progress, phase=Phase.CONFIRMING, people={**progress.people, **people}), *entries)


def respond(season: Season, progress: Progress, person: str, *, confirms: bool) -> Progress:
    """Somebody confirms or declines within the window; who confirmed earlier may still give the seat back.

    Raises AllocationError("no_seat") where they hold none that could be answered.
    """
    held = progress.people.get(person)
    if held is None or held.fate not in HOLDS or (confirms and held.fate is Fate.CONFIRMED):
        raise _refused("no_seat", f"{person} 没有待答复的录取", f"{person} has no admission to answer", person)
    if held.fate is Fate.ADMITTED:
        _in_phase(season, progress, Phase.CONFIRMING)
        fate = Fate.CONFIRMED if confirms else Fate.DECLINED
    else:
        fate = Fate.VACATED
    people = {**progress.people, person: replace(held, fate=fate)}
    return _logged(replace(progress, people=people), Entry(held.round, str(fate), person, held.place, 1))


def close_round(season: Season, progress: Progress) -> Progress:
    """Ends the window: silence counts as declared, unfilled seats of this and earlier rounds roll over."""
    stage = _in_phase(season, progress, Phase.CONFIRMING)
    silent = Fate.CONFIRMED if stage.no_answer is NoAnswer.CONFIRMS else Fate.LAPSED
    people = dict(progress.people)
    entries = []
    for who, held in progress.people.items():
        if held.fate is Fate.ADMITTED:
            people[who] = replace(held, fate=silent)
            entries.append(Entry(stage.key, str(silent), who, held.place, 1))
    progress = replace(progress, people=people)
    seats, rolled = _rolled(season, progress, progress.at + 1)
    last = progress.at + 1 == len(season.rounds)
    moved = replace(progress, seats=seats, at=progress.at + (not last), phase=Phase.OVER if last else Phase.READY)
    return _logged(moved, *entries, *rolled, Entry(stage.key, "close"))


def _rolled(season: Season, progress: Progress, at: int) -> tuple[dict[str, int], list[Entry]]:
    """The seats after what the rounds before ``at`` left unfilled has rolled to it or to later ones, and the moves."""
    seats, taken, entries = dict(progress.seats), _taken(progress), []
    done = {one.key: one for one in season.rounds[:at]}
    later = {one.key for one in season.rounds[at:]}
    for stock in season.stocks:
        unfilled = seats[stock.place] - taken[stock.place]
        if stock.round not in done or unfilled <= 0:
            continue
        target = _target(season, done[stock.round], stock, later)
        if target is not None:
            seats[stock.place] -= unfilled
            seats[target.place] += unfilled
            entries.append(Entry(season.rounds[progress.at].key, "roll", target.place, stock.place, unfilled))
    return seats, entries


def _target(season: Season, stage: Round, stock: Stock, later: set[str]) -> Stock | None:
    """The first place on the declared line that the programme has and whose round is still to come."""
    for wanted in stage.rolls_to:
        for other in season.stocks:
            at = (other.round, other.pool, other.programme)
            pool = stock.pool if wanted.pool is None else wanted.pool
            if wanted.round in later and at == (wanted.round, pool, stock.programme):
                return other
    return None


def audit(season: Season, progress: Progress) -> tuple[Fault, ...]:
    """What does not hold of a state: seats conserved, no place over its seats, no cap broken over all rounds."""
    faults = []
    planned, now = sum(stock.seats for stock in season.stocks), sum(progress.seats.values())
    if planned != now:
        faults.append(
            Fault("seats", "not_conserved", f"计划 {planned} 个，现有 {now} 个", f"{planned} planned, {now} now")
        )
    taken = _taken(progress)
    for place, seats in progress.seats.items():
        if taken[place] > seats:
            faults.append(Fault(place, "over_seats", f"{taken[place]} 人占 {seats} 个", f"{taken[place]} hold {seats}"))
    used = _under_caps(season, progress)
    for cap in season.caps:
        if used[cap.key] > cap.limit:
            faults.append(
                Fault(
                    cap.key, "over_cap", f"{used[cap.key]} 人超过限额 {cap.limit}", f"{used[cap.key]} over {cap.limit}"
                )
            )
    return tuple(faults)


def _taken(progress: Progress) -> Counter[str]:
    return Counter(held.place for held in progress.people.values() if held.fate in HOLDS)


def _under_caps(season: Season, progress: Progress) -> dict[str, int]:
    taken = _taken(progress)
    programme = {stock.place: stock.programme for stock in season.stocks}
    return {
        cap.key: sum(number for place, number in taken.items() if programme.get(place) in cap.programmes)
        for cap in season.caps
    }


def _in_phase(season: Season, progress: Progress, wanted: Phase) -> Round:
    stage = current(season, progress)
    if progress.phase is not wanted:
        raise _refused(
            "phase",
            f"“{stage.name}”现处于 {progress.phase}，此操作须在 {wanted} 时进行",
            f"{stage.key} is {progress.phase}; this is done while it is {wanted}",
        )
    return stage


def _logged(progress: Progress, *entries: Entry) -> Progress:
    return replace(progress, log=(*progress.log, *entries))


def _refused(code: str, zh: str, en: str, path: str = "") -> AllocationError:
    return AllocationError([Fault(path, code, zh, en)])

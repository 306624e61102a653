"""Finding the result again by other ways than the engine's: by raising cut-offs, and by serving in one queue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction

from jineng.engines.recount.judging import Case, Standing

Seats = dict[str, int]
Found = dict[str, tuple[str, int]]
"""Applicant → place and number of the preference."""


def deferred(case: Case) -> tuple[Found, Seats]:
    """The student-optimal stable result and the seats after unused ones were passed on between pools."""
    seats = {key: int(place["seats"]) for key, place in case.places.items()}
    while True:
        found = raise_cut_offs(case, seats)
        taken = Counter(key for key, _ in found.values()) + Counter(case.held.values())
        moved = False
        for giver, taker in _passes_on(case):
            unused = seats[giver] - taken[giver]
            if unused > 0:
                moved = True
                seats[giver] -= unused
                seats[taker] += unused
                # What was passed on is not passed on again before the next run.
                taken[taker] += unused
        if not moved:
            return found, seats


def _passes_on(case: Case) -> list[tuple[str, str]]:
    """From which place to which unused seats go."""
    to = {pool["key"]: pool.get("releases_to") for pool in case.scheme.get("pools", [])}
    pairs = []
    for giver, place in sorted(case.places.items()):
        target = to.get(place.get("pool"))
        same = (
            key
            for key, other in sorted(case.places.items())
            if (other["group"], other["major"], other.get("pool")) == (place["group"], place["major"], target)
        )
        taker = next(same, None)
        if target is not None and taker is not None:
            pairs.append((giver, taker))
    return pairs


def raise_cut_offs(case: Case, seats: Mapping[str, int]) -> Found:
    """Everybody asks for the first place whose cut-offs they reach; where too many ask, cut-offs rise; until none do.

    Inner caps are seen to before outer ones, since who is cut inside does not count outside.
    """
    caps = sorted(case.scheme.get("caps", []), key=lambda cap: (len(cap["places"]), cap["key"]))
    # Caps over the same places bind by the lower limit, in whatever order.
    limits = {("place", key): number for key, number in seats.items()}
    limits |= {("cap", cap["key"]): int(cap["limit"]) for cap in caps}
    over = {key: [("cap", cap["key"]) for cap in caps if key in cap["places"]] for key in case.places}
    for place in case.held.values():
        for node in [("place", place), *over[place]]:
            limits[node] -= 1
    at = dict.fromkeys(case.wishes, 0)
    asking: dict[str, set[str]] = defaultdict(set)
    cut: dict[tuple[str, str], Standing] = {}

    def ask(who: str) -> None:
        """Goes on to the next place whose cut-offs are reached, if there is one."""
        wishes = case.wishes[who]
        while at[who] < len(wishes):
            key, _ = wishes[at[who]]
            stands = case.standing(who, key)
            if all(
                limits[node] > 0 and (node not in cut or stands >= cut[node]) for node in [("place", key), *over[key]]
            ):
                asking[key].add(who)
                return
            at[who] += 1

    for who in case.wishes:
        ask(who)
    while True:
        turned: set[str] = set()
        groups = [(("place", key), [key]) for key in sorted(asking)]
        groups += [(("cap", cap["key"]), sorted(cap["places"])) for cap in caps]
        for node, keys in groups:
            inside = sorted(((case.standing(who, key), who, key) for key in keys for who in asking[key]), reverse=True)
            if len(inside) > limits[node]:
                cut[node] = inside[limits[node] - 1][0]
                for _, who, key in inside[limits[node] :]:
                    asking[key].discard(who)
                    turned.add(who)
        if not turned:
            return {who: case.wishes[who][at[who]] for key in asking for who in asking[key]}
        for who in turned:
            at[who] += 1
            ask(who)


def serial(case: Case) -> tuple[dict[str, tuple[str, int]], dict[str, str], Seats]:
    """Parallel preferences, served in one queue: files by group with preference, majors, and files per group."""
    exempt = Counter(case.places[key]["group"] for key in case.held.values())
    planned: Counter[str] = Counter()
    for place in case.places.values():
        planned[place["group"]] += int(place["seats"])
    ratio = Fraction(case.scheme.get("ratio", 100)) / 100
    files = {group: exempt[group] + int((number - exempt[group]) * ratio) for group, number in planned.items()}
    left = Counter(files) - Counter(exempt)
    any_place = next(iter(case.places))
    queue = sorted(case.wishes, key=lambda who: case.standing(who, any_place), reverse=True)
    # Every wish for a major stands for its group; who takes any major of it asks for the group, too.
    placed: dict[str, tuple[str, int]] = {}
    for who in queue:
        for key, number in case.wishes[who]:
            group = case.places[key]["group"]
            if left[group] > 0:
                left[group] -= 1
                placed[who] = (group, number)
                break
    seats = Counter({key: int(place["seats"]) for key, place in case.places.items()}) - Counter(case.held.values())
    majors: dict[str, str] = {}
    wanted = {person["id"]: person.get("preferences", []) for person in case.data["applicants"]}
    for named in (True, False):
        for who in queue:
            if who in majors or who not in placed:
                continue
            wish = wanted[who][placed[who][1] - 1]
            if not named and not wish.get("any_major"):
                continue
            for key, number in case.wishes[who]:
                listed = case.places[key]["major"] in wish.get("majors", [])
                if number == placed[who][1] and (listed or not named) and seats[key] > 0:
                    seats[key] -= 1
                    majors[who] = key
                    break
    return placed, majors, files

"""Who may be where and who comes before whom, worked out from the published data with exact fractions."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Standing = tuple[int, Fraction, tuple[Fraction, ...], int]
"""Batch, score, ties, lot (the earlier drawn the higher): of two the higher comes first."""


@dataclass
class Case:
    """The data as it is asked: `wishes` per applicant as (place, number of the preference from 1), only where allowed.

    `standings` by applicant and rule with tie chain; `held` are the exempt; `out` the eliminated.
    """

    data: Mapping[str, Any]
    places: dict[str, Mapping[str, Any]]
    wishes: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    standings: dict[tuple[str, str, str], Standing] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    @property
    def scheme(self) -> Mapping[str, Any]:
        scheme: Mapping[str, Any] = self.data["scheme"]
        return scheme

    def standing(self, who: str, place: str) -> Standing:
        """How an applicant stands at a place."""
        at = self.places[place]
        return self.standings[who, at["rule"], at["ties"]]

    def pool_rank(self, place: Mapping[str, Any]) -> int:
        """Where the place's pool stands in the stated order."""
        return [pool["key"] for pool in self.scheme.get("pools", [])].index(place["pool"]) if "pool" in place else 0


def read_case(data: Mapping[str, Any]) -> Case:
    """The case that a problem's data states. Raises KeyError, TypeError or ValueError where it does not state one."""
    case = Case(data, {place["key"]: place for place in data["places"]})
    scheme = case.scheme
    own = {person["id"]: _components(scheme, person) for person in data["applicants"]}
    rules = {rule["key"]: rule for rule in scheme["rules"]}
    chains = {chain["key"]: chain["by"] for chain in scheme["ties"]}
    judged = {(place["rule"], place["ties"]) for place in data["places"]}
    for person in data["applicants"]:
        who = person["id"]
        drawn = hashlib.sha256(f"{data['seed']}\n{who}".encode()).digest()
        lot = -int.from_bytes(drawn)
        batch = _batch(scheme, person)
        for rule, chain in judged:
            ties = tuple(own[who][key] for key in chains[chain])
            case.standings[who, rule, chain] = (batch, total(rules[rule], own[who]), ties, lot)
        if "exempt" in person:
            case.held[who] = person["exempt"]
    case.out = _out(scheme, data["applicants"], rules, own, case.held)
    tree = _programmes(case)
    for person in data["applicants"]:
        who = person["id"]
        if who in case.held or who in case.out:
            case.wishes[who] = []
            continue
        asked = [
            (key, number) for number, wish in enumerate(person.get("preferences", []), 1) for key in _asked(tree, wish)
        ]
        case.wishes[who] = [
            (key, number)
            for key, number in asked
            if set(case.places[key].get("needs", [])) <= set(person.get("tags", []))
            and passes(rules[case.places[key]["rule"]], own[who])
        ]
    return case


def total(rule: Mapping[str, Any], own: Mapping[str, Fraction]) -> Fraction:
    """The score by a rule, in points."""
    return sum((Fraction(weight) * own[key] for key, weight in rule["weights"].items()), Fraction(0))


def passes(rule: Mapping[str, Any], own: Mapping[str, Fraction]) -> bool:
    """Whether the thresholds of a rule are reached."""
    return total(rule, own) >= Fraction(rule.get("total", 0)) and all(
        own[key] >= Fraction(least) for key, least in rule.get("least", {}).items()
    )


def _components(scheme: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Fraction]:
    found = {}
    for component in scheme["components"]:
        key = component["key"]
        if "combine" not in component:
            found[key] = Fraction(person.get("scores", {}).get(key, 0))
            continue
        given = [Fraction(text) for text in person.get("bonuses", {}).get(key, [])]
        added = sum(given, Fraction(0)) if component["combine"] == "sum" else max(given, default=Fraction(0))
        found[key] = min(added, Fraction(component["most"]))
    return found


def _batch(scheme: Mapping[str, Any], person: Mapping[str, Any]) -> int:
    batches = [batch["tag"] for batch in scheme.get("batches", [])]
    mine = [at for at, tag in enumerate(batches) if tag in person.get("tags", [])]
    return len(batches) - mine[0] if mine else 0


def _out(
    scheme: Mapping[str, Any],
    people: Sequence[Mapping[str, Any]],
    rules: Mapping[str, Mapping[str, Any]],
    own: Mapping[str, Mapping[str, Fraction]],
    held: Mapping[str, str],
) -> set[str]:
    out: set[str] = set()
    for elimination in scheme.get("eliminations", []):
        groups: dict[str, list[str]] = defaultdict(list)
        for person in people:
            if person["id"] not in held:
                groups[person.get("category", "") if elimination.get("by_category") else ""].append(person["id"])
        for members in groups.values():
            scores = {who: total(rules[elimination["rule"]], own[who]) for who in members}
            most = int(len(members) * Fraction(elimination["share"]) / 100)
            # Out is who, with all who equal them, is among the lowest so many.
            ordered = sorted(scores.values())
            out |= {who for who in members if bisect_right(ordered, scores[who]) <= most}
    return out


def _programmes(case: Case) -> dict[str, dict[str, list[str]]]:
    tree: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in sorted(case.places, key=lambda key: (case.places[key]["major"], case.pool_rank(case.places[key]), key)):
        tree[case.places[key]["group"]][case.places[key]["major"]].append(key)
    return tree


def _asked(tree: Mapping[str, Mapping[str, list[str]]], wish: Mapping[str, Any]) -> list[str]:
    named = list(wish.get("majors", []))
    if wish.get("any_major"):
        named += [major for major in tree[wish["group"]] if major not in named]
    return [key for major in named for key in tree[wish["group"]][major]]

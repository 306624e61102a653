"""Ranking once more, slowly: fractions, loops and no arrays. What the engine is held against."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import floor, isqrt
from typing import Any

HALF = Fraction(1, 2)


def half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(floor(value * 10**places + HALF), 10**places)


def text(value: Fraction, places: int) -> str:
    whole = value * 10**places
    assert whole.denominator == 1
    sign, digits = "-" if whole < 0 else "", str(abs(whole.numerator)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def median(values: list[Fraction]) -> Fraction:
    ordered, middle = sorted(values), len(values) // 2
    if not values:
        return Fraction(0)
    return ordered[middle] if len(values) % 2 else mean(ordered[middle - 1 : middle + 1])


def variance(values: list[Fraction]) -> Fraction:
    return mean([(value - mean(values)) ** 2 for value in values])


def evened(value: Fraction, own: list[Fraction], everything: list[Fraction], total: int, by: str) -> Fraction:
    if by == "mean":
        return value - mean(own) + mean(everything)
    if by == "rank":
        lower, equal = sum(other < value for other in own), own.count(value)
        return Fraction(total * (2 * lower + equal), 2 * len(own))
    if min(own) == max(own):
        return mean(everything)
    if by == "range":
        span = max(everything) - min(everything)
        return min(everything) + (value - min(own)) * span / (max(own) - min(own))
    ratio = variance(everything) / variance(own)
    root = Fraction(isqrt(ratio.numerator * 10**18 // ratio.denominator), 10**9)
    return mean(everything) + (value - mean(own)) * root


class PlainRanking:
    def __init__(self, parameters: dict[str, Any], inputs: dict[str, Any], aggregate: str) -> None:
        self.given, self.aggregate = parameters, aggregate
        self.rubric = parameters["rubric"]
        self.criteria = self.rubric["criteria"]
        self.unit = 10 ** self.rubric.get("decimals", 0)
        self.total = self.rubric.get("total", 100)
        self.applications = {item["id"]: item for item in inputs["applications"]}
        struck = {tuple(pair) for pair in inputs.get("conflicts", [])}
        columns = inputs["reviews"]
        self.reviews = []
        for at, pair in enumerate(zip(columns["application"], columns["reviewer"], strict=True)):
            marks = {c["key"]: Fraction(columns["marks"][c["key"]][at], self.unit) for c in self.criteria}
            if pair not in struck:
                self.reviews.append((*pair, marks, self.score(marks)))
        self.struck = len(columns["application"]) - len(self.reviews)
        values = [(a, self.value(r, score)) for a, r, _, score in self.reviews]
        self.sorted = {name: sorted(value for a, value in values if a == name) for name in self.applications}

    def score(self, marks: dict[str, Fraction]) -> Fraction:
        weights = {c["key"]: c.get("weight", c["maximum"]) for c in self.criteria}
        parts = [weights[c["key"]] * marks[c["key"]] / c["maximum"] for c in self.criteria]
        return self.total * sum(parts, Fraction(0)) / sum(weights.values())

    def value(self, reviewer: str, score: Fraction) -> Fraction:
        evening = self.given.get("normalise")
        if not evening:
            return score
        own = [given for _, r, _, given in self.reviews if r == reviewer]
        if len(own) < evening.get("at_least", 5):
            return half_up(score, 6)
        everything = [given for _, _, _, given in self.reviews]
        return half_up(evened(score, own, everything, self.total, evening["by"]), 6)

    def of(self, application: str) -> list[Fraction]:
        return self.sorted[application]

    def figure(self, application: str) -> Fraction:
        values, places = self.of(application), self.given.get("places", 2)
        if self.aggregate == "median":
            return half_up(median(values), places)
        trim = self.given.get("trim")
        if trim and len(values) >= trim.get("at_least", 1):
            low, high = trim.get("low", 0), trim.get("high", 0)
            if "share" in trim:
                low = high = floor(len(values) * Fraction(trim["share"]))
            values = values[low : len(values) - high]
        return half_up(mean(values), places)

    def key(self, application: str, tie: dict[str, Any]) -> tuple[Any, Any]:
        """What sorts (lower is better), and what is told."""
        mine = [(marks, score) for a, _, marks, score in self.reviews if a == application]
        values = self.of(application)
        match tie["by"]:
            case "criterion":
                found = half_up(mean([marks[tie["criterion"]] for marks, _ in mine]), 6)
                return -found, text(found, 6)
            case "top_marks":
                number = sum(score >= Fraction(tie["at_least"]) for _, score in mine)
                return -number, number
            case "mean":
                return -half_up(mean(values), 6), text(half_up(mean(values), 6), 6)
            case "median":
                return -half_up(median(values), 6), text(half_up(median(values), 6), 6)
            case "lowest":
                lowest = min(values, default=Fraction(0))
                return -lowest, text(Fraction(floor(lowest * 10**6), 10**6), 6)
            case "submitted":
                given = self.applications[application].get("submitted", "")
                moment = given.removesuffix("Z") + ("" if "." in given else ".000000")
                return (not given, moment), given
            case _:
                lot = hashlib.sha256(f"{tie['seed']}\n{application}".encode()).hexdigest()
                return lot, lot

    def is_barred(self, application: str) -> bool:
        mine = [marks for a, _, marks, _ in self.reviews if a == application]
        for criterion in self.criteria:
            under = sum(marks[criterion["key"]] < Fraction(criterion.get("minimum", 0)) for marks in mine)
            how = self.rubric.get("failing", "any")
            if {"any": under > 0, "majority": under > len(mine) / 2, "all": 0 < under == len(mine)}[how]:
                return True
        return False

    def rows(self) -> list[dict[str, Any]]:
        """The list without its statuses for those that have a rank."""
        rows = []
        for group in sorted({item.get("group", "") for item in self.applications.values()}):
            members = sorted(a for a, item in self.applications.items() if item.get("group", "") == group)
            ties = self.given.get("ties", [])
            few = [a for a in members if len(self.of(a)) < self.given.get("needed", 1)]
            barred = [a for a in members if a not in few and self.is_barred(a)]
            ranked = [a for a in members if a not in few + barred]
            keys = {a: (-self.figure(a), *(self.key(a, tie)[0] for tie in ties)) for a in ranked}
            for a in sorted(ranked, key=lambda a: (keys[a], a)):
                row = self.row(a, group, 1 + sum(other < keys[a] for other in keys.values()))
                if ties and [key[0] for key in keys.values()].count(keys[a][0]) > 1:
                    row["tie"] = [self.key(a, tie)[1] for tie in ties]
                rows.append(row)
            for a in sorted(few + barred):
                status = "too_few_reviews" if a in few else "below_minimum"
                rows.append(self.row(a, group, None) | {"status": status} | ({"score": None} if a in few else {}))
        return rows

    def row(self, application: str, group: str, rank: int | None) -> dict[str, Any]:
        places = self.given.get("places", 2)
        return {
            "application": application,
            "group": group,
            "rank": rank,
            "reviews": len(self.of(application)),
            "score": text(self.figure(application), places),
        }

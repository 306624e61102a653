"""People of a reference year by serial number. All of them are synthetic; README and ``people.yaml`` tell the rule."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from jineng.reference.year import PeopleRule

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FIRST_BIRTH = date(1961, 1, 1)
BIRTH_SPAN, BIRTH_STEP = 14_600, 7_919
FIRST_ORDER, ORDERS = 996, 4
PLACE_LENGTH = 6


class Person(NamedTuple):
    """A synthetic person: name and resident identity number."""

    serial: int
    name: str
    number: str


def person(serial: int, rule: PeopleRule) -> Person:
    """The person with this serial, counted from 1.

    Raises:
        LookupError: the rule has no such person.
    """
    per_place = ORDERS * BIRTH_SPAN
    if not 1 <= serial < per_place * len(rule.birthplaces):
        raise LookupError(f"没有第 {serial} 号人员。 There is no person {serial}.")
    surnames, first, second = rule.surnames, rule.first, rule.second
    name = (
        surnames[serial % len(surnames)]
        + first[serial // len(surnames) % len(first)]
        + second[serial // (len(surnames) * len(first)) % len(second)]
    )
    place = rule.birthplaces[serial // per_place]
    order = serial % ORDERS
    rest, total = _rest(order)[serial % per_place // ORDERS]
    return Person(serial, name, f"{place}{rest}{CHECK_CHARACTERS[(_start(place) + total) % 11]}")


@cache
def _start(place: str) -> int:
    return _weight(place)


@cache
def _rest(order: int) -> tuple[tuple[str, int], ...]:
    """Birthday and order of a place's people with this order, in turn, with the weight of these eleven digits."""
    days = (FIRST_BIRTH + timedelta(days=step * BIRTH_STEP % BIRTH_SPAN) for step in range(BIRTH_SPAN))
    texts = (f"{born:%Y%m%d}{FIRST_ORDER + order}" for born in days)
    return tuple((text, _weight(text, PLACE_LENGTH)) for text in texts)


def _weight(digits: str, start: int = 0) -> int:
    """What ``digits`` add to the weighted sum of a number in which they stand from the digit ``start`` on."""
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS[start:], digits, strict=False))


def check_character(body: str) -> str:
    """The check character of a resident identity's first seventeen digits (GB 11643, ISO 7064 MOD 11-2)."""
    return CHECK_CHARACTERS[_weight(body) % 11]

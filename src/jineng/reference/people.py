"""People of a reference year by serial number. All of them are synthetic; README and ``people.yaml`` tell the rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from jineng.reference.year import PeopleRule

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FIRST_BIRTH = date(1961, 1, 1)
BIRTH_SPAN, BIRTH_STEP = 14_600, 7_919
FIRST_ORDER, ORDERS = 996, 4


@dataclass(frozen=True)
class Person:
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
    born = FIRST_BIRTH + timedelta(days=(serial % per_place // ORDERS * BIRTH_STEP) % BIRTH_SPAN)
    body = f"{rule.birthplaces[serial // per_place]}{born:%Y%m%d}{FIRST_ORDER + serial % ORDERS}"
    return Person(serial, name, body + check_character(body))


def check_character(body: str) -> str:
    """The check character of a resident identity's first seventeen digits (GB 11643, ISO 7064 MOD 11-2)."""
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]

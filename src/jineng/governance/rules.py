"""The law of the governance: how a share of a task may go, when it is late, when a county has all it should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

GIVEN, RECEIVED, SPLIT = "given", "received", "split"
REPORTED, SENT_BACK, ACCEPTED = "reported", "sent_back", "accepted"

NEXT: dict[str, frozenset[str]] = {
    GIVEN: frozenset({RECEIVED, SPLIT, REPORTED}),
    RECEIVED: frozenset({SPLIT, REPORTED}),
    SPLIT: frozenset({SPLIT, REPORTED}),
    REPORTED: frozenset({REPORTED, SENT_BACK, ACCEPTED}),
    SENT_BACK: frozenset({SPLIT, REPORTED}),
    ACCEPTED: frozenset(),
}
"""What may follow each state of a share. A report may be replaced by a later one until somebody has judged it."""
BY_GIVER = frozenset({SENT_BACK, ACCEPTED})
"""Steps that the giver takes; all others are the receiver's."""
OWED = frozenset({GIVEN, RECEIVED, SPLIT, SENT_BACK})
"""States in which the receiver still has to do something."""

SOON = 7
"""Days before a deadline from which a share is said to be due soon."""
LATE, BACK, NEAR, WAITING, OPEN = 60, 55, 45, 40, 20
LATEST = 39
"""How urgent things are on the home page: late (a point more for each day, so many at most), sent back, due soon,
waiting for the giver's judgement, anything else that is owed."""

SCHOOL, CENTRE, DIRECTOR, DEPARTMENT = "school", "centre", "director", "department"
PARTS = (SCHOOL, CENTRE, DIRECTOR)


def may_follow(state: str, step: str) -> bool:
    """Whether ``step`` may follow ``state``."""
    return step in NEXT.get(state, frozenset())


def first_fault(steps: Iterable[str]) -> tuple[str, str] | None:
    """The first pair of states of which the second may not follow the first, from the giving on."""
    before = GIVEN
    for step in steps:
        if not may_follow(before, step):
            return before, step
        before = step
    return None


def days_late(due_on: date, today: date) -> int:
    """Days since the deadline; negative before it."""
    return (today - due_on).days


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Whether the receiver is late: something is owed and its day has passed. What was reported waits for the giver."""
    return state in OWED and days_late(due_on, today) > 0


def urgency(state: str, due_on: date, today: date) -> int:
    """How urgent a share is to whoever has to act on it; see ``LATE`` and the others."""
    late = days_late(due_on, today)
    if state == REPORTED:
        return WAITING
    if late > 0:
        return LATE + min(late, LATEST)
    if state == SENT_BACK:
        return BACK
    return NEAR if -late <= SOON else OPEN


def share_fault(whole: Decimal, given: Iterable[Decimal], more: Sequence[Decimal]) -> Decimal | None:
    """How much ``more`` shares exceed what is left of the ``whole`` after those ``given``; ``None`` if they fit."""
    excess = sum(given, Decimal(0)) + sum(more, Decimal(0)) - whole
    return excess if excess > 0 else None


def percent(done: Decimal, whole: Decimal) -> int:
    """Progress in whole percent, never 100 before everything is done."""
    if whole <= 0:
        return 0
    return 100 if done >= whole else min(99, int(done * 100 / whole))


def missing_of_county(items: Iterable[tuple[str, str]], required: Iterable[str]) -> list[str]:
    """What a county lacks of 一县一校一中心, given its facts in force as (item, department).

    Names parts (``school``, ``centre``, ``director``) first, then departments that should be pooled and are not.
    """
    held = set(items)
    parts = [part for part in PARTS if (part, "") not in held]
    return parts + [name for name in required if (DEPARTMENT, name) not in held]

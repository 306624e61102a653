"""Rows that would seat somebody in two sessions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from typing import Any

from jineng.credentials.bookings import describe, known_bookings
from jineng.credentials.exchange.refusals import conflict
from jineng.credentials.timetabling import Booking
from jineng.engines.exchange import Table
from jineng.kernel.returns import Hall


def refuse_who_sits_elsewhere(
    table: Table, hall: Hall, sat: Mapping[int, Booking], struck: Collection[tuple[Any, ...]]
) -> None:
    """Refuse rows whose person sits in another session at that time: one of the register, or of an earlier row.

    ``sat`` are the rows by which one person each sits in a session with times; ``struck`` names session and person of
    rows that strike a candidature out, which counts no more.
    """
    if not sat:
        return
    people: set[Any] = {person for booking in sat.values() for person in booking.people}
    known: defaultdict[Hashable, list[Booking]] = defaultdict(list)
    for booking in known_bookings(None, sorted({booking.day for booking in sat.values()}), people):
        for person in booking.people:
            if (booking.key, person) not in struck:
                known[person].append(booking)
    found: dict[int, Booking] = {}
    for index, booking in sat.items():
        (person,) = booking.people
        other = next((one for one in known[person] if one.key != booking.key and one.overlaps(booking)), None)
        if other is None:
            known[person].append(booking)
        else:
            found[index] = other
    words = describe(hall.actor, set(found.values()))
    for index, other in found.items():
        zh, en = words[other.key]
        conflict(
            hall,
            table,
            index,
            "session_code",
            f"该考生同时段参加{zh}。",
            f"The candidate sits elsewhere meanwhile: {en}.",
            "请核对场次，或先作废其中一次报名。",
            "Check the session, or strike out one of the two registrations.",
        )

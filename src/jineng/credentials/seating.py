"""Seats and rooms as pure values: in which room of a site a seat lies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, islice
from typing import NamedTuple


class Room(NamedTuple):
    """A room of a site and how many seats it has."""

    name: str
    seats: int


class Chair(NamedTuple):
    """A seat where it stands: the room, and the seat's number in it, from 1."""

    room: str
    number: int


def seats_of(rooms: Iterable[Room]) -> int:
    """How many seats some rooms have together."""
    return sum(room.seats for room in rooms)


def room_of(seat: int, rooms: Sequence[Room]) -> Chair | None:
    """Where the site's seat of this number, from 1, stands: rooms in their order, each filled before the next.

    Nothing where the rooms have no such seat.
    """
    if seat < 1:
        return None
    for room in rooms:
        if seat <= room.seats:
            return Chair(room.name, seat)
        seat -= room.seats
    return None


def next_seats(taken: Collection[int], capacity: int, how_many: int) -> list[int]:
    """Numbers for who is seated next: behind the last seat taken while there is room, then in the gaps.

    So a number whose candidature was struck out goes to somebody else only where no other is left.
    """
    last = max(taken, default=0)
    free = chain(
        range(last + 1, capacity + 1), (seat for seat in range(1, min(last, capacity + 1)) if seat not in taken)
    )
    return list(islice(free, how_many))

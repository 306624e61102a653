"""When sessions may be held, without a database: what a booking conflicts with, and the first slot that is free.

A booking at a site takes a run of the site's seats for its time: seats are numbered through the rooms in their order,
and sessions at the same time share none. Times are those of one day; whoever begins as another ends does not overlap.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from typing import NamedTuple


class Clash(Enum):
    """Why a booking cannot be: what each one means stands beside it."""

    NOT_YET = "not_yet"
    """The site is not approved on that day."""
    ENDED = "ended"
    """The site has ended by that day."""
    FULL = "full"
    """At some moment the seats taken and the seats wanted are more than the site has."""
    APART = "apart"
    """Enough seats are free at every moment, though not side by side for the whole time."""
    SEATS = "seats"
    """The seats that the booking has are another's at some moment, or are none of the site's."""
    PERSON = "person"
    """Somebody sits in another session at some moment."""


@dataclass(frozen=True)
class Site:
    """What of a site decides: its seats, and from when until (not including) when it is approved."""

    seats: int
    approved_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Booking:
    """A session in time: its day, from when to when, the seats it takes, and who sits in it.

    ``first`` is the first of its seats at the site; 0: it is held elsewhere, so that only its people matter.
    """

    key: Hashable
    day: date
    begins: time
    ends: time
    seats: int
    first: int = 0
    people: frozenset[Hashable] = frozenset()

    def overlaps(self, other: Booking) -> bool:
        """Whether there is a moment at which both are held."""
        return self.day == other.day and self.begins < other.ends and other.begins < self.ends

    def shares_seats(self, other: Booking) -> bool:
        """Whether one seat of the site is in both runs."""
        return self.first < other.first + other.seats and other.first < self.first + self.seats


@dataclass(frozen=True)
class Conflict:
    """One thing that stands against a booking: why, the bookings that it conflicts with, and whom it would double."""

    why: Clash
    others: tuple[Booking, ...] = ()
    people: frozenset[Hashable] = frozenset()


class Hours(NamedTuple):
    """From when to when on a day sessions may be held."""

    opens: time
    closes: time


class Slot(NamedTuple):
    """A time that is free, and the first of the seats that are free all the while (0 where no site was asked for)."""

    day: date
    begins: time
    ends: time
    first: int


def conflicts(site: Site | None, wanted: Booking, known: Iterable[Booking]) -> list[Conflict]:
    """All that stands against ``wanted`` among the bookings known; nothing where it may be held.

    Whether ``wanted`` takes seats of the site is told by ``site``; where its ``first`` is 0, any free run will do. A
    booking of the same key is the same session as it was, and does not count.
    """
    beside = [other for other in known if other.key != wanted.key and other.overlaps(wanted)]
    found = list(_at_site(site, wanted, beside)) if site is not None else []
    elsewhere = tuple(other for other in beside if wanted.people & other.people)
    if elsewhere:
        twice = wanted.people & frozenset().union(*(other.people for other in elsewhere))
        found.append(Conflict(Clash.PERSON, elsewhere, twice))
    return found


def _at_site(site: Site, wanted: Booking, beside: Sequence[Booking]) -> Iterator[Conflict]:
    if wanted.day < site.approved_on:
        yield Conflict(Clash.NOT_YET)
    if site.ended_on is not None and wanted.day >= site.ended_on:
        yield Conflict(Clash.ENDED)
    here = [other for other in beside if other.first]
    if fullest(wanted, here) + wanted.seats > site.seats:
        yield Conflict(Clash.FULL, tuple(here))
    elif wanted.first == 0 and first_free_seat(site.seats, wanted, here) is None:
        yield Conflict(Clash.APART, tuple(here))
    elif wanted.first and (
        wanted.first + wanted.seats - 1 > site.seats or any(wanted.shares_seats(other) for other in here)
    ):
        yield Conflict(Clash.SEATS, tuple(other for other in here if wanted.shares_seats(other)))


def fullest(wanted: Booking, others: Iterable[Booking]) -> int:
    """The most seats that ``others`` take together at one moment of ``wanted``."""
    beside = [other for other in others if other.overlaps(wanted)]
    # The sum only grows when one begins, so that these moments are enough.
    moments = {wanted.begins, *(other.begins for other in beside if other.begins > wanted.begins)}
    return max(sum(other.seats for other in beside if other.begins <= at < other.ends) for at in moments)


def first_free_seat(seats: int, wanted: Booking, others: Iterable[Booking]) -> int | None:
    """The first seat of the lowest run that no other booking takes at any moment of ``wanted``."""
    taken = sorted((other.first, other.seats) for other in others if other.first and other.overlaps(wanted))
    free = 1
    for first, length in taken:
        if first - free >= wanted.seats:
            break
        free = max(free, first + length)
    return free if free + wanted.seats - 1 <= seats else None


def first_slot(
    site: Site | None, wanted: Booking, days: Iterable[date], hours: Hours, known: Sequence[Booking]
) -> Slot | None:
    """The earliest time within ``hours`` of one of the ``days``, in their order, at which ``wanted`` conflicts with
    nothing; nothing where there is none.

    Of ``wanted`` only the length counts, not its day and its times. A free time could be moved earlier until the day
    opens or another booking ends, so that no other beginnings need be tried.
    """
    length = _on(wanted.day, wanted.ends) - _on(wanted.day, wanted.begins)
    for day in days:
        that_day = [other for other in known if other.day == day and other.key != wanted.key]
        ends = {other.ends for other in that_day if hours.opens < other.ends}
        for begins in sorted({hours.opens, *ends}):
            if _on(day, begins) + length > _on(day, hours.closes):
                break
            tried = replace(wanted, day=day, begins=begins, ends=(_on(day, begins) + length).time(), first=0)
            if not conflicts(site, tried, that_day):
                first = first_free_seat(site.seats, tried, that_day) if site is not None else 0
                return Slot(day, begins, tried.ends, first or 0)
    return None


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at)

"""Slots and seats as pure rules, held against a checker that tries every moment and every seat."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.credentials.seating import Chair, Room, room_of, seats_of
from jineng.credentials.timetabling import Booking, Clash, Hours, Site, Slot, conflicts, first_free_seat, first_slot

DAYS = [date(2021, 6, 12), date(2021, 6, 13)]
OPENS, TICKS, TICK = 8, 10, 30
"""The day has ten half hours, from eight to one."""
HOURS = Hours(time(8), time(13))


def at(tick: int) -> time:
    return (datetime(2021, 1, 1, OPENS) + timedelta(minutes=TICK * tick)).time()


def moments(booking: Booking) -> set[tuple[date, int]]:
    return {(booking.day, tick) for tick in range(TICKS) if booking.begins <= at(tick) < booking.ends}


def cells(booking: Booking) -> set[tuple[date, int, int]]:
    """Every seat of the site at every moment that a booking takes."""
    seats = range(booking.first, booking.first + booking.seats) if booking.first else ()
    return {(day, tick, seat) for day, tick in moments(booking) for seat in seats}


def fits(site: Site, wanted: Booking, known: list[Booking]) -> bool:
    """By trying: approved, every seat of the run there and free, everybody free at every moment."""
    if wanted.day < site.approved_on or (site.ended_on and wanted.day >= site.ended_on):
        return False
    if wanted.first < 1 or wanted.first + wanted.seats - 1 > site.seats:
        return False
    if any(cells(wanted) & cells(other) for other in known):
        return False
    return not any(moments(wanted) & moments(other) and wanted.people & other.people for other in known)


def booked(number: int, day: date, begins: int, length: int, first: int, seats: int, people: set[int]) -> Booking:
    return Booking(number, day, at(begins), at(min(begins + length, TICKS)), seats, first, frozenset(people))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Site, Booking, list[Booking]]:
    """A site, what stands in its book without conflict, what its people do elsewhere, and what is wanted."""
    seats = draw(st.integers(1, 8))
    ended = draw(st.sampled_from([None, None, DAYS[1], DAYS[1] + timedelta(1)]))
    site = Site(seats, draw(st.sampled_from([DAYS[0] - timedelta(9), DAYS[0], DAYS[1]])), ended)
    known: list[Booking] = []
    for number in range(draw(st.integers(0, 6))):
        one = booked(
            number,
            draw(st.sampled_from(DAYS)),
            draw(st.integers(0, TICKS - 1)),
            draw(st.integers(1, 6)),
            draw(st.integers(0, seats)),
            draw(st.integers(1, 4)),
            draw(st.sets(st.integers(0, 3), max_size=2)),
        )
        if one.first == 0 or (
            one.first + one.seats - 1 <= seats and not any(cells(one) & cells(other) for other in known)
        ):
            known.append(one)
    wanted = booked(
        99,
        DAYS[0],
        0,
        draw(st.integers(1, 6)),
        0,
        draw(st.integers(1, 8)),
        draw(st.sets(st.integers(0, 3), max_size=2)),
    )
    return site, wanted, known


def tries(site: Site, wanted: Booking, known: list[Booking]) -> Slot | None:
    """The first slot by trying every half hour of every day and every seat."""
    length = len(moments(wanted))
    for day in DAYS:
        for begins in range(TICKS - length + 1):
            for first in range(1, site.seats + 1):
                tried = booked(99, day, begins, length, first, wanted.seats, set())
                whole = Booking(99, day, tried.begins, tried.ends, wanted.seats, first, wanted.people)
                if fits(site, whole, known):
                    return Slot(day, whole.begins, whole.ends, first)
    return None


@settings(max_examples=150)
@given(worlds())
def test_what_is_proposed_conflicts_with_nothing_and_nothing_earlier_fits(
    world: tuple[Site, Booking, list[Booking]],
) -> None:
    site, wanted, known = world
    slot = first_slot(site, wanted, DAYS, HOURS, known)
    assert slot == tries(site, wanted, known)
    if slot is not None:
        taken = Booking(99, slot.day, slot.begins, slot.ends, wanted.seats, slot.first, wanted.people)
        assert conflicts(site, taken, [*known, taken]) == []


@settings(max_examples=150)
@given(worlds(), st.integers(0, TICKS - 1), st.integers(1, 8))
def test_a_booking_has_conflicts_just_where_trying_finds_one(
    world: tuple[Site, Booking, list[Booking]], begins: int, first: int
) -> None:
    site, wanted, known = world
    tried = booked(99, DAYS[0], begins, 3, first, wanted.seats, {1, 2})
    assert (conflicts(site, tried, known) == []) == fits(site, tried, known)


@settings(max_examples=100)
@given(worlds())
def test_of_the_seats_taken_at_one_moment_no_more_than_there_are_is_ever_booked(
    world: tuple[Site, Booking, list[Booking]],
) -> None:
    site, wanted, known = world
    here = [other for other in known if other.first]
    for day in DAYS:
        for tick in range(TICKS):
            one = booked(99, day, tick, 1, 0, wanted.seats, set())
            taken = sum(other.seats for other in here if (day, tick) in moments(other))
            full = Clash.FULL in {each.why for each in conflicts(site, one, here)}
            assert full == (taken + wanted.seats > site.seats)


def test_each_reason_is_told_with_whom_it_concerns() -> None:
    site = Site(10, date(2021, 1, 1), date(2021, 7, 1))
    morning = Booking("甲", DAYS[0], time(9), time(11), 6, 1, frozenset({"张"}))
    later = Booking("乙", DAYS[0], time(10), time(12), 2, 9, frozenset({"李"}))
    elsewhere = Booking("丙", DAYS[0], time(9), time(10), 30, 0, frozenset({"王"}))
    known = [morning, later, elsewhere]

    def told(**changed: object) -> list[tuple[Clash, list[object]]]:
        values = {"day": DAYS[0], "begins": time(9), "ends": time(11), "seats": 2, **changed}
        found = conflicts(site, Booking("丁", **values), known)  # type: ignore[arg-type]
        return [(each.why, [other.key for other in each.others]) for each in found]

    assert told() == []
    assert told(seats=3) == [(Clash.FULL, ["甲", "乙"])], "six and two are taken at ten"
    assert told(seats=3, begins=time(9), ends=time(10)) == [], "until ten, four are free"
    assert told(begins=time(11), ends=time(12), seats=8) == [], "one that ends as another begins does not overlap"
    assert told(first=8) == [(Clash.SEATS, ["乙"])]
    assert told(first=10) == [(Clash.SEATS, ["乙"])], "and the site has no eleventh seat"
    assert told(people=frozenset({"张", "王"})) == [(Clash.PERSON, ["甲", "丙"])]
    assert told(day=date(2020, 12, 31)) == [(Clash.NOT_YET, [])]
    assert told(day=date(2021, 7, 1)) == [(Clash.ENDED, [])]
    in_the_middle = [Booking("戊", DAYS[0], time(9), time(11), 2, 5)]
    wanted = Booking("己", DAYS[0], time(9), time(11), 6)
    assert [each.why for each in conflicts(site, wanted, in_the_middle)] == [Clash.APART]
    assert [each.why for each in conflicts(None, wanted, in_the_middle)] == [], "without a site only people matter"


def test_a_session_that_is_moved_is_not_in_its_own_way() -> None:
    site = Site(10, date(2021, 1, 1))
    own = Booking("甲", DAYS[0], time(8), time(10), 10, 1, frozenset({"张"}))
    assert first_slot(site, own, DAYS, HOURS, [own]) == Slot(DAYS[0], time(8), time(10), 1)
    assert first_slot(site, own, DAYS, Hours(time(8), time(9)), []) is None, "the day is too short"
    assert first_slot(None, own, DAYS, HOURS, []) == Slot(DAYS[0], time(8), time(10), 0)


def test_the_lowest_run_of_seats_is_given() -> None:
    taken = [Booking(n, DAYS[0], time(9), time(10), 2, first) for n, first in enumerate((3, 7))]
    for seats, found in ((2, 1), (1, 1), (3, 9), (4, None)):
        wanted = Booking("x", DAYS[0], time(9), time(10), seats)
        assert first_free_seat(11, wanted, taken) == found


@given(st.lists(st.integers(1, 5), max_size=6))
def test_every_seat_has_one_chair_and_rooms_fill_in_order(sizes: list[int]) -> None:
    rooms = [Room(f"第{number}考场", seats) for number, seats in enumerate(sizes, 1)]
    chairs = [room_of(seat, rooms) for seat in range(1, seats_of(rooms) + 1)]
    assert chairs == [Chair(room.name, number) for room in rooms for number in range(1, room.seats + 1)]
    assert all(one != other for one, other in pairwise(chairs))
    assert room_of(0, rooms) is None
    assert room_of(seats_of(rooms) + 1, rooms) is None

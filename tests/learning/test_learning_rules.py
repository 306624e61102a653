"""The rules of the room, without a database."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jineng.learning.kinds import SEATED, ClassStatus, EnrolmentState, Tier
from jineng.learning.rules import (
    ClassDates,
    class_faults,
    clock_time,
    enrolment_faults,
    free_seats,
    overlap,
    seat_for,
    status_on,
    tier_of,
)

DAY = date(2021, 5, 10)
DAYS = st.dates(date(2021, 1, 1), date(2021, 12, 31))
MAYBE = st.none() | DAYS
TIMES = st.times()
quick = settings(deadline=None, max_examples=60)


def status(day: date, **dates: date | None) -> str:
    """The status of a class that starts on 10 May."""
    known = {"signup_from": None, "completed_on": None, "cancelled_on": None, **dates}
    return status_on(day, void=False, starts_on=DAY, **known)


def test_a_class_goes_from_planned_to_completed():
    before = DAY - timedelta(days=1)
    assert status(before) == ClassStatus.PLANNED
    assert status(before, signup_from=before) == ClassStatus.OPEN
    assert status(before, signup_from=DAY) == ClassStatus.PLANNED
    assert status(DAY) == ClassStatus.RUNNING
    assert status(DAY, completed_on=DAY) == ClassStatus.COMPLETED
    assert status(DAY, cancelled_on=DAY) == ClassStatus.CANCELLED
    assert status(before, completed_on=DAY, cancelled_on=DAY, signup_from=before) == ClassStatus.OPEN


@quick
@given(DAYS, MAYBE, DAYS, MAYBE, MAYBE)
def test_void_hides_everything_else(day, signup_from, starts_on, completed_on, cancelled_on):
    told = status_on(
        day,
        void=True,
        signup_from=signup_from,
        starts_on=starts_on,
        completed_on=completed_on,
        cancelled_on=cancelled_on,
    )
    assert told == ClassStatus.VOID


@quick
@given(MAYBE, DAYS, DAYS, MAYBE, MAYBE)
def test_dates_of_a_class_are_sound_or_named(signup_from, starts_on, ends_on, completed_on, cancelled_on):
    found = {
        fault.field for fault in class_faults(ClassDates(signup_from, starts_on, ends_on, completed_on, cancelled_on))
    }
    assert ("ends_on" in found) == (ends_on < starts_on)
    assert ("signup_from" in found) == (signup_from is not None and signup_from > ends_on)
    assert ("completed_on" in found) == (completed_on is not None and completed_on < starts_on)
    assert ("cancelled_on" in found) == (completed_on is not None and cancelled_on is not None)


def fields(state: str, applied: date = DAY, **told) -> list[str]:
    """The fields that are wrong."""
    given = {"enrolled_on": None, "ended_on": None, **told}
    return sorted(fault.field for fault in enrolment_faults(state, applied_on=applied, **given))


LATER, EARLIER = DAY + timedelta(days=5), DAY - timedelta(days=5)


@pytest.mark.parametrize(
    ("state", "told", "wrong"),
    [
        ("applied", {}, []),
        ("waiting", {"enrolled_on": DAY}, ["enrolled_on"]),
        ("enrolled", {}, ["enrolled_on"]),
        ("enrolled", {"enrolled_on": DAY}, []),
        ("enrolled", {"enrolled_on": DAY, "ended_on": LATER}, ["ended_on"]),
        ("enrolled", {"enrolled_on": EARLIER}, ["enrolled_on"]),
        ("withdrawn", {"ended_on": LATER}, []),
        ("withdrawn", {}, ["ended_on"]),
        ("withdrawn", {"ended_on": EARLIER}, ["ended_on"]),
        ("completed", {"enrolled_on": DAY, "ended_on": LATER, "list_number": "1"}, []),
        ("not_completed", {"enrolled_on": DAY, "ended_on": LATER, "list_number": "1"}, ["list_number"]),
        ("completed", {"enrolled_on": LATER, "ended_on": DAY}, ["ended_on"]),
        ("completed", {"enrolled_on": DAY, "ended_on": DAY, "starts_on": LATER}, ["ended_on"]),
        ("completed", {"enrolled_on": DAY, "ended_on": DAY, "cancelled_on": LATER}, ["state"]),
    ],
)
def test_an_enrolment_says_what_its_state_needs(state, told, wrong):
    assert fields(state, **told) == wrong


@quick
@given(st.integers(0, 50), st.none() | st.integers(1, 50))
def test_a_seat_is_given_while_there_is_one(taken, capacity):
    free = free_seats(taken, capacity)
    given_one = seat_for(taken, capacity) in SEATED
    assert given_one == (free is None or free > 0)
    assert seat_for(taken, None) == EnrolmentState.ENROLLED


@quick
@given(TIMES, TIMES, TIMES, TIMES)
def test_meetings_overlap_as_intervals_do(starts, ends, other_starts, other_ends):
    assert overlap(starts, ends, other_starts, other_ends) == overlap(other_starts, other_ends, starts, ends)
    if starts < ends:
        assert overlap(starts, ends, starts, ends)
        assert not overlap(starts, ends, ends, other_ends)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9:00", time(9)),
        (" 09:30 ", time(9, 30)),
        ("14：05", time(14, 5)),
        ("08:00:00", time(8)),
        ("24:00", None),
        ("9", None),
        ("上午", None),
    ],
)
def test_times_are_read_as_people_write_them(text, moment):
    assert clock_time(text) == moment


@pytest.mark.parametrize(
    ("kind", "authority", "tier"),
    [
        ("open_university", "education_department", Tier.PROVINCE),
        ("open_university_branch", "open_university", Tier.CITY),
        ("open_university_branch", "open_university_branch", Tier.COUNTY),
        ("county_centre", "education_department", Tier.COUNTY),
        ("secondary_vocational", "education_department", None),
    ],
)
def test_the_tiers_of_the_open_university(kind, authority, tier):
    assert tier_of(kind, authority) == tier


def test_a_fault_speaks_both_languages():
    told = str(next(iter(enrolment_faults("enrolled", applied_on=DAY, enrolled_on=None, ended_on=None))))
    assert "入班日期" in told
    assert "Fill it in" in told

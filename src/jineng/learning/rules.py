"""The rules of the room, without a database: where a class stands, what is wrong with one, who gets a seat.

Sources: the national plan for raising vocational skills 2019–2021 (国办发〔2019〕24号), which asks for classes and
learners to be kept by name; statistics of training institutions, which tell person-times (人次, one person finishing
one class) from persons (人数).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from jineng.engines.exchange import ErrorCode
from jineng.learning.kinds import SEATED, ClassStatus, EnrolmentState, Tier
from jineng.registry.kinds import OrganisationKind

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: the field, the kind of error, what and how to mend it, in both languages."""

    field: str
    code: ErrorCode
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    def __str__(self) -> str:
        return f"{self.message}{self.remedy} {self.message_en} {self.remedy_en}"


def status_on(
    day: date,
    *,
    void: bool,
    signup_from: date | None,
    starts_on: date,
    completed_on: date | None,
    cancelled_on: date | None,
) -> ClassStatus:
    """Where a class stands at the end of ``day``."""
    if void:
        return ClassStatus.VOID
    if cancelled_on is not None and cancelled_on <= day:
        return ClassStatus.CANCELLED
    if completed_on is not None and completed_on <= day:
        return ClassStatus.COMPLETED
    if starts_on <= day:
        return ClassStatus.RUNNING
    if signup_from is not None and signup_from <= day:
        return ClassStatus.OPEN
    return ClassStatus.PLANNED


@dataclass(frozen=True)
class ClassDates:
    """The dates of a class as they shall be recorded."""

    signup_from: date | None
    starts_on: date
    ends_on: date
    completed_on: date | None = None
    cancelled_on: date | None = None


def class_faults(dates: ClassDates) -> Iterator[Fault]:
    """Everything that is wrong with the dates of a class."""
    if dates.ends_on < dates.starts_on:
        yield ENDS_BEFORE_START
    if dates.signup_from is not None and dates.signup_from > dates.ends_on:
        yield SIGNUP_AFTER_END
    if dates.completed_on is not None and dates.completed_on < dates.starts_on:
        yield COMPLETED_BEFORE_START
    if dates.completed_on is not None and dates.cancelled_on is not None:
        yield COMPLETED_AND_CANCELLED


def enrolment_faults(
    state: str,
    *,
    applied_on: date,
    enrolled_on: date | None,
    ended_on: date | None,
    list_number: str = "",
    starts_on: date | None = None,
    cancelled_on: date | None = None,
) -> Iterator[Fault]:
    """Everything that is wrong with an enrolment in a class that began ``starts_on`` and was perhaps cancelled."""
    seated = state in SEATED
    ended = state in (EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
    if seated and enrolled_on is None:
        yield ENROLLED_ON_NEEDED
    if state in (EnrolmentState.APPLIED, EnrolmentState.WAITING) and enrolled_on is not None:
        yield ENROLLED_ON_TOO_MUCH
    if ended and ended_on is None:
        yield ENDED_ON_NEEDED
    if not ended and ended_on is not None:
        yield ENDED_ON_TOO_MUCH
    if enrolled_on is not None and enrolled_on < applied_on:
        yield ENROLLED_BEFORE_APPLYING
    if ended_on is not None and ended_on < (enrolled_on or applied_on):
        yield ENDED_BEFORE_START
    if list_number and state != EnrolmentState.COMPLETED:
        yield LIST_WITHOUT_COMPLETION
    if state in (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED):
        if starts_on is not None and ended_on is not None and ended_on < starts_on:
            yield COMPLETED_BEFORE_CLASS
        if cancelled_on is not None:
            yield COMPLETED_IN_CANCELLED


def seat_for(taken: int, capacity: int | None) -> EnrolmentState:
    """What somebody who signs up becomes: enrolled while there is a seat, else waiting."""
    return EnrolmentState.ENROLLED if capacity is None or taken < capacity else EnrolmentState.WAITING


def free_seats(taken: int, capacity: int | None) -> int | None:
    """How many seats are left; ``None`` without a limit."""
    return None if capacity is None else max(capacity - taken, 0)


def clock_time(text: str) -> time | None:
    """A time of day written as 9:00, 09:00 or 09:00:00, with Chinese or Latin colons; None if it is none."""
    match = _TIME.fullmatch(text.strip().replace("：", ":"))
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[2]))
    except ValueError:
        return None


def overlap(starts: time, ends: time, other_starts: time, other_ends: time) -> bool:
    """Whether two meetings on one day have a moment in common; one that begins when another ends has none."""
    return starts < other_ends and other_starts < ends


def tier_of(kind: str, authority_kind: str) -> Tier | None:
    """The tier of the open university that an organisation of ``kind`` is, by the kind of whom it answers to.

    A county centre that runs open-university classes is its county's study centre.
    """
    if kind == OrganisationKind.OPEN_UNIVERSITY:
        return Tier.PROVINCE
    if kind == OrganisationKind.OPEN_UNIVERSITY_BRANCH:
        return Tier.COUNTY if authority_kind == OrganisationKind.OPEN_UNIVERSITY_BRANCH else Tier.CITY
    return Tier.COUNTY if kind == OrganisationKind.COUNTY_CENTRE else None


ENDS_BEFORE_START = Fault(
    "ends_on",
    ErrorCode.OUT_OF_RANGE,
    "结束日期早于开班日期。",
    "The class ends before it starts.",
    "请核对两个日期。",
    "Check both dates.",
)
SIGNUP_AFTER_END = Fault(
    "signup_from",
    ErrorCode.OUT_OF_RANGE,
    "报名开始晚于结束日期。",
    "Sign-up begins after the class has ended.",
    "请核对两个日期。",
    "Check both dates.",
)
COMPLETED_BEFORE_START = Fault(
    "completed_on",
    ErrorCode.OUT_OF_RANGE,
    "结班日期早于开班日期。",
    "The class was closed before it started.",
    "请核对两个日期。",
    "Check both dates.",
)
COMPLETED_AND_CANCELLED = Fault(
    "cancelled_on",
    ErrorCode.CONFLICT,
    "已结班的班次不能取消。",
    "A class that was completed is not cancelled.",
    "请清空其中一个日期。",
    "Clear one of the two dates.",
)
ENROLLED_ON_NEEDED = Fault(
    "enrolled_on",
    ErrorCode.REQUIRED,
    "在读、结业、未结业的须有入班日期。",
    "Whoever is or was in the class needs the day of enrolment.",
    "请填写入班日期。",
    "Fill it in.",
)
ENROLLED_ON_TOO_MUCH = Fault(
    "enrolled_on",
    ErrorCode.CONFLICT,
    "报名、候补的还没有入班日期。",
    "Whoever applied or waits has no day of enrolment.",
    "请清空此格，或改正状态。",
    "Clear the cell or correct the state.",
)
ENDED_ON_NEEDED = Fault(
    "ended_on",
    ErrorCode.REQUIRED,
    "退出、结业、未结业的须有结束日期。",
    "Whoever left or finished needs the day on which it ended.",
    "请填写结束日期。",
    "Fill it in.",
)
ENDED_ON_TOO_MUCH = Fault(
    "ended_on",
    ErrorCode.CONFLICT,
    "报名、候补、在读的没有结束日期。",
    "Nothing has ended for whoever applied, waits or studies.",
    "请清空此格，或改正状态。",
    "Clear the cell or correct the state.",
)
ENROLLED_BEFORE_APPLYING = Fault(
    "enrolled_on",
    ErrorCode.OUT_OF_RANGE,
    "入班日期早于报名日期。",
    "The enrolment lies before the application.",
    "请核对两个日期。",
    "Check both dates.",
)
ENDED_BEFORE_START = Fault(
    "ended_on",
    ErrorCode.OUT_OF_RANGE,
    "结束日期早于报名或入班日期。",
    "It ended before it began.",
    "请核对日期。",
    "Check the dates.",
)
LIST_WITHOUT_COMPLETION = Fault(
    "list_number",
    ErrorCode.CONFLICT,
    "只有结业的才有结业名册号。",
    "Only whoever completed stands on a completion list.",
    "请清空此格，或改正状态。",
    "Clear the cell or correct the state.",
)
COMPLETED_BEFORE_CLASS = Fault(
    "ended_on",
    ErrorCode.OUT_OF_RANGE,
    "结业日期早于开班日期。",
    "The completion lies before the class began.",
    "请核对日期和班次。",
    "Check the date and the class.",
)
COMPLETED_IN_CANCELLED = Fault(
    "state",
    ErrorCode.CONFLICT,
    "班次已取消，不会有人结业。",
    "The class was cancelled, so nobody finished it.",
    "请核对班次，或填“已退出”。",
    "Check the class, or enter that they withdrew.",
)
CLASS_FULL = Fault(
    "class_code",
    ErrorCode.CONFLICT,
    "该班次的名额已满。",
    "The class has no seat left.",
    "请先扩大容量，或将此人填为“候补”。",
    "Raise the capacity first, or enter this person as waiting.",
)

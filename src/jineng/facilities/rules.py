"""The law of this room, without a database: what a phase is on a day, whether its money fits its plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from jineng.engines.exchange import ErrorCode
from jineng.facilities.kinds import PhaseStatus
from jineng.majors.rules import Fault

WEEK = Decimal(7)


@dataclass(frozen=True)
class Tolerance:
    """From ``since`` on, booked money may lie so far below or above the plan (shares of it), by ``document``."""

    since: date
    under: Decimal
    over: Decimal
    document: str


TOLERANCES = (
    Tolerance(date(2016, 1, 1), Decimal("0.05"), Decimal("0.10"), "平台设置：园区建设投资管理（2016）"),
    Tolerance(date(2019, 7, 1), Decimal("0.10"), Decimal("0.10"), "比照国务院令第712号《政府投资条例》第十二条"),
)
"""In the order of their dates; the first also holds before its date. The regulation of 2019 has a budget reviewed
that exceeds its estimate by a tenth; the platform takes the same share for money that stays behind."""


class Fit(StrEnum):
    """How booked money lies to its plan."""

    COVERED = "covered"
    SHORT = "short"
    BEYOND = "beyond"


def tolerance_on(day: date, tolerances: Sequence[Tolerance] = TOLERANCES) -> Tolerance:
    """The tolerance in force on ``day``; before the first, the first."""
    ordered = sorted(tolerances, key=lambda item: item.since)
    return next((item for item in reversed(ordered) if item.since <= day), ordered[0])


def fit_of(planned: Decimal, booked: Decimal, day: date) -> Fit:
    """Whether ``booked`` yuan fit ``planned`` yuan by the tolerance of ``day``; its bounds still fit."""
    allowed = tolerance_on(day)
    if booked < planned * (1 - allowed.under):
        return Fit.SHORT
    return Fit.BEYOND if booked > planned * (1 + allowed.over) else Fit.COVERED


def status_on(day: date, reports: Iterable[tuple[date, str]]) -> str:
    """What a phase is on ``day`` by its reports (day, status); planned before the first."""
    begun = sorted(report for report in reports if report[0] <= day)
    return begun[-1][1] if begun else PhaseStatus.PLANNED.value


def overdue(day: date, planned_completion: date | None, status: str) -> bool:
    """Whether a phase should have been completed by ``day`` and is not."""
    return planned_completion is not None and planned_completion < day and status != PhaseStatus.COMPLETED


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return month_of(month_of(month) + timedelta(days=31))


def shares_in(month: date, since: date, until: date | None) -> bool:
    """Whether a stretch up to the day before ``until`` touches the month."""
    return since < month_after(month) and (until is None or until > month_of(month))


def open_hours(month: date, weekly_hours: Decimal) -> Decimal:
    """Hours for which a facility is open in a month."""
    return (weekly_hours * (month_after(month) - month_of(month)).days / WEEK).quantize(Decimal("0.1"))


def money_fault(planned: Decimal, booked: Decimal, day: date) -> Fault | None:
    """Why a phase may not be reported complete without a reason; ``None`` where its money fits its plan."""
    fit, allowed = fit_of(planned, booked, day), tolerance_on(day)
    if fit is Fit.COVERED:
        return None
    zh, en = ("未达到", "stays behind") if fit is Fit.SHORT else ("超过", "exceeds")
    share = allowed.under if fit is Fit.SHORT else allowed.over
    return Fault(
        "reason",
        ErrorCode.REQUIRED,
        f"入账 {booked:,} 元{zh}计划 {planned:,} 元，差额大于 {share:.0%}（{allowed.document}）。",
        f"The booked {booked:,} yuan {en} the plan of {planned:,} yuan by more than {share:.0%}.",
        "请先补记或核对入账，或写明原因。",
        "Book what is missing, check the bookings, or give the reason.",
    )


TAKEN = Fault(
    "code",
    ErrorCode.CONFLICT,
    "此编号已由其他单位使用。",
    "Another organisation uses this code.",
    "请换一个编号。",
    "Choose another code.",
)
NOT_A_PARK = Fault(
    "org_code",
    ErrorCode.CONFLICT,
    "该机构的类别不是职教园区。",
    "This organisation is no park.",
    "请填园区机构的代码，或先更正机构类别。",
    "Give the park's own code, or correct the organisation's kind first.",
)
ANOTHER_PARK = Fault(
    "org_code",
    ErrorCode.CONFLICT,
    "该机构已登记为另一编号的园区。",
    "This organisation stands as a park under another code.",
    "请使用原编号，或先作废原记录。",
    "Use that code, or void that record first.",
)
COMPLETES_TOO_EARLY = Fault(
    "planned_completion",
    ErrorCode.OUT_OF_RANGE,
    "计划完工日期应晚于开工日期。",
    "The planned completion must lie after the start.",
    "请核对两个日期。",
    "Check both dates.",
)
CLOSES_TOO_EARLY = Fault(
    "closed_on",
    ErrorCode.OUT_OF_RANGE,
    "停用日期应晚于启用日期。",
    "Closing must lie after opening.",
    "请核对两个日期。",
    "Check both dates.",
)
UNTIL_TOO_EARLY = Fault(
    "until",
    ErrorCode.OUT_OF_RANGE,
    "终止日期应晚于开始日期。",
    "The end must lie after the start.",
    "请核对两个日期；若从未共享，请作废。",
    "Check both dates; what never held is voided.",
)
SHARING_OVERLAPS = Fault(
    "since",
    ErrorCode.CONFLICT,
    "与同一单位在同一设施的另一段共享时间重叠。",
    "It overlaps another stretch of the same member.",
    "请核对起止日期。",
    "Check both days.",
)
NOT_SHARING = Fault(
    "org_code",
    ErrorCode.CONFLICT,
    "该单位在该月不是此设施的共享单位。",
    "The organisation does not share the facility in that month.",
    "请先登记共享单位，或核对月份。",
    "Record it as a member first, or check the month.",
)

"""How reported statuses come into the timelines of awards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from jineng.calls.kinds import Status
from jineng.calls.models import AwardStatus
from jineng.calls.rules import Event, Fault, first_fault
from jineng.engines.exchange import ErrorCode, Table
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge

NAMES = dict(Status.choices)


class Report(NamedTuple):
    """A row's word on the status of an award."""

    row: int
    award_id: str
    status: str
    since: date
    document: str


def _of(awards: Iterable[str]) -> QuerySet[AwardStatus]:
    """Standing statuses of ``awards``."""
    ids = [UUID(award) for award in awards]
    if not ids:
        return AwardStatus.objects.none()
    return AwardStatus.objects.filter(STANDS, award__in=ids)


Told = dict[tuple[str, str], dict[date, str]]
"""By award and status, the documents by the dates from which the register has it."""


def told(awards: Iterable[str]) -> Told:
    """What the register tells of the statuses of ``awards``."""
    rows: Told = {}
    for award, status, since, document in _of(awards).values_list("award_id", "status", "since", "document"):
        rows.setdefault((str(award), status), {})[since] = document
    return rows


def land_reports(hall: Hall, table: Table, reports: Sequence[Report], known: Told, since_column: str) -> None:
    """Merge ``reports``. A blank document says nothing of the document that is known."""
    spec = Merge(
        AwardStatus,
        (Field("award_id", key=True), Field("status", key=True), Field("since", key=True), Field("document")),
        ("title", "status", since_column, "document"),
    )
    rows = [_row(report, known) for report in reports] if known else [report[1:] for report in reports]
    hall.merge(table, spec, [report.row for report in reports], rows)


def land_corrections(hall: Hall, table: Table, reports: Sequence[Report], known: Told, since_column: str) -> None:
    """Merge ``reports`` that give another date for the one time at which an award reached a status."""
    spec = Merge(
        AwardStatus,
        (Field("award_id", key=True), Field("status", key=True), Field("since"), Field("document")),
        ("title", "status", since_column, "document"),
    )
    hall.merge(table, spec, [report.row for report in reports], [_row(report, known) for report in reports])


def corrects(report: Report, known: Told) -> bool:
    """Whether the register has the status from exactly one day, and that another day than the report's."""
    days = known.get((report.award_id, report.status), {})
    return len(days) == 1 and report.since not in days


def _row(report: Report, known: Told) -> tuple[str, str, date, str]:
    days = known.get((report.award_id, report.status), {})
    document = report.document or days.get(report.since) or (next(iter(days.values())) if len(days) == 1 else "")
    return report.award_id, report.status, report.since, document


def check_timelines(hall: Hall, table: Table, reports: Sequence[Report], *, incomplete: bool) -> None:
    """Refuse rows whose award now has a status that may not follow the one before it."""
    rows: dict[str, int] = {report.award_id: report.row for report in reports}
    events: dict[str, list[Event]] = {}
    for identity, since, recorded_at, status in _of(rows).values_list("award_id", "since", "recorded_at", "status"):
        events.setdefault(str(identity), []).append(Event(since, recorded_at, status))
    for award, timeline in events.items():
        fault = first_fault(timeline, incomplete=incomplete)
        if fault is not None:
            _refuse(hall, table, rows[award], fault)


def _refuse(hall: Hall, table: Table, index: int, fault: Fault) -> None:
    after = NAMES[fault.after]
    before = f"“{NAMES[fault.before]}”之后" if fault.before else "此前没有其他状态时"
    hall.refuse(
        table,
        index,
        "status",
        ErrorCode.CONFLICT,
        f"{before}不能是“{after}”（{fault.since}）。",
        f"{fault.after} ({fault.since}) cannot follow {fault.before or 'nothing'}.",
        "请补上中间的状态，或核对日期。",
        "Report the status in between, or check the dates.",
    )

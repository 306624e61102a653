"""状态变更: one row per change of an award's status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from jineng.calls.exchange import sheets
from jineng.calls.exchange.keys import resolve_awards
from jineng.calls.exchange.timeline import Report, check_timelines, land_reports, told
from jineng.calls.models import AwardStatus
from jineng.engines.exchange import Sheet, Table
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Hall, Landing
from jineng.kernel.rights import Right
from jineng.registry.scope import visible


class StatusLanding(Landing):
    """Brings the sheet 状态变更 into the register."""

    room: ClassVar[str] = "calls"
    right: ClassVar[Right] = Right.SUBMIT_RETURNS
    sheet: ClassVar[Sheet] = sheets.STATUS_CHANGES

    def land(self, table: Table, hall: Hall) -> None:
        """Add each status to its award's timeline, then see that no timeline became impossible."""
        awards, _, _ = resolve_awards(hall, table)
        column = table.columns
        reports = [
            Report(
                index, str(award.id), column["status"][index], column["since"][index], column["document"][index] or ""
            )
            for index in hall.good(table)
            if (award := awards[index]) is not None
        ]
        land_reports(hall, table, reports, told({report.award_id for report in reports}), "since")
        check_timelines(hall, table, reports, incomplete=False)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Statuses reached by the end of ``year``."""
        return (
            visible(actor, AwardStatus)
            .filter(STANDS, award__voided_at__isnull=True, since__lte=date(year, 12, 31))
            .order_by("award__batch__call__code", "award__batch__number", "award__title", "since")
            .values_list(
                "award__batch__call__code",
                "award__batch__number",
                "award__title",
                "award__organisation__code",
                "status",
                "since",
                "document",
            )
            .iterator(5000)
        )

"""The figure that this room answers for. Its docstring is the definition that is printed."""

from __future__ import annotations

import ibis

from jineng.engines.measures import (
    Dimension,
    Over,
    Period,
    Sources,
    SourceTable,
    Sum,
    as_records,
    indicator,
)
from jineng.facilities.kinds import Funding, PhaseStatus
from jineng.facilities.series import FIRST_PHASE, TIANSHUI_PARK
from jineng.kernel import measures

ROOM = "facilities"
VOIDED = {"voided_at": "timestamp('UTC')"}
PARK = SourceTable("facilities_park", {"id": "uuid", "code": "string", "organisation_id": "uuid", **VOIDED})
PHASE = SourceTable("facilities_phase", {"id": "uuid", "park_id": "uuid", "number": "int16", **VOIDED})
REPORT = SourceTable(
    "facilities_phasereport",
    {"id": "uuid", "phase_id": "uuid", "status": "string", "since": "date", **VOIDED},
)
BOOKING = SourceTable(
    "facilities_investmentbooking",
    {
        "id": "uuid",
        "phase_id": "uuid",
        "voucher": "string",
        "booked_on": "date",
        "amount": "decimal(16, 2)",
        "funding": "string",
        **VOIDED,
    },
)
RECORD_TYPE = "investment_booking"
FUNDING = Dimension("funding", "资金来源", "funding", dict(Funding.choices))


def declare() -> None:
    """Declare the room's sources and add its figure to the house's catalogue."""
    for table in (PARK, PHASE, REPORT, BOOKING):
        measures.sources.declare(table)
    measures.indicators.add(tianshui_park_investment)


@indicator(
    key="tianshui_park_investment",
    label="天水职教园区一期投资",
    label_en="investment in the first phase of the Tianshui park",
    unit="元",
    over=Over.CUMULATIVE,
    aggregate=Sum(),
    room=ROOM,
    record_type=RECORD_TYPE,
    dimensions=(FUNDING,),
)
def tianshui_park_investment(sources: Sources, period: Period) -> ibis.Table:
    """天水职教园区第一期期末已建成的，至期末累计入账的投资，以元计；期末尚在建设的不计，作废的入账从不计入，
    其他各期不计。建成与否以期末前最近一次进度报告为准。"""
    park = _standing(sources, PARK)
    park = park.filter(park.code == TIANSHUI_PARK).select(of_park="id", keeper="organisation_id")
    phase = _standing(sources, PHASE)
    phase = phase.filter(phase.number == FIRST_PHASE).select("park_id", of_phase="id")
    built = phase.join(park, phase.park_id == park.of_park)
    built = built.filter(built.of_phase.isin(_completed(sources, period).phase_id))
    booking = _standing(sources, BOOKING)
    booking = booking.filter(period.reached(booking.booked_on))
    booked = booking.join(built, booking.phase_id == built.of_phase)
    return as_records(
        booked,
        record_type=RECORD_TYPE,
        record_id=booked.id,
        organisation_id=booked.keeper,
        on=booked.booked_on,
        measure=booked.amount,
        label=booked.voucher,
        funding=booked.funding,
    )


def _standing(sources: Sources, table: SourceTable) -> ibis.Table:
    rows = sources.table(table.name)
    return rows.filter(rows.voided_at.isnull())


def _completed(sources: Sources, period: Period) -> ibis.Table:
    """Phases whose latest report by the period's end says that they are completed; there is one report a day."""
    report = _standing(sources, REPORT)
    report = report.filter(period.reached(report.since))
    ranked = report.mutate(
        rank=ibis.row_number().over(group_by=report.phase_id, order_by=[report.since.desc(), report.id.desc()])
    )
    return ranked.filter(ranked["rank"] < 1, ranked.status == PhaseStatus.COMPLETED.value)

"""The sheets 园区, 园区分期, 分期进度 and 投资入账."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet, Sum

from jineng.engines.exchange import Sheet, Table
from jineng.facilities.exchange import sheets
from jineng.facilities.exchange.keys import (
    FacilityLanding,
    Rows,
    refuse,
    refuse_taken,
    resolve_parks,
    resolve_phases,
    standing_marks,
    year_of,
)
from jineng.facilities.kinds import PhaseStatus
from jineng.facilities.models import InvestmentBooking, Park, Phase, PhaseReport
from jineng.facilities.rules import ANOTHER_PARK, COMPLETES_TOO_EARLY, NOT_A_PARK, money_fault
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.returns import Field, Hall, Merge
from jineng.kernel.returns.voiding import merge_or_strike
from jineng.registry.exchange import resolve_column
from jineng.registry.kinds import OrganisationKind
from jineng.registry.scope import reach


def own_parks(actor: Actor) -> QuerySet[Park]:
    """Standing parks that lie in the actor's reach."""
    parks = Park.objects.filter(STANDS)
    return parks if actor.sees_all else parks.filter(organisation__in=reach(actor))


class ParksLanding(FacilityLanding):
    """园区: one row per park."""

    sheet: ClassVar[Sheet] = sheets.PARKS
    spec: ClassVar[Merge] = Merge(
        model=Park,
        fields=(
            Field("code", key=True),
            Field("name"),
            Field("organisation_id"),
            Field("area_mu"),
            Field("document"),
        ),
        sheet_columns=("code", "name", "org_code", "area_mu", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Organisations in scope that are parks, each under one code."""
        bodies = resolve_column(hall, table, "org_code")
        column = table.columns
        rows: Rows = {}
        for index, (body, code, name, area, document) in enumerate(
            zip(bodies, column["code"], column["name"], column["area_mu"], column["document"], strict=True)
        ):
            if body is not None and body.kind != OrganisationKind.PARK:
                refuse(hall, table, index, NOT_A_PARK)
            elif body is not None:
                rows[index] = (code, name, body.id, area, document or "")
        refuse_taken(hall, table, rows, Park)
        sound = {index: row for index, row in rows.items() if not column["voided"][index]}
        for index in _under_two_codes(sound):
            refuse(hall, table, index, ANOTHER_PARK)
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Parks in the actor's reach."""
        return standing_marks(
            own_parks(actor).order_by("code").values_list("code", "name", "organisation__code", "area_mu", "document")
        )


def _under_two_codes(rows: Rows) -> list[int]:
    codes: dict[UUID, set[str]] = {}
    given = {row[0] for row in rows.values()}
    known = Park.objects.filter(STANDS, organisation__in={row[2] for row in rows.values()}).exclude(code__in=given)
    for code, body in [*known.values_list("code", "organisation"), *((row[0], row[2]) for row in rows.values())]:
        codes.setdefault(body, set()).add(code)
    return [index for index, row in rows.items() if len(codes[row[2]]) > 1]


class PhasesLanding(FacilityLanding):
    """园区分期: one row per phase."""

    sheet: ClassVar[Sheet] = sheets.PHASES
    spec: ClassVar[Merge] = Merge(
        model=Phase,
        fields=(
            Field("park_id", key=True),
            Field("number", key=True),
            Field("name"),
            Field("planned_investment"),
            Field("started_on"),
            Field("planned_completion"),
            Field("document"),
        ),
        sheet_columns=(
            "park_code",
            "number",
            "name",
            "planned_investment",
            "started_on",
            "planned_completion",
            "document",
        ),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Phases of parks in scope."""
        parks = resolve_parks(hall, table)
        columns = [table.columns[name] for name in self.spec.sheet_columns[1:]]
        rows: Rows = {}
        for index, (park, (number, name, planned, started, completion, document)) in enumerate(
            zip(parks, zip(*columns, strict=True), strict=True)
        ):
            if started is not None and completion is not None and completion <= started:
                refuse(hall, table, index, COMPLETES_TOO_EARLY)
            elif park is not None:
                rows[index] = (park, number, name, _yuan(planned), started, completion, document or "")
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Phases of the parks in the actor's reach."""
        phases = Phase.objects.filter(STANDS, park__in=own_parks(actor)).order_by("park__code", "number")
        return standing_marks(
            phases.values_list(
                "park__code", "number", "name", "planned_investment", "started_on", "planned_completion", "document"
            )
        )


class BookingsLanding(FacilityLanding):
    """投资入账: one row per booking."""

    sheet: ClassVar[Sheet] = sheets.BOOKINGS
    spec: ClassVar[Merge] = Merge(
        model=InvestmentBooking,
        fields=(
            Field("phase_id", key=True),
            Field("voucher", key=True),
            Field("booked_on"),
            Field("amount"),
            Field("funding"),
            Field("document"),
        ),
        sheet_columns=("number", "voucher", "booked_on", "amount", "funding", "document"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Bookings on phases in scope."""
        phases = resolve_phases(hall, table)
        columns = [table.columns[name] for name in self.spec.sheet_columns[1:]]
        rows: Rows = {
            index: (phase, voucher, booked_on, _yuan(amount), funding, document or "")
            for index, (phase, (voucher, booked_on, amount, funding, document)) in enumerate(
                zip(phases, zip(*columns, strict=True), strict=True)
            )
            if phase is not None
        }
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """Money booked in the year."""
        bookings = InvestmentBooking.objects.filter(
            STANDS, booked_on__range=year_of(year), phase__voided_at__isnull=True, phase__park__in=own_parks(actor)
        )
        return standing_marks(
            bookings.order_by("phase__park__code", "phase__number", "voucher").values_list(
                "phase__park__code", "phase__number", "voucher", "booked_on", "amount", "funding", "document"
            )
        )


class ReportsLanding(FacilityLanding):
    """分期进度: one row per report; lands behind the bookings, since a completion is held against them."""

    sheet: ClassVar[Sheet] = sheets.REPORTS
    spec: ClassVar[Merge] = Merge(
        model=PhaseReport,
        fields=(
            Field("phase_id", key=True),
            Field("since", key=True),
            Field("status"),
            Field("document"),
            Field("reason"),
        ),
        sheet_columns=("number", "since", "status", "document", "reason"),
    )

    def land(self, table: Table, hall: Hall) -> None:
        """Reports on phases in scope; a completion whose money is off the plan says why."""
        phases = resolve_phases(hall, table)
        columns = [table.columns[name] for name in self.spec.sheet_columns[1:]]
        rows: Rows = {
            index: (phase, since, status, document or "", reason or "")
            for index, (phase, (since, status, document, reason)) in enumerate(
                zip(phases, zip(*columns, strict=True), strict=True)
            )
            if phase is not None
        }
        completed = {
            index: (row[0], row[1])
            for index, row in rows.items()
            if row[2] == PhaseStatus.COMPLETED and not row[4] and not table.columns["voided"][index]
        }
        for index, fault in _off_plan(completed).items():
            refuse(hall, table, index, fault)
        merge_or_strike(hall, table, self.spec, rows)

    def export(self, actor: Actor, year: int) -> Iterable[Sequence[Any]]:
        """What was reported in the year."""
        reports = PhaseReport.objects.filter(
            STANDS, since__range=year_of(year), phase__voided_at__isnull=True, phase__park__in=own_parks(actor)
        )
        return standing_marks(
            reports.order_by("phase__park__code", "phase__number", "since").values_list(
                "phase__park__code", "phase__number", "status", "since", "document", "reason"
            )
        )


def _off_plan(completed: dict[int, tuple[UUID, date]]) -> dict[int, Any]:
    """Faults of completions by row: money that is off the plan, in two queries."""
    phases = {phase for phase, _ in completed.values()}
    planned = dict(Phase.objects.filter(pk__in=phases).values_list("id", "planned_investment"))
    bookings = InvestmentBooking.objects.filter(STANDS, phase__in=phases).values_list("phase", "booked_on")
    booked: dict[UUID, list[tuple[date, Decimal]]] = {}
    for phase, day, amount in bookings.annotate(total=Sum("amount")):
        booked.setdefault(phase, []).append((day, amount))
    found = {}
    for index, (phase, since) in completed.items():
        total = sum((amount for day, amount in booked.get(phase, []) if day <= since), Decimal(0))
        fault = money_fault(planned[phase], total, since)
        if fault is not None:
            found[index] = fault
    return found


def _yuan(amount: Decimal) -> Decimal:
    return amount.quantize(sheets.CENT)

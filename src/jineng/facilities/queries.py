"""What others may ask of this room, scoped to whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, Max, OuterRef, Prefetch, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from jineng.facilities.models import (
    InvestmentBooking,
    Park,
    Phase,
    PhaseReport,
    Relocation,
    SharedFacility,
    SharingMember,
    UseHours,
)
from jineng.facilities.rules import overdue, status_on
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import visible

MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=18, decimal_places=2)
BOOKED = Coalesce(
    Subquery(
        InvestmentBooking.objects.filter(STANDS, phase=OuterRef("pk"))
        .order_by()
        .values("phase")
        .annotate(total=Sum("amount"))
        .values("total"),
        output_field=MONEY,
    ),
    Value(Decimal(0)),
    output_field=MONEY,
)
REPORTS = Prefetch("reports", PhaseReport.objects.filter(STANDS).order_by("since"), to_attr="standing_reports")


def parks_of(actor: Actor) -> QuerySet[Park]:
    """All standing parks: they are announced."""
    return visible(actor, Park).filter(STANDS)


def phases_of(actor: Actor) -> QuerySet[Phase]:
    """Standing phases in scope with park, ``booked`` (yuan, all of it) and ``standing_reports``."""
    phases = visible(actor, Phase).filter(STANDS, park__voided_at__isnull=True).select_related("park")
    return phases.annotate(booked=BOOKED).prefetch_related(REPORTS)


def bookings_of(actor: Actor, *, standing: bool = True) -> QuerySet[InvestmentBooking]:
    """Bookings in scope with phase and park; void ones only where asked for."""
    bookings = visible(actor, InvestmentBooking).select_related("phase__park")
    return bookings.filter(STANDS) if standing else bookings


def reports_of(phase: Phase) -> list[tuple[date, str]]:
    """Standing reports of a phase, by day."""
    return list(PhaseReport.objects.filter(STANDS, phase=phase).order_by("since").values_list("since", "status"))


def status_of(reports: list[tuple[date, str]], day: date) -> str:
    """What a phase with these reports is on ``day``."""
    return status_on(day, reports)


def phase_status(phase: Phase, day: date) -> str:
    """What a phase with ``standing_reports`` at hand is on ``day``."""
    reports: list[PhaseReport] = phase.standing_reports  # type: ignore[attr-defined]
    return status_on(day, [(report.since, report.status) for report in reports])


def booked_by(phase: Phase, day: date) -> Decimal:
    """Yuan booked on a phase up to ``day``."""
    bookings = InvestmentBooking.objects.filter(STANDS, phase=phase, booked_on__lte=day)
    return bookings.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def overdue_phases(organisation_id: UUID, day: date) -> list[Phase]:
    """Phases of the organisation's own park that should have been completed by ``day``; two queries."""
    phases = (
        Phase.objects.filter(STANDS, park__organisation=organisation_id, park__voided_at__isnull=True)
        .filter(planned_completion__lt=day)
        .select_related("park")
        .prefetch_related(REPORTS)
        .order_by("planned_completion")
    )
    return [phase for phase in phases if overdue(day, phase.planned_completion, phase_status(phase, day))]


def facilities_of(actor: Actor) -> QuerySet[SharedFacility]:
    """Standing facilities that the actor's scope keeps or shares, with their park."""
    return visible(actor, SharedFacility).filter(STANDS, park__voided_at__isnull=True).select_related("park")


def sharing_of(actor: Actor, facility_id: UUID, *, standing: bool = True) -> QuerySet[SharingMember]:
    """Members of a facility as far as the actor sees them; void ones only where asked for."""
    members = visible(actor, SharingMember).filter(facility_id=facility_id).order_by("name", "since")
    return members.filter(STANDS) if standing else members


def relocations_of(actor: Actor, park_id: UUID) -> QuerySet[Relocation]:
    """Who moved into a park, as far as the actor sees it."""
    return visible(actor, Relocation).filter(STANDS, park_id=park_id).order_by("moved_on", "name")


@dataclass(frozen=True)
class Usage:
    """Hours and person-times of a member at a facility in a year, and the hours of each month (1 to 12)."""

    hours: Decimal
    person_times: int
    months: dict[int, Decimal]


def usage_of(actor: Actor, facility_id: UUID, year: int) -> dict[UUID, Usage]:
    """How members used a facility in a year, by organisation, as far as the actor sees it; one query."""
    rows = visible(actor, UseHours).filter(STANDS, facility_id=facility_id, month__year=year)
    months: dict[UUID, dict[int, Decimal]] = {}
    times: dict[UUID, int] = {}
    for organisation, month, hours, person_times in rows.values_list(
        "organisation_id", "month", "hours", "person_times"
    ):
        months.setdefault(organisation, {})[month.month] = hours
        times[organisation] = times.get(organisation, 0) + person_times
    return {
        organisation: Usage(sum(of_months.values(), Decimal(0)), times[organisation], of_months)
        for organisation, of_months in months.items()
    }


def last_year_of_use(actor: Actor, facility_id: UUID) -> int | None:
    """The last year for which hours of a facility stand in sight."""
    rows = visible(actor, UseHours).filter(STANDS, facility_id=facility_id)
    last = rows.aggregate(last=Max("month"))["last"]
    return last.year if last is not None else None

"""Pages that show: parks, phases with plan and money, bookings, facilities with who shares them and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jineng.facilities.models import InvestmentBooking, Phase, SharedFacility, SharingMember
from jineng.facilities.queries import (
    Usage,
    bookings_of,
    facilities_of,
    last_year_of_use,
    parks_of,
    phase_status,
    phases_of,
    relocations_of,
    sharing_of,
    usage_of,
)
from jineng.facilities.rules import overdue, tolerance_on
from jineng.facilities.web.tables import (
    LABELS,
    MARKS,
    FacilityFilters,
    FacilityTable,
    ParkTable,
    PhaseFilters,
    PhaseTable,
    yuan,
)
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS, Recorded
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact, bars_of
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import told_of
from jineng.registry.scope import in_reach, reach
from jineng.registry.web.records import origin_facts

FIRST_YEAR, LAST_YEAR = 1990, 2200


@dataclass(frozen=True)
class Deed:
    """A button of a record page."""

    label: str
    url: str
    kind: str = "plain"


def find(rows: QuerySet[Any], pk: UUID) -> Any:
    """The record with that key.

    Raises:
        Http404: there is none in sight.
    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may_keep(request: ActorRequest, organisation_id: UUID) -> bool:
    """Whether the actor may change what the organisation's park keeps."""
    return request.actor.may(Right.EDIT_FACILITIES) and in_reach(request.actor, organisation_id)


@require_GET
@door(Right.VIEW_FACILITIES)
def park_list(request: ActorRequest) -> HttpResponse:
    """All parks: they are announced."""
    return list_page(
        request,
        title="职教园区",
        title_en="Parks",
        rows=lambda: parks_of(request.actor),
        table=ParkTable,
        crumbs=[Crumb("职教园区")],
        empty="还没有登记园区，请填报“园区”表。 No parks yet: report the sheet 园区.",
    )


@require_GET
@door(Right.VIEW_FACILITIES)
def park(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One park: its phases, facilities and who moved in, as far as they are in sight."""
    found = find(parks_of(request.actor), pk)
    phases = list(phases_of(request.actor).filter(park=found).order_by("number"))
    day = clock.today()
    for phase in phases:
        phase.state = phase_status(phase, day)  # type: ignore[attr-defined]
        phase.state_label = LABELS[phase.state]  # type: ignore[attr-defined]
        phase.state_mark = MARKS[phase.state]  # type: ignore[attr-defined]
    facts = [
        Fact("园区编号 Code", found.code, kind="code"),
        Fact("规划面积 Area", f"{found.area_mu:,} 亩" if found.area_mu is not None else ""),
        Fact("文号 Document", found.document),
    ]
    keeps = may_keep(request, found.organisation_id)
    deeds = [Deed("启用共享设施 Open a facility", reverse("open_facility", args=[pk]))] if keeps else []
    return _record(
        request,
        found,
        facts,
        title=found.name,
        title_en="Park",
        crumbs=[Crumb("职教园区", reverse("parks"))],
        deeds=deeds,
        template="facilities/park.html",
        phases=phases,
        facilities=list(facilities_of(request.actor).filter(park=found).order_by("code")),
        moves=[
            Event(move.moved_on, move.name, detail="与机构迁址记录相连" if move.change_id else "")
            for move in relocations_of(request.actor, pk)
        ],
    )


@require_GET
@door(Right.VIEW_FACILITIES)
def phase_list(request: ActorRequest) -> HttpResponse:
    """Phases of the parks in scope, with plan and money."""
    return list_page(
        request,
        title="园区分期",
        title_en="Phases",
        lead="每一期的计划投资与入账；建成由园区报告，并与入账核对。 Plan and money; completion is held against both.",
        rows=lambda: phases_of(request.actor),
        table=PhaseTable,
        filters=PhaseFilters,
        crumbs=[Crumb("园区分期")],
        empty="管辖范围内没有园区分期。 No phases in your scope.",
    )


@require_GET
@door(Right.VIEW_FACILITIES)
def phase(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One phase: what was planned, booked and reported."""
    found: Phase = find(phases_of(request.actor), pk)
    day = clock.today()
    booked: Decimal = found.booked  # type: ignore[attr-defined]
    status, allowed = phase_status(found, day), tolerance_on(day)
    late = overdue(day, found.planned_completion, status)
    facts = [
        Fact("园区 Park", found.park.name, url=reverse("park", args=[found.park_id])),
        Fact("期次 Number", f"第{found.number}期"),
        Fact("计划投资 Planned", yuan(found.planned_investment)),
        Fact(
            "累计入账 Booked",
            yuan(booked),
            note=f"计划的 {booked / found.planned_investment:.1%}；允许低 {allowed.under:.0%}、高 {allowed.over:.0%}"
            f"（{allowed.document}）",
        ),
        Fact("开工日期 Started on", str(found.started_on or "")),
        Fact(
            "计划完工日期 Due",
            str(found.planned_completion or ""),
            note="已过计划完工日期 Overdue" if late else "",
        ),
        Fact("状态 Status", LABELS[status], kind=MARKS[status]),
    ]
    deeds = []
    if may_keep(request, found.park.organisation_id):
        deeds.append(Deed("报告进度 Report", reverse("report_phase", args=[pk]), "primary"))
        deeds.append(Deed("投资入账 Book money", reverse("book_investment", args=[pk])))
    bookings = list(bookings_of(request.actor).filter(phase=found).order_by("booked_on", "voucher"))
    return _record(
        request,
        found,
        facts,
        title=found.name,
        title_en="Phase",
        crumbs=[Crumb("园区分期", reverse("phases")), Crumb(found.park.name, reverse("park", args=[found.park_id]))],
        deeds=deeds,
        template="facilities/phase.html",
        bookings=bookings,
        booked=booked,
        reports=list(found.reports.filter(STANDS).order_by("since")),
        keeps=may_keep(request, found.park.organisation_id),
        bars=bars_of(
            [
                ("计划投资", found.planned_investment, ""),
                ("累计入账", booked, ""),
            ]
        ),
    )


@require_GET
@door(Right.VIEW_FACILITIES)
def booking(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One booking: how much, when, from where."""
    found: InvestmentBooking = find(bookings_of(request.actor, standing=False), pk)
    of = found.phase
    facts = [
        Fact("分期 Phase", of.name, url=reverse("phase", args=[of.pk])),
        Fact("凭证号 Voucher", found.voucher, kind="code"),
        Fact("入账日期 Booked on", str(found.booked_on)),
        Fact("金额 Amount", yuan(found.amount)),
        Fact("资金来源 Funding", found.get_funding_display()),
        Fact("文号 Document", found.document),
        Fact(
            "状态 State",
            "已作废" if found.is_void else "有效",
            kind="red" if found.is_void else "ok",
            note=found.void_reason,
        ),
    ]
    keeps = may_keep(request, of.park.organisation_id) and not found.is_void
    deeds = [Deed("作废 Void", reverse("void_booking", args=[pk]), "danger")] if keeps else []
    crumbs = [Crumb("园区分期", reverse("phases")), Crumb(of.name, reverse("phase", args=[of.pk]))]
    return _record(request, found, facts, title=found.voucher, title_en="Booking", crumbs=crumbs, deeds=deeds)


@require_GET
@door(Right.VIEW_FACILITIES)
def facility_list(request: ActorRequest) -> HttpResponse:
    """Facilities that the actor's scope keeps or shares."""
    return list_page(
        request,
        title="共享设施",
        title_en="Shared facilities",
        lead="管辖园区的，和本单位参加共享的设施。 Kept in your scope, or shared by it.",
        rows=lambda: facilities_of(request.actor),
        table=FacilityTable,
        filters=FacilityFilters,
        crumbs=[Crumb("共享设施")],
        empty="还没有共享设施。 No shared facilities yet.",
    )


@dataclass(frozen=True)
class Sharer:
    """A member of a facility and how it used it in the year shown."""

    member: SharingMember
    usage: Usage | None
    months: tuple[Decimal | None, ...]


@require_GET
@door(Right.VIEW_FACILITIES)
def facility(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One facility: who shares it, and its hours of a year (``?year=``; the last one reported unless said)."""
    found: SharedFacility = find(facilities_of(request.actor), pk)
    year = _year(request.GET.get("year", "")) or last_year_of_use(request.actor, pk) or clock.today().year
    usage = usage_of(request.actor, pk, year)
    sharers = [
        Sharer(
            member,
            usage.get(member.organisation_id),
            tuple(usage[member.organisation_id].months.get(month) for month in range(1, 13))
            if member.organisation_id in usage
            else (None,) * 12,
        )
        for member in sharing_of(request.actor, pk)
    ]
    facts = [
        Fact("设施编号 Code", found.code, kind="code"),
        Fact("园区 Park", found.park.name, url=reverse("park", args=[found.park_id])),
        Fact("类别 Kind", found.get_kind_display()),
        Fact("容量 Capacity", f"{found.capacity:,} 工位"),
        Fact("每周开放 Open", f"{found.weekly_hours.normalize():f} 小时"),
        Fact("启用日期 Opened on", str(found.opened_on)),
        Fact("停用日期 Closed on", str(found.closed_on or "")),
    ]
    return _record(
        request,
        found,
        facts,
        title=found.name,
        title_en="Shared facility",
        crumbs=[Crumb("共享设施", reverse("facilities"))],
        deeds=_facility_deeds(request, found, sharers),
        template="facilities/facility.html",
        sharers=sharers,
        year=year,
        months=range(1, 13),
        total=_plain(sum((item.hours for item in usage.values()), Decimal(0))),
        person_times=sum(item.person_times for item in usage.values()),
        keeps=may_keep(request, found.park.organisation_id),
    )


def _facility_deeds(request: ActorRequest, found: SharedFacility, sharers: Sequence[Sharer]) -> list[Deed]:
    keeps = may_keep(request, found.park.organisation_id)
    deeds = []
    if keeps or (request.actor.may(Right.EDIT_FACILITIES) and _shares(request, sharers)):
        deeds.append(Deed("填报时数 Report hours", reverse("report_hours", args=[found.pk]), "primary"))
    if keeps:
        deeds.append(Deed("增加共享单位 Add a member", reverse("share_facility", args=[found.pk])))
    return deeds


def _shares(request: ActorRequest, sharers: Sequence[Sharer]) -> bool:
    mine = set(reach(request.actor))
    return any(sharer.member.organisation_id in mine for sharer in sharers)


def _plain(hours: Decimal) -> Decimal | int:
    """Hours without a decimal place that says nothing."""
    return int(hours) if hours == hours.to_integral_value() else hours


def _year(text: str) -> int | None:
    known = text.isdecimal() and text.isascii() and FIRST_YEAR <= int(text) <= LAST_YEAR
    return int(text) if known else None


def _record(
    request: ActorRequest,
    record: Recorded,
    facts: Sequence[Fact],
    *,
    title: str,
    title_en: str,
    crumbs: Sequence[Crumb],
    deeds: Sequence[Deed] = (),
    template: str = "facilities/record.html",
    **more: Any,
) -> HttpResponse:
    context = {
        "title": title,
        "title_en": title_en,
        "crumbs": [*crumbs, Crumb(title)],
        "record": record,
        "facts": [*facts, *origin_facts(request.actor, record)],
        "told": told_of(record),
        "deeds": deeds,
        **more,
    }
    return render(request, template, context)

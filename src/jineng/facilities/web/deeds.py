"""Pages that change: book money, report a phase, open and share facilities, report hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.facilities.models import InvestmentBooking, Phase, SharedFacility, SharingMember
from jineng.facilities.queries import bookings_of, facilities_of, parks_of, phases_of, sharing_of
from jineng.facilities.verbs import (
    book_investment,
    open_facility,
    report_hours,
    report_phase,
    share_facility,
    stop_sharing,
    void_booking,
)
from jineng.facilities.web.forms import (
    BookingForm,
    FacilityForm,
    HoursForm,
    ReportForm,
    SharingForm,
    StopForm,
)
from jineng.facilities.web.pages import find
from jineng.facilities.web.tables import yuan
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import in_reach, reach, visible
from jineng.registry.web.forms import ReasonForm

METHODS = ["GET", "POST"]


def _phase_crumbs(found: Phase, last: str) -> list[Crumb]:
    return [Crumb("园区分期", reverse("phases")), Crumb(found.name, reverse("phase", args=[found.pk])), Crumb(last)]


def _facility_crumbs(found: SharedFacility, last: str) -> list[Crumb]:
    return [
        Crumb("共享设施", reverse("facilities")),
        Crumb(found.name, reverse("facility", args=[found.pk])),
        Crumb(last),
    ]


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def book(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Book money on a phase."""
    found: Phase = find(phases_of(request.actor), pk)
    return deed_page(
        request,
        BookingForm(request.POST or None, actor=request.actor, initial={"booked_on": clock.today()}),
        lambda data: book_investment(actor=request.actor, phase_id=pk, **data),
        title=f"投资入账：{found}",
        title_en="Book money",
        done="已入账。 Booked.",
        then=lambda _: reverse("phase", args=[pk]),
        crumbs=_phase_crumbs(found, "入账"),
        cancel=reverse("phase", args=[pk]),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def report(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Report what a phase is; a completion is held against the money booked."""
    found: Phase = find(phases_of(request.actor), pk)
    booked = found.booked  # type: ignore[attr-defined]
    return deed_page(
        request,
        ReportForm(request.POST or None, actor=request.actor, initial={"since": clock.today(), "status": "completed"}),
        lambda data: report_phase(actor=request.actor, phase_id=pk, **data),
        title=f"报告进度：{found}",
        title_en="Report a phase",
        lead=f"计划投资 {yuan(found.planned_investment)}，累计入账 {yuan(booked)}。 Planned and booked so far.",
        done="已报告。 Reported.",
        then=lambda _: reverse("phase", args=[pk]),
        crumbs=_phase_crumbs(found, "进度"),
        cancel=reverse("phase", args=[pk]),
        submit="报告 Report",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a booking that was never made."""
    found: InvestmentBooking = find(bookings_of(request.actor, standing=False), pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_booking(actor=request.actor, booking_id=pk, reason=data["reason"]),
        title=f"作废：{found}",
        title_en="Void a booking",
        lead="作废表示从未入账，各年的数字都不再含它。 Void means that it never held.",
        done="已作废。 Voided.",
        then=lambda _: reverse("booking", args=[pk]),
        crumbs=_phase_crumbs(found.phase, "作废"),
        cancel=reverse("booking", args=[pk]),
        submit="作废 Void",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def open_(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Open a shared facility in a park."""
    found = find(parks_of(request.actor), pk)
    return deed_page(
        request,
        FacilityForm(request.POST or None, actor=request.actor, initial={"opened_on": clock.today()}),
        lambda data: open_facility(actor=request.actor, park_id=pk, **data),
        title=f"启用共享设施：{found}",
        title_en="Open a facility",
        done="已启用。 Opened.",
        then=lambda made: reverse("facility", args=[made.pk]),
        crumbs=[Crumb("职教园区", reverse("parks")), Crumb(found.name, reverse("park", args=[pk])), Crumb("启用")],
        cancel=reverse("park", args=[pk]),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def share(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a member that shares a facility."""
    found: SharedFacility = find(facilities_of(request.actor), pk)
    form = SharingForm(request.POST or None, actor=request.actor, initial={"since": clock.today()})

    def do(data: dict[str, Any]) -> SharingMember:
        assert form.known is not None
        names = ("name", "since", "until")
        return share_facility(
            actor=request.actor,
            facility_id=pk,
            organisation_id=form.known.id,
            **{name: data[name] for name in names},
        )

    return deed_page(
        request,
        form,
        do,
        title=f"增加共享单位：{found}",
        title_en="Add a member",
        done="已增加。 Added.",
        then=lambda _: reverse("facility", args=[pk]),
        crumbs=_facility_crumbs(found, "共享单位"),
        cancel=reverse("facility", args=[pk]),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def stop(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say from when a member no longer shares."""
    who: SharingMember = find(visible(request.actor, SharingMember).select_related("facility"), pk)
    page = reverse("facility", args=[who.facility_id])
    return deed_page(
        request,
        StopForm(request.POST or None, actor=request.actor, initial={"until": clock.today()}),
        lambda data: stop_sharing(actor=request.actor, member_id=pk, **data),
        title=f"停止共享：{who}",
        title_en="Stop sharing",
        done="已记录。 Recorded.",
        then=lambda _: page,
        crumbs=_facility_crumbs(who.facility, "停止共享"),
        cancel=page,
        submit="停止共享 Stop",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_FACILITIES)
def hours(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Report a member's hours of a month; saying it again corrects it."""
    found: SharedFacility = find(facilities_of(request.actor), pk)
    sharing = sharing_of(request.actor, pk)
    if not in_reach(request.actor, found.park.organisation_id):
        sharing = sharing.filter(organisation__in=reach(request.actor))
    members = dict(sharing.values_list("organisation", "name"))
    form = HoursForm(request.POST or None, actor=request.actor, members=members, initial={"month": clock.today()})

    def do(data: dict[str, Any]) -> object:
        names = ("month", "hours", "person_times")
        return report_hours(
            actor=request.actor,
            facility_id=pk,
            organisation_id=UUID(data["organisation"]),
            **{name: data[name] for name in names},
        )

    return deed_page(
        request,
        form,
        do,
        title=f"填报时数：{found}",
        title_en="Report hours",
        done="已填报。 Reported.",
        then=lambda _: reverse("facility", args=[pk]),
        crumbs=_facility_crumbs(found, "时数"),
        cancel=reverse("facility", args=[pk]),
    )

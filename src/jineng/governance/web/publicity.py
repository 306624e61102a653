"""Pages of press coverage, events and what was shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.governance.models import ExhibitionItem, Occasion, OccasionParticipant, PressItem
from jineng.governance.queries import exhibits_of, occasions_of, participants_of, press_of
from jineng.governance.topics import NAMES
from jineng.governance.verbs import add_exhibit, add_participant, record_occasion, record_press
from jineng.governance.verbs.reach import may_change, require_change
from jineng.governance.web.filters import OccasionFilters, PressFilters
from jineng.governance.web.forms import ExhibitForm, OccasionForm, ParticipantForm, PressForm
from jineng.governance.web.tables import OccasionTable, PressTable
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.records import (
    VOID,
    VOID_MARK,
    Button,
    Cell,
    Section,
    Shown,
    organisation_cell,
    organisation_fact,
    posted,
    show,
)

FORM = ("GET", "POST")


def press_home() -> Crumb:
    """The way back to the coverage."""
    return Crumb("宣传报道", reverse("press_items"))


def occasions_home() -> Crumb:
    """The way back to the events."""
    return Crumb("活动", reverse("occasions"))


def _void_fact(found: PressItem | Occasion) -> list[Fact]:
    return [Fact("状态 State", VOID, kind=VOID_MARK, note=found.void_reason)] if found.is_void else []


def _may(request: ActorRequest, found: PressItem | Occasion) -> bool:
    return request.actor.may(Right.EDIT_GOVERNANCE) and may_change(request.actor, found)


@require_GET
@door(Right.VIEW_GOVERNANCE)
def press_list(request: ActorRequest) -> HttpResponse:
    """Coverage in sight, the latest first."""
    standing = "validity" not in request.GET
    buttons = [Button("登记报道", "Record", reverse("record_press"), "primary")]
    return list_page(
        request,
        title="宣传报道",
        title_en="Press coverage",
        rows=lambda: press_of(request.actor, standing=standing).order_by("-published_on"),
        table=PressTable,
        filters=PressFilters,
        crumbs=[Crumb("宣传报道")],
        template="governance/list.html",
        context={"buttons": buttons if request.actor.may(Right.EDIT_GOVERNANCE) else []},
        empty="可见范围内还没有报道。 No coverage in your sight yet.",
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def press_item(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One piece of coverage."""
    found: Any = get_object_or_404(press_of(request.actor, standing=False), pk=pk)
    return show(
        request,
        Shown(
            found.title,
            "Press coverage",
            [press_home(), Crumb(found.title)],
            [
                *_void_fact(found),
                Fact("媒体 Outlet", found.outlet),
                Fact("媒体级别 Level", found.get_level_display()),
                Fact("刊发日期 Published on", found.published_on),
                organisation_fact("报道对象 About", found.organisation_id, found.organisation_name),
                Fact("主题 Topic", NAMES.get(found.topic, found.topic)),
            ],
            record=found,
            buttons=[Button("作废", "Void", reverse("void_press", args=[pk]), "danger")]
            if _may(request, found)
            else [],
        ),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def record_one_press(request: ActorRequest) -> HttpResponse:
    """Record a piece of coverage."""

    def do(data: dict[str, Any]) -> PressItem:
        return record_press(actor=request.actor, organisation_id=data.pop("organisation").pk, **data)

    return deed_page(
        request,
        PressForm(posted(request), actor=request.actor),
        do,
        title="登记报道",
        title_en="Record coverage",
        done="已登记。 Recorded.",
        then=lambda made: reverse("press_item", args=[made.pk]),
        crumbs=[press_home(), Crumb("登记")],
        cancel=reverse("press_items"),
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def occasion_list(request: ActorRequest) -> HttpResponse:
    """Events in sight, the latest first."""
    standing = "validity" not in request.GET
    buttons = [Button("登记活动", "Record", reverse("record_occasion"), "primary")]
    return list_page(
        request,
        title="活动",
        title_en="Events",
        rows=lambda: occasions_of(request.actor, standing=standing).order_by("-begins_on"),
        table=OccasionTable,
        filters=OccasionFilters,
        crumbs=[Crumb("活动")],
        template="governance/list.html",
        context={"buttons": buttons if request.actor.may(Right.EDIT_GOVERNANCE) else []},
        empty="可见范围内还没有活动。 No events in your sight yet.",
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def occasion(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One event: who took part, what was shown."""
    found: Any = get_object_or_404(occasions_of(request.actor, standing=False), pk=pk)
    joined = [
        (
            organisation_cell(row.organisation_id, row.organisation_name),
            Cell(row.get_role_display()),
            Cell(row.people if row.people is not None else "", kind="num"),
        )
        for row in participants_of(request.actor, found)
    ]
    shown = [
        (
            Cell(row.title),
            Cell(row.get_kind_display()),
            organisation_cell(row.organisation_id, row.organisation_name),
            Cell(row.notes),
        )
        for row in exhibits_of(request.actor, found)
    ]
    buttons = []
    if _may(request, found):
        buttons = [
            Button("增加参加单位", "Add a participant", reverse("add_participant", args=[pk])),
            Button("增加展品", "Add an exhibit", reverse("add_exhibit", args=[pk])),
            Button("作废", "Void", reverse("void_occasion", args=[pk]), "danger"),
        ]
    return show(
        request,
        Shown(
            found.name,
            "Event",
            [occasions_home(), Crumb(found.name)],
            [
                *_void_fact(found),
                Fact("类别 Kind", found.get_kind_display()),
                Fact("级别 Level", found.get_level_display()),
                organisation_fact("主办单位 Host", found.host_id, found.host_name),
                Fact("日期 Days", f"{found.begins_on} 至 {found.ends_on}"),
                Fact("地点 Place", found.place),
                Fact("参加人次 Attendance", found.attendance if found.attendance is not None else ""),
            ],
            record=found,
            buttons=buttons,
            sections=[
                Section(
                    "参加单位",
                    "Participants",
                    "participants",
                    ("单位 Organisation", "角色 Role", "人数 People"),
                    joined,
                ),
                Section(
                    "展品", "Exhibits", "exhibits", ("展品 Title", "类别 Kind", "展出单位 By", "说明 Notes"), shown
                ),
            ],
        ),
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def exhibition_item(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What was shown is shown with its event."""
    found = visible(request.actor, ExhibitionItem).filter(pk=pk).first()
    if found is None:
        raise Http404
    return redirect(f"{reverse('occasion', args=[found.occasion_id])}#exhibits")


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def record_one_occasion(request: ActorRequest) -> HttpResponse:
    """Record an event."""

    def do(data: dict[str, Any]) -> Occasion:
        return record_occasion(actor=request.actor, host_id=data.pop("host").pk, **data)

    return deed_page(
        request,
        OccasionForm(posted(request), actor=request.actor),
        do,
        title="登记活动",
        title_en="Record an event",
        done="已登记。 Recorded.",
        then=lambda made: reverse("occasion", args=[made.pk]),
        crumbs=[occasions_home(), Crumb("登记")],
        cancel=reverse("occasions"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def add_one_participant(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record who took part in an event."""
    found: Any = get_object_or_404(occasions_of(request.actor, standing=False), pk=pk)
    require_change(request.actor, found)
    page = reverse("occasion", args=[pk])

    def do(data: dict[str, Any]) -> OccasionParticipant:
        return add_participant(actor=request.actor, occasion_id=pk, organisation_id=data.pop("organisation"), **data)

    return deed_page(
        request,
        ParticipantForm(posted(request), actor=request.actor),
        do,
        title=f"增加参加单位：{found.name}",
        title_en="Add a participant",
        done="已增加。 Added.",
        then=lambda made: page,
        crumbs=[occasions_home(), Crumb(found.name, page), Crumb("增加参加单位")],
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def add_one_exhibit(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record what was shown at an event."""
    found: Any = get_object_or_404(occasions_of(request.actor, standing=False), pk=pk)
    require_change(request.actor, found)
    page = reverse("occasion", args=[pk])

    def do(data: dict[str, Any]) -> ExhibitionItem:
        return add_exhibit(actor=request.actor, occasion_id=pk, organisation_id=data.pop("organisation"), **data)

    return deed_page(
        request,
        ExhibitForm(posted(request), actor=request.actor),
        do,
        title=f"增加展品：{found.name}",
        title_en="Add an exhibit",
        done="已增加。 Added.",
        then=lambda made: page,
        crumbs=[occasions_home(), Crumb(found.name, page), Crumb("增加展品")],
        cancel=page,
    )

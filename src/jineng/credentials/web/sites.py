"""Pages of assessment sites: the list, one site with its rooms and sessions, and what changes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.credentials.models import AssessmentRoom, AssessmentSite
from jineng.credentials.queries import rooms_of, sessions_of, sites_of
from jineng.credentials.verbs import add_room, end_site, set_up_site, void_room
from jineng.credentials.verbs.reach import OUTSIDE
from jineng.credentials.web.forms import DayForm, ReasonForm
from jineng.credentials.web.pages import found_or_404, organisation_fact, state_fact
from jineng.credentials.web.site_forms import RoomForm, SiteFilters, SiteForm, SiteTable
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import told_of
from jineng.registry.scope import in_reach, visible
from jineng.registry.web.records import origin_facts

FORM = ("GET", "POST")
MOST_SESSIONS = 50


def home() -> Crumb:
    """The way back to the sites."""
    return Crumb("考核站点", reverse("assessment_sites"))


def page_of(site: AssessmentSite) -> str:
    """The address of one site."""
    return reverse("assessment_site", args=[site.pk])


@require_GET
@door(Right.VIEW_CREDENTIALS)
def site_list(request: ActorRequest) -> HttpResponse:
    """All sites: where assessments may be held is announced."""
    return list_page(
        request,
        title="考核站点",
        title_en="Assessment sites",
        rows=lambda: sites_of(request.actor),
        table=SiteTable,
        filters=SiteFilters,
        crumbs=[Crumb("证书考核", reverse("assessment_sessions")), Crumb("考核站点")],
        template="credentials/sites.html",
        empty="还没有考核站点。 No sites yet.",
    )


@require_GET
@door(Right.VIEW_CREDENTIALS)
def site(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One site: its rooms, and the sessions in sight that are held there."""
    actor = request.actor
    found: AssessmentSite = found_or_404(sites_of(actor), pk)
    ended = found.ended_on is not None and found.ended_on <= clock.today()
    facts = [
        state_fact(found, "已停用 Ended" if ended else "在用 In use", "warn" if ended else "ok"),
        Fact("站点代码 Code", found.code, kind="code"),
        organisation_fact("所属单位 Run by", getattr(found, "organisation_name", ""), found.organisation_id),
        Fact("地址 Address", found.address),
        Fact("座位 Seats", getattr(found, "seat_count", 0)),
        Fact("批准日期 Approved on", found.approved_on.isoformat()),
        *([Fact("停用日期 Ends on", found.ended_on.isoformat())] if found.ended_on else []),
        *origin_facts(actor, found),
    ]
    owner = actor.may(Right.EDIT_CREDENTIALS) and in_reach(actor, found.organisation_id)
    return render(
        request,
        "credentials/site.html",
        {
            "title": str(found),
            "title_en": "Assessment site",
            "crumbs": [home(), Crumb(str(found))],
            "record": found,
            "facts": facts,
            "told": told_of(found),
            "rooms": rooms_of(found),
            "sessions": sessions_of(actor).filter(site=pk).order_by("-held_on", "begins_at")[:MOST_SESSIONS],
            "may_change": owner and found.ended_on is None,
            "may_schedule": owner and not ended,
        },
    )


def _own_site(request: ActorRequest, pk: UUID) -> AssessmentSite:
    found: AssessmentSite = found_or_404(sites_of(request.actor), pk)
    if not in_reach(request.actor, found.organisation_id):
        raise NotAllowed(OUTSIDE)
    return found


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def set_up(request: ActorRequest) -> HttpResponse:
    """Set up a site."""

    def do(data: dict[str, Any]) -> AssessmentSite:
        return set_up_site(actor=request.actor, organisation_id=data.pop("organisation").pk, **data)

    return deed_page(
        request,
        SiteForm(request.POST or None, actor=request.actor, initial={"approved_on": clock.today()}),
        do,
        title="设立考核站点",
        title_en="Set up a site",
        lead="考场在设立后逐个增加，座位按考场的次序编排。 Rooms are added afterwards and filled in that order.",
        done="已设立，请增加考场。 Set up; now add its rooms.",
        then=page_of,
        crumbs=[home(), Crumb("设立")],
        cancel=reverse("assessment_sites"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def give_room(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give a site one room more."""
    found = _own_site(request, pk)
    return deed_page(
        request,
        RoomForm(request.POST or None, actor=request.actor),
        lambda data: add_room(actor=request.actor, site_id=pk, **data),
        title="增加考场",
        title_en="Add a room",
        done="已增加。 Added.",
        then=lambda made: page_of(found),
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("增加考场")],
        cancel=page_of(found),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def strike_room(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a room that was recorded wrongly."""
    room: AssessmentRoom = found_or_404(visible(request.actor, AssessmentRoom).filter(STANDS), pk)
    found = _own_site(request, room.site_id)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_room(actor=request.actor, room_id=pk, **data),
        title=f"作废：{room}",
        title_en="Void a room",
        lead="只在还没有场次排在该站点时可作废。 Only while no session is held at the site.",
        done="已作废。 Voided.",
        then=lambda made: page_of(found),
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("作废考场")],
        cancel=page_of(found),
        submit="作废 Void",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End a site from a day on."""
    found = _own_site(request, pk)
    return deed_page(
        request,
        DayForm(request.POST or None, actor=request.actor),
        lambda data: end_site(actor=request.actor, site_id=pk, **data),
        title=f"停用：{found}",
        title_en="End a site",
        lead="自所填日期起不再安排考核，此前的场次不变。 No session is held there from that day on.",
        done="已停用。 Ended.",
        then=lambda made: page_of(found),
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("停用")],
        cancel=page_of(found),
        submit="停用 End",
    )

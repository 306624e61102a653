"""Pages on which a session is scheduled, moved and filled, and on which a site's next free slot is found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.credentials.bookings import known_bookings, rules_of
from jineng.credentials.kinds import Attendance
from jineng.credentials.models import AssessmentSession, AssessmentSite, Candidate
from jineng.credentials.queries import sites_of
from jineng.credentials.timetabling import Booking, Hours, Slot, first_slot
from jineng.credentials.verbs import move_session, register_candidates, schedule_session
from jineng.credentials.verbs.reach import OUTSIDE
from jineng.credentials.web.forms import CandidateForm
from jineng.credentials.web.pages import found_or_404
from jineng.credentials.web.sessions import find_own_session, home, page_of
from jineng.credentials.web.site_forms import MoveForm, ScheduleForm, SlotForm
from jineng.credentials.web.sites import home as sites_home
from jineng.credentials.web.sites import page_of as page_of_site
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs.people import PersonRow

FORM = ("GET", "POST")
TAKEN_OVER = ("site", "held_on", "begins_at", "ends_at", "capacity")
"""What a slot that was found puts into a form, by its address."""


def _placed(data: dict[str, Any]) -> dict[str, Any]:
    site = data.pop("site")
    return {**data, "site_id": site.pk if site else None}


def _taken_over(request: ActorRequest) -> dict[str, str]:
    return {name: request.GET[name][:40] for name in TAKEN_OVER if name in request.GET}


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def schedule(request: ActorRequest) -> HttpResponse:
    """Schedule a session."""

    def do(data: dict[str, Any]) -> AssessmentSession:
        host, kind = data.pop("host"), data.pop("certificate")
        return schedule_session(actor=request.actor, host_id=host.pk, certificate_type_id=kind.pk, **_placed(data))

    return deed_page(
        request,
        ScheduleForm(request.POST or None, actor=request.actor, initial=_taken_over(request)),
        do,
        title="安排考核",
        title_en="Schedule a session",
        lead="考核分理论、实操两项，各 100 分，60 分合格。排在站点的须填时间，空档可在站点页面查找。 "
        "Theory and practice, 100 marks each, 60 pass. A session at a site has its times.",
        done="已安排。 Scheduled.",
        then=page_of,
        crumbs=[home(), Crumb("安排")],
        cancel=reverse("assessment_sessions"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def move(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give a session another day, other times, or another site."""
    found = find_own_session(request, pk)
    stands = {"site": found.site_id, **{name: getattr(found, name) for name in TAKEN_OVER[1:]}}
    return deed_page(
        request,
        MoveForm(request.POST or None, actor=request.actor, session=found, initial=stands | _taken_over(request)),
        lambda data: move_session(actor=request.actor, session_id=pk, **_placed(data)),
        title=f"改排：{found}",
        title_en="Move a session",
        lead="已打印的准考证须重新发放；扫码所示总是最新安排。 Print slips anew; their codes tell what holds now.",
        done="已改排。 Moved.",
        then=page_of,
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("改排")],
        cancel=page_of(found),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def register(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Register a learner for a session."""
    found = find_own_session(request, pk)

    def do(data: dict[str, Any]) -> list[Candidate]:
        school = data["school"].pk if data["school"] else None
        person = PersonRow(data["name"].strip(), data["number"].strip().upper(), school)
        return register_candidates(actor=request.actor, session_id=pk, people=[person])

    return deed_page(
        request,
        CandidateForm(request.POST or None, actor=request.actor),
        do,
        title="登记考生",
        title_en="Register a candidate",
        lead="多名考生可用表册“考核与发证”一次填报。 Many come at once by workbook.",
        done="已报名。 Registered.",
        then=lambda made: page_of(found),
        crumbs=[home(), Crumb(str(found), page_of(found)), Crumb("登记考生")],
        cancel=page_of(found),
    )


def _session_to_place(request: ActorRequest) -> AssessmentSession | None:
    """The session for which a slot is looked for, if one is named."""
    try:
        named = UUID(request.GET.get("session", ""))
    except ValueError:
        return None
    return find_own_session(request, named)


@require_GET
@door(Right.EDIT_CREDENTIALS)
def next_slot(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The first time at which a site takes a session, and at which none of its candidates sits elsewhere."""
    site: AssessmentSite = found_or_404(sites_of(request.actor), pk)
    session = _session_to_place(request)
    if not in_reach(request.actor, site.organisation_id) and (
        session is None or session.host_id != site.organisation_id
    ):
        raise NotAllowed(OUTSIDE)
    asked = request.GET if "capacity" in request.GET else None
    usual = {"since": clock.today() + timedelta(days=1), "capacity": session.capacity if session else 30}
    form = SlotForm(asked, actor=request.actor, initial=usual)
    slot, searched = None, form.is_bound and form.is_valid()
    if searched:
        slot = _found_slot(request, site, session, **form.cleaned_data)
    target = reverse("move_session", args=[session.pk]) if session else reverse("schedule_session")
    return render(
        request,
        "credentials/slot.html",
        {
            "title": "下一空档",
            "title_en": "Next free slot",
            "crumbs": [sites_home(), Crumb(str(site), page_of_site(site)), Crumb("下一空档")],
            "lead": f"为 {session} 查找，考生同时段不得参加其他场次。 For this session and its candidates."
            if session
            else "",
            "form": form,
            "session": session,
            "slot": slot,
            "searched": searched,
            "use": f"{target}?{_address(site, slot, form.cleaned_data['capacity'])}" if slot else "",
            "cancel": page_of(session) if session else page_of_site(site),
        },
        status=422 if form.errors else 200,
    )


def _found_slot(
    request: ActorRequest,
    site: AssessmentSite,
    session: AssessmentSession | None,
    *,
    since: date,
    days: int,
    hours: Hours,
    minutes: int,
    capacity: int,
) -> Slot | None:
    tried = [since + timedelta(days=day) for day in range(days)]
    people: frozenset[UUID] = frozenset()
    if session is not None:
        sitting = visible(request.actor, Candidate).filter(STANDS, session=session.pk)
        people = frozenset(sitting.exclude(attendance=Attendance.ABSENT).values_list("person_id", flat=True))
    begins = datetime.combine(since, hours.opens)
    ends = (begins + timedelta(minutes=minutes)).time()
    wanted = Booking(session.pk if session else None, since, hours.opens, ends, capacity, 0, people)
    return first_slot(rules_of(site), wanted, tried, hours, known_bookings(site.pk, tried, people))


def _address(site: AssessmentSite, slot: Slot, capacity: int) -> str:
    times = {"held_on": slot.day.isoformat(), "begins_at": f"{slot.begins:%H:%M}", "ends_at": f"{slot.ends:%H:%M}"}
    return urlencode({"site": str(site.pk), **times, "capacity": capacity})

"""Pages that show: calls, one call, awards, one award."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from jineng.calls.kinds import HolderKind, Status
from jineng.calls.models import Award, AwardHolder, AwardStatus, Call
from jineng.calls.queries import (
    awards_of,
    batches_of,
    calls_of,
    counted_calls_of,
    holders_of,
    showing_status_on,
    timeline_of,
)
from jineng.calls.verbs.reach import decides, may_void, may_write
from jineng.calls.web.filters import AwardFilters, CallFilters
from jineng.calls.web.tables import MARKS, STATUSES, VOID, VOID_MARK, AwardTable, CallTable
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact
from jineng.kernel.web.fetching import keys_of_a_part
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import told_of
from jineng.registry.verbs import read_people
from jineng.registry.web.records import origin_facts


def home() -> Crumb:
    """The way back to the calls."""
    return Crumb("遴选", reverse("calls"))


@require_GET
@door(Right.VIEW_CALLS)
def call_list(request: ActorRequest) -> HttpResponse:
    """All calls."""
    return list_page(
        request,
        title="遴选",
        title_en="Calls",
        lead="各级、各部门组织的项目遴选，一行一个系列。 Series of selections, by whom and at which level.",
        rows=lambda: counted_calls_of(request.actor),
        table=CallTable,
        filters=CallFilters,
        crumbs=[Crumb("遴选")],
        template="calls/calls.html",
    )


@require_GET
@door(Right.VIEW_CALLS)
def call(request: ActorRequest, code: str) -> HttpResponse:
    """One call: who decides it, its batches, how many of its awards are what on a day."""
    found: Any = get_object_or_404(calls_of(request.actor), code=code)
    day = asked_day(request)
    facts = [
        Fact("遴选代码 Code", found.code, kind="code"),
        Fact("级别 Level", found.get_level_display()),
        Fact("持有形式 Held by", found.get_holder_form_display()),
        Fact("决定单位 Decided by", "、".join(decider.organisation.name for decider in found.signing)),
        Fact("说明 Description", found.description),
    ]
    question = ("batches of a call", found.pk, day, request.actor)
    told = remembered(question, lambda: batches_of(request.actor, found, day), len)
    batches = [
        {**item, "cells": [(label, item["counts"].get(status, 0)) for status, label in Status.choices]} for item in told
    ]
    return render(
        request,
        "calls/call.html",
        {
            "title": found.name,
            "title_en": "Call",
            "crumbs": [home(), Crumb(found.name)],
            "call": found,
            "facts": facts,
            "batches": batches,
            "statuses": Status.choices,
            "day": day,
            "may_decide": may_decide(request, found),
        },
    )


@require_GET
@door(Right.VIEW_CALLS)
def award_list(request: ActorRequest) -> HttpResponse:
    """Awards within the actor's sight, the latest recorded first; void ones only where asked for."""

    def rows() -> QuerySet[Award]:
        awards = awards_of(request.actor, standing="validity" not in request.GET).order_by("-recorded_at")
        return keys_of_a_part(request.actor, showing_status_on(awards, asked_day(request)))

    return list_page(
        request,
        title="立项",
        title_en="Awards",
        lead="状态按所选日期，不选为今天。 Statuses are those of the day chosen, or of today.",
        rows=rows,
        table=AwardTable,
        filters=AwardFilters,
        crumbs=[home(), Crumb("立项")],
        template="calls/awards.html",
        empty="可见范围内还没有立项。 No awards in your sight yet.",
    )


def find_award(request: ActorRequest, pk: UUID) -> Award:
    """The award within the actor's sight, void or not.

    Raises:
        Http404: there is none.
    """
    found = awards_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_CALLS)
def award(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One award: who holds it, what became of it, where the record came from."""
    return _award_page(request, find_award(request, pk), {})


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def names(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same page with the names of the people who hold the award; the reading is written down."""
    found = find_award(request, pk)
    people = [holder.person_id for holder in holders_of(request.actor, found) if holder.person_id]
    read = read_people(actor=request.actor, person_ids=people, subject=found)
    return _award_page(request, found, {person: identity.name for person, identity in read.items()})


def _award_page(request: ActorRequest, found: Award, readable: dict[UUID, str]) -> HttpResponse:
    actor = request.actor
    holders = holders_of(actor, found)
    statuses = timeline_of(actor, found)
    may_change = actor.may(Right.EDIT_CALLS) and not found.is_void and may_write(actor, found)
    return render(
        request,
        "calls/award.html",
        {
            "title": found.title,
            "title_en": "Award",
            "crumbs": [
                home(),
                Crumb(found.batch.call.name, reverse("call", args=[found.batch.call.code])),
                Crumb(found.title),
            ],
            "award": found,
            "facts": _facts(found, statuses, origin_facts(actor, found)),
            "holders": [(holder, _holder_name(holder, readable)) for holder in holders],
            "statuses": [status for status in statuses if not status.is_void],
            "events": [_event(status) for status in statuses],
            "told": told_of(found),
            "may_change": may_change,
            "may_decide": may_change and may_decide(request, found.batch.call),
            "may_void": may_change and may_void(actor, found),
            "may_read_names": actor.may(Right.VIEW_PERSONAL_DATA) and any(holder.person for holder in holders),
            "revealed": bool(readable),
        },
    )


def _facts(found: Any, statuses: list[AwardStatus], origin: list[Fact]) -> list[Fact]:
    today = clock.today()
    begun = [status for status in statuses if not status.is_void and status.since <= today]
    now = begun[-1] if begun else None
    if found.is_void:
        state = Fact("状态 Status", VOID, kind=VOID_MARK, note=found.void_reason)
    elif now is None:
        state = Fact("状态 Status", "")
    else:
        state = Fact("状态 Status", STATUSES[now.status], kind=MARKS[Status(now.status)], note=f"自 {now.since} 起")
    return [
        state,
        Fact("遴选 Call", found.batch.call.name, url=reverse("call", args=[found.batch.call.code])),
        Fact("批次 Batch", str(found.batch), note=found.batch.document),
        Fact(
            "责任单位 Responsible",
            found.organisation_name or "（可见范围之外的单位）",
            url=reverse("organisation", args=[found.organisation_id]) if found.organisation_name else "",
        ),
        Fact("级别 Level", found.get_level_display()),
        Fact("项目编号 Number", found.project_number, kind="code"),
        Fact("备注 Notes", found.notes),
        *origin,
    ]


def _event(status: AwardStatus) -> Event:
    return Event(
        status.since,
        status.document or "未注明文号",
        detail=status.void_reason,
        mark=STATUSES[status.status],
        kind=MARKS[Status(status.status)],
        voided=status.is_void,
    )


def _holder_name(holder: AwardHolder, readable: dict[UUID, str]) -> str:
    if holder.kind == HolderKind.TEAM:
        return holder.team_name
    if holder.kind == HolderKind.ORGANISATION:
        return holder.organisation.name if holder.organisation else "（可见范围之外的单位）"
    if holder.person_id in readable:
        return readable[holder.person_id]
    return holder.person.masked_name if holder.person else "（可见范围之外的人员）"


def may_decide(request: ActorRequest, found: Call) -> bool:
    """Whether the actor may add batches to the call and say what becomes of its awards."""
    return request.actor.may(Right.EDIT_CALLS) and decides(request.actor, found.pk)


def asked_day(request: ActorRequest) -> date:
    """The day of ``?on=``; anything that is no date means today."""
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()

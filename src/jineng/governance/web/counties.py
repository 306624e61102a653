"""Pages of 一县一校一中心: all counties with a map, one county, its facts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from jineng.engines.documents.tilemap import gansu, render_svg
from jineng.governance.kinds import CountyItem, Department
from jineng.governance.models import CountyFact
from jineng.governance.queries import CountyState, counties_on, county_facts_of, required_on
from jineng.governance.rules import missing_of_county
from jineng.governance.verbs import end_county_fact, record_county_fact
from jineng.governance.verbs.reach import may_change, require_change
from jineng.governance.web.forms import CountyFactForm, EndFactForm
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import organisations_of
from jineng.registry.scope import visible
from jineng.registry.web.records import Button, Cell, Section, Shown, organisation_fact, posted, show

FORM = ("GET", "POST")
DEPARTMENTS = dict(Department.choices)
ITEMS = {"school": "县办学校", "centre": "职教中心", "director": "主任兼任"}
LABELS = {**ITEMS, **{str(key): f"统筹{label}" for key, label in DEPARTMENTS.items()}}
STATES = {"complete": True, "lacking": False}


def home() -> Crumb:
    """The way back to the counties."""
    return Crumb("一县一校一中心", reverse("counties"))


def asked_day(request: ActorRequest) -> date:
    """The day of ``?on=``; anything that is no date means today."""
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()


@require_GET
@door(Right.VIEW_GOVERNANCE)
def county_list(request: ActorRequest) -> HttpResponse:
    """All counties in sight: who has a school, a centre, a leader as director, all departments pooled."""
    day = asked_day(request)
    states = counties_on(request.actor, day)
    city, wanted = request.GET.get("city", ""), request.GET.get("state", "")
    within = [state for state in states if city in ("", state.city_code)]
    chosen = [state for state in within if STATES.get(wanted, state.complete) == state.complete]
    cities = sorted({(state.city_code, state.city) for state in states})
    counted = Counter({code: 0 for code, _ in cities})
    counted.update(state.city_code for state in states if state.complete)
    svg = remembered(("map of counties", frozenset(counted.items()), day), lambda: _map(counted, day), lambda svg: 100)
    return render(
        request,
        "governance/counties.html",
        {
            "title": "各县一校一中心",
            "title_en": "One school and one centre in each county",
            "lead": "县办学校、职教中心、主任由县领导兼任、统筹规定部门，四项俱全为完备。 Complete: all four.",
            "crumbs": [Crumb("一县一校一中心")],
            "buttons": [Button("登记", "Record", reverse("record_county_fact"), "primary")]
            if request.actor.may(Right.EDIT_GOVERNANCE)
            else [],
            "day": day,
            "city": city,
            "state": wanted,
            "cities": cities,
            "total": len(within),
            "complete": sum(state.complete for state in within),
            "svg": mark_safe(svg) if len(cities) > 1 else "",  # noqa: S308 the engine escaped it
            "rows": [_row(state) for state in chosen],
        },
    )


def _map(counted: Counter[str], day: date) -> str:
    """The cities with how many of their counties are complete."""
    return render_svg(
        {code: float(number) for code, number in counted.items()},
        "个",
        layout=gansu(),
        href=f"?on={day}&city={{code}}",
        label="各市州四项完备的县区数",
    )


def _row(state: CountyState) -> dict[str, Any]:
    def said(item: str) -> str:
        facts = state.of(item)
        return (facts[-1].organisation_name or facts[-1].post_title or "有") if facts else "—"

    return {
        "state": state,
        "school": said(CountyItem.SCHOOL),
        "centre": said(CountyItem.CENTRE),
        "director": said(CountyItem.DIRECTOR),
        "lacks": "、".join(LABELS[name] for name in state.missing),
    }


@require_GET
@door(Right.VIEW_GOVERNANCE)
def county(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One county, by its education department: every fact with its days, and what is missing on a day."""
    office = get_object_or_404(organisations_of(request.actor), pk=pk)
    rows = list(county_facts_of(request.actor).filter(office=office).order_by("item", "department", "since"))
    if not rows and not visible(request.actor, CountyFact).filter(office=office).exists():
        raise Http404
    day = asked_day(request)
    held = [row for row in rows if row.since <= day and (row.until is None or row.until > day)]
    missing = missing_of_county([(row.item, row.department) for row in held], required_on(day))
    may = request.actor.may(Right.EDIT_GOVERNANCE)
    cells = []
    for row in rows:
        own = may and may_change(request.actor, row)
        end = Cell("终止", reverse("end_county_fact", args=[row.pk])) if own and row.until is None else Cell("")
        cells.append(
            (
                Cell(row.get_item_display()),
                Cell(row.organisation_name or row.post_title or DEPARTMENTS.get(row.department, "")),
                Cell(row.since, kind="date"),
                Cell(row.until or "", kind="date"),
                Cell(row.document),
                end,
                Cell("作废", reverse("void_county_fact", args=[row.pk])) if own else Cell(""),
            )
        )
    headings = ("事项 Item", "内容 What", "自 Since", "至 Until", "依据 Document", "终止 End", "作废 Void")
    state = Fact("状态 State", "完备", kind="ok") if not missing else Fact("状态 State", "有缺项", kind="warn")
    return show(
        request,
        Shown(
            f"{office.division.name}：一县一校一中心",
            "One school, one centre",
            [home(), Crumb(office.division.name)],
            [
                state,
                organisation_fact("负责单位 Office", office.pk, office.name),
                Fact("日期 On", day),
                Fact("缺项 Lacks", "、".join(LABELS[name] for name in missing)),
            ],
            buttons=[Button("登记", "Record", f"{reverse('record_county_fact')}?office={office.code}", "primary")]
            if may
            else [],
            sections=[Section("事项", "Facts", "facts", headings, cells)],
        ),
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def county_fact(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A fact is shown with its county."""
    found = visible(request.actor, CountyFact).filter(pk=pk).first()
    if found is None:
        raise Http404
    return redirect(f"{reverse('county', args=[found.office_id])}#facts")


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def record(request: ActorRequest) -> HttpResponse:
    """Record a fact of a county; ``?office=`` fills in whose."""

    def do(data: dict[str, Any]) -> CountyFact:
        return record_county_fact(
            actor=request.actor, office_id=data.pop("office").pk, organisation_id=data.pop("organisation"), **data
        )

    return deed_page(
        request,
        CountyFactForm(posted(request), actor=request.actor, initial={"office": request.GET.get("office", "")}),
        do,
        title="登记一县一校一中心",
        title_en="Record a fact of a county",
        done="已登记。 Recorded.",
        then=lambda made: reverse("county", args=[made.office_id]),
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("counties"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End a fact of a county."""
    found = visible(request.actor, CountyFact).filter(STANDS, pk=pk).first()
    if found is None:
        raise Http404
    require_change(request.actor, found)
    page = reverse("county", args=[found.office_id])
    return deed_page(
        request,
        EndFactForm(posted(request), actor=request.actor, initial={"until": clock.today()}),
        lambda data: end_county_fact(actor=request.actor, fact_id=pk, **data),
        title=f"终止：{found.get_item_display()}",
        title_en="End a fact",
        done="已终止。 Ended.",
        then=lambda made: page,
        crumbs=[home(), Crumb("县区", page), Crumb("终止")],
        cancel=page,
        submit="终止 End",
    )

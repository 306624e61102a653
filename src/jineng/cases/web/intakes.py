"""Pages of the intakes: the list, one intake, its quotas, the beginning of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.cases.kinds import ROUND
from jineng.cases.models import Intake
from jineng.cases.procedures import read
from jineng.cases.queries import cases_of, counted_intakes, intakes_of, number_listed, quotas_of
from jineng.cases.review_queries import decision_of, panel_of_intake
from jineng.cases.verbs import allot_quotas, begin_case
from jineng.cases.verbs.intakes import NOT_THE_OFFICE
from jineng.cases.web.filters import IntakeFilters
from jineng.cases.web.forms import BeginForm, QuotaForm
from jineng.cases.web.rounds import round_facts
from jineng.cases.web.tables import IntakeTable, intake_state
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import in_reach
from jineng.registry.web.records import OUT_OF_SIGHT, Button, Cell, Section, Shown, organisation_fact, posted, show

FORM = ("GET", "POST")
QUOTA_HEADINGS = ("推荐单位 Office", "名额 Quota", "已用 Used", "依据 Basis")


def home() -> Crumb:
    """The way back to the intakes."""
    return Crumb("受理批次", reverse("intakes"))


@require_GET
@door(Right.VIEW_CASES)
def intake_list(request: ActorRequest) -> HttpResponse:
    """All intakes, the latest first."""
    return list_page(
        request,
        title="受理批次",
        title_en="Intakes",
        lead="一行是一次受理：按哪一规程、何时起止、由谁决定。 One line is one time in which cases are taken.",
        rows=lambda: counted_intakes(request.actor).order_by("-opens_on", "name"),
        table=IntakeTable,
        filters=IntakeFilters,
        crumbs=[Crumb("受理批次")],
        empty="还没有受理批次。 No intakes yet.",
        template="cases/intakes.html",
        context={"opens_rounds": request.actor.may(Right.EDIT_PROCEDURES)},
    )


@require_GET
@door(Right.VIEW_CASES)
def intake(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One intake: what it is for, until when, who decides, who may recommend how many."""
    found: Any = get_object_or_404(intakes_of(request.actor), pk=pk)
    words, kind = intake_state(found)
    cases = number_listed(request.actor, found)
    facts = [
        Fact("状态 State", words, kind=kind),
        organisation_fact("受理单位 Office", found.office_id, found.office_name),
        Fact("决定单位 Decided by", "、".join(each.name or OUT_OF_SIGHT for each in found.signing)),
        Fact("办理规程 Procedure", str(found.procedure), url=reverse("procedure", args=[found.procedure_id])),
        Fact("受理期限 Open", f"{found.opens_on} 至 {found.closes_on}"),
        Fact("可见事项 Cases in sight", cases, url=f"{reverse('cases')}?intake={found.pk}"),
        Fact("通知 Announcement", found.announcement),
        *round_facts(request.actor, found),
    ]
    decided = panel_of_intake(found)
    if decided is not None and decision_of(request.actor, decided.pk) is not None:
        facts.append(Fact("评审结果 Review", "查看 See", url=reverse("decision", args=[decided.pk])))
    allotted: Any = quotas_of(request.actor, found)
    quotas = [
        (
            Cell(quota.name or OUT_OF_SIGHT),
            Cell(quota.number, kind="num"),
            Cell(quota.used, kind="num"),
            Cell(quota.basis),
        )
        for quota in allotted
    ]
    return show(
        request,
        Shown(
            found.name,
            "Intake",
            [home(), Crumb(found.name)],
            facts,
            record=found,
            buttons=_buttons(request, found),
            sections=[Section("推荐名额", "Quotas", "quotas", QUOTA_HEADINGS, quotas, "不限名额。 No quotas.")],
        ),
    )


def _buttons(request: ActorRequest, found: Intake) -> list[Button]:
    if found.subject_type == ROUND:
        return [Button("催报", "Urge", reverse("urge_round", args=[found.pk]))] if _acts(request) else []
    buttons = []
    if _acts(request) and intake_state(found)[1] == "ok":
        buttons.append(Button("申报", "Apply", reverse("begin_case", args=[found.pk]), "primary"))
    if _acts(request):
        buttons.append(Button("批量办理", "Many at once", reverse("act_on_cases", args=[found.pk])))
    if request.actor.may(Right.EDIT_PROCEDURES) and in_reach(request.actor, found.office_id):
        buttons.append(Button("分配名额", "Allot quotas", reverse("allot_quotas", args=[found.pk])))
        if (panel := panel_of_intake(found)) is not None:
            buttons.append(Button("评审", "Review", reverse("panel", args=[panel.pk])))
        elif read(found.procedure).review is not None:
            buttons.append(Button("组建评审组", "Form a panel", reverse("form_panel", args=[found.pk])))
    return buttons


def _acts(request: ActorRequest) -> bool:
    return request.actor.may(Right.ACT_ON_CASES)


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def begin(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Begin a case of one's own organisation."""
    found: Any = get_object_or_404(intakes_of(request.actor), pk=pk)
    form = BeginForm(posted(request), actor=request.actor)
    mine = cases_of(request.actor).filter(intake=found, applicant=request.actor.organisation_id).count()
    return deed_page(
        request,
        form,
        lambda data: begin_case(actor=request.actor, intake_id=found.pk, title=data["title"]),
        title=f"申报：{found.name}",
        title_en="Apply",
        lead=f"本单位在该批次已有 {mine} 项；截止 {found.closes_on}。 Your organisation has {mine} here.",
        done="已开始填报。 Begun.",
        then=lambda case: reverse("fill_case", args=[case.pk]),
        crumbs=[home(), Crumb(found.name, reverse("intake", args=[found.pk])), Crumb("申报")],
        cancel=reverse("intake", args=[found.pk]),
        submit="开始填报 Begin",
    )


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def allot(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say who may recommend how many."""
    found: Any = get_object_or_404(intakes_of(request.actor), pk=pk)
    if not in_reach(request.actor, found.office_id):
        raise NotAllowed(NOT_THE_OFFICE)
    form = QuotaForm(posted(request), actor=request.actor)
    return deed_page(
        request,
        form,
        lambda data: allot_quotas(
            actor=request.actor,
            intake_id=found.pk,
            numbers={data["organisation"].pk: data["number"]},
            basis=data["basis"],
        ),
        title=f"分配名额：{found.name}",
        title_en="Allot quotas",
        done="名额已定。 Allotted.",
        then=lambda made: reverse("intake", args=[found.pk]),
        crumbs=[home(), Crumb(found.name, reverse("intake", args=[found.pk])), Crumb("分配名额")],
        cancel=reverse("intake", args=[found.pk]),
    )

"""Pages that change plans and admissions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.admissions.models import Admission, Plan
from jineng.admissions.verbs import (
    accept_plan,
    confirm_admission,
    correct_plan,
    end_admission,
    file_plan,
    void_admission,
    void_plan,
    withdraw_plan,
)
from jineng.admissions.web import forms
from jineng.admissions.web.pages import find_admission, find_plan, plans_home
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest


def _plan_page(plan: Plan) -> str:
    return reverse("admission_plan", args=[plan.pk])


def _plan_crumbs(found: Plan, last: str) -> list[Crumb]:
    return [plans_home(), Crumb(found.programme_name, _plan_page(found)), Crumb(last)]


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def file(request: ActorRequest) -> HttpResponse:
    """File a plan; ``?season=`` and ``?organisation=`` fill in codes."""
    given = {name: request.GET.get(name, "") for name in ("season", "organisation") if name in request.GET}
    return deed_page(
        request,
        forms.FileForm(request.POST or None, actor=request.actor, initial=given),
        lambda data: file_plan(
            actor=request.actor,
            season_id=data["season"].pk,
            organisation_id=data["organisation"].pk,
            programme=data["programme"],
            name=data["name"],
            channel=data["channel"],
            pool=data["pool"],
            county_code=data["county"].code if data["county"] else "",
            joint_college=data["joint_college"],
            seats=data["seats"],
            document=data["document"],
        ),
        title="申报招生计划",
        title_en="File a plan",
        lead="超出计划限额的不能申报，会提示还可申报多少。 A plan beyond a cap is refused with what would fit.",
        done="已申报，待核准。 Filed; the province accepts it next.",
        then=_plan_page,
        crumbs=[plans_home(), Crumb("申报")],
        cancel=reverse("admission_plans"),
        submit="申报 File",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def correct(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change the seats or the document of a plan."""
    found = find_plan(request, pk)
    now = {"seats": found.seats, "document": found.document}
    return deed_page(
        request,
        forms.CorrectForm(request.POST or None, actor=request.actor, initial=now),
        lambda data: correct_plan(actor=request.actor, plan_id=pk, **data),
        title=f"更正：{found}",
        title_en="Correct a plan",
        lead="已核准的计划由省级部门更正；原来的内容留在历史里。 The province corrects what it has accepted.",
        done="已更正。 Corrected.",
        then=_plan_page,
        crumbs=_plan_crumbs(found, "更正"),
        cancel=_plan_page(found),
        submit="更正 Correct",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def accept(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Accept a filed plan."""
    found = find_plan(request, pk)
    now = {"accepted_on": clock.today(), "document": found.document}
    return deed_page(
        request,
        forms.AcceptForm(request.POST or None, actor=request.actor, initial=now),
        lambda data: accept_plan(actor=request.actor, plan_id=pk, **data),
        title=f"核准：{found}",
        title_en="Accept a plan",
        done="已核准。 Accepted.",
        then=_plan_page,
        crumbs=_plan_crumbs(found, "核准"),
        cancel=_plan_page(found),
        submit="核准 Accept",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Withdraw a plan from a day on."""
    found = find_plan(request, pk)
    return deed_page(
        request,
        forms.WithdrawForm(request.POST or None, actor=request.actor, initial={"withdrawn_on": clock.today()}),
        lambda data: withdraw_plan(actor=request.actor, plan_id=pk, **data),
        title=f"撤回：{found}",
        title_en="Withdraw a plan",
        lead="撤回后，其计划数可用于同一限额下的其他计划。 Its seats are free for other plans under the same caps.",
        done="已撤回。 Withdrawn.",
        then=_plan_page,
        crumbs=_plan_crumbs(found, "撤回"),
        cancel=_plan_page(found),
        submit="撤回 Withdraw",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a plan that never was."""
    found = find_plan(request, pk)
    return deed_page(
        request,
        forms.ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_plan(actor=request.actor, plan_id=pk, reason=data["reason"]),
        title=f"作废：{found}",
        title_en="Void a plan",
        lead="作废表示从未申报过；不再招生请用撤回。 Void means that it never was; withdraw what is given up.",
        done="已作废。 Voided.",
        then=_plan_page,
        crumbs=_plan_crumbs(found, "作废"),
        cancel=_plan_page(found),
        submit="作废 Void",
    )


def _admission_page(made: Admission) -> str:
    return reverse("admission", args=[made.pk])


def _admission_deed(request: ActorRequest, pk: UUID, form: Any, do: Any, **texts: Any) -> HttpResponse:
    found = find_admission(request, pk)
    name = found.applicant.person.masked_name
    return deed_page(
        request,
        form,
        do,
        then=_admission_page,
        crumbs=[
            Crumb("录取", reverse("admissions")),
            Crumb(name, _admission_page(found)),
            Crumb(texts["title"]),
        ],
        cancel=_admission_page(found),
        **texts,
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def confirm(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The applicant takes the seat."""
    return _admission_deed(
        request,
        pk,
        forms.ConfirmForm(request.POST or None, actor=request.actor, initial={"confirmed_on": clock.today()}),
        lambda data: confirm_admission(actor=request.actor, admission_id=pk, **data),
        title="确认录取",
        title_en="Confirm an admission",
        lead="确认后占用一个计划数；一名考生在一个招生季同时只能确认一个。 It takes one of the plan's seats.",
        done="已确认。 Confirmed.",
        submit="确认 Confirm",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The applicant declines, or the admission is withdrawn."""
    return _admission_deed(
        request,
        pk,
        forms.EndForm(request.POST or None, actor=request.actor, initial={"ended_on": clock.today()}),
        lambda data: end_admission(actor=request.actor, admission_id=pk, **data),
        title="终止录取",
        title_en="End an admission",
        lead="自所填日期起不再占用计划数，此前各年的数字不变。 From that day on the seat is free; earlier years stay.",
        done="已终止。 Ended.",
        submit="终止 End",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_ADMISSIONS)
def void_one(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out an admission that never was."""
    return _admission_deed(
        request,
        pk,
        forms.ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_admission(actor=request.actor, admission_id=pk, reason=data["reason"]),
        title="作废录取",
        title_en="Void an admission",
        lead="作废表示从未有过；考生放弃请用终止。 Void means that it never was; end what is given up.",
        done="已作废。 Voided.",
        submit="作废 Void",
    )

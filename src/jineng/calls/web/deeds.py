"""Pages that change: announce a call, add a batch, record an award, say what became of it, strike it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.calls.models import Award, AwardStatus, Batch, Call
from jineng.calls.queries import calls_of
from jineng.calls.verbs import (
    add_batch,
    announce_call,
    correct_award,
    record_award,
    set_status,
    take_applications,
    void_award,
    void_status,
)
from jineng.calls.verbs.reach import require_decision, require_void, require_write
from jineng.calls.web.forms import (
    AnnounceForm,
    ApplicationsForm,
    BatchForm,
    CorrectForm,
    ReasonForm,
    RecordForm,
    StatusForm,
)
from jineng.calls.web.pages import find_award, home
from jineng.cases.models import Intake
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible

FORM = ("GET", "POST")


def _page(award: Award) -> str:
    return reverse("award", args=[award.pk])


def _crumbs(award: Award, last: str) -> list[Crumb]:
    return [home(), Crumb(award.title, _page(award)), Crumb(last)]


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def announce(request: ActorRequest) -> HttpResponse:
    """Announce a call."""

    def do(data: dict[str, Any]) -> Call:
        return announce_call(actor=request.actor, decider_ids=data.pop("deciders"), **data)

    return deed_page(
        request,
        AnnounceForm(request.POST or None, actor=request.actor),
        do,
        title="发布遴选",
        title_en="Announce a call",
        done="已发布。 Announced.",
        then=lambda made: reverse("call", args=[made.code]),
        crumbs=[home(), Crumb("发布")],
        cancel=reverse("calls"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def add_one_batch(request: ActorRequest, code: str) -> HttpResponse:
    """Add a batch to a call."""
    found: Any = get_object_or_404(calls_of(request.actor), code=code)
    require_decision(request.actor, found.pk)
    page = reverse("call", args=[code])

    def do(data: dict[str, Any]) -> Batch:
        return add_batch(actor=request.actor, call_id=found.pk, **data)

    return deed_page(
        request,
        BatchForm(
            request.POST or None,
            actor=request.actor,
            initial={"number": found.batch_count + 1, "year": clock.today().year},
        ),
        do,
        title=f"增加批次：{found.name}",
        title_en="Add a batch",
        done="已增加。 Added.",
        then=lambda made: page,
        crumbs=[home(), Crumb(found.name, page), Crumb("增加批次")],
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def applications(request: ActorRequest, code: str) -> HttpResponse:
    """Take applications for a batch of a call."""
    found: Any = get_object_or_404(calls_of(request.actor), code=code)
    require_decision(request.actor, found.pk)
    page = reverse("call", args=[code])

    def do(data: dict[str, Any]) -> Intake:
        batch = Batch.objects.filter(STANDS, call=found, number=data.pop("number")).first()
        if batch is None:
            raise ValidationError({"number": "该遴选没有这一批。 The call has no such batch."})
        procedure = data.pop("procedure")
        return take_applications(actor=request.actor, batch_id=batch.pk, procedure_id=procedure.pk, **data)

    return deed_page(
        request,
        ApplicationsForm(request.POST or None, actor=request.actor, initial={"number": found.batch_count}),
        do,
        title=f"受理申报：{found.name}",
        title_en="Take applications",
        lead="发布后，可见该遴选的学校和单位即可申报。 Schools may apply as soon as this is published.",
        done="已开始受理。 Applications are open.",
        then=lambda made: reverse("intake", args=[made.pk]),
        crumbs=[home(), Crumb(found.name, page), Crumb("受理申报")],
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def record(request: ActorRequest) -> HttpResponse:
    """Record an award; ``?call=`` and ``?number=`` fill in the batch."""
    given = {name: request.GET.get(name, "") for name in ("call", "number", "organisation")}

    def do(data: dict[str, Any]) -> Award:
        del data["call"], data["number"]
        return record_award(
            actor=request.actor, batch_id=data.pop("batch").pk, organisation_id=data.pop("organisation").pk, **data
        )

    return deed_page(
        request,
        RecordForm(request.POST or None, actor=request.actor, initial=given),
        do,
        title="登记立项",
        title_en="Record an award",
        done="已登记。 Recorded.",
        then=_page,
        crumbs=[home(), Crumb("立项", reverse("awards")), Crumb("登记")],
        cancel=reverse("awards"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def status(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Recognise, refuse or withdraw an award from a day on."""
    found = find_award(request, pk)
    require_write(request.actor, found)
    require_decision(request.actor, found.batch.call_id)
    return deed_page(
        request,
        StatusForm(request.POST or None, actor=request.actor, initial={"since": clock.today()}),
        lambda data: set_status(actor=request.actor, award_id=pk, **data),
        title=f"变更状态：{found.title}",
        title_en="Set the status",
        lead="自所填日期起生效，此前各年的数字不变；从未立项的请作废。 It takes effect from the day given.",
        done="状态已变更。 The status is set.",
        then=lambda made: _page(found),
        crumbs=_crumbs(found, "变更状态"),
        cancel=_page(found),
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def correct(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Correct what was recorded wrongly."""
    found = find_award(request, pk)
    require_write(request.actor, found)
    now = {name: getattr(found, name) for name in ("title", "level", "project_number", "notes")}
    return deed_page(
        request,
        CorrectForm(request.POST or None, actor=request.actor, initial=now),
        lambda data: correct_award(actor=request.actor, award_id=pk, **data),
        title=f"更正：{found.title}",
        title_en="Correct an award",
        lead="更正会改变以往各年的数字，原来的内容留在历史里。 Figures of past years follow; what it said is kept.",
        done="已更正。 Corrected.",
        then=_page,
        crumbs=_crumbs(found, "更正"),
        cancel=_page(found),
        submit="更正 Correct",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out an award that never held."""
    found = find_award(request, pk)
    require_write(request.actor, found)
    require_void(request.actor, found)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_award(actor=request.actor, award_id=pk, **data),
        title=f"作废：{found.title}",
        title_en="Void an award",
        lead="作废表示从未立项，各年的数字都不再含它；撤销请用变更状态。 Void means that it never held.",
        done="已作废。 Voided.",
        then=_page,
        crumbs=_crumbs(found, "作废"),
        cancel=_page(found),
        submit="作废 Void",
    )


@require_http_methods(FORM)
@door(Right.EDIT_CALLS)
def void_one_status(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a status that an award never had."""
    found = visible(request.actor, AwardStatus).filter(STANDS, pk=pk).select_related("award__batch").first()
    if found is None:
        raise Http404
    require_write(request.actor, found.award)
    require_decision(request.actor, found.award.batch.call_id)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_status(actor=request.actor, status_id=pk, **data),
        title=f"作废状态：{found.get_status_display()}（{found.since}）",
        title_en="Void a status",
        lead="作废表示从未有过这一状态。 Void means that the award never had this status.",
        done="已作废。 Voided.",
        then=lambda made: _page(found.award),
        crumbs=_crumbs(found.award, "作废状态"),
        cancel=_page(found.award),
        submit="作废 Void",
    )

"""Pages of a share of a task: what happened, its parts, and the steps of either side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.governance.kinds import StepKind
from jineng.governance.queries import parts_of, shares_of, steps_of, tasks_of
from jineng.governance.rules import BY_GIVER, days_late, may_follow, percent
from jineng.governance.verbs import accept_share, receive_share, report_share, send_back_share, split_share
from jineng.governance.web.tables import STATE_MARKS, STATES, is_late
from jineng.governance.web.task_forms import AcceptForm, ConfirmForm, ReportForm, SendBackForm, SplitForm
from jineng.governance.web.tasks import PART_HEADINGS, home, part_rows
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.web.forms import ScopedForm
from jineng.registry.web.records import Button, Progress, Section, Shown, organisation_fact, posted, show

FORM = ("GET", "POST")
STEPS = dict(StepKind.choices)
DOORS = (
    (StepKind.RECEIVED, "接收", "Receive", "receive_share", "primary"),
    (StepKind.SPLIT, "分解", "Split", "split_share", "plain"),
    (StepKind.REPORTED, "上报", "Report", "report_share", "primary"),
    (StepKind.ACCEPTED, "通过", "Accept", "accept_share", "primary"),
    (StepKind.SENT_BACK, "退回", "Send back", "send_back_share", "danger"),
)


def _page(share: Any) -> str:
    return reverse("share", args=[share.pk])


def _find(request: ActorRequest, pk: UUID) -> Any:
    return get_object_or_404(shares_of(request.actor), pk=pk)


@require_GET
@door(Right.VIEW_GOVERNANCE)
def share(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One share: where it stands, what happened to it, into what it was split."""
    found = _find(request, pk)
    state, done = found.progress.state, found.progress.done
    parts = list(parts_of(request.actor, found))
    facts = [
        Fact("状态 State", STATES[state], kind=STATE_MARKS[state], note=f"自 {found.progress.since} 起"),
        Fact("任务 Task", found.task.title, url=reverse("task", args=[found.task_id]), note=found.task.number),
        organisation_fact("下达单位 Given by", found.giver_id, found.giver_name),
        organisation_fact("承办单位 Held by", found.receiver_id, found.receiver_name),
        Fact("份额 Share", f"{found.share.normalize():f} {found.task.unit}"),
        Fact("完成期限 Due on", found.due_on, note=_lateness(found)),
        Fact("退回次数 Sent back", found.progress.sent_back),
        Fact("要求 What is asked", found.task.description),
    ]
    if found.task.withdrawn_on is not None:
        facts.insert(0, Fact("任务 Task", "已收回", kind="warn", note=str(found.task.withdrawn_on)))
    split = tasks_of(request.actor).filter(parent=found.task_id, giver=found.receiver_id).first()
    if split is not None:
        facts.append(Fact("分解为 Split into", split.number, url=reverse("task", args=[split.pk])))
    note = f"{done.normalize():f}/{found.share.normalize():f} {found.task.unit}，{percent(done, found.share)}%"
    return show(
        request,
        Shown(
            f"{found.task.title}：{found.receiver_name}",
            "Share of a task",
            [home(), Crumb(found.task.title, reverse("task", args=[found.task_id])), Crumb(found.receiver_name)],
            facts,
            record=found,
            buttons=_buttons(request, found),
            events=_events(request, found),
            sections=[Section("分解给", "Split among", "parts", PART_HEADINGS, part_rows(parts))] if parts else [],
            progress=[Progress("进度 Progress", done, found.share, note)],
        ),
    )


def _lateness(found: Any) -> str:
    return f"逾期 {days_late(found.due_on, clock.today())} 天" if is_late(found) else ""


def _buttons(request: ActorRequest, found: Any) -> list[Button]:
    own = request.actor.organisation_id
    if not request.actor.may(Right.EDIT_GOVERNANCE) or found.task.withdrawn_on is not None:
        return []
    return [
        Button(label, label_en, reverse(route, args=[found.pk]), look)
        for kind, label, label_en, route, look in DOORS
        if may_follow(found.progress.state, kind) and own == (found.giver_id if kind in BY_GIVER else found.receiver_id)
    ]


def _events(request: ActorRequest, found: Any) -> list[Event]:
    marks = {StepKind.SENT_BACK: "warn", StepKind.ACCEPTED: "ok"}
    given = Event(found.task.given_on, "下达")
    return [given] + [
        Event(
            step.happened_on,
            step.text or str(step.get_kind_display()),
            detail=f"完成数 {step.value.normalize():f}" if step.value is not None else "",
            mark=str(step.get_kind_display()) if step.text else "",
            kind=marks.get(StepKind(step.kind), "plain"),
        )
        for step in steps_of(request.actor, found)
    ]


def _step_page(
    request: ActorRequest,
    pk: UUID,
    kind: str,
    form: type[ScopedForm],
    do: Callable[[Any, dict[str, Any]], object],
    *,
    title_en: str,
    lead: str,
) -> HttpResponse:
    found = _find(request, pk)
    side = found.giver_id if kind in BY_GIVER else found.receiver_id
    if side != request.actor.organisation_id:
        raise NotAllowed("此步骤由另一方办理。 The other side takes this step.")
    label = str(STEPS[kind])
    initial = {"due_on": found.due_on} if kind == StepKind.SPLIT else {}
    shown = form(posted(request), actor=request.actor, initial=initial)
    return deed_page(
        request,
        shown,
        lambda data: do(shown, data),
        title=f"{label}：{found.task.title}",
        title_en=title_en,
        lead=lead,
        done=f"已{label}。 Done.",
        then=lambda made: _page(found),
        crumbs=[home(), Crumb(found.task.title, _page(found)), Crumb(label)],
        cancel=_page(found),
        submit=f"{label} {title_en}",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def receive(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a share up."""
    return _step_page(
        request,
        pk,
        StepKind.RECEIVED,
        ConfirmForm,
        lambda form, data: receive_share(actor=request.actor, assignment_id=pk),
        title_en="Receive",
        lead="表示本单位已收到并承办。 Your organisation takes it up.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def split(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Split a share among those below."""
    return _step_page(
        request,
        pk,
        StepKind.SPLIT,
        SplitForm,
        lambda form, data: split_share(
            actor=request.actor, assignment_id=pk, shares=form.shares(), due_on=data["due_on"]
        ),
        title_en="Split",
        lead="各份之和不超过本单位的份额；进度按各份汇总。 The parts fit into your share and make its progress.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def report(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Report how far a share is."""
    return _step_page(
        request,
        pk,
        StepKind.REPORTED,
        ReportForm,
        lambda form, data: report_share(actor=request.actor, assignment_id=pk, **data),
        title_en="Report",
        lead="已分解的任务不填完成数，按各承办单位汇总。 Of a share that was split, its parts say how much is done.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def send_back(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Send a report back."""
    return _step_page(
        request,
        pk,
        StepKind.SENT_BACK,
        SendBackForm,
        lambda form, data: send_back_share(actor=request.actor, assignment_id=pk, **data),
        title_en="Send back",
        lead="退回的上报不再计入进度，直到重新上报。 It counts no more until it is reported anew.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def accept(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Accept a report."""
    return _step_page(
        request,
        pk,
        StepKind.ACCEPTED,
        AcceptForm,
        lambda form, data: accept_share(actor=request.actor, assignment_id=pk, **data),
        title_en="Accept",
        lead="全部完成的才能通过。 Only what is wholly done is accepted.",
    )

"""Pages of the tasks: the list of shares, one task, giving and taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.governance.models import Task
from jineng.governance.queries import shares_of, task_in_sight, tasks_of
from jineng.governance.rules import percent
from jineng.governance.verbs import give_task, withdraw_task
from jineng.governance.verbs.reach import require_change
from jineng.governance.web.filters import ShareFilters
from jineng.governance.web.tables import STATE_MARKS, STATES, ShareTable, is_late
from jineng.governance.web.task_forms import ConfirmForm, GiveForm
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.web.records import (
    OUT_OF_SIGHT,
    Button,
    Cell,
    Progress,
    Section,
    Shown,
    organisation_fact,
    posted,
    show,
)

FORM = ("GET", "POST")
PART_HEADINGS = ("承办单位 Held by", "份额 Share", "完成 Done", "状态 State", "退回 Sent back", "期限 Due")


def home() -> Crumb:
    """The way back to the tasks."""
    return Crumb("任务", reverse("task_shares"))


def part_rows(shares: Any) -> list[tuple[Cell, ...]]:
    """Shares as the rows of a section."""
    return [
        (
            Cell(share.receiver_name or OUT_OF_SIGHT, reverse("share", args=[share.pk])),
            Cell(f"{share.share.normalize():f} {share.task.unit}", kind="num"),
            Cell(f"{share.progress.done.normalize():f}", kind="num"),
            Cell(
                f"{STATES[share.progress.state]}{'（逾期）' if is_late(share) else ''}",
                kind="red" if is_late(share) else STATE_MARKS[share.progress.state],
            ),
            Cell(share.progress.sent_back or "", kind="num"),
            Cell(share.due_on, kind="date"),
        )
        for share in shares
    ]


@require_GET
@door(Right.VIEW_GOVERNANCE)
def share_list(request: ActorRequest) -> HttpResponse:
    """Shares of tasks in sight, the earliest deadline first."""
    return list_page(
        request,
        title="任务",
        title_en="Tasks",
        lead="一行是一个单位承办的一份。 One line is one organisation's share of a task.",
        rows=lambda: shares_of(request.actor).order_by("due_on"),
        table=ShareTable,
        filters=ShareFilters,
        crumbs=[Crumb("任务")],
        template="governance/list.html",
        context={
            "buttons": [Button("下达任务", "Give a task", reverse("give_task"), "primary")]
            if request.actor.may(Right.EDIT_GOVERNANCE)
            else []
        },
        empty="可见范围内还没有任务。 No tasks in your sight yet.",
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def task(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One task: what is asked, how far it is, whose shares it has."""
    found: Any = get_object_or_404(tasks_of(request.actor), pk=pk)
    shares = shares_of(request.actor).filter(task=found).order_by("due_on", "receiver_name", "pk")
    above = task_in_sight(request.actor, found.parent_id) if found.parent_id else None
    facts = [
        Fact("状态 State", "已收回", kind="warn") if found.withdrawn_on else Fact("状态 State", "进行中", kind="data"),
        Fact("任务编号 Number", found.number, kind="code"),
        organisation_fact("下达单位 Given by", found.giver_id, found.giver_name),
        Fact("要求 What is asked", found.description),
        Fact("下达日期 Given on", found.given_on),
        Fact("完成期限 Due on", found.due_on),
    ]
    if found.policy is not None:
        facts.append(Fact("依据 Based on", str(found.policy), url=reverse("policy", args=[found.policy_id])))
    if above is not None:
        facts.append(Fact("分解自 Split from", above.title, url=reverse("task", args=[above.pk]), note=above.number))
    note = (
        f"{found.done.normalize():f}/{found.share.normalize():f} {found.unit}，{percent(found.done, found.share)}%，"
        f"通过 {found.accepted}/{found.receivers}"
    )
    mine = found.giver_id == request.actor.organisation_id and request.actor.may(Right.EDIT_GOVERNANCE)
    return show(
        request,
        Shown(
            found.title,
            "Task",
            [home(), Crumb(found.title)],
            facts,
            record=found,
            buttons=[Button("收回", "Withdraw", reverse("withdraw_task", args=[pk]), "danger")]
            if mine and found.withdrawn_on is None
            else [],
            sections=[Section("承办单位", "Shares", "shares", PART_HEADINGS, part_rows(shares))],
            progress=[Progress("总进度 Progress", found.done, found.share, note)],
        ),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def give(request: ActorRequest) -> HttpResponse:
    """Give a task to those below."""
    form = GiveForm(posted(request), actor=request.actor)

    def do(data: dict[str, Any]) -> Task:
        return give_task(
            actor=request.actor,
            shares=form.shares(),
            policy_id=data["policy"],
            **{name: data[name] for name in ("title", "description", "due_on", "unit", "number")},
        )

    return deed_page(
        request,
        form,
        do,
        title="下达任务",
        title_en="Give a task",
        lead="给哪些下属单位、各多少份额；不给的留空。 Who gets how much; blank means nothing.",
        done="已下达。 Given.",
        then=lambda made: reverse("task", args=[made.pk]),
        crumbs=[home(), Crumb("下达")],
        cancel=reverse("task_shares"),
        submit="下达 Give",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a task back."""
    found: Any = get_object_or_404(tasks_of(request.actor), pk=pk)
    require_change(request.actor, found)
    page = reverse("task", args=[pk])
    return deed_page(
        request,
        ConfirmForm(posted(request), actor=request.actor),
        lambda data: withdraw_task(actor=request.actor, task_id=pk),
        title=f"收回任务：{found.title}",
        title_en="Withdraw a task",
        lead="收回后各承办单位不再欠它，也不计入进度。 Nobody owes it any more.",
        done="已收回。 Withdrawn.",
        then=lambda made: page,
        crumbs=[home(), Crumb(found.title, page), Crumb("收回")],
        cancel=page,
        submit="收回 Withdraw",
    )

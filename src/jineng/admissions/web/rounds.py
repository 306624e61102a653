"""The desk of a round: its window, what it offers, its runs, publication and end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.admissions.kinds import FileState, Phase, RunState
from jineng.admissions.models import Offer, Opening, Round, Run
from jineng.admissions.running_queries import (
    caps_of,
    file_counts,
    forms_count,
    offers_at,
    opening_at,
    places_of,
    runs_at,
    runs_of,
)
from jineng.admissions.verbs import (
    close_round,
    extend_round,
    open_round,
    publish_run,
    send_files,
    start_run,
)
from jineng.admissions.verbs.runs import computed
from jineng.admissions.web.acting import act
from jineng.admissions.web.pages import may_decide
from jineng.admissions.web.round_forms import ExtendForm, PublishForm, RunForm, WindowForm
from jineng.admissions.web.schemes import crumbs_of
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.paging import PageLinks, cut_to_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible

PHASE_MARKS = {Phase.OPEN: "data", Phase.RUNNING: "warn", Phase.ANSWERING: "data", Phase.CLOSED: "plain"}
RUN_MARKS = {
    RunState.WAITING: "data",
    RunState.SETTLED: "warn",
    RunState.SENT: "data",
    RunState.PUBLISHED: "ok",
    RunState.DROPPED: "plain",
    RunState.FAILED: "red",
}
OUTCOMES = {"admitted": "录取", "exempt": "免试", "returned": "退档", "unplaced": "未录取", "eliminated": "淘汰"}
PLACES_SHOWN = 400


def _desk(found: Round) -> str:
    return reverse("admission_round", args=[found.pk])


def _crumbs(found: Round, last: str = "") -> list[Crumb]:
    way = crumbs_of(found.season, found.name)
    return [*way[:-1], Crumb(found.name, _desk(found)), Crumb(last)] if last else way


def _round(request: ActorRequest, pk: UUID) -> Round:
    rows = visible(request.actor, Round).filter(STANDS).select_related("season")
    return get_object_or_404(rows, pk=pk)


def _opening(request: ActorRequest, pk: UUID) -> Opening:
    rows = visible(request.actor, Opening).filter(STANDS).select_related("round__season")
    return get_object_or_404(rows, pk=pk)


def find_run(request: ActorRequest, pk: UUID) -> Run:
    """The run that the actor sees.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(runs_of(request.actor), pk=pk)


@require_GET
@door(Right.VIEW_ADMISSIONS)
def desk(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One round: how far it is, what it offers, who has submitted, its runs."""
    found = _round(request, pk)
    opening = opening_at(request.actor, found)
    facts = [
        Fact("招生季 Season", found.season.name, url=reverse("season", args=[found.season_id])),
        Fact("途径 Way in", found.get_channel_display()),
        Fact("计划日期 Planned", f"{found.opens_on} — {found.closes_on}" if found.closes_on else found.opens_on),
    ]
    if found.cancelled_on is not None:
        facts.append(Fact("状态 State", f"{found.cancelled_on} 取消 Cancelled", kind="warn"))
    offers: list[Offer] = []
    pages: PageLinks | None = None
    runs: list[tuple[Run, str, str]] = []
    if opening is not None:
        submitted, drafts = forms_count(request.actor, opening)
        facts += [
            Fact("阶段 Phase", opening.get_phase_display(), kind=PHASE_MARKS[Phase(opening.phase)]),
            Fact("志愿填报 Window", f"{_moment(opening.opens_at)} — {_moment(opening.closes_at)}"),
            Fact("考生确认截止 Answers until", _moment(opening.answers_until) if opening.answers_until else "—"),
            Fact("已提交 Submitted", submitted, note=f"另有草稿 {drafts} 份" if drafts else ""),
            Fact("招生办法 Scheme", str(opening.scheme), url=reverse("admission_scheme", args=[found.season_id])),
            Fact("抽签承诺 Lot", opening.commitment, kind="code"),
        ]
        offers, pages = cut_to_page(offers_at(request.actor, opening), request)
        runs = [(run, RUN_MARKS[RunState(run.state)], _counts(run)) for run in runs_at(request.actor, opening)]
    decides = may_decide(request)
    return render(
        request,
        "admissions/round.html",
        {
            "title": found.name,
            "title_en": "Round",
            "crumbs": _crumbs(found),
            "round": found,
            "opening": opening,
            "facts": facts,
            "offers": offers,
            "pages": pages,
            "runs": runs,
            "may_open": decides and opening is None and found.cancelled_on is None,
            "may_extend": decides and opening is not None and opening.phase == Phase.OPEN,
            "may_run": decides and opening is not None and opening.phase in (Phase.OPEN, Phase.RUNNING),
            "may_close": decides and opening is not None and opening.phase == Phase.ANSWERING,
        },
    )


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _counts(run: Run) -> str:
    return "，".join(f"{OUTCOMES.get(key, key)} {number}" for key, number in sorted(run.counts.items()))


def _of_round(request: ActorRequest, found: Round, form: Any, do: Any, **texts: Any) -> HttpResponse:
    return deed_page(
        request,
        form,
        do,
        then=texts.pop("then", lambda made: _desk(found)),
        crumbs=_crumbs(found, texts["title"]),
        cancel=_desk(found),
        **texts,
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def open_(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Open a round."""
    found = _round(request, pk)
    now = timezone.localtime().replace(second=0, microsecond=0)
    initial = {"opens_at": now, "closes_at": now + timedelta(days=7)}
    return _of_round(
        request,
        found,
        WindowForm(request.POST or None, actor=request.actor, initial=initial),
        lambda data: open_round(actor=request.actor, round_id=pk, **data),
        title="开放轮次",
        title_en="Open the round",
        lead="列出尚有余额的计划，公布抽签承诺，考生在此时段内填报志愿。"
        " What is free is listed, the lot is committed to, preferences are taken within the window.",
        done="已开放。 Opened.",
        submit="开放 Open",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def extend(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Move the end of the window."""
    found = _opening(request, pk)
    return _of_round(
        request,
        found.round,
        ExtendForm(
            request.POST or None, actor=request.actor, initial={"closes_at": timezone.localtime(found.closes_at)}
        ),
        lambda data: extend_round(actor=request.actor, opening_id=pk, **data),
        title="调整截止时间",
        title_en="Move the deadline",
        done="已调整。 Moved.",
        submit="调整 Move",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def run(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Have the round run, for real or as a what-if."""
    found = _opening(request, pk)

    def do(data: dict[str, Any]) -> Run:
        offer, seats = data["offer"], data["seats"]
        supposed = {str(offer.plan_id): seats} if offer is not None and seats is not None else {}
        return start_run(actor=request.actor, opening_id=pk, what_if=data["what_if"], seats=supposed)

    return _of_round(
        request,
        found.round,
        RunForm(request.POST or None, actor=request.actor, opening=found),
        do,
        title="投档运行",
        title_en="Run the round",
        lead="冻结输入后按招生办法投档，并由另一套独立程序复核；模拟运行不改变任何结果。"
        " Inputs are frozen, places given, and the result recounted by another program.",
        done="已交由后台运行。 The run has begun.",
        submit="运行 Run",
        then=lambda made: reverse("admission_run", args=[made.pk]),
    )


@require_POST
@door(Right.DECIDE_ADMISSIONS)
def close(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End the round."""
    found = _opening(request, pk)
    return act(
        request,
        lambda: close_round(actor=request.actor, opening_id=pk),
        done="已结束，余额转入后续轮次。 Over; what is left rolls on.",
        then=_desk(found.round),
    )


@require_GET
@door(Right.VIEW_ADMISSIONS)
def run_page(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One run: digests, numbers, how each offer was filled, files by state."""
    found = find_run(request, pk)
    of = found.opening.round
    decides = may_decide(request)
    states = file_counts(request.actor, found)
    labels = dict(FileState.choices)
    waiting = sum(states.get(state, 0) for state in (FileState.PLACED, FileState.READING))
    return render(
        request,
        "admissions/run.html",
        {
            "title": f"{of.name} {found}",
            "title_en": "Run",
            "crumbs": _crumbs(of, str(found)),
            "run": found,
            "facts": [
                Fact("状态 State", found.get_state_display(), kind=RUN_MARKS[RunState(found.state)]),
                Fact("结果 Result", _counts(found) or "—"),
                Fact("输入摘要 Input", found.input_digest or "—", kind="code"),
                Fact("结果摘要 Result digest", found.result_digest or "—", kind="code"),
                Fact("完成时间 Finished", _moment(found.finished_at) if found.finished_at else "—"),
                Fact("退档后剔除 Struck", len(found.struck) or "—"),
            ],
            "places": places_of(request.actor, found)[:PLACES_SHOWN] if decides else [],
            "caps": caps_of(request.actor, found) if decides and found.result_digest else [],
            "states": [(labels[state], number, state) for state, number in sorted(states.items()) if state != "free"],
            "waiting": waiting if request.actor.may(Right.EDIT_ADMISSIONS) and found.state == RunState.SENT else 0,
            "may_send": decides and found.state == RunState.SETTLED and not found.what_if,
            "may_publish": decides and found.state == RunState.SENT,
            "may_fetch": decides and bool(found.result_digest),
        },
    )


@require_POST
@door(Right.DECIDE_ADMISSIONS)
def send(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Send the files to the schools."""
    find_run(request, pk)
    return act(
        request,
        lambda: send_files(actor=request.actor, run_id=pk),
        done="已向学校投档。 The files were sent to the schools.",
        then=reverse("admission_run", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def publish(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Publish the run's result."""
    found = find_run(request, pk)
    until = timezone.localtime().replace(second=0, microsecond=0) + timedelta(days=5)
    return _of_round(
        request,
        found.opening.round,
        PublishForm(request.POST or None, actor=request.actor, initial={"answers_until": until}),
        lambda data: publish_run(actor=request.actor, run_id=pk, **data),
        title="公布录取结果",
        title_en="Publish the result",
        lead="登记录取、封签全部结果行并告知考生；公布后不可撤回。"
        " Admissions are recorded, all rows sealed under one root, and applicants told.",
        done="已公布。 Published.",
        submit="公布 Publish",
        then=lambda made: reverse("admission_run", args=[made.pk]),
    )


@require_GET
@door(Right.DECIDE_ADMISSIONS)
def document(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The whole run as one file for `jineng verify admissions`."""
    found = find_run(request, pk)
    if not found.result_digest:
        raise Http404
    published, _ = computed(found)
    return HttpResponse(
        published.document(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="run-{found.number}-{found.result_digest[:12]}.json"'},
    )

"""Pages of the office that runs a review: the panel and its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.cases.kinds import PanelState
from jineng.cases.models import Panel, PanelEntry
from jineng.cases.queries import intakes_of
from jineng.cases.review_queries import (
    calling,
    decision_of,
    entries_of_panel,
    members_of_panel,
    panel_in_hand,
    tasks_of_each,
)
from jineng.cases.verbs import (
    agree_marks,
    assign_reviewers,
    close_panel,
    decide_panel,
    form_panel,
    publish_panel,
    seat_experts,
)
from jineng.cases.verbs.intakes import NOT_THE_OFFICE
from jineng.cases.web.intakes import home as intakes_home
from jineng.cases.web.procedure_forms import ConfirmForm
from jineng.cases.web.review_forms import AgreeForm, PanelForm, SeatForm
from jineng.cases.web.words import REVIEW_STATES
from jineng.engines.casework.replaying import RULES
from jineng.engines.casework.rubric import load_rubric
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.paging import cut_to_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import in_reach, visible
from jineng.registry.web.records import OUT_OF_SIGHT, Button, Cell, Section, Shown, posted, show

FORM = ("GET", "POST")
MEMBERS = ("编号 Number", "专家 Expert", "所在单位 Organisation", "分配 Given", "已提交 Handed in")
ENTRIES = ("编号 Number", "事项 Case", "已评 Reviewed", "得分 Score", "名次 Rank", "结论 Result", "合议 Meeting")
MOST_SHOWN = 50
"""How many members a panel's page lists."""
ROUNDS = ("次 Round", "每件新分配 Reviewers each", "专长合计 Expertise", "上界 At most", "证明 Proven")


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def form(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Form the panel of an intake."""
    found: Any = get_object_or_404(intakes_of(request.actor), pk=pk)
    if not in_reach(request.actor, found.office_id):
        raise NotAllowed(NOT_THE_OFFICE)
    return deed_page(
        request,
        PanelForm(posted(request), actor=request.actor),
        lambda data: form_panel(actor=request.actor, intake_id=found.pk, **data),
        title=f"组建评审组：{found.name}",
        title_en="Form a panel",
        done="已组建。 Formed.",
        then=_page,
        crumbs=[intakes_home(), Crumb(found.name, reverse("intake", args=[found.pk])), Crumb("组建评审组")],
        cancel=reverse("intake", args=[found.pk]),
    )


@require_GET
@door(Right.EDIT_PROCEDURES)
def panel(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A panel in hand: its members, how far they are, its cases, what is to be done next."""
    found = _find(request, pk)
    rounds = found.assignment.get("rounds", ())
    facts = [
        Fact("状态 State", found.get_state_display(), kind="data"),
        Fact("受理批次 Intake", found.intake.name, url=reverse("intake", args=[found.intake_id])),
        Fact("排名规则 Rule", RULES.find(found.rule).words.zh, note=found.rule),
        Fact("每件评审人数 Reviewers each", found.each, note="匿名评审" if found.is_blind else ""),
        Fact("评审期限 Due", found.due_on),
    ]
    if rounds:
        proven = all(each["is_optimal"] for each in rounds)
        words = "已证明最优 proven optimal" if proven else "已证明接近最优 proven near to the best"
        facts.append(Fact("分配 Assignment", words, note="下载证明 JSON", url=reverse("assignment_proof", args=[pk])))
    decision = decision_of(request.actor, pk)
    if decision is not None:
        facts.append(Fact("结果摘要 Digest", decision.digest, url=reverse("decision", args=[pk]), kind="code"))
    asked = tuple((name, *values) for name, values in request.GET.lists())
    entries = remembered(("entries", pk, asked, request.actor), lambda: _entries(request, found), _weight)
    return show(
        request,
        Shown(
            f"评审：{found.intake.name}",
            "Panel",
            [intakes_home(), Crumb(found.intake.name, reverse("intake", args=[found.intake_id])), Crumb("评审")],
            facts,
            record=found,
            buttons=_buttons(found),
            sections=[
                *([_rounds(rounds)] if rounds else []),
                _members(request.actor, found),
                entries,
            ],
        ),
    )


def _rounds(rounds: Sequence[Mapping[str, Any]]) -> Section:
    """What each assignment reached and the most that any could, as its prices prove."""
    rows = [
        (
            Cell(number, kind="num"),
            Cell(each["each"], kind="num"),
            Cell(each["expertise"], kind="num"),
            Cell(each["bound"], kind="num"),
            Cell("最优" if each["is_optimal"] else f"相差至多 {_missing(each)}"),
        )
        for number, each in enumerate(rounds, 1)
    ]
    return Section("分配证明", "Proof of the assignment", "proof", ROUNDS, rows)


def _missing(each: Mapping[str, Any]) -> str:
    return f"{100 * (each['bound'] - each['expertise']) / max(each['bound'], 1):.2f}%"


def _weight(section: Section) -> int:
    return 3 * len(section.headings) * len(section.rows)


def _members(actor: Actor, found: Panel) -> Section:
    """Those on the panel, by the numbers that were drawn for them."""
    members: Any = list(members_of_panel(actor, found)[: MOST_SHOWN + 1])
    ids = tuple(each.pk for each in members[:MOST_SHOWN])
    tasks = remembered(("tasks of members", ids, actor), lambda: tasks_of_each(actor, "member", ids), len)
    rows = [
        (
            Cell(f"R{each.number:03d}" if each.number else "—"),
            Cell(str(each.expert)),
            Cell(each.organisation_name or OUT_OF_SIGHT),
            *(Cell(number, kind="num") for number in tasks.get(each.pk, (0, 0))),
        )
        for each in members[:MOST_SHOWN]
    ]
    more = f"（前 {MOST_SHOWN} 名）" if len(members) > MOST_SHOWN else ""
    return Section(f"专家{more}", "Experts", "members", MEMBERS, rows)


def _entries(request: ActorRequest, found: Panel) -> Section:
    """A page of the cases, those ranked first above; in the meeting each is a door to what it agrees upon."""
    entries: Any
    entries, pages = cut_to_page(keys_first(entries_of_panel(request.actor, found)), request)
    tasks = tasks_of_each(request.actor, "entry", [each.pk for each in entries])
    meeting = found.state == PanelState.CLOSED
    rows = [
        (
            Cell(str(each)),
            Cell(each.case.title, reverse("case", args=[each.case_id])),
            Cell("{1}/{0}".format(*tasks.get(each.pk, (0, 0))), kind="num"),
            Cell(each.score or "—", kind="num"),
            Cell(each.rank or "—", kind="num"),
            Cell(REVIEW_STATES.get(each.status, "—")),
            Cell("合议评分" if meeting else "已合议" if each.agreed else "",
                 reverse("agree_marks", args=[each.pk]) if meeting else ""),
        )
        for each in entries
    ]  # fmt: skip
    return Section("评审件", "Cases", "entries", ENTRIES, rows, "分配评审后列出。 Listed once assigned.", pages)


def _buttons(found: Panel) -> list[Button]:
    def to(label: str, label_en: str, name: str, look: str = "primary") -> Button:
        return Button(label, label_en, reverse(name, args=[found.pk]), look)

    seat = to("聘请专家", "Call experts", "seat_experts", "plain")
    by_state = {
        PanelState.FORMING: [seat, to("分配评审", "Assign reviewers", "assign_reviewers")],
        PanelState.REVIEWING: [
            seat,
            to("补充分配", "Assign again", "assign_reviewers", "plain"),
            to("结束个人评审", "Close", "close_panel"),
        ],
        PanelState.CLOSED: [to("排名", "Rank", "decide_panel")],
        PanelState.DECIDED: [to("公布", "Publish", "publish_panel")],
    }
    return by_state.get(PanelState(found.state), [])


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def seat(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Call experts onto the panel."""
    found = _find(request, pk)
    seated = set(members_of_panel(request.actor, found).values_list("expert_id", flat=True))
    pool: Any = calling(request.actor).exclude(pk__in=seated).order_by("account__display_name")
    choices = [(str(each.pk), f"{each}（{each.organisation_name or OUT_OF_SIGHT}）") for each in pool]
    return deed_page(
        request,
        SeatForm(posted(request), actor=request.actor, choices=choices),
        lambda data: seat_experts(
            actor=request.actor, panel_id=pk, expert_ids=[UUID(each) for each in data["experts"]]
        ),
        title=f"聘请专家：{found.intake.name}",
        title_en="Call experts",
        done="已聘请。 Called.",
        then=lambda made: _page(found),
        crumbs=[intakes_home(), Crumb(str(found), _page(found)), Crumb("聘请专家")],
        cancel=_page(found),
    )


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def assign(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Find reviewers for every case."""
    lead = "按专长、工作量和回避自动分配，附证明；评审材料从此不变。 Assigned by expertise, load and conflicts."
    return _confirmed(request, pk, assign_reviewers, "分配评审", "Assign reviewers", lead)


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def close(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End the individual reviews."""
    lead = "结束后专家不能再改，评分向合议公开。 Reviewers change nothing afterwards; the meeting sees the marks."
    return _confirmed(request, pk, close_panel, "结束个人评审", "Close", lead)


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def decide(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Rank and cut."""
    lead = "按评审组成立时确定的规则排名，输入就此冻结，可随时重算。 Ranked by the rule that was fixed at the start."
    return _confirmed(request, pk, decide_panel, "排名", "Rank", lead)


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def publish(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Publish what was decided."""
    lead = "公布入选名单和结果摘要。 The list of those selected is published with its digest."
    return _confirmed(request, pk, publish_panel, "公布", "Publish", lead)


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def agree(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Write down what the meeting agreed upon for a case."""
    entry = get_object_or_404(visible(request.actor, PanelEntry), pk=pk)
    found = _find(request, entry.panel_id)
    form = AgreeForm(posted(request), actor=request.actor, rubric=load_rubric(found.parameters["rubric"]))
    return deed_page(
        request,
        form,
        lambda data: agree_marks(actor=request.actor, entry_id=pk, marks=form.marks(), why=data["why"]),
        title=f"合议评分：{entry} 号",
        title_en="Agree in the meeting",
        lead="所有评审人的评分按合议评分计，原评分保留。 Everybody's marks count as these; their own are kept.",
        done="已记录。 Written down.",
        then=lambda made: _page(found),
        crumbs=[intakes_home(), Crumb(str(found), _page(found)), Crumb("合议评分")],
        cancel=_page(found),
    )


@require_GET
@door(Right.EDIT_PROCEDURES)
def proof(request: ActorRequest, pk: UUID) -> JsonResponse:
    """The proof of the assignment, for whoever checks it with a program: prices of the reviewers, round by round."""
    found = _find(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="assignment-{pk}.json"'}
    return JsonResponse(found.assignment, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _find(request: ActorRequest, pk: UUID) -> Panel:
    found = panel_in_hand(request.actor, pk)
    if found is None:
        raise Http404
    return found


def _page(found: Panel) -> str:
    return reverse("panel", args=[found.pk])


def _confirmed(
    request: ActorRequest, pk: UUID, verb: Callable[..., object], name: str, name_en: str, lead: str
) -> HttpResponse:
    """The page that asks whether a step is meant, and takes it."""
    found = _find(request, pk)
    return deed_page(
        request,
        ConfirmForm(posted(request), actor=request.actor),
        lambda data: verb(actor=request.actor, panel_id=pk),
        title=f"{name}：{found.intake.name}",
        title_en=name_en,
        lead=lead,
        done=f"{name}已完成。 Done.",
        then=lambda made: _page(found),
        crumbs=[intakes_home(), Crumb(str(found), _page(found)), Crumb(name)],
        cancel=_page(found),
        submit=f"{name} {name_en}",
    )

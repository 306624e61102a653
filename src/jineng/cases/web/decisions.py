"""Pages of what a panel decided: the list, running it again, the whole document, the proof of one published row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.cases.models import Decision, DecisionDocument
from jineng.cases.panelling import inclusion_of
from jineng.cases.queries import cases_numbered
from jineng.cases.review_queries import decision_of, ranked_entries
from jineng.cases.verbs import replay_decision
from jineng.cases.verbs.intakes import NOT_THE_OFFICE
from jineng.cases.web.intakes import home as intakes_home
from jineng.cases.web.words import REVIEW_STATES
from jineng.engines.casework.replaying import RULES
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.paging import cut_to_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.records import Cell, Section, Shown, show

ROWS = ("名次 Rank", "事项 Case", "得分 Score", "结论 Result", "证明 Proof")


@require_GET
@door(Right.VIEW_CASES)
def decision(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What was decided: the whole list for those who judge, those selected for everybody once it is published."""
    found = _find(request, pk)
    judges = visible(request.actor, DecisionDocument).filter(pk=pk).exists()
    asked = tuple((name, *values) for name, values in request.GET.lists())
    told = remembered(("decision", pk, judges, asked, request.actor), lambda: _told(request, found, judges), _weight)
    rule = RULES.find(told.rule)
    facts = [
        Fact("排名规则 Rule", rule.words.zh, note=rule.id),
        Fact("结果摘要 Digest (SHA-256)", found.digest, kind="code"),
        Fact("输入摘要 Digest of the inputs", told.inputs_digest, kind="code"),
        Fact("公布名单的根 Merkle root of the list", told.root, kind="code"),
        Fact("排名时间 Decided", found.decided_at),
    ]
    intake = found.panel.intake
    return show(
        request,
        Shown(
            f"评审结果：{intake.name}",
            "What was decided",
            [intakes_home(), Crumb(intake.name, reverse("intake", args=[intake.pk])), Crumb("评审结果")],
            facts,
            sections=[told.section],
            template="cases/decision.html",
            more={"judges": judges, "pk": pk},
        ),
    )


@dataclass(frozen=True)
class Told:
    """What a page tells of a decision's statement, which may name tens of thousands."""

    rule: str
    inputs_digest: str
    root: str
    section: Section


def _told(request: ActorRequest, found: Decision, judges: bool) -> Told:
    statement = found.statement
    section = _whole(request, found) if judges else _published(request, found)
    return Told(statement["rule"], statement["inputs_digest"], statement["outcome"].get("root", ""), section)


def _weight(told: Told) -> int:
    return 3 * len(ROWS) * len(told.section.rows)


def _whole(request: ActorRequest, found: Decision) -> Section:
    entries, pages = cut_to_page(keys_first(ranked_entries(request.actor, found.panel)), request)
    places = {row["application"]: place for place, row in enumerate(found.statement["outcome"]["rows"], 1)}
    rows = [
        (
            Cell(each.rank or "—", kind="num"),
            Cell(f"{each.case.number} {each.case.title}", reverse("case", args=[each.case_id])),
            Cell(each.score or "—", kind="num"),
            Cell(REVIEW_STATES[each.status]),
            _proof(found, places.get(each.case.number)),
        )
        for each in entries
    ]
    return Section("名单", "List", "rows", ROWS, rows, pages=pages)


def _published(request: ActorRequest, found: Decision) -> Section:
    shown, pages = cut_to_page(found.statement["outcome"]["rows"], request)
    cases = cases_numbered(request.actor, [row["application"] for row in shown])
    rows = [
        (
            Cell(row["rank"] or "—", kind="num"),
            _named(row["application"], cases.get(row["application"])),
            Cell(row["score"] or "—", kind="num"),
            Cell(REVIEW_STATES[row["status"]]),
            _proof(found, place),
        )
        for place, row in enumerate(shown, pages.first)
    ]
    return Section("名单", "List", "rows", ROWS, rows, pages=pages)


def _named(number: str, case: Any) -> Cell:
    return Cell(f"{number} {case.title}", reverse("case", args=[case.pk])) if case else Cell(number)


def _proof(found: Decision, place: int | None) -> Cell:
    """The door to the proof of a row that is published."""
    return Cell("下载 JSON", reverse("decision_row", args=[found.pk, place])) if place else Cell("")


@require_GET
@door(Right.VIEW_CASES)
def row(request: ActorRequest, pk: UUID, place: int) -> JsonResponse:
    """The published row at a place, from 1, with the proof that the list holds it (RFC 6962): anybody may check it."""
    found = _find(request, pk)
    if not 0 < place <= len(found.statement["outcome"]["rows"]):
        raise Http404
    told = inclusion_of(found, place)
    headers = {"Content-Disposition": f'attachment; filename="{told["row"]["application"]}.json"'}
    return JsonResponse(told, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_POST
@door(Right.VIEW_CASES)
def replay(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Run the decision again and say whether the same bytes come out."""
    _require_document(request, pk)
    found = replay_decision(actor=request.actor, panel_id=pk)
    say = messages.success if found.ok else messages.error
    say(request, f"{found.words.zh}。 {found.words.en}.")
    return redirect("decision", pk)


@require_GET
@door(Right.VIEW_CASES)
def document(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The whole document, byte for byte, for those who judge."""
    content = bytes(_require_document(request, pk).content)
    name = {"Content-Disposition": f'attachment; filename="decision-{pk}.json"'}
    return HttpResponse(content, content_type="application/json", headers=name)


def _find(request: ActorRequest, pk: UUID) -> Decision:
    found = decision_of(request.actor, pk)
    if found is None:
        raise Http404
    return found


def _require_document(request: ActorRequest, pk: UUID) -> DecisionDocument:
    _find(request, pk)
    found = visible(request.actor, DecisionDocument).filter(pk=pk).first()
    if found is None:
        raise NotAllowed(NOT_THE_OFFICE)
    return found

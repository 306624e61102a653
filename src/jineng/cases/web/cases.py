"""Pages of the cases: the list, one case, filling it in, its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.cases.facts import FactsOf, results_of
from jineng.cases.models import Case, CaseFile
from jineng.cases.procedures import Read, read
from jineng.cases.queries import cases_of, entries_of, files_of, listed_cases, names_of, objections_of
from jineng.cases.situations import answers_of, members_of, situation_of
from jineng.cases.verbs import attach_file, open_file, save_answers
from jineng.cases.verbs.reach import NOT_A_PARTY
from jineng.cases.web.answers import AnswerForm, raw_answers, shown_answers
from jineng.cases.web.filters import CaseFilters
from jineng.cases.web.rounds import comparison
from jineng.cases.web.tables import CaseTable
from jineng.cases.web.words import audience_of, stage_mark, stage_words
from jineng.engines.casework import Audience, Entry, Offer, Role, StageKind, State, check, offers, opened, timeline
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact
from jineng.kernel.web.fetching import keys_first
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.records import Button, Cell, Section, Shown, organisation_fact, posted, show

FORM = ("GET", "POST")
OBJECTION_HEADINGS = ("提出 Raised", "答复 Answered", "是否成立 Upheld", "答复内容 Answer", "办理 To do")


def home() -> Crumb:
    """The way back to the cases."""
    return Crumb("事项", reverse("cases"))


def find(request: ActorRequest, pk: UUID) -> Any:
    """The case in sight; 404 otherwise."""
    return get_object_or_404(cases_of(request.actor), pk=pk)


def require_turn(found: Case, known: Read, request: ActorRequest) -> None:
    """Let pass whose organisation acts at the case's stage.

    Raises:
        NotAllowed: another party does, or the case has ended.
    """
    stage = known.flow.by_key.get(found.stage)
    if stage is None or stage.actor not in {member.party for member in members_of(found, request.actor)}:
        raise NotAllowed(NOT_A_PARTY)


def _lines(request: ActorRequest) -> Any:
    return keys_first(listed_cases(request.actor), "case", organisation=request.actor.organisation_id)


@require_GET
@door(Right.VIEW_CASES)
def case_list(request: ActorRequest) -> HttpResponse:
    """Cases in sight, the latest first."""
    return list_page(
        request,
        title="事项",
        title_en="Cases",
        lead="申报、推荐、评审、公示、认定都在这里办理。 Applications and what becomes of them.",
        rows=lambda: _lines(request).order_by("-serial"),
        table=CaseTable,
        filters=CaseFilters,
        number=lambda chosen: chosen.number() if isinstance(chosen, CaseFilters) else None,
        crumbs=[Crumb("事项")],
        empty="可见范围内还没有事项。 No cases in your sight yet.",
    )


@require_GET
@door(Right.VIEW_CASES)
def case(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One case: where it stands, what one may do, what was filled in, what happened."""
    found = find(request, pk)
    known = read(found.procedure)
    audience = audience_of(found, request.actor)
    state = State.from_data(found.state)
    words = stage_words(found, known.flow, audience)
    facts = [
        Fact("环节 Stage", words.zh, kind=stage_mark(found), note=words.en),
        Fact("编号 Number", found.number, kind="code"),
        organisation_fact("申报单位 Applicant", found.applicant_id, found.applicant_name),
        Fact("受理批次 Intake", found.intake.name, url=reverse("intake", args=[found.intake_id])),
        Fact("办理规程 Procedure", str(found.procedure), url=reverse("procedure", args=[found.procedure_id])),
        Fact("本环节期限 Due on", found.due_on, note="已逾期" if found.due_on and found.due_on < clock.today() else ""),
    ]
    deciding = _deciding(found, known)
    if deciding:
        facts.append(Fact("决定单位 Decided by", deciding))
    if audience is Audience.STAFF and found.rank is not None:
        facts.append(Fact("推荐名次 Rank", found.rank, note="不占名额" if found.is_exempt else ""))
    facts += [
        Fact(result.label, result.title, url=reverse(result.url_name, args=[result.key]))
        for result in results_of(found, known.flow.effects)
    ]
    if state.returns:
        facts.append(Fact("退回次数 Sent back", state.returns))
    if not found.ended and known.flow.by_key[found.stage].help:
        facts.append(Fact("办理说明 What to do", known.flow.by_key[found.stage].help))
    sections = shown_answers(known.form, answers_of(found), FactsOf(found), masked=True)
    sections += [*comparison(found), *_objections(request, found)]
    return show(
        request,
        Shown(
            found.title,
            "Case",
            [home(), Crumb(found.title)],
            facts,
            buttons=[*_buttons(request, found, known), *_books(found)],
            events=_events(request, found, known, audience),
            sections=sections,
            template="cases/case.html",
            more={"given": _given(request, found, known)},
        ),
    )


def _deciding(found: Case, known: Read) -> str:
    """Names of the departments that decide, in the order in which they sign; told from the notice on."""
    stage = known.flow.by_key.get(found.stage)
    if stage is not None and stage.kind is not StageKind.NOTICE:
        return ""
    parties = [party.key for party in known.flow.parties if party.role is Role.DECIDERS]
    ids = [one for party in parties for one in found.parties.get(party, ())]
    names = names_of({UUID(one) for one in ids})
    return "、".join(names[one] for one in ids if one in names)


def offered(request: ActorRequest, found: Case, known: Read) -> tuple[Offer, ...]:
    """What the actor may do now, and what stands against the rest."""
    if not request.actor.may(Right.ACT_ON_CASES):
        return ()
    return offers(
        known.flow,
        State.from_data(found.state),
        members_of(found, request.actor),
        clock.now(),
        situation_of(found, known, request.actor),
    )


def _buttons(request: ActorRequest, found: Case, known: Read) -> list[Button]:
    if found.ended or not request.actor.may(Right.ACT_ON_CASES):
        return []
    stage = known.flow.by_key[found.stage]
    parties = {member.party for member in members_of(found, request.actor)}
    buttons = []
    if stage.actor in parties and opened(known.flow, known.form, found.stage):
        buttons.append(Button("填写", "Fill in", reverse("fill_case", args=[found.pk])))
    if stage.kind is StageKind.RECOMMEND and stage.actor in parties:
        buttons.append(Button("排名次", "Rank", reverse("recommend_case", args=[found.pk])))
    for offer in offered(request, found, known):
        action = offer.action
        look = "danger" if action.sends_back or action.to in known.flow.ends_by_key else "primary"
        address = reverse("act_on_case", args=[found.pk, action.key])
        buttons.append(Button(action.name, action.name_en, address, look if offer.open else "plain"))
    if stage.kind is StageKind.NOTICE:
        buttons.append(Button("登记异议", "Enter an objection", reverse("raise_objection", args=[found.pk])))
    office = any(party.role is Role.OFFICE and party.key in parties for party in known.flow.parties)
    if office and found.due_on is not None:
        buttons.append(Button("延期", "Extend", reverse("extend_case", args=[found.pk])))
    return buttons


def _books(found: Case) -> list[Button]:
    return [
        Button(f"申报书 {kind.upper()}", "Book", reverse("case_book", args=[found.pk, kind]))
        for kind in ("pdf", "docx")
    ]


def _events(request: ActorRequest, found: Case, known: Read, audience: Audience) -> list[Event]:
    entries = entries_of(request.actor, found)
    names = names_of({entry.organisation_id for entry in entries if entry.organisation_id})
    lines = timeline((Entry.from_data(entry.data) for entry in entries), audience, known.flow)
    return [
        Event(
            timezone.localtime(line.at).date(),
            line.deed.zh if line.deed else line.stage.zh,
            detail="，".join(filter(None, (names.get(line.member, ""), line.by.zh if line.by else "", line.reason))),
            mark=line.stage.zh,
        )
        for line in lines
    ]


def _given(request: ActorRequest, found: Case, known: Read) -> list[dict[str, Any]]:
    """Files of the case that the reader may open, under the labels of their fields."""
    if not request.actor.may(Right.VIEW_PERSONAL_DATA):
        return []
    return [
        {"pk": each.pk, "label": known.form.fields[each.field].label, "name": each.name, "size": each.size}
        for each in files_of(request.actor, found)
        if each.field in known.form.fields
    ]


def _objections(request: ActorRequest, found: Case) -> list[Section]:
    objections = [
        (
            Cell(each.raised_on, kind="date"),
            Cell(each.answered_on or "待答复"),
            Cell("—" if each.is_upheld is None else "成立" if each.is_upheld else "不成立"),
            Cell(each.answer or "—"),
            Cell(
                "" if each.answered_on else "答复",
                "" if each.answered_on else reverse("answer_objection", args=[each.pk]),
            ),
        )
        for each in objections_of(request.actor, found)
    ]
    return [Section("异议", "Objections", "objections", OBJECTION_HEADINGS, objections)] if objections else []


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def fill(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Fill in what is open; whatever was typed is kept, and what still lacks is told."""
    found = find(request, pk)
    known = read(found.procedure)
    require_turn(found, known, request)
    open_now = opened(known.flow, known.form, found.stage)
    refused: list[str] = []
    status = 200
    if request.method == "POST":
        raw = raw_answers(known.form, open_now, answers_of(found), request.POST, FactsOf(found), request.actor)
        try:
            found = save_answers(actor=request.actor, case_id=found.pk, raw=raw)
            for key, sent in request.FILES.items():
                given: Any = sent
                attach_file(actor=request.actor, case_id=found.pk, field=key, name=given.name, content=given.read())
        except ValidationError as error:
            refused, status = error.messages, 422
        else:
            messages.success(request, "已保存。 Saved.")
            return redirect("fill_case", found.pk)
    answers = answers_of(found)
    facts = FactsOf(found)
    lacking = check(known.form, answers, facts, open_now, situation_of(found, known, request.actor).resolve)
    return render(
        request,
        "cases/fill.html",
        {
            "title": f"填写：{found.title}",
            "title_en": "Fill in",
            "lead": known.flow.by_key[found.stage].help if not found.ended else "",
            "crumbs": [home(), Crumb(found.title, reverse("case", args=[found.pk])), Crumb("填写")],
            "form": AnswerForm(known.form, open_now, answers, facts, posted(request) if refused else None),
            "lacking": [f"{each.zh} {each.en}" for each in lacking] if answers else [],
            "refused": refused,
            "case": found,
        },
        status=status,
    )


@require_POST
@door(Right.VIEW_PERSONAL_DATA)
def file(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A file given with a case; its reading leaves a line in the audit trail."""
    get_object_or_404(visible(request.actor, CaseFile), pk=pk)
    name, content = open_file(actor=request.actor, file_id=pk)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type="application/octet-stream", headers={"Content-Disposition": disposition or "attachment"}
    )

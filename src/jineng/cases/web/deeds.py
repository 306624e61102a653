"""Pages by which a case is moved: an action of its flow, a rank, more time, objections and their answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.cases.models import Case, Objection
from jineng.cases.procedures import read
from jineng.cases.situations import members_of
from jineng.cases.verbs import act_on_case, answer_objection, extend_case, raise_objection, recommend_case
from jineng.cases.verbs.reach import NOT_A_PARTY
from jineng.cases.web.cases import find, home, offered
from jineng.cases.web.forms import ActForm, AnswerObjectionForm, ExtendForm, ObjectionForm, RankForm
from jineng.engines.casework import Need, Role, StageKind
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.forms import ScopedForm
from jineng.registry.web.records import posted

FORM = ("GET", "POST")


def _page(case: Case) -> str:
    return reverse("case", args=[case.pk])


def _deed(
    request: ActorRequest, case: Any, form: ScopedForm, do: Any, name: str, name_en: str, **more: Any
) -> HttpResponse:
    return deed_page(
        request,
        form,
        do,
        title=f"{name}：{case.title}",
        title_en=name_en,
        done=f"已{name}。 Done.",
        then=lambda made: _page(case),
        crumbs=[home(), Crumb(case.title, _page(case)), Crumb(name)],
        cancel=_page(case),
        submit=f"{name} {name_en}",
        **more,
    )


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def act(request: ActorRequest, pk: UUID, action: str) -> HttpResponse:
    """Do one of the actions of the case's stage; what stands against it is told beforehand."""
    found = find(request, pk)
    known = read(found.procedure)
    stage = known.flow.by_key.get(found.stage)
    wanted = stage.by_key.get(action) if stage else None
    if stage is None or wanted is None:
        raise Http404
    parties = {member.party for member in members_of(found, request.actor)}
    if not parties & set(stage.parties_of(wanted)):
        raise NotAllowed(NOT_A_PARTY)
    why = next((offer.why for offer in offered(request, found, known) if offer.action.key == action), ())
    form = ActForm(posted(request), actor=request.actor, initial={"seen": found.steps})
    form.fields["reason"].required = Need.REASON in wanted.needs
    return _deed(
        request,
        found,
        form,
        lambda data: act_on_case(
            actor=request.actor, case_id=found.pk, action=action, reason=data["reason"], seen=data["seen"]
        ),
        wanted.name,
        wanted.name_en,
        lead=" ".join(f"{words.zh} {words.en}" for words in why),
    )


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def recommend(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give a case a rank among those that one's own office recommends."""
    found = find(request, pk)
    known = read(found.procedure)
    stage = known.flow.by_key.get(found.stage)
    parties = {member.party for member in members_of(found, request.actor)}
    if stage is None or stage.kind is not StageKind.RECOMMEND or stage.actor not in parties:
        raise NotAllowed(NOT_A_PARTY)
    form = RankForm(posted(request), actor=request.actor, initial={"rank": found.rank, "is_exempt": found.is_exempt})
    return _deed(
        request,
        found,
        form,
        lambda data: recommend_case(
            actor=request.actor, case_id=found.pk, rank=data["rank"], is_exempt=data["is_exempt"]
        ),
        "排名次",
        "Rank",
    )


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def extend(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give more time, as the office that runs the intake."""
    found = find(request, pk)
    _require_office(request, found)
    form = ExtendForm(posted(request), actor=request.actor, initial={"until": found.due_on})
    return _deed(
        request,
        found,
        form,
        lambda data: extend_case(actor=request.actor, case_id=found.pk, until=data["until"], reason=data["reason"]),
        "延期",
        "Extend",
    )


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def objection(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Enter an objection to a case under public notice."""
    found = find(request, pk)
    form = ObjectionForm(posted(request), actor=request.actor)
    return _deed(
        request,
        found,
        form,
        lambda data: raise_objection(
            actor=request.actor, case_id=found.pk, raised_by=data["raised_by"], text=data["text"]
        ),
        "登记异议",
        "Enter an objection",
    )


@require_http_methods(FORM)
@door(Right.ACT_ON_CASES)
def answer(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Answer an objection, as the office that runs the intake."""
    found: Any = get_object_or_404(visible(request.actor, Objection), pk=pk)
    case = find(request, found.case_id)
    _require_office(request, case)
    form = AnswerObjectionForm(posted(request), actor=request.actor)
    return _deed(
        request,
        case,
        form,
        lambda data: answer_objection(
            actor=request.actor, objection_id=found.pk, answer=data["answer"], is_upheld=data["is_upheld"]
        ),
        "答复异议",
        "Answer",
        lead=f"{found.raised_on}：{found.text}",
    )


def _require_office(request: ActorRequest, found: Case) -> None:
    """Let pass the office that runs the intake.

    Raises:
        NotAllowed: another office does.
    """
    flow = read(found.procedure).flow
    office = {party.key for party in flow.parties if party.role is Role.OFFICE}
    if not office & {member.party for member in members_of(found, request.actor)}:
        raise NotAllowed(NOT_A_PARTY)

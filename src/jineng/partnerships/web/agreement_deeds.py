"""Pages that change agreements: record, answer, continue, end with what came of it, void."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.kinds import Answer
from jineng.partnerships.models import Agreement
from jineng.partnerships.queries import going_with
from jineng.partnerships.renewing import renewal_of, terms_of
from jineng.partnerships.rules import ends_on
from jineng.partnerships.verbs import (
    add_party,
    answer_renewal,
    end_agreement,
    record_agreement,
    record_term,
    void_agreement,
)
from jineng.partnerships.web.agreements import find_agreement, home
from jineng.partnerships.web.forms import AgreementForm, AnswerForm, EndForm, PartyForm, TermForm
from jineng.registry.web.forms import ReasonForm

METHODS = ["GET", "POST"]


def _page(agreement_id: UUID) -> str:
    return reverse("agreement", args=[agreement_id])


def _crumbs(found: Agreement, last: str) -> list[Crumb]:
    return [home(), Crumb(found.name, _page(found.pk)), Crumb(last)]


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def record(request: ActorRequest) -> HttpResponse:
    """Record an agreement with its first term and the other party."""
    form = AgreementForm(request.POST or None, actor=request.actor)

    def do(data: dict[str, Any]) -> Agreement:
        names = ("code", "name", "kind", "signed_on", "since", "until", "document")
        return record_agreement(
            actor=request.actor,
            organisation_id=data["organisation"].pk,
            organisation_name=data["organisation"].name,
            partner=form.partner(),
            **{name: data[name] for name in names},
        )

    return deed_page(
        request,
        form,
        do,
        title="登记协议",
        title_en="Record an agreement",
        done="已登记。 Recorded.",
        then=lambda made: _page(made.pk),
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("agreements"),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def party(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a party to an agreement."""
    found = find_agreement(request, pk)
    form = PartyForm(request.POST or None, actor=request.actor)
    return deed_page(
        request,
        form,
        lambda data: add_party(actor=request.actor, agreement_id=pk, partner=form.partner(), role=data["role"]),
        title=f"增加签约方：{found}",
        title_en="Add a party",
        done="已增加。 Added.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "签约方"),
        cancel=_page(pk),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def term(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record a term that was agreed on paper."""
    found = find_agreement(request, pk)
    after = ends_on(terms_of(found.standing_terms), None)  # type: ignore[attr-defined]
    return deed_page(
        request,
        TermForm(request.POST or None, actor=request.actor, initial={"since": after}),
        lambda data: record_term(actor=request.actor, agreement_id=pk, **data),
        title=f"记录续期：{found}",
        title_en="Record a term",
        done="已记录。 Recorded.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "续期"),
        cancel=_page(pk),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def answer(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say for a party whether to renew; who would end it first sees what ends with the agreement."""
    found = find_agreement(request, pk)
    renewal = renewal_of(request.actor, found, clock.today())
    if renewal is None or not renewal.mine:
        raise Http404
    parties = [(str(voice.party.pk), voice.party.name) for voice in renewal.mine]
    form = AnswerForm(
        request.POST or None,
        actor=request.actor,
        parties=parties,
        initial={"party": parties[0][0], "until": renewal.usual_end},
    )
    ending = request.POST.get("answer") == Answer.END and "confirmed" not in request.POST
    if ending and form.is_valid():
        last = renewal.term.until
        assert last is not None
        lead = "各方均不再续签的，协议届满终止。 Where all would end it, the agreement lapses with its term."
        return _confirm(request, found, last + timedelta(days=1), dict(form.cleaned_data) | {"until": ""}, lead)
    return deed_page(
        request,
        form,
        lambda data: answer_renewal(
            actor=request.actor,
            agreement_id=pk,
            party_id=UUID(data["party"]),
            answer=data["answer"],
            until=data["until"],
            note=data["note"],
        ),
        title=f"续签意见：{found}",
        title_en="Renew or end",
        lead=f"本期至 {renewal.term.until}。各方意见一致续签的，自动记入下一期；意见互相可见，下一期记入前可以更改。 "
        "When all parties would renew for the same time, the next term is recorded; answers are seen by all.",
        done="已答复。 Answered.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "续签意见"),
        cancel=_page(pk),
        submit="答复 Answer",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End an agreement before its term, once it was seen what ends with it."""
    found = find_agreement(request, pk)
    form = EndForm(request.POST or None, actor=request.actor, initial={"ended_on": clock.today()})
    if request.method == "POST" and "confirmed" not in request.POST and form.is_valid():
        return _confirm(request, found, form.cleaned_data["ended_on"], form.cleaned_data)
    return deed_page(
        request,
        form,
        lambda data: end_agreement(actor=request.actor, agreement_id=pk, **data),
        title=f"提前终止：{found}",
        title_en="End an agreement",
        lead="由它产生的合作机构随之终止，下一步列出；从未签成的请作废。 What came of it is listed next.",
        done="已终止。 Ended.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "终止"),
        cancel=_page(pk),
        submit="下一步 Next",
    )


def _confirm(request: ActorRequest, found: Agreement, day: date, data: dict[str, Any], lead: str = "") -> HttpResponse:
    """The page that lists what ends with the agreement from ``day`` on, before anything is recorded."""
    return render(
        request,
        "partnerships/confirm_end.html",
        {
            "title": f"确认终止：{found}",
            "title_en": "Confirm",
            "lead": lead,
            "crumbs": _crumbs(found, "确认"),
            "agreement": found,
            "day": day,
            "bodies": going_with(request.actor, found, day),
            "data": {name: "" if value is None else str(value) for name, value in data.items()},
        },
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out an agreement that never held."""
    found = find_agreement(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_agreement(actor=request.actor, agreement_id=pk, reason=data["reason"]),
        title=f"作废：{found}",
        title_en="Void an agreement",
        lead="作废表示从未有过，由它产生的合作机构各年都不再计入；后来终止的请用提前终止。 It never held.",
        done="已作废。 Voided.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "作废"),
        cancel=_page(pk),
        submit="作废 Void",
    )

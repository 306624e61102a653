"""Pages on which an office words its passages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jineng.briefs.models import Passage, Wording
from jineng.briefs.verbs import add_sentence, entrust_passage, reword_sentence, strike_sentence
from jineng.briefs.web.forms import NewSentenceForm, OwnerForm, SentenceForm
from jineng.briefs.web.issue import home, passage_of
from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import in_reach


def _mine(request: ActorRequest, passage: Passage) -> Passage:
    if not in_reach(request.actor, passage.owner_id):
        raise NotAllowed("这一专题由别的单位撰写。 Another office words this passage.")
    return passage


def _wording(request: ActorRequest, pk: UUID) -> Wording:
    found = Wording.objects.select_related("passage__issue").filter(pk=pk).first()
    if found is None:
        raise Http404
    _mine(request, found.passage)
    return found


def _desk(passage: Passage) -> str:
    return f"{reverse('briefs:issue', args=[passage.issue.year])}#{passage.pk}"


@require_http_methods(["GET", "POST"])
@door(Right.WORD_BRIEFS)
def reword(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Word a sentence anew."""
    found = _wording(request, pk)
    return deed_page(
        request,
        SentenceForm(request.POST or None, actor=request.actor, initial={"text": found.text, "check": found.condition}),
        lambda data: reword_sentence(actor=request.actor, wording_id=pk, **data),
        title=f"改写：{found.passage}",
        title_en="Word a sentence",
        done="已改写；此期须重新核对。 Reworded; the issue must be checked anew.",
        then=lambda _: _desk(found.passage),
        crumbs=[*home(found.passage.issue.year), Crumb(str(found.passage))],
        cancel=_desk(found.passage),
    )


@require_POST
@door(Right.WORD_BRIEFS)
def strike(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Leave a sentence out, or take it in again."""
    found = _wording(request, pk)
    try:
        strike_sentence(actor=request.actor, wording_id=pk, struck=not found.struck)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        messages.success(request, "已恢复。 Taken in again." if found.struck else "此句不刊。 Left out.")
    return redirect(_desk(found.passage))


@require_http_methods(["GET", "POST"])
@door(Right.WORD_BRIEFS)
def add(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a sentence to a passage."""
    passage = _mine(request, passage_of(pk))
    return deed_page(
        request,
        NewSentenceForm(request.POST or None, actor=request.actor, initial={"paragraph": 1}),
        lambda data: add_sentence(actor=request.actor, passage_id=pk, **data),
        title=f"加写：{passage}",
        title_en="Add a sentence",
        done="已加写。 Added.",
        then=lambda _: _desk(passage),
        crumbs=[*home(passage.issue.year), Crumb(str(passage))],
        cancel=_desk(passage),
    )


@require_http_methods(["GET", "POST"])
@door(Right.RELEASE_BRIEFS)
def entrust(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say which office words a passage."""
    passage = passage_of(pk)
    return deed_page(
        request,
        OwnerForm(request.POST or None, actor=request.actor),
        lambda data: entrust_passage(actor=request.actor, passage_id=pk, organisation_id=data["organisation"].pk),
        title=f"交办：{passage}",
        title_en="Entrust a passage",
        done="已交办。 Entrusted.",
        then=lambda _: _desk(passage),
        crumbs=[*home(passage.issue.year), Crumb(str(passage))],
        cancel=_desk(passage),
    )

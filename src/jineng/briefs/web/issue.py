"""The editorial desk of an issue: how far it is, its claims, its sentences, its distribution; and its steps."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jineng.briefs.composition import Said
from jineng.briefs.editing import claims_of, live_brief, standing_of
from jineng.briefs.kinds import State
from jineng.briefs.models import Issue, Passage, Wording
from jineng.briefs.verbs import (
    FIRST_YEAR,
    add_recipient,
    check_issue,
    open_issue,
    remove_recipient,
    set_front,
    sign_issue,
)
from jineng.briefs.web.forms import FrontForm, RecipientForm
from jineng.briefs.wording import issue_in_the_making
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import reach

MARKS = {"printed": ("刊出", "ok"), "held": ("未刊：校验未通过", "warn"), "not_built": ("待建", "plain")}
STRUCK = ("不刊", "plain")


def home(year: int) -> list[Crumb]:
    """The way to an issue's desk."""
    return [Crumb("简报", reverse("briefs:index")), Crumb(f"{year}年度编辑台", reverse("briefs:issue", args=[year]))]


@require_GET
@door(Right.VIEW_BRIEFS)
def issue(request: ActorRequest, year: int) -> HttpResponse:
    """The desk of the year's issue in the making."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    making = issue_in_the_making(year)
    context = {
        "title": f"{year}年度简报编辑台",
        "title_en": "Editorial desk",
        "year": year,
        "issue": making,
        "crumbs": [Crumb("简报", reverse("briefs:index")), Crumb(f"{year}年度编辑台")],
        "may_lead": request.actor.may(Right.RELEASE_BRIEFS),
    }
    if making:
        context |= _desk(request.actor, making)
    return render(request, "briefs/issue.html", context)


def _desk(actor: Actor, making: Issue) -> dict[str, object]:
    said = {item.sentence.ref: item for item in live_brief(making).said}
    own = set(reach(actor)) if actor.may(Right.WORD_BRIEFS) and not actor.sees_all else set()
    passages = [
        {
            "passage": passage,
            "mine": actor.may(Right.WORD_BRIEFS) and (actor.sees_all or passage.owner_id in own),
            "rows": [_row(wording, said) for wording in passage.wordings.all()],
        }
        for passage in making.passages.select_related("owner").prefetch_related("wordings__worded_by")
    ]
    state = standing_of(making).state
    return {
        "state": state,
        "events": _events(making, state),
        "facts": [
            Fact("期号 Number", f"第{making.number}期"),
            Fact("刊头 Masthead", making.masthead),
            Fact("标题 Title", making.title.replace("{year}", str(making.year))),
            Fact("编发 Issuer", making.issuer),
            Fact("印发 Printed by", making.printed_by),
        ],
        "claims": claims_of(making),
        "passages": passages,
        "recipients": making.recipients.select_related("organisation"),
        "may_check": state is State.DRAFT,
        "may_sign": state is State.CHECKED and making.checked_by_id != actor.account_id,
        "may_release": state is State.SIGNED,
    }


def _row(wording: Wording, said: dict[str, Said]) -> dict[str, object]:
    told = said.get(str(wording.pk))
    label, kind = STRUCK if wording.struck or told is None else MARKS[told.state]
    return {
        "wording": wording,
        "words": wording.text if told is None else told.words or wording.text,
        "label": label,
        "kind": kind,
        "reason": "" if told is None else told.reason,
    }


def _events(making: Issue, state: State) -> list[Event]:
    events = [Event(making.opened_at.astimezone(clock.CHINA).date(), "开编")]
    if making.checked_at:
        stale = "" if state is not State.DRAFT else "其后又有改动，须重新核对"
        events.append(
            Event(
                making.checked_at.astimezone(clock.CHINA).date(),
                f"核对：{making.checked_by}",
                " ".join(filter(None, [making.explanation, stale])),
            )
        )
    if making.signed_at and state is not State.DRAFT:
        events.append(Event(making.signed_at.astimezone(clock.CHINA).date(), f"签发：{making.signed_by}"))
    return events


def _step(request: ActorRequest, year: int, do: Callable[[], object], done: str) -> HttpResponse:
    try:
        do()
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("briefs:issue", year=year)


def _making(year: int) -> Issue:
    making = issue_in_the_making(year)
    if making is None:
        raise Http404
    return making


@require_POST
@door(Right.RELEASE_BRIEFS)
def open_(request: ActorRequest, year: int) -> HttpResponse:
    """Open the year's next issue."""
    return _step(request, year, lambda: open_issue(actor=request.actor, year=year), "已开编。 Opened.")


@require_POST
@door(Right.RELEASE_BRIEFS)
def check(request: ActorRequest, year: int) -> HttpResponse:
    """Say that the issue was checked."""
    making = _making(year)
    explanation = request.POST.get("explanation", "")[:500]
    return _step(
        request,
        year,
        lambda: check_issue(actor=request.actor, issue_id=making.pk, explanation=explanation),
        "已核对，可由另一人签发。 Checked; somebody else may sign it now.",
    )


@require_POST
@door(Right.RELEASE_BRIEFS)
def sign(request: ActorRequest, year: int) -> HttpResponse:
    """Sign the issue off."""
    making = _making(year)
    return _step(
        request, year, lambda: sign_issue(actor=request.actor, issue_id=making.pk), "已签发，可以发布。 Signed."
    )


@require_http_methods(["GET", "POST"])
@door(Right.RELEASE_BRIEFS)
def front(request: ActorRequest, year: int) -> HttpResponse:
    """Set masthead, title, issuer."""
    making = _making(year)
    given = {name: getattr(making, name) for name in ("masthead", "title", "issuer", "printed_by")}
    return deed_page(
        request,
        FrontForm(request.POST or None, actor=request.actor, initial=given),
        lambda data: set_front(actor=request.actor, issue_id=making.pk, **data),
        title="刊头与编发",
        title_en="Masthead and issuer",
        done="已保存。 Saved.",
        then=lambda _: reverse("briefs:issue", args=[year]),
        crumbs=[*home(year), Crumb("刊头")],
        cancel=reverse("briefs:issue", args=[year]),
    )


@require_http_methods(["GET", "POST"])
@door(Right.RELEASE_BRIEFS)
def recipient(request: ActorRequest, year: int) -> HttpResponse:
    """Add a line to the distribution."""
    making = _making(year)
    return deed_page(
        request,
        RecipientForm(request.POST or None, actor=request.actor),
        lambda data: add_recipient(
            actor=request.actor,
            issue_id=making.pk,
            manner=data["manner"],
            label=data["label"],
            organisation_id=data["organisation"].pk if data["organisation"] else None,
            group=data["group"],
        ),
        title="增加发送对象",
        title_en="Add a recipient",
        done="已增加。 Added.",
        then=lambda _: reverse("briefs:issue", args=[year]),
        crumbs=[*home(year), Crumb("发送对象")],
        cancel=reverse("briefs:issue", args=[year]),
    )


@require_POST
@door(Right.RELEASE_BRIEFS)
def drop_recipient(request: ActorRequest, year: int, pk: UUID) -> HttpResponse:
    """Take a line out of the distribution."""
    return _step(request, year, lambda: remove_recipient(actor=request.actor, recipient_id=pk), "已去掉。 Removed.")


def passage_of(pk: UUID) -> Passage:
    """A passage with its issue; 404 where there is none."""
    found = Passage.objects.select_related("issue").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

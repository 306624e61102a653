"""Pages that change bodies and their members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.models import Body
from jineng.partnerships.verbs import add_member, end_body, found_body, leave_body, void_body, void_member
from jineng.partnerships.web.bodies import find_body, find_member, home
from jineng.partnerships.web.forms import BodyForm, EndBodyForm, LeaveForm, MemberForm
from jineng.registry.web.forms import ReasonForm

METHODS = ["GET", "POST"]


def _page(body_id: UUID) -> str:
    return reverse("body", args=[body_id])


def _crumbs(found: Body, last: str) -> list[Crumb]:
    return [home(), Crumb(found.name, _page(found.pk)), Crumb(last)]


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def found(request: ActorRequest) -> HttpResponse:
    """Record a body; ``?agreement=`` fills in the code of the agreement that it comes of."""
    given = {"agreement": request.GET.get("agreement", "")}

    def do(data: dict[str, Any]) -> Body:
        agreement = data["agreement"]
        return found_body(
            actor=request.actor,
            organisation_id=data["organisation"].pk,
            agreement_id=agreement.pk if agreement is not None else None,
            **{name: data[name] for name in ("code", "name", "kind", "founded_on", "document")},
        )

    return deed_page(
        request,
        BodyForm(request.POST or None, actor=request.actor, initial=given),
        do,
        title="登记合作机构",
        title_en="Record a body",
        done="已登记。 Recorded.",
        then=lambda made: _page(made.pk),
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("bodies"),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End a body from a day on."""
    body = find_body(request, pk)
    return deed_page(
        request,
        EndBodyForm(request.POST or None, actor=request.actor, initial={"ended_on": clock.today()}),
        lambda data: end_body(actor=request.actor, body_id=pk, **data),
        title=f"终止：{body}",
        title_en="End a body",
        lead="自所填日期起不再存在，此前各年的数字不变。 Earlier years stay as they were.",
        done="已终止。 Ended.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(body, "终止"),
        cancel=_page(pk),
        submit="终止 End",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a body that never was."""
    body = find_body(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_body(actor=request.actor, body_id=pk, reason=data["reason"]),
        title=f"作废：{body}",
        title_en="Void a body",
        lead="作废表示从未有过，各年的数字都不再含它。 Void means that it never held.",
        done="已作废。 Voided.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(body, "作废"),
        cancel=_page(pk),
        submit="作废 Void",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def member(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a member to a body."""
    body = find_body(request, pk)
    form = MemberForm(request.POST or None, actor=request.actor, initial={"role": "member"})
    return deed_page(
        request,
        form,
        lambda data: add_member(
            actor=request.actor,
            body_id=pk,
            partner=form.partner(),
            **{name: data[name] for name in ("role", "founding", "authority", "joined_on")},
        ),
        title=f"增加成员：{body}",
        title_en="Add a member",
        done="已增加。 Added.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(body, "成员"),
        cancel=_page(pk),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def leave(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say from when a member no longer belongs."""
    who = find_member(request, pk)
    return deed_page(
        request,
        LeaveForm(request.POST or None, actor=request.actor, initial={"left_on": clock.today()}),
        lambda data: leave_body(actor=request.actor, member_id=pk, **data),
        title=f"退出：{who}",
        title_en="Leave",
        done="已记录。 Recorded.",
        then=lambda _: reverse("body_member", args=[pk]),
        crumbs=_crumbs(who.body, "退出"),
        cancel=reverse("body_member", args=[pk]),
        submit="退出 Leave",
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def void_membership(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a membership that never was."""
    who = find_member(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_member(actor=request.actor, member_id=pk, reason=data["reason"]),
        title=f"作废：{who}",
        title_en="Void a membership",
        lead="作废表示从未加入；后来退出的请用退出。 Void means that it never held.",
        done="已作废。 Voided.",
        then=lambda _: reverse("body_member", args=[pk]),
        crumbs=_crumbs(who.body, "作废"),
        cancel=reverse("body_member", args=[pk]),
        submit="作废 Void",
    )

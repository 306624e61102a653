"""Autonomies: the list, one grant, granting, revoking, striking out."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.queries import told_of
from jineng.registry.scope import in_reach
from jineng.registry.web.records import origin_facts
from jineng.workforce.models import AutonomyGrant
from jineng.workforce.queries import autonomies_of
from jineng.workforce.verbs import grant_autonomy, revoke_autonomy, void_autonomy
from jineng.workforce.web.filters import AutonomyFilters
from jineng.workforce.web.forms import GrantForm, ReasonForm, RevokeForm, given
from jineng.workforce.web.tables import GRANTED, MARKS, AutonomyTable


def home() -> Crumb:
    """The way back to the autonomies."""
    return Crumb("自主权", reverse("autonomies"))


def may_grant(request: ActorRequest) -> bool:
    """Whether the actor acts for an authority that may grant."""
    return request.actor.may(Right.EDIT_WORKFORCE) and request.actor.level != "institution"


@require_GET
@door(Right.VIEW_WORKFORCE)
def autonomy_list(request: ActorRequest) -> HttpResponse:
    """Autonomies within the actor's sight; void ones only where asked for."""
    return list_page(
        request,
        title="自主权",
        title_en="Autonomies",
        lead="主管部门下放给学校的自主权；绩效工资方面的有五项。 What schools were left to decide by themselves.",
        rows=lambda: autonomies_of(request.actor, standing="validity" not in request.GET),
        table=AutonomyTable,
        filters=AutonomyFilters,
        crumbs=[Crumb("自主权")],
        template="workforce/autonomies.html",
        empty="可见范围内还没有下放自主权。 No autonomies were granted in your sight yet.",
        context={"may_grant": may_grant(request)},
    )


def find_autonomy(request: ActorRequest, pk: UUID) -> AutonomyGrant:
    """The grant within the actor's sight, void or not.

    Raises:
        Http404: there is none.
    """
    found = autonomies_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(grant: AutonomyGrant) -> str:
    return reverse("autonomy", args=[grant.pk])


@require_GET
@door(Right.VIEW_WORKFORCE)
def autonomy(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One grant: to whom, by whom, from when to when."""
    found = find_autonomy(request, pk)
    facts = [
        Fact("自主权 Autonomy", found.get_autonomy_display()),
        Fact("机构 Institution", found.organisation.name, url=reverse("organisation", args=[found.organisation_id])),
        Fact("下放单位 Granted by", found.granted_by.name),
        Fact("下放日期 Granted on", str(found.granted_on)),
        Fact("收回日期 Revoked on", str(found.revoked_on or "")),
        Fact("文号 Document", found.document),
        Fact("状态 State", GRANTED[found.status], kind=MARKS[found.status], note=found.void_reason),
        *origin_facts(request.actor, found),
    ]
    return render(
        request,
        "workforce/autonomy.html",
        {
            "title": str(found),
            "title_en": "Autonomy",
            "crumbs": [home(), Crumb(str(found))],
            "grant": found,
            "facts": facts,
            "told": told_of(found),
            "may_change": may_grant(request) and not found.is_void and in_reach(request.actor, found.granted_by_id),
        },
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def grant(request: ActorRequest) -> HttpResponse:
    """Grant an autonomy to an institution; ``?organisation=`` fills in its code."""
    return deed_page(
        request,
        GrantForm(
            request.POST or None,
            actor=request.actor,
            initial={"granted_on": clock.today(), **given(request.GET, "organisation")},
        ),
        lambda data: grant_autonomy(
            actor=request.actor,
            organisation_id=data["organisation"].pk,
            autonomy=data["autonomy"],
            granted_on=data["granted_on"],
            document=data["document"],
        ),
        title="下放自主权",
        title_en="Grant an autonomy",
        done="已登记。 Recorded.",
        then=_page,
        crumbs=[home(), Crumb("下放")],
        cancel=reverse("autonomies"),
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def revoke(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Revoke a grant from a day on."""
    found = find_autonomy(request, pk)
    return deed_page(
        request,
        RevokeForm(request.POST or None, actor=request.actor, initial={"revoked_on": clock.today()}),
        lambda data: revoke_autonomy(actor=request.actor, grant_id=pk, **data),
        title=f"收回：{found}",
        title_en="Revoke an autonomy",
        lead="自所填日期起收回，此前各年的数字不变。 It takes effect from the day given.",
        done="已收回。 Revoked.",
        then=_page,
        crumbs=[home(), Crumb(str(found), _page(found)), Crumb("收回")],
        cancel=_page(found),
        submit="收回 Revoke",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_WORKFORCE)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a grant that never was."""
    found = find_autonomy(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_autonomy(actor=request.actor, grant_id=pk, reason=data["reason"]),
        title=f"作废：{found}",
        title_en="Void a grant",
        lead="作废表示从未下放过，各年的数字都不再含它；收回请用收回。 Void means that it never held.",
        done="已作废。 Voided.",
        then=_page,
        crumbs=[home(), Crumb(str(found), _page(found)), Crumb("作废")],
        cancel=_page(found),
        submit="作废 Void",
    )

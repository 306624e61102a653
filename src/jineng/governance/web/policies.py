"""Pages of the policies: the list, one policy, and what may be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.governance.models import Policy, PolicyIssuer
from jineng.governance.queries import policies_of
from jineng.governance.topics import NAMES
from jineng.governance.verbs import add_issuer, issue_policy, record_policy, repeal_policy
from jineng.governance.verbs.reach import may_change, require_change
from jineng.governance.web.filters import PolicyFilters
from jineng.governance.web.forms import AddIssuerForm, IssueForm, PolicyForm, RepealForm
from jineng.governance.web.tables import PolicyTable, policy_state
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible
from jineng.registry.web.records import Button, Cell, Section, Shown, organisation_cell, posted, show

FORM = ("GET", "POST")


def home() -> Crumb:
    """The way back to the policies."""
    return Crumb("政策文件", reverse("policies"))


def _page(found: Policy) -> str:
    return reverse("policy", args=[found.pk])


def _find(request: ActorRequest, pk: UUID) -> Any:
    return get_object_or_404(policies_of(request.actor, standing=False).select_related("replaces"), pk=pk)


@require_GET
@door(Right.VIEW_GOVERNANCE)
def policy_list(request: ActorRequest) -> HttpResponse:
    """Policies, the latest first: everything issued, and drafts of one's own."""
    standing = "validity" not in request.GET
    buttons = [Button("登记文件", "Record", reverse("record_policy"), "primary")]
    return list_page(
        request,
        title="政策文件",
        title_en="Policies",
        lead="印发的文件人人可查；草案只有起草单位能看到。 Issued policies are open to all, drafts to their drafters.",
        rows=lambda: policies_of(request.actor, standing=standing).order_by("-issued_on", "number"),
        table=PolicyTable,
        filters=PolicyFilters,
        crumbs=[Crumb("政策文件")],
        template="governance/list.html",
        context={"buttons": buttons if request.actor.may(Right.EDIT_GOVERNANCE) else []},
        empty="还没有政策文件。 No policies yet.",
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def policy(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One policy: who issues it, since when, what it replaces and what replaced it."""
    found = _find(request, pk)
    words, mark = policy_state(found)
    successor = policies_of(request.actor).filter(replaces=found).first()
    facts = [
        Fact("状态 State", words, kind=mark, note=found.void_reason),
        Fact("文号 Number", found.number, kind="code"),
        Fact("级别 Level", found.get_level_display()),
        Fact("类型 Kind", found.get_kind_display()),
        Fact("主题 Topic", NAMES.get(found.topic, found.topic)),
        Fact("适用范围 Scope", found.scope),
        Fact("印发日期 Issued on", found.issued_on or ""),
        Fact("废止日期 Repealed on", found.repealed_on or ""),
    ]
    if found.replaces is not None:
        facts.append(Fact("替代 Replaces", str(found.replaces), url=_page(found.replaces)))
    if successor is not None:
        facts.append(Fact("被替代 Replaced by", str(successor), url=_page(successor)))
    rows = [
        (
            organisation_cell(issuer.organisation_id, issuer.organisation.name),
            Cell(issuer.order, kind="num"),
            Cell(issuer.signed_on or found.issued_on or "", kind="date"),
        )
        for issuer in found.signing
    ]
    issuers = Section("印发单位", "Issued by", "issuers", ("单位 Department", "署名次序 Order", "签署 Signed on"), rows)
    return show(
        request,
        Shown(
            found.title,
            "Policy",
            [home(), Crumb(found.title)],
            facts,
            record=found,
            buttons=_buttons(request, found),
            sections=[issuers],
        ),
    )


def _buttons(request: ActorRequest, found: Policy) -> list[Button]:
    if not request.actor.may(Right.EDIT_GOVERNANCE) or not may_change(request.actor, found):
        return []
    buttons = [Button("增加印发单位", "Add an issuer", reverse("add_policy_issuer", args=[found.pk]))]
    if found.issued_on is None:
        buttons.insert(0, Button("印发", "Issue", reverse("issue_policy", args=[found.pk]), "primary"))
    elif found.repealed_on is None:
        buttons.append(Button("废止", "Repeal", reverse("repeal_policy", args=[found.pk])))
    return [*buttons, Button("作废", "Void", reverse("void_policy", args=[found.pk]), "danger")]


@require_GET
@door(Right.VIEW_GOVERNANCE)
def policy_issuer(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One who issues a policy is shown with the policy."""
    found = visible(request.actor, PolicyIssuer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return redirect(f"{reverse('policy', args=[found.policy_id])}#issuers")


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def record(request: ActorRequest) -> HttpResponse:
    """Record a policy or a draft."""

    def do(data: dict[str, Any]) -> Policy:
        return record_policy(
            actor=request.actor, issuer_ids=data.pop("issuers"), replaces_id=data.pop("replaces"), **data
        )

    return deed_page(
        request,
        PolicyForm(posted(request), actor=request.actor),
        do,
        title="登记政策文件",
        title_en="Record a policy",
        done="已登记。 Recorded.",
        then=_page,
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("policies"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def issue(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Issue a draft."""
    found = _find(request, pk)
    require_change(request.actor, found)
    return deed_page(
        request,
        IssueForm(posted(request), actor=request.actor, initial={"issued_on": clock.today()}),
        lambda data: issue_policy(actor=request.actor, policy_id=pk, **data),
        title=f"印发：{found.title}",
        title_en="Issue",
        lead="印发后人人可查。 Once issued it is open to all.",
        done="已印发。 Issued.",
        then=_page,
        crumbs=[home(), Crumb(found.title, _page(found)), Crumb("印发")],
        cancel=_page(found),
        submit="印发 Issue",
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def add_one_issuer(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a department that signs a policy too."""
    found = _find(request, pk)
    require_change(request.actor, found)

    def do(data: dict[str, Any]) -> PolicyIssuer:
        return add_issuer(actor=request.actor, policy_id=pk, organisation_id=data.pop("organisation"), **data)

    return deed_page(
        request,
        AddIssuerForm(posted(request), actor=request.actor),
        do,
        title=f"增加印发单位：{found.title}",
        title_en="Add an issuer",
        done="已增加。 Added.",
        then=lambda made: _page(found),
        crumbs=[home(), Crumb(found.title, _page(found)), Crumb("增加印发单位")],
        cancel=_page(found),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def repeal(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End a policy."""
    found = _find(request, pk)
    require_change(request.actor, found)
    return deed_page(
        request,
        RepealForm(posted(request), actor=request.actor, initial={"repealed_on": clock.today()}),
        lambda data: repeal_policy(actor=request.actor, policy_id=pk, **data),
        title=f"废止：{found.title}",
        title_en="Repeal",
        lead="自所填日期起不再有效，此前各年的数字不变。 It ends from the day given; past years stay.",
        done="已废止。 Repealed.",
        then=_page,
        crumbs=[home(), Crumb(found.title, _page(found)), Crumb("废止")],
        cancel=_page(found),
        submit="废止 Repeal",
    )

"""Organisations: list, tree, one with its history, forms to enter and to change."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.remembering import remembered
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Event, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.paging import cut_to_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.models import Organisation, OrganisationState, Reach
from jineng.registry.queries import (
    children_of,
    find_organisations,
    history_of,
    organisations_of,
    told_of,
)
from jineng.registry.scope import in_reach, visible
from jineng.registry.verbs import change_organisation, enter_organisation, void_organisation_state
from jineng.registry.web.forms import ChangeForm, EnterForm, ReasonForm
from jineng.registry.web.records import origin_facts
from jineng.registry.web.tables import OrganisationFilters, OrganisationTable

HOME = Crumb("机构", "/organisations/")


@require_GET
@door(Right.VIEW_REGISTRY)
def organisation_list(request: ActorRequest) -> HttpResponse:
    """The directory, as far as the actor sees it."""
    return list_page(
        request,
        title="机构",
        title_en="Organisations",
        rows=lambda: organisations_of(request.actor),
        table=OrganisationTable,
        filters=OrganisationFilters,
        crumbs=[Crumb("机构")],
        template="registry/organisations.html",
    )


@require_GET
@door(Right.VIEW_REGISTRY)
def tree(request: ActorRequest) -> HttpResponse:
    """Who answers to whom, one level at a time."""
    asked = request.GET.get("under", "")
    parent = _get(request, asked) if asked else None
    children, pages = cut_to_page(children_of(request.actor, parent.pk if parent else None), request)
    return render(
        request,
        "registry/tree.html",
        {
            "title": parent.name if parent else "隶属关系",
            "title_en": "Who answers to whom",
            "crumbs": [HOME, Crumb("隶属关系", reverse("organisation_tree")), *_ancestors(request, parent)],
            "parent": parent,
            "children": children,
            "pages": pages,
        },
    )


def _ancestors(request: ActorRequest, organisation: Organisation | None) -> list[Crumb]:
    if organisation is None:
        return []
    chain = (
        Reach.objects.filter(organisation=organisation, authority__in=visible(request.actor, Organisation))
        .select_related("authority")
        .order_by("-depth")
    )
    return [Crumb(link.authority.name, f"{reverse('organisation_tree')}?under={link.authority_id}") for link in chain]


def _get(request: ActorRequest, pk: UUID | str) -> Organisation:
    try:
        found = organisations_of(request.actor).filter(pk=UUID(str(pk))).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _require_reach(request: ActorRequest, pk: UUID) -> None:
    """The directory shows more than one may change."""
    if not in_reach(request.actor, pk):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")


@require_GET
@door(Right.VIEW_REGISTRY)
def organisation(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One organisation: what it is, what it was, what the database noted of it."""
    found = _get(request, pk)
    states = history_of(request.actor, pk)
    facts = [
        Fact("机构代码 Code", found.code, kind="code"),
        Fact("代码体系 Scheme", found.get_code_scheme_display()),
        Fact("类别 Kind", found.get_kind_display()),
        Fact("举办性质 Nature", found.get_nature_display()),
        Fact("所在地 Place", found.division.name),
        Fact(
            "主管单位 Authority",
            found.authority.name if found.authority else "",
            url=reverse("organisation", args=[found.authority_id]) if found.authority_id else "",
        ),
        Fact("终止日期 Closed on", found.closed_on or ""),
        *origin_facts(request.actor, found),
    ]
    if found.is_synthetic:
        facts.append(Fact("性质 Standing", "示例数据 Synthetic", kind="warn"))
    return render(
        request,
        "registry/organisation.html",
        {
            "title": found.name,
            "crumbs": [HOME, *_ancestors(request, found)],
            "organisation": found,
            "facts": facts,
            "events": [_event(state) for state in states],
            "told": told_of(found),
            "may_change": request.actor.may(Right.EDIT_REGISTRY) and in_reach(request.actor, pk),
            "states": [state for state in states if not state.is_void],
        },
    )


def _event(state: OrganisationState) -> Event:
    detail = "；".join(
        part
        for part in (
            state.get_kind_display(),
            state.division.name,
            f"隶属{state.authority.name}" if state.authority else "",
            f"相关机构：{state.related.name}" if state.related else "",
            state.document,
            f"作废：{state.void_reason}" if state.is_void else "",
        )
        if part
    )
    return Event(
        date=state.since,
        title=state.name,
        detail=detail,
        mark=state.get_change_display(),
        kind="red" if state.closed else "plain",
        voided=state.is_void,
    )


@require_GET
@door(Right.VIEW_REGISTRY)
def state(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A change of an organisation is shown on the organisation's page."""
    found = visible(request.actor, OrganisationState).filter(pk=pk).first()
    if found is None:
        raise Http404
    return redirect(reverse("organisation", args=[found.organisation_id]) + "#history")


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_REGISTRY)
def enter(request: ActorRequest) -> HttpResponse:
    """Enter a new organisation."""
    return deed_page(
        request,
        EnterForm(request.POST or None, actor=request.actor),
        lambda data: enter_organisation(actor=request.actor, **data),
        title="新增机构",
        title_en="Enter an organisation",
        done="已入册。 Entered.",
        then=lambda made: reverse("organisation", args=[made.pk]),
        crumbs=[HOME, Crumb("新增")],
        cancel=reverse("organisations"),
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_REGISTRY)
def change(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record what happened to an organisation."""
    found = _get(request, pk)
    _require_reach(request, pk)
    form = ChangeForm(request.POST or None, actor=request.actor)
    return deed_page(
        request,
        form,
        lambda data: change_organisation(
            actor=request.actor,
            organisation_id=pk,
            change=data["change"],
            on=data["on"],
            document=data["document"],
            **form.attributes(),
        ),
        title=f"变更：{found.name}",
        title_en="Record a change",
        done="已记录变更。 Recorded.",
        then=lambda made: reverse("organisation", args=[pk]),
        crumbs=[HOME, Crumb(found.name, reverse("organisation", args=[pk])), Crumb("变更")],
        cancel=reverse("organisation", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_REGISTRY)
def void_state(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a change that never happened."""
    found = visible(request.actor, OrganisationState).filter(pk=pk).first()
    if found is None:
        raise Http404
    _require_reach(request, found.organisation_id)
    back = reverse("organisation", args=[found.organisation_id])
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_organisation_state(actor=request.actor, state_id=pk, reason=data["reason"]),
        title=f"作废沿革：{found}",
        title_en="Void a change",
        done="已作废。 Voided.",
        then=lambda made: back,
        crumbs=[HOME, Crumb(found.name, back), Crumb("作废")],
        cancel=back,
        submit="作废 Void",
    )


@require_GET
@door(Right.VIEW_REGISTRY)
def search(request: ActorRequest) -> HttpResponse:
    """Find organisations by name, former name or code."""
    text = request.GET.get("q", "")[:60]
    found = remembered(
        ("organisations found", text), lambda: find_organisations(request.actor, text), lambda found: 10 * len(found)
    )
    return render(
        request, "registry/search.html", {"title": "搜索", "title_en": "Search", "text": text, "found": found}
    )

"""Pages of international projects."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.models import InternationalProject
from jineng.partnerships.queries import projects_of
from jineng.registry.queries import told_of


def find_project(request: ActorRequest, pk: UUID) -> InternationalProject:
    """The project within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    found = projects_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def project(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One project: what it is, and what it said before."""
    found = find_project(request, pk)
    facts = [
        Fact("项目编号 Code", found.code, kind="code"),
        Fact("类别 Kind", found.get_kind_display()),
        Fact(
            "我方院校 Institution", found.organisation.name, url=reverse("organisation", args=[found.organisation_id])
        ),
        Fact("国别 Country", found.country_name),
        Fact("外方机构 Partner", found.partner),
        Fact("生效日期 In force from", str(found.since)),
        Fact("有效期至 Until", str(found.until or "长期")),
        Fact("“一带一路”合作 Belt and Road", "是" if found.belt_and_road else "否"),
        Fact("文号 Document", found.document),
    ]
    return render(
        request,
        "partnerships/record.html",
        {"title": found.name, "crumbs": [Crumb(found.name)], "record": found, "facts": facts, "told": told_of(found)},
    )

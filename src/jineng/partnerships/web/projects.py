"""Pages of international projects."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.models import InternationalProject
from jineng.partnerships.queries import projects_of
from jineng.partnerships.verbs import end_project, record_project, void_project
from jineng.partnerships.web.filters import ProjectFilters
from jineng.partnerships.web.forms import EndProjectForm, ProjectForm
from jineng.partnerships.web.records import Deed, find, may_keep, record_page, state_fact
from jineng.partnerships.web.tables import ProjectTable, project_state
from jineng.registry.web.forms import ReasonForm

METHODS = ["GET", "POST"]


def home() -> Crumb:
    """The way back to the list."""
    return Crumb("国际合作项目", reverse("projects"))


def find_project(request: ActorRequest, pk: UUID) -> InternationalProject:
    """The project within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    return find(projects_of(request.actor, standing=False), pk)


def _page(project_id: UUID) -> str:
    return reverse("project", args=[project_id])


def _crumbs(found: InternationalProject, last: str) -> list[Crumb]:
    return [home(), Crumb(found.name, _page(found.pk)), Crumb(last)]


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def project_list(request: ActorRequest) -> HttpResponse:
    """International projects of the actor's scope."""
    return list_page(
        request,
        title="国际合作项目",
        title_en="International projects",
        lead="与国外机构的合作项目；期内有一日在执行的计入当年。 A project counts in a year in which it was in force.",
        rows=lambda: projects_of(request.actor, standing="status" not in request.GET),
        table=ProjectTable,
        filters=ProjectFilters,
        crumbs=[Crumb("国际合作项目")],
        template="partnerships/projects.html",
        empty="还没有登记国际合作项目。 No projects yet.",
    )


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def project(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One project: what it is, and what it said before."""
    found = find_project(request, pk)
    body = found.organisation
    facts = [
        Fact("项目编号 Code", found.code, kind="code"),
        Fact("类别 Kind", found.get_kind_display()),
        Fact("我方院校 Institution", body.name, url=reverse("organisation", args=[body.pk])),
        Fact("国别 Country", found.country_name),
        Fact("外方机构 Partner", found.partner),
        Fact("生效日期 In force from", str(found.since)),
        Fact("有效期至 Last day", str(found.until or "长期")),
        Fact("“一带一路”合作 Belt and Road", "是" if found.belt_and_road else "否"),
        Fact("文号 Document", found.document),
        state_fact(project_state(found), found.void_reason),
    ]
    deeds = []
    if may_keep(request, found):
        deeds.append(Deed("更改有效期 Change the last day", reverse("end_project", args=[pk])))
        deeds.append(Deed("作废 Void", reverse("void_project", args=[pk]), "danger"))
    return record_page(
        request, found, facts, title=found.name, title_en="International project", crumbs=[home()], deeds=deeds
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def record(request: ActorRequest) -> HttpResponse:
    """Record a project."""
    return deed_page(
        request,
        ProjectForm(request.POST or None, actor=request.actor),
        lambda data: record_project(
            actor=request.actor,
            organisation_id=data["organisation"].pk,
            **{name: value for name, value in data.items() if name != "organisation"},
        ),
        title="登记国际合作项目",
        title_en="Record an international project",
        done="已登记。 Recorded.",
        then=lambda made: _page(made.pk),
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("projects"),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say which day is a project's last."""
    found = find_project(request, pk)
    return deed_page(
        request,
        EndProjectForm(request.POST or None, actor=request.actor, initial={"until": found.until or clock.today()}),
        lambda data: end_project(actor=request.actor, project_id=pk, **data),
        title=f"更改有效期：{found}",
        title_en="Change the last day",
        done="已更改。 Changed.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "有效期"),
        cancel=_page(pk),
    )


@require_http_methods(METHODS)
@door(Right.EDIT_PARTNERSHIPS)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a project that never was."""
    found = find_project(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_project(actor=request.actor, project_id=pk, reason=data["reason"]),
        title=f"作废：{found}",
        title_en="Void a project",
        lead="作废表示从未有过，各年的数字都不再含它。 Void means that it never held.",
        done="已作废。 Voided.",
        then=lambda _: _page(pk),
        crumbs=_crumbs(found, "作废"),
        cancel=_page(pk),
        submit="作废 Void",
    )

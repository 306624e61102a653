"""Pages of the leading groups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.governance.models import GroupMember, LeadingGroup
from jineng.governance.queries import groups_of, members_of
from jineng.governance.verbs import add_member, dissolve_group, form_group
from jineng.governance.verbs.reach import may_change, require_change
from jineng.governance.web.filters import GroupFilters
from jineng.governance.web.forms import DissolveForm, GroupForm, MemberForm
from jineng.governance.web.tables import GroupTable
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.web.records import (
    VOID,
    VOID_MARK,
    Button,
    Cell,
    Section,
    Shown,
    organisation_cell,
    organisation_fact,
    posted,
    show,
)

FORM = ("GET", "POST")


def home() -> Crumb:
    """The way back to the groups."""
    return Crumb("领导小组", reverse("leading_groups"))


def _page(found: LeadingGroup) -> str:
    return reverse("leading_group", args=[found.pk])


def _find(request: ActorRequest, pk: UUID) -> Any:
    return get_object_or_404(groups_of(request.actor, standing=False), pk=pk)


@require_GET
@door(Right.VIEW_GOVERNANCE)
def group_list(request: ActorRequest) -> HttpResponse:
    """Leading groups in sight, the latest formed first."""
    standing = "validity" not in request.GET
    buttons = [Button("登记领导小组", "Record", reverse("form_group"), "primary")]
    return list_page(
        request,
        title="领导小组",
        title_en="Leading groups",
        rows=lambda: groups_of(request.actor, standing=standing).order_by("-formed_on"),
        table=GroupTable,
        filters=GroupFilters,
        crumbs=[Crumb("领导小组")],
        template="governance/list.html",
        context={"buttons": buttons if request.actor.may(Right.EDIT_GOVERNANCE) else []},
        empty="可见范围内还没有领导小组。 No groups in your sight yet.",
    )


@require_GET
@door(Right.VIEW_GOVERNANCE)
def group(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One group with its members."""
    found = _find(request, pk)
    if found.is_void:
        state = Fact("状态 State", VOID, kind=VOID_MARK, note=found.void_reason)
    elif found.dissolved_on is not None and found.dissolved_on <= clock.today():
        state = Fact("状态 State", "已撤销", kind="warn")
    else:
        state = Fact("状态 State", "在设", kind="ok")
    rows = [
        (
            organisation_cell(member.organisation_id, member.organisation_name),
            Cell(member.post_title or "（单位）"),
            Cell(member.get_role_display()),
            Cell(member.since, kind="date"),
            Cell(member.until or "", kind="date"),
        )
        for member in members_of(request.actor, found)
    ]
    members = Section(
        "成员", "Members", "members", ("单位 Organisation", "职务 Post", "角色 Role", "自 Since", "至 Until"), rows
    )
    buttons = []
    if request.actor.may(Right.EDIT_GOVERNANCE) and may_change(request.actor, found):
        buttons = [
            Button("增加成员", "Add a member", reverse("add_group_member", args=[pk]), "primary"),
            Button("撤销", "Dissolve", reverse("dissolve_group", args=[pk])),
            Button("作废", "Void", reverse("void_group", args=[pk]), "danger"),
        ]
    return show(
        request,
        Shown(
            found.name,
            "Leading group",
            [home(), Crumb(found.name)],
            [
                state,
                organisation_fact("成立单位 Formed by", found.organisation_id, found.organisation_name),
                Fact("级别 Level", found.get_level_display()),
                Fact("成立日期 Formed on", found.formed_on),
                Fact("撤销日期 Dissolved on", found.dissolved_on or ""),
                Fact("依据文号 Document", found.document),
            ],
            record=found,
            buttons=buttons,
            sections=[members],
        ),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def form(request: ActorRequest) -> HttpResponse:
    """Record a leading group."""

    def do(data: dict[str, Any]) -> LeadingGroup:
        return form_group(actor=request.actor, organisation_id=data.pop("organisation").pk, **data)

    return deed_page(
        request,
        GroupForm(posted(request), actor=request.actor),
        do,
        title="登记领导小组",
        title_en="Record a leading group",
        done="已登记。 Recorded.",
        then=_page,
        crumbs=[home(), Crumb("登记")],
        cancel=reverse("leading_groups"),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def add_one_member(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Name a member of a group."""
    found = _find(request, pk)
    require_change(request.actor, found)

    def do(data: dict[str, Any]) -> GroupMember:
        return add_member(actor=request.actor, group_id=pk, organisation_id=data.pop("organisation"), **data)

    return deed_page(
        request,
        MemberForm(posted(request), actor=request.actor),
        do,
        title=f"增加成员：{found.name}",
        title_en="Add a member",
        done="已增加。 Added.",
        then=lambda made: _page(found),
        crumbs=[home(), Crumb(found.name, _page(found)), Crumb("增加成员")],
        cancel=_page(found),
    )


@require_http_methods(FORM)
@door(Right.EDIT_GOVERNANCE)
def dissolve(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End a group."""
    found = _find(request, pk)
    require_change(request.actor, found)
    return deed_page(
        request,
        DissolveForm(posted(request), actor=request.actor, initial={"dissolved_on": clock.today()}),
        lambda data: dissolve_group(actor=request.actor, group_id=pk, **data),
        title=f"撤销：{found.name}",
        title_en="Dissolve",
        done="已撤销。 Dissolved.",
        then=_page,
        crumbs=[home(), Crumb(found.name, _page(found)), Crumb("撤销")],
        cancel=_page(found),
        submit="撤销 Dissolve",
    )

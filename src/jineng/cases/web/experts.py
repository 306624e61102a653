"""Pages of the experts whom panels call: the list, who is new, who is called no more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.cases.review_queries import experts_of
from jineng.cases.verbs import dismiss_expert, enter_expert
from jineng.cases.web.review_forms import ExpertForm, RecuseForm
from jineng.cases.web.review_tables import ExpertTable
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.web.records import posted

FORM = ("GET", "POST")


@require_GET
@door(Right.EDIT_PROCEDURES)
def expert_list(request: ActorRequest) -> HttpResponse:
    """Experts in sight."""
    return list_page(
        request,
        title="评审专家",
        title_en="Experts",
        lead="评审组从这里聘请专家。 Panels call their experts from here.",
        rows=lambda: experts_of(request.actor).order_by("account__display_name"),
        table=ExpertTable,
        crumbs=[Crumb("评审专家")],
        template="cases/experts.html",
        empty="还没有评审专家。 No experts yet.",
    )


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def expert(request: ActorRequest) -> HttpResponse:
    """Enter an expert."""
    return deed_page(
        request,
        ExpertForm(posted(request), actor=request.actor),
        lambda data: enter_expert(
            actor=request.actor, organisation_id=data["organisation"].pk,
            **{name: data[name] for name in ("username", "expertise", "most", "name", "number")},
        ),
        title="登记评审专家",
        title_en="Enter an expert",
        done="已登记。 Entered.",
        then=lambda made: reverse("experts"),
        crumbs=[Crumb("评审专家", reverse("experts")), Crumb("登记")],
        cancel=reverse("experts"),
    )  # fmt: skip


@require_http_methods(FORM)
@door(Right.EDIT_PROCEDURES)
def dismiss(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Call an expert no more."""
    found: Any = get_object_or_404(experts_of(request.actor), pk=pk)
    return deed_page(
        request,
        RecuseForm(posted(request), actor=request.actor, label="解聘原因 Reason"),
        lambda data: dismiss_expert(actor=request.actor, expert_id=pk, reason=data["reason"]),
        title=f"解聘评审专家：{found}",
        title_en="Dismiss an expert",
        lead="已提交的评审有效；未提交的在补充分配时交由他人。 What was handed in stands; the rest goes to others.",
        done="已解聘。 Dismissed.",
        then=lambda made: reverse("experts"),
        crumbs=[Crumb("评审专家", reverse("experts")), Crumb("解聘")],
        cancel=reverse("experts"),
        submit="解聘 Dismiss",
    )

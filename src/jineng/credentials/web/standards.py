"""Pages that change standards: record one or its next edition, withdraw it, strike it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.credentials.models import SkillStandard
from jineng.credentials.queries import standards_of
from jineng.credentials.verbs import publish_standard, void_standard, withdraw_standard
from jineng.credentials.verbs.reach import require_reporter
from jineng.credentials.web.deeds import FORM, require_standing
from jineng.credentials.web.forms import DayForm, ReasonForm, StandardForm
from jineng.credentials.web.pages import found_or_404
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest

STANDARDS = "职业技能等级标准"


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def add_standard(request: ActorRequest) -> HttpResponse:
    """Record a standard."""

    def do(data: dict[str, Any]) -> SkillStandard:
        developers = [(data.pop("developer").pk, data.pop("role"))]
        revised = data.pop("revises")
        return publish_standard(
            actor=request.actor, developers=developers, revises_id=revised.pk if revised else None, **data
        )

    return deed_page(
        request,
        StandardForm(request.POST or None, actor=request.actor),
        do,
        title="登记标准",
        title_en="Record a standard",
        done="已登记。 Recorded.",
        then=lambda made: reverse("skill_standard", args=[made.pk]),
        crumbs=[Crumb(STANDARDS, reverse("skill_standards")), Crumb("登记")],
        cancel=reverse("skill_standards"),
    )


def _standard(request: ActorRequest, pk: UUID) -> SkillStandard:
    found: SkillStandard = found_or_404(standards_of(request.actor), pk)
    require_standing(found)
    require_reporter(request.actor, found)
    return found


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def end_standard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Withdraw a standard from a day on."""
    found, page = _standard(request, pk), reverse("skill_standard", args=[pk])
    return deed_page(
        request,
        DayForm(request.POST or None, actor=request.actor),
        lambda data: withdraw_standard(actor=request.actor, standard_id=pk, **data),
        title=f"废止：{found.name}",
        title_en="Withdraw a standard",
        done="已废止。 Withdrawn.",
        then=lambda made: page,
        crumbs=[Crumb(STANDARDS, reverse("skill_standards")), Crumb(found.name, page), Crumb("废止")],
        cancel=page,
    )


@require_http_methods(FORM)
@door(Right.EDIT_CREDENTIALS)
def strike_standard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out a standard that never was."""
    found, page = _standard(request, pk), reverse("skill_standard", args=[pk])
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_standard(actor=request.actor, standard_id=pk, **data),
        title=f"作废：{found.name}",
        title_en="Void a standard",
        lead="作废表示从未有过，各年的数字都不再含它。 Void means that it never was.",
        done="已作废。 Voided.",
        then=lambda made: page,
        crumbs=[Crumb(STANDARDS, reverse("skill_standards")), Crumb(found.name, page), Crumb("作废")],
        cancel=page,
        submit="作废 Void",
    )

"""Pages that change: open, revoke, correct and void an offering."""

from __future__ import annotations

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
from jineng.majors.models import MajorOffering
from jineng.majors.verbs import correct_offering, open_offering, revoke_offering, void_offering
from jineng.majors.web.forms import CorrectForm, OpenForm, RevokeForm
from jineng.majors.web.pages import find_offering, home
from jineng.registry.web.forms import ReasonForm


def _page(made: MajorOffering) -> str:
    return reverse("offering", args=[made.pk])


def _crumbs(found: MajorOffering, last: str) -> list[Crumb]:
    return [home(), Crumb(str(found), _page(found)), Crumb(last)]


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_MAJORS)
def open_(request: ActorRequest) -> HttpResponse:
    """Record a new offering; ``?organisation=`` and ``?major=`` fill in codes."""
    given = {name: request.GET.get(name, "") for name in ("organisation", "major")}
    return deed_page(
        request,
        OpenForm(request.POST or None, actor=request.actor, initial=given),
        lambda data: open_offering(
            actor=request.actor,
            organisation_id=data["organisation"].pk,
            major=data["major"],
            duration_years=data["duration_years"],
            opened_on=data["opened_on"],
            document=data["document"],
        ),
        title="新增专业点",
        title_en="Open an offering",
        done="已登记。 Recorded.",
        then=_page,
        crumbs=[home(), Crumb("新增")],
        cancel=reverse("offerings"),
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_MAJORS)
def revoke(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End an offering from a day on."""
    found = find_offering(request, pk)
    return deed_page(
        request,
        RevokeForm(request.POST or None, actor=request.actor, initial={"revoked_on": clock.today()}),
        lambda data: revoke_offering(actor=request.actor, offering_id=pk, **data),
        title=f"撤销：{found}",
        title_en="Revoke an offering",
        lead="撤销自所填日期起生效，此前各年的数字不变；从未开设的请作废。 "
        "It takes effect from the day given and leaves earlier years as they were.",
        done="已撤销。 Revoked.",
        then=_page,
        crumbs=_crumbs(found, "撤销"),
        cancel=_page(found),
        submit="撤销 Revoke",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_MAJORS)
def correct(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Correct what was recorded wrongly."""
    found = find_offering(request, pk)
    now = {name: getattr(found, name) for name in ("duration_years", "opened_on", "revoked_on", "document")}
    return deed_page(
        request,
        CorrectForm(request.POST or None, actor=request.actor, initial=now),
        lambda data: correct_offering(actor=request.actor, offering_id=pk, **data),
        title=f"更正：{found}",
        title_en="Correct an offering",
        lead="更正会改变以往各年的数字，原来的内容留在历史里。 Figures of past years follow; what it said is kept.",
        done="已更正。 Corrected.",
        then=_page,
        crumbs=_crumbs(found, "更正"),
        cancel=_page(found),
        submit="更正 Correct",
    )


@require_http_methods(["GET", "POST"])
@door(Right.EDIT_MAJORS)
def void(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Strike out an offering that never held."""
    found = find_offering(request, pk)
    return deed_page(
        request,
        ReasonForm(request.POST or None, actor=request.actor),
        lambda data: void_offering(actor=request.actor, offering_id=pk, reason=data["reason"]),
        title=f"作废：{found}",
        title_en="Void an offering",
        lead="作废表示从未开设过，各年的数字都不再含它；停办请用撤销。 Void means that it never held.",
        done="已作废。 Voided.",
        then=_page,
        crumbs=_crumbs(found, "作废"),
        cancel=_page(found),
        submit="作废 Void",
    )

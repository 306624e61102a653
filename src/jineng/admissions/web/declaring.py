"""Pages by which the province declares: seasons, rounds, exempt categories, caps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jineng.admissions.models import Cap, Round
from jineng.admissions.verbs import add_round, cancel_round, declare_exempt, lift_cap, open_season, set_cap
from jineng.admissions.web import forms
from jineng.admissions.web.pages import find_season, seasons_home
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.requests import ActorRequest


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def open_(request: ActorRequest) -> HttpResponse:
    """Declare a season."""
    return deed_page(
        request,
        forms.SeasonForm(request.POST or None, actor=request.actor),
        lambda data: open_season(actor=request.actor, **data),
        title="公布招生季",
        title_en="Declare a season",
        done="已公布。 Declared.",
        then=lambda made: reverse("season", args=[made.pk]),
        crumbs=[seasons_home(), Crumb("公布")],
        cancel=reverse("seasons"),
    )


def _of_season(request: ActorRequest, pk: UUID, form: Any, do: Any, **texts: Any) -> HttpResponse:
    """A form on something of a season, which leads back to it."""
    found = find_season(request, pk)
    page = reverse("season", args=[pk])
    return deed_page(
        request,
        form,
        do,
        then=lambda made: page,
        crumbs=[seasons_home(), Crumb(found.name, page), Crumb(texts["title"])],
        cancel=page,
        **texts,
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def round_(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add a round to a season."""
    return _of_season(
        request,
        pk,
        forms.RoundForm(request.POST or None, actor=request.actor),
        lambda data: add_round(actor=request.actor, season_id=pk, **data | {"supplement": data["supplement"] or 0}),
        title="增加轮次",
        title_en="Add a round",
        done="已增加。 Added.",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def exempt(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Declare an exempt category of a season."""
    return _of_season(
        request,
        pk,
        forms.ExemptForm(request.POST or None, actor=request.actor),
        lambda data: declare_exempt(actor=request.actor, season_id=pk, **data),
        title="增加免试类别",
        title_en="Declare an exempt category",
        done="已增加。 Added.",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def cap(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Put a cap on the plans of a season."""

    def do(data: dict[str, Any]) -> Cap:
        organisation = data.pop("organisation")
        category = int(data.pop("category") or 0)
        return set_cap(
            actor=request.actor,
            season_id=pk,
            organisation_id=organisation.pk if organisation else None,
            category=category,
            **data,
        )

    return _of_season(
        request,
        pk,
        forms.CapForm(request.POST or None, actor=request.actor, initial={"issued_on": clock.today()}),
        do,
        title="下达计划限额",
        title_en="Set a cap",
        lead="全省合计、机构合计填人数；占机构计划比例填百分数。 Seats for totals, a percentage for shares.",
        done="已下达。 Set.",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def lift(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Lift a cap."""
    found = Cap.objects.filter(STANDS, pk=pk).first()
    if found is None:
        raise Http404
    return _of_season(
        request,
        found.season_id,
        forms.DayForm(request.POST or None, actor=request.actor, initial={"day": clock.today()}),
        lambda data: lift_cap(actor=request.actor, cap_id=pk, lifted_on=data["day"]),
        title=f"解除限额：{found}",
        title_en="Lift a cap",
        done="已解除。 Lifted.",
        submit="解除 Lift",
    )


@require_http_methods(["GET", "POST"])
@door(Right.DECIDE_ADMISSIONS)
def cancel(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Cancel a round."""
    found = Round.objects.filter(STANDS, pk=pk).first()
    if found is None:
        raise Http404
    return _of_season(
        request,
        found.season_id,
        forms.DayForm(request.POST or None, actor=request.actor, initial={"day": clock.today()}),
        lambda data: cancel_round(actor=request.actor, round_id=pk, cancelled_on=data["day"]),
        title=f"取消轮次：{found}",
        title_en="Cancel a round",
        lead="取消的轮次不计入轮次数。 A round that is cancelled is not counted.",
        done="已取消。 Cancelled.",
        submit="取消该轮 Cancel it",
    )

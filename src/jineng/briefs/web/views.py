"""The brief as a page: the live draft, releases, their files, and the list of indicators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jineng.briefs.composition import OVER_LABELS, number_text, unit_text
from jineng.briefs.models import Delivery, Release
from jineng.briefs.queries import brief_of, folder_of
from jineng.briefs.releasing import DOCUMENTS
from jineng.briefs.verbs import FIRST_YEAR, release_brief
from jineng.briefs.web.figures import Lookup, lookup_of, panel_of
from jineng.briefs.web.paper import mark_open
from jineng.briefs.wording import issue_in_the_making
from jineng.engines.documents.html import render_html
from jineng.engines.measures import Period
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.doors import door
from jineng.kernel.measures import indicators
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.requests import ActorRequest

TYPES = {
    "brief.html": "text/html",
    "brief.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "brief.pdf": "application/pdf",
    "manifest.json": "application/json",
}


@require_GET
@door(Right.VIEW_BRIEFS)
def index(request: ActorRequest) -> HttpResponse:
    """Years with a draft, and the releases of each."""
    releases = list(Release.objects.select_related("released_by"))
    years = sorted({release.year for release in releases} | {clock.today().year, 2021}, reverse=True)
    return render(
        request,
        "briefs/index.html",
        {
            "title": "简报",
            "title_en": "Briefs",
            "years": [
                {"year": year, "releases": [release for release in releases if release.year == year]} for year in years
            ],
        },
    )


@require_GET
@door(Right.VIEW_BRIEFS)
def draft(request: ActorRequest, year: int) -> HttpResponse:
    """The brief as the registers would have it at this moment."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    return _page(request, lookup_of(year=year))


@require_GET
@door(Right.VIEW_BRIEFS)
def released(request: ActorRequest, release_id: UUID) -> HttpResponse:
    """A released brief, computed from its own snapshot."""
    return _page(request, lookup_of(release_id=release_id))


def _page(request: ActorRequest, where: Lookup) -> HttpResponse:
    asked = request.GET.get("figure", "")
    brief = brief_of(where.desk, where.year, f"{where.page}?figure=", tail="#figure", release=where.release)
    return render(
        request,
        "briefs/brief.html",
        {
            "title": f"{where.year}年度简报",
            "crumbs": [Crumb("简报", reverse("briefs:index")), Crumb(where.label)],
            "where": where,
            "paper": mark_open(
                where.desk.keep(
                    ("paper", where.page), lambda: render_html(brief.document, mode="page", draft=where.release is None)
                ),
                asked,
            ),
            "brief": brief,
            "not_built": sum(item.state == "not_built" for item in brief.said),
            "panel": panel_of(where, asked),
            "figure_url": where.figure_url(asked) if asked else "",
            "records_url": where.records_url(asked) if asked else "",
            "documents": DOCUMENTS if where.release else [],
            **(_after(request.actor, where.release) if where.release else {"making": issue_in_the_making(where.year)}),
            "may_lead": request.actor.may(Right.RELEASE_BRIEFS),
        },
    )


def _after(actor: Actor, release: Release) -> dict[str, object]:
    """What came after a release: its errata, and the receipt of the actor's own organisation."""
    return {
        "errata": release.errata.all(),
        "delivery": Delivery.objects.filter(release=release, organisation=actor.organisation_id).first(),
    }


@require_POST
@door(Right.RELEASE_BRIEFS)
def release(request: ActorRequest, year: int) -> HttpResponse:
    """Release the year's brief as it stands."""
    try:
        done = release_brief(actor=request.actor, year=year, note=request.POST.get("note", "")[:300])
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
        return redirect("briefs:issue", year=year)
    messages.success(request, f"已发布{done}。 Released.")
    return redirect("briefs:released", release_id=done.pk)


@require_GET
@door(Right.VIEW_BRIEFS)
def released_file(request: ActorRequest, release_id: UUID, name: str) -> FileResponse:
    """A file of a release: HTML, Word, PDF or the sealed manifest."""
    release = Release.objects.filter(pk=release_id).first()
    if release is None or name not in TYPES:
        raise Http404
    path = folder_of(release) / name
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"),
        content_type=TYPES[name],
        as_attachment=name != "brief.html",
        filename=f"{release.year}年度简报-第{release.number}版{path.suffix}",
    )


@require_GET
@door(Right.VIEW_BRIEFS)
def indicator_list(request: ActorRequest) -> HttpResponse:
    """Every indicator with its definition and its value, this year beside last year."""
    year = _year_asked(request)
    where = lookup_of(year=year)
    periods = Period.year(year), Period.year(year - 1)
    keys = tuple(indicators.keys())
    values = where.desk.measure(tuple((key, period) for key in keys for period in periods))
    rows = [
        {
            "indicator": indicators.get(key),
            "over": OVER_LABELS[indicators.get(key).over],
            "now": number_text(values[key, periods[0]].value, indicators.get(key).unit),
            "before": number_text(values[key, periods[1]].value, indicators.get(key).unit),
            "unit": unit_text(indicators.get(key).unit),
            "url": reverse("briefs:figure", args=[year, key]),
        }
        for key in keys
    ]
    return render(
        request,
        "briefs/indicators.html",
        {"title": "指标", "title_en": "Indicators", "year": year, "rows": rows, "before": year - 1},
    )


def _year_asked(request: ActorRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else 2021
    return min(max(year, FIRST_YEAR), clock.today().year)

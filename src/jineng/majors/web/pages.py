"""Pages that show: the catalogue, offerings, one offering, one college's offerings."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_of_a_part
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.majors.models import MajorOffering
from jineng.majors.queries import catalogue, offering_history, offerings_of
from jineng.majors.web.filters import MajorFilters, OfferingFilters
from jineng.majors.web.tables import STATUS, STATUS_MARKS, MajorTable, OfferingTable
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.registry.web.records import origin_facts


def home() -> Crumb:
    """The way back to the list of offerings."""
    return Crumb("专业点", reverse("offerings"))


@require_GET
@door(Right.VIEW_MAJORS)
def major_list(request: ActorRequest) -> HttpResponse:
    """The catalogue."""
    return list_page(
        request,
        title="专业目录",
        title_en="Catalogue of majors",
        lead="国家职业教育专业目录及以后各年增补；年份带问号的只知其最早可能。 With its supplements.",
        rows=lambda: catalogue(),
        table=MajorTable,
        filters=MajorFilters,
        crumbs=[Crumb("专业目录")],
        empty="还没有载入专业目录。 No catalogue is loaded yet.",
    )


@require_GET
@door(Right.VIEW_MAJORS)
def offering_list(request: ActorRequest) -> HttpResponse:
    """Offerings within the actor's scope; void ones only where asked for."""
    return list_page(
        request,
        title="专业点",
        title_en="Offerings",
        lead="一行是一个机构以一种修业年限开设的一个专业；统计时一校一专业计一个。 "
        "One line per organisation, major and duration; figures count pairs of organisation and major.",
        rows=lambda: keys_of_a_part(request.actor, offerings_of(request.actor, standing="status" not in request.GET)),
        table=OfferingTable,
        filters=OfferingFilters,
        crumbs=[Crumb("专业点")],
        template="majors/offerings.html",
        empty="管辖范围内还没有专业点。 No offerings in your scope yet.",
    )


def find_offering(request: ActorRequest, pk: UUID) -> MajorOffering:
    """The offering within the actor's scope, void or not.

    Raises:
        Http404: there is none.
    """
    found = offerings_of(request.actor, standing=False).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@door(Right.VIEW_MAJORS)
def offering(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One offering: what it is, where it came from, what it said before."""
    found = find_offering(request, pk)
    major, organisation = found.major, found.organisation
    facts = [
        Fact("机构 Organisation", organisation.name, url=reverse("college_offerings", args=[organisation.pk])),
        Fact("专业 Major", major.name),
        Fact("专业代码 Code", major.full_code, kind="code"),
        Fact("专业大类 Category", major.category.name),
        Fact("专业类 Class", major.major_class.name),
        Fact("层次 Level", major.get_level_display()),
        Fact("修业年限 Duration", f"{found.duration_years.normalize():f}年"),
        Fact("开设日期 Opened on", str(found.opened_on)),
        Fact("撤销日期 Revoked on", str(found.revoked_on or "")),
        Fact("文号 Document", found.document),
        Fact("状态 State", STATUS[found.status], kind=STATUS_MARKS[found.status], note=found.void_reason),
        *origin_facts(request.actor, found),
    ]
    return render(
        request,
        "majors/offering.html",
        {
            "title": f"{organisation.name} · {major.name}",
            "crumbs": [
                home(),
                Crumb(organisation.name, reverse("college_offerings", args=[organisation.pk])),
                Crumb(major.name),
            ],
            "offering": found,
            "facts": facts,
            "told": offering_history(request.actor, pk),
            "may_change": request.actor.may(Right.EDIT_MAJORS) and not found.is_void,
        },
    )


@require_GET
@door(Right.VIEW_MAJORS)
def college(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What one organisation offers on a day (``?on=``; today unless said), by category."""
    organisation = visible(request.actor, Organisation).filter(pk=pk).first()
    if organisation is None:
        raise Http404
    day = _day(request.GET.get("on", "")) or clock.today()
    found = _in_order(offerings_of(request.actor, organisation_id=pk, on=day))
    groups = [
        (category, list(rows))
        for category, rows in groupby(found, key=lambda row: (row.major.get_level_display(), row.major.category))
    ]
    return render(
        request,
        "majors/college.html",
        {
            "title": organisation.name,
            "title_en": "Offerings",
            "crumbs": [home(), Crumb(organisation.name)],
            "organisation": organisation,
            "day": day,
            "groups": groups,
            "pairs": len({row.major_id for row in found}),
            "may_open": request.actor.may(Right.EDIT_MAJORS),
        },
    )


def _in_order(offerings: QuerySet[MajorOffering]) -> list[MajorOffering]:
    return list(
        offerings.order_by("major__level", "major__category__number", "major__code", "duration_years", "opened_on")
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None

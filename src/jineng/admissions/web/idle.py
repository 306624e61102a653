"""The early warning: offerings of colleges that had no intake for a year or two."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from jineng.admissions.idle_queries import idle_offerings
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.columns import ListColumn
from jineng.kernel.web.components import Crumb, mark_of
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.majors.models import MajorOffering
from jineng.majors.queries import matches_major
from jineng.majors.web.tables import OfferingTable

WORDS = {1: "一年未招生", 2: "连续两年未招生"}
MARKS = {1: "warn", 2: "red"}
YEARS = ((1, "一年 One year"), (2, "连续两年 Two years in a row"))


class IdleTable(OfferingTable):
    """Offerings as the room of majors lists them, and for how long they have been without an intake."""

    last_year = ListColumn(verbose_name="最近招生或开设 Last intake or opening")
    idle_years = ListColumn(verbose_name="预警 Warning")

    def render_idle_years(self, value: int) -> str:
        """For how long, as a mark."""
        return mark_of(MARKS[value], WORDS[value])

    def value_idle_years(self, value: int) -> str:
        """The same in exports."""
        return WORDS[value]

    class Meta:
        """The longest idle first."""

        model = MajorOffering
        fields: tuple[str, ...] = ()
        order_by = ("-idle_years", "organisation")
        sequence = ("organisation", "major", "...")
        exclude = ("level", "category", "revoked_on", "document", "status")


class IdleFilters(django_filters.FilterSet):
    """By college, major, and for how long."""

    organisation = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", label="机构 College"
    )
    major = django_filters.CharFilter(method="by_major", label="专业名称或代码 Major")
    years = django_filters.ChoiceFilter(field_name="idle_years", choices=YEARS, label="未招生 Without intake")

    def by_major(self, rows: QuerySet[MajorOffering], name: str, value: str) -> QuerySet[MajorOffering]:
        """Part of the name, or the start of the code."""
        return rows.filter(matches_major(value, "major__"))

    class Meta:
        """Only what stands above."""

        model = MajorOffering
        fields: tuple[str, ...] = ()


@require_GET
@door(Right.VIEW_ADMISSIONS)
def idle_list(request: ActorRequest) -> HttpResponse:
    """Offerings of colleges in sight without an intake for a year or two."""
    return list_page(
        request,
        title="未招生预警",
        title_en="Without intake",
        lead="高职专业点一年或连续两年没有录取；满三年须重新申报才能招生。 "
        "After three years without an intake an offering has to be applied for anew.",
        rows=lambda: idle_offerings(request.actor, clock.today()),
        table=IdleTable,
        filters=IdleFilters,
        crumbs=[Crumb("未招生预警")],
        empty="管辖范围内的高职专业点近年都有录取。 Every offering of colleges in your scope had an intake.",
    )

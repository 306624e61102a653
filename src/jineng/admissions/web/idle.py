"""The early warning: offerings of colleges that had no intake for a year or two."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_GET
from django_tables2 import A, Table

from jineng.admissions.idle_queries import idle_offerings
from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn
from jineng.kernel.web.components import Crumb, mark_of
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.majors.models import MajorOffering
from jineng.majors.queries import matches_major
from jineng.majors.web.tables import YearsColumn

WORDS = {1: "一年未招生", 2: "连续两年未招生"}
MARKS = {1: "warn", 2: "red"}
YEARS = ((1, "一年 One year"), (2, "连续两年 Two years in a row"))


class IdleTable(Table):
    """Offerings without an intake, each a door."""

    organisation = ListColumn(
        verbose_name="机构 College",
        accessor="organisation__name",
        order_by=("organisation__code",),
        linkify=("college_offerings", {"pk": A("organisation_id")}),
    )
    major = ListColumn(
        verbose_name="专业 Major",
        accessor="major__name",
        order_by=("major__code",),
        linkify=("offering", {"pk": A("pk")}),
    )
    code = CodeColumn(verbose_name="代码 Code", accessor="major__full_code", order_by=("major__code",))
    duration_years = YearsColumn(verbose_name="年限 Years")
    opened_on = DateColumn(verbose_name="开设 Opened")
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

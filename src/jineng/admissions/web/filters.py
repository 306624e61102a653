"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from jineng.admissions.kinds import ApplicantCategory, Channel, Pool, ProgrammeLevel, SeasonKind
from jineng.admissions.models import Admission, Plan, Season
from jineng.admissions.queries import HOLDS_A_SEAT, WAITING
from jineng.kernel.records import STANDS

PLAN_STATES = (
    ("filed", "待核准 Filed"),
    ("accepted", "已核准 Accepted"),
    ("withdrawn", "已撤回 Withdrawn"),
    ("void", "已作废 Void"),
)
STATES = (
    ("confirmed", "已确认 Confirmed"),
    ("open", "未确认 Not yet confirmed"),
    ("ended", "已终止 Ended"),
    ("void", "已作废 Void"),
)
YEARS: dict[str, Any] = {"min_value": 1990, "max_value": 2100, "label": "年度 Year"}


def seasons_to_choose() -> list[tuple[str, str]]:
    """Seasons by code and name, the latest first."""
    return list(Season.objects.filter(STANDS).order_by("-year", "code").values_list("code", "name"))


class SeasonFilters(django_filters.FilterSet):
    """By kind and year."""

    kind = django_filters.ChoiceFilter(choices=SeasonKind.choices, label="类别 Kind")
    year = django_filters.NumberFilter(**YEARS)

    class Meta:
        """Only what stands above."""

        model = Season
        fields: tuple[str, ...] = ()


class _FollowingInstitutions(django_filters.FilterSet):
    """What lists of plans and of admissions are asked alike."""

    def by_organisation(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the institution's name, or the start of its code."""
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code__startswith=value))


class PlanFilters(_FollowingInstitutions):
    """By institution, season, year, programme, level, way in, pool, state."""

    organisation = django_filters.CharFilter(method="by_organisation", label="招生机构 Institution")
    season = django_filters.ChoiceFilter(field_name="season__code", choices=seasons_to_choose, label="招生季 Season")
    year = django_filters.NumberFilter(field_name="season__year", **YEARS)
    programme = django_filters.CharFilter(method="by_programme", label="专业名称或代码 Programme")
    level = django_filters.ChoiceFilter(choices=ProgrammeLevel.choices, label="层次 Level")
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label="途径 Way in")
    pool = django_filters.ChoiceFilter(choices=Pool.choices, label="计划性质 Pool")
    status = django_filters.ChoiceFilter(method="by_status", choices=PLAN_STATES, label="状态 State")

    def by_programme(self, rows: QuerySet[Plan], name: str, value: str) -> QuerySet[Plan]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(programme_name__icontains=value) | Q(programme_code__startswith=value))

    def by_status(self, rows: QuerySet[Plan], name: str, value: str) -> QuerySet[Plan]:
        """Void ones only where asked for."""
        if value == "void":
            return rows.exclude(STANDS)
        chosen = {
            "filed": WAITING,
            "accepted": Q(accepted_on__isnull=False, withdrawn_on__isnull=True),
            "withdrawn": Q(withdrawn_on__isnull=False),
        }
        return rows.filter(STANDS, chosen[value])

    class Meta:
        """Only what stands above."""

        model = Plan
        fields: tuple[str, ...] = ()


class AdmissionFilters(_FollowingInstitutions):
    """By institution, season, year, programme, category of applicant, state."""

    organisation = django_filters.CharFilter(method="by_organisation", label="招生机构 Institution")
    season = django_filters.ChoiceFilter(
        field_name="plan__season__code", choices=seasons_to_choose, label="招生季 Season"
    )
    year = django_filters.NumberFilter(field_name="plan__season__year", **YEARS)
    programme = django_filters.CharFilter(method="by_programme", label="专业名称或代码 Programme")
    category = django_filters.ChoiceFilter(
        field_name="applicant__category", choices=ApplicantCategory.choices, label="考生类别 Category"
    )
    status = django_filters.ChoiceFilter(method="by_status", choices=STATES, label="状态 State")

    def by_programme(self, rows: QuerySet[Admission], name: str, value: str) -> QuerySet[Admission]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(plan__programme_name__icontains=value) | Q(plan__programme_code__startswith=value))

    def by_status(self, rows: QuerySet[Admission], name: str, value: str) -> QuerySet[Admission]:
        """Void ones only where asked for."""
        if value == "void":
            return rows.exclude(STANDS)
        chosen = {
            "confirmed": HOLDS_A_SEAT,
            "open": Q(confirmed_on__isnull=True, ended_on__isnull=True),
            "ended": Q(ended_on__isnull=False),
        }
        return rows.filter(STANDS, chosen[value])

    class Meta:
        """Only what stands above."""

        model = Admission
        fields: tuple[str, ...] = ()

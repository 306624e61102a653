"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet

from jineng.kernel.records import STANDS
from jineng.partnerships.countries import country_code
from jineng.partnerships.kinds import AgreementKind, BodyKind, ClusterField, ProjectKind
from jineng.partnerships.models import Agreement, AgreementParty, AgreementTerm, Body, Cluster, InternationalProject
from jineng.partnerships.queries import being_on, in_force_on

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATUS = (("standing", "未作废 Standing"), ("void", "已作废 Void"), ("all", "全部 All"))
Rows = QuerySet[Any]


class RecordFilters(django_filters.FilterSet):
    """What every list of the room is filtered by: name or code, whose it is, standing or void."""

    q = django_filters.CharFilter(method="by_text", label="名称或编号 Name or code")
    organisation = django_filters.CharFilter(method="by_organisation", label="单位 Organisation")
    status = django_filters.ChoiceFilter(
        method="by_status", choices=STATUS, empty_label=None, null_label=None, label="状态 State"
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not data.get("status"):
            data = data.copy()
            data["status"] = STATUS[0][0]
        super().__init__(data, *args, **kwargs)

    def by_text(self, rows: Rows, name: str, value: str) -> Rows:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    def by_organisation(self, rows: Rows, name: str, value: str) -> Rows:
        """Part of the name of whoever keeps it, or the start of its code."""
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code__startswith=value))

    def by_status(self, rows: Rows, name: str, value: str) -> Rows:
        """Standing, void, or both."""
        if value == "all":
            return rows
        return rows.filter(STANDS) if value == "standing" else rows.exclude(STANDS)

    class Meta:
        """Only what stands above."""

        model: type[Model] = Agreement
        fields: tuple[str, ...] = ()


class AgreementFilters(RecordFilters):
    """By party, kind, day in force, last day."""

    party = django_filters.CharFilter(method="by_party", label="签约方 Party")
    kind = django_filters.ChoiceFilter(choices=AgreementKind.choices, label="类别 Kind")
    on = django_filters.DateFilter(method="by_day", widget=DAY, label="有效于 In force on")
    ends_by = django_filters.DateFilter(method="by_end", widget=DAY, label="到期不晚于 Ends by")

    def by_party(self, rows: Rows, name: str, value: str) -> Rows:
        """Part of a party's name."""
        return rows.filter(pk__in=AgreementParty.objects.filter(STANDS, name__icontains=value).values("agreement"))

    def by_day(self, rows: Rows, name: str, value: Any) -> Rows:
        """In force on that day."""
        return rows.filter(in_force_on(value))

    def by_end(self, rows: Rows, name: str, value: Any) -> Rows:
        """Whose last term ends by that day."""
        running_on = AgreementTerm.objects.filter(STANDS).filter(Q(until__isnull=True) | Q(until__gt=value))
        ended = AgreementTerm.objects.filter(STANDS, until__lte=value)
        return rows.filter(pk__in=ended.values("agreement")).exclude(pk__in=running_on.values("agreement"))


class BodyFilters(RecordFilters):
    """By kind, day in being."""

    kind = django_filters.ChoiceFilter(choices=BodyKind.choices, label="类别 Kind")
    on = django_filters.DateFilter(method="by_day", widget=DAY, label="存续于 In being on")

    def by_day(self, rows: Rows, name: str, value: Any) -> Rows:
        """In being on that day."""
        return rows.filter(being_on(value))

    class Meta(RecordFilters.Meta):
        """Of bodies."""

        model = Body


class ProjectFilters(RecordFilters):
    """By kind, country, day in force, Belt and Road."""

    kind = django_filters.ChoiceFilter(choices=ProjectKind.choices, label="类别 Kind")
    country = django_filters.CharFilter(method="by_country", label="国别 Country")
    on = django_filters.DateFilter(method="by_day", widget=DAY, label="有效于 In force on")
    belt_and_road = django_filters.BooleanFilter(label="“一带一路” Belt and Road")

    def by_country(self, rows: Rows, name: str, value: str) -> Rows:
        """The country by its name or two letters."""
        return rows.filter(country=country_code(value) or "")

    def by_day(self, rows: Rows, name: str, value: Any) -> Rows:
        """In force on that day."""
        return rows.filter(since__lte=value).filter(Q(until__isnull=True) | Q(until__gte=value))

    class Meta(RecordFilters.Meta):
        """Of projects."""

        model = InternationalProject


class ClusterFilters(RecordFilters):
    """By industry."""

    field = django_filters.ChoiceFilter(choices=ClusterField.choices, label="产业领域 Industry")

    class Meta(RecordFilters.Meta):
        """Of clusters."""

        model = Cluster

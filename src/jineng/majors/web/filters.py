"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from jineng.kernel.records import STANDS
from jineng.majors.kinds import MajorLevel
from jineng.majors.models import CatalogueEdition, Category, Major, MajorOffering
from jineng.majors.queries import being_on, matches_major

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATUS = (("standing", "未作废 Standing"), ("void", "已作废 Void"), ("all", "全部 All"))


def _categories() -> list[tuple[int, str]]:
    """The categories of the newest edition, by number."""
    rows = Category.objects.order_by("number", "edition").values_list("number", "name")
    return list(dict(rows).items())


class OfferingFilters(django_filters.FilterSet):
    """By organisation, major, category, level, day in being, year opened or revoked, state."""

    organisation = django_filters.CharFilter(method="by_organisation", label="机构 Organisation")
    major = django_filters.CharFilter(method="by_major", label="专业名称或代码 Major")
    category = django_filters.TypedChoiceFilter(
        field_name="major__category__number", choices=_categories, coerce=int, label="专业大类 Category"
    )
    level = django_filters.ChoiceFilter(field_name="major__level", choices=MajorLevel.choices, label="层次 Level")
    on = django_filters.DateFilter(method="by_day", widget=DAY, label="在办于 In being on")
    added = django_filters.NumberFilter(
        method="by_year", field_name="opened_on", min_value=1900, max_value=2200, label="开设年份 Year opened"
    )
    revoked = django_filters.NumberFilter(
        method="by_year", field_name="revoked_on", min_value=1900, max_value=2200, label="撤销年份 Year revoked"
    )
    status = django_filters.ChoiceFilter(
        method="by_status", choices=STATUS, empty_label=None, null_label=None, label="状态 State"
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not data.get("status"):
            data = data.copy()
            data["status"] = STATUS[0][0]
        super().__init__(data, *args, **kwargs)

    def by_organisation(self, rows: QuerySet[MajorOffering], name: str, value: str) -> QuerySet[MajorOffering]:
        """Part of the organisation's name, or the start of its code."""
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code__startswith=value))

    def by_major(self, rows: QuerySet[MajorOffering], name: str, value: str) -> QuerySet[MajorOffering]:
        """The start of the major's code, or part of its name or class."""
        return rows.filter(matches_major(value, "major__"))

    def by_day(self, rows: QuerySet[MajorOffering], name: str, value: Any) -> QuerySet[MajorOffering]:
        """In being on that day."""
        return rows.filter(being_on(value))

    def by_year(self, rows: QuerySet[MajorOffering], name: str, value: Any) -> QuerySet[MajorOffering]:
        """The date lies in that year."""
        return rows.filter(**{f"{name}__year": int(value)})

    def by_status(self, rows: QuerySet[MajorOffering], name: str, value: str) -> QuerySet[MajorOffering]:
        """Standing, void, or both."""
        if value == "all":
            return rows
        return rows.filter(STANDS) if value == "standing" else rows.exclude(STANDS)

    class Meta:
        """Only what stands above."""

        model = MajorOffering
        fields: tuple[str, ...] = ()


class MajorFilters(django_filters.FilterSet):
    """By text, edition, level, category, state control."""

    q = django_filters.CharFilter(method="by_text", label="专业名称或代码 Name or code")
    edition = django_filters.ModelChoiceFilter(queryset=CatalogueEdition.objects.all(), label="版次 Edition")
    level = django_filters.ChoiceFilter(choices=MajorLevel.choices, label="层次 Level")
    category = django_filters.TypedChoiceFilter(
        field_name="category__number", choices=_categories, coerce=int, label="专业大类 Category"
    )
    state_controlled = django_filters.BooleanFilter(label="国控专业 State-controlled")

    def by_text(self, rows: QuerySet[Major], name: str, value: str) -> QuerySet[Major]:
        """The start of the code, or part of the name or class."""
        return rows.filter(matches_major(value))

    class Meta:
        """Only what stands above."""

        model = Major
        fields: tuple[str, ...] = ()

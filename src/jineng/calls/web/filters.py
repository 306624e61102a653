"""Filters of the room's lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from jineng.calls.kinds import Level, Status
from jineng.calls.models import Award, Call
from jineng.calls.queries import having_status_on
from jineng.kernel import clock
from jineng.kernel.records import STANDS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
VALIDITY = (("standing", "未作废 Standing"), ("void", "已作废 Void"), ("all", "全部 All"))


def _calls() -> list[tuple[str, str]]:
    return list(Call.objects.filter(STANDS).order_by("name").values_list("code", "name"))


class CallFilters(django_filters.FilterSet):
    """By text and level."""

    q = django_filters.CharFilter(method="by_text", label="名称或代码 Name or code")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="级别 Level")

    def by_text(self, rows: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    class Meta:
        """Only what stands above."""

        model = Call
        fields: tuple[str, ...] = ()


class AwardFilters(django_filters.FilterSet):
    """By text, call, level, status on a day, year of the batch, organisation, and whether it was struck out."""

    q = django_filters.CharFilter(method="by_text", label="名称或项目编号 Title or number")
    call = django_filters.ChoiceFilter(field_name="batch__call__code", choices=_calls, label="遴选 Call")
    batch = django_filters.NumberFilter(field_name="batch__number", min_value=1, max_value=200, label="批次 Batch")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="级别 Level")
    status = django_filters.ChoiceFilter(method="by_status", choices=Status.choices, label="状态 Status")
    on = django_filters.DateFilter(method="unchanged", widget=DAY, label="状态日期 Status on")
    year = django_filters.NumberFilter(
        field_name="batch__year", min_value=1990, max_value=2100, label="年度 Year of the batch"
    )
    organisation = django_filters.CharFilter(method="by_organisation", label="责任单位 Responsible")
    validity = django_filters.ChoiceFilter(
        method="by_validity", choices=VALIDITY, empty_label=None, null_label=None, label="是否作废 Void"
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not data.get("validity"):
            data = data.copy()
            data["validity"] = VALIDITY[0][0]
        super().__init__(data, *args, **kwargs)

    def by_text(self, rows: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        """Part of the title, or the start of the project number."""
        return rows.filter(Q(title__icontains=value) | Q(project_number__startswith=value))

    def by_status(self, rows: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        """The status on the day asked for, today if none."""
        day: date = self.form.cleaned_data.get("on") or clock.today()
        return having_status_on(rows, value, day)

    def unchanged(self, rows: QuerySet[Award], name: str, value: date) -> QuerySet[Award]:
        """The day says when the status is looked at; by itself it leaves nothing out."""
        return rows

    def by_organisation(self, rows: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        """Part of the organisation's name, or the start of its code."""
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code__startswith=value))

    def by_validity(self, rows: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        """Standing, void, or both."""
        if value == "all":
            return rows
        return rows.filter(STANDS) if value == "standing" else rows.exclude(STANDS)

    class Meta:
        """Only what stands above."""

        model = Award
        fields: tuple[str, ...] = ()

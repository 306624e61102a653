"""Filters of the room's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from jineng.kernel.records import STANDS
from jineng.registry.models import Organisation
from jineng.workforce.kinds import Autonomy, ConditionKind, DualLevel, TeacherKind
from jineng.workforce.models import AutonomyGrant, Recognition, Teacher
from jineng.workforce.queries import held_on
from jineng.workforce.rules import Standing

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
VALIDITY = (("standing", "未作废 Standing"), ("void", "已作废 Void"), ("all", "全部 All"))
STATES = (
    ("ready", "可认定 Could be recognised"),
    ("lacking", "尚有欠缺 Lacking something"),
    ("recognised", "已认定 Recognised"),
)


class _Dated(django_filters.FilterSet):
    """By organisation and validity; ``since`` and ``until`` name the columns that ``on`` asks."""

    dates = ("since", "until")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not data.get("validity"):
            data = data.copy()
            data["validity"] = VALIDITY[0][0]
        super().__init__(data, *args, **kwargs)

    def by_organisation(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the organisation's name, or the start of its code."""
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code__startswith=value))

    def by_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Holding on that day."""
        return rows.filter(held_on(value, *self.dates))

    def by_validity(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Standing, void, or both."""
        if value == "all":
            return rows
        return rows.filter(STANDS) if value == "standing" else rows.exclude(STANDS)


def _organisation(label: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(method="by_organisation", label=label)


def _day(label: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(method="by_day", widget=DAY, label=label)


def _validity() -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        method="by_validity", choices=VALIDITY, empty_label=None, null_label=None, label="状态 State"
    )


class TeacherFilters(_Dated):
    """By school, kind, field, day, validity."""

    organisation = _organisation("学校 School")
    kind = django_filters.ChoiceFilter(choices=TeacherKind.choices, label="类别 Kind")
    field = django_filters.CharFilter(lookup_expr="icontains", label="任教专业 Field")
    on = _day("在任于 Teaching on")
    validity = _validity()

    class Meta:
        """Only what stands above."""

        model = Teacher
        fields: tuple[str, ...] = ()


class RecognitionFilters(_Dated):
    """By school, level, day, validity."""

    dates = ("recognised_on", "until")
    organisation = _organisation("学校 School")
    level = django_filters.ChoiceFilter(choices=DualLevel.choices, label="等级 Level")
    on = _day("有效于 Valid on")
    validity = _validity()

    class Meta:
        """Only what stands above."""

        model = Recognition
        fields: tuple[str, ...] = ()


class AutonomyFilters(_Dated):
    """By institution, autonomy, day, validity."""

    dates = ("granted_on", "revoked_on")
    organisation = _organisation("机构 Institution")
    autonomy = django_filters.ChoiceFilter(choices=Autonomy.choices, label="自主权 Autonomy")
    on = _day("有效于 In force on")
    validity = _validity()

    class Meta:
        """Only what stands above."""

        model = AutonomyGrant
        fields: tuple[str, ...] = ()


class SchoolFilters(django_filters.FilterSet):
    """By name or code."""

    q = django_filters.CharFilter(method="by_text", label="学校名称或代码 Name or code")

    def by_text(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    class Meta:
        """Only what stands above."""

        model = Organisation
        fields: tuple[str, ...] = ()


class CandidateFilters(django_filters.FilterSet):
    """By the level looked at, how teachers stand to it, what they lack for it, and their kind."""

    level = django_filters.ChoiceFilter(choices=DualLevel.choices, method="by_standing", label="等级 Level")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_standing", label="情况 Standing")
    lack = django_filters.ChoiceFilter(choices=ConditionKind.choices, method="by_standing", label="欠缺 Lacking")
    kind = django_filters.ChoiceFilter(choices=TeacherKind.choices, label="类别 Kind")
    on = django_filters.DateFilter(method="as_judged", widget=DAY, label="按哪一天 As of")

    def __init__(self, *args: Any, standings: Mapping[UUID, Standing], **kwargs: Any) -> None:
        self.standings = standings
        super().__init__(*args, **kwargs)

    def as_judged(self, rows: QuerySet[Teacher], name: str, value: Any) -> QuerySet[Teacher]:
        """All of them: the page has judged them by this day already."""
        return rows

    def by_standing(self, rows: QuerySet[Teacher], name: str, value: str) -> QuerySet[Teacher]:
        """Those of whom the choice holds; without a level, of the level that each could reach or comes next."""
        level = self.form.cleaned_data.get("level") or ""
        return rows.filter(pk__in=[pk for pk, one in self.standings.items() if _holds(one, name, value, level)])

    class Meta:
        """Only what stands above."""

        model = Teacher
        fields: tuple[str, ...] = ()


def _holds(standing: Standing, name: str, value: str, level: str) -> bool:
    assessment = standing.at(level) if level else standing.next
    if name == "level":
        return assessment is not None
    if name == "lack":
        return assessment is not None and value in assessment.lacks
    if value == "recognised":
        return standing.recognised == level if level else bool(standing.recognised)
    if value == "ready":
        return assessment is not None and assessment.ready if level else bool(standing.reachable)
    return assessment is not None and not assessment.ready

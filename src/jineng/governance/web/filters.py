"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from jineng.governance.kinds import Level, OccasionKind, TaskState
from jineng.governance.models import Assignment, LeadingGroup, Occasion, Policy, PressItem
from jineng.governance.rules import OWED
from jineng.governance.topics import ALL as TOPICS
from jineng.kernel import clock
from jineng.kernel.records import STANDS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TOPIC_CHOICES = [(topic.code, topic.name) for topic in TOPICS]
VALIDITY = (("standing", "未作废 Standing"), ("void", "已作废 Void"), ("all", "全部 All"))
WHICH = (("mine", "我承办的 Mine"), ("given", "我下达的 Given by me"))


class ValidityFilters(django_filters.FilterSet):
    """Standing records unless void ones are asked for."""

    validity = django_filters.ChoiceFilter(
        method="by_validity", choices=VALIDITY, empty_label=None, null_label=None, label="是否作废 Void"
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not data.get("validity"):
            data = data.copy()
            data["validity"] = VALIDITY[0][0]
        super().__init__(data, *args, **kwargs)

    def by_validity(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Standing, void, or both."""
        if value == "all":
            return rows
        return rows.filter(STANDS) if value == "standing" else rows.exclude(STANDS)


class PolicyFilters(ValidityFilters):
    """By text, topic, level, year of issue, and what is in force on a day."""

    q = django_filters.CharFilter(method="by_text", label="标题或文号 Title or number")
    topic = django_filters.ChoiceFilter(choices=TOPIC_CHOICES, label="主题 Topic")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="级别 Level")
    year = django_filters.NumberFilter(
        field_name="issued_on__year", min_value=1990, max_value=2100, label="印发年份 Year of issue"
    )
    on = django_filters.DateFilter(method="in_force", widget=DAY, label="有效于 In force on")

    def by_text(self, rows: QuerySet[Policy], name: str, value: str) -> QuerySet[Policy]:
        """Part of the title or of the number."""
        return rows.filter(Q(title__icontains=value) | Q(number__icontains=value))

    def in_force(self, rows: QuerySet[Policy], name: str, value: Any) -> QuerySet[Policy]:
        """Issued by then and not repealed by then."""
        return rows.filter(issued_on__lte=value).filter(Q(repealed_on__isnull=True) | Q(repealed_on__gt=value))

    class Meta:
        """Only what stands above."""

        model = Policy
        fields: tuple[str, ...] = ()


class GroupFilters(ValidityFilters):
    """By name, level, and what is in being on a day."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="名称 Name")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="级别 Level")
    on = django_filters.DateFilter(method="in_being", widget=DAY, label="在设于 In being on")

    def in_being(self, rows: QuerySet[LeadingGroup], name: str, value: Any) -> QuerySet[LeadingGroup]:
        """Formed by then and not dissolved by then."""
        return rows.filter(formed_on__lte=value).filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=value))

    class Meta:
        """Only what stands above."""

        model = LeadingGroup
        fields: tuple[str, ...] = ()


class ShareFilters(django_filters.FilterSet):
    """By task, whose they are, state, and whether they are overdue."""

    q = django_filters.CharFilter(method="by_text", label="任务或编号 Task or number")
    which = django_filters.ChoiceFilter(method="by_side", choices=WHICH, label="范围 Which")
    state = django_filters.ChoiceFilter(field_name="progress__state", choices=TaskState.choices, label="状态 State")
    overdue = django_filters.BooleanFilter(method="by_lateness", label="逾期 Overdue")

    def by_text(self, rows: QuerySet[Assignment], name: str, value: str) -> QuerySet[Assignment]:
        """Part of the task's title, or its number."""
        return rows.filter(Q(task__title__icontains=value) | Q(task__number__icontains=value))

    def by_side(self, rows: QuerySet[Assignment], name: str, value: str) -> QuerySet[Assignment]:
        """What one's own organisation received, or gave."""
        own = self.request.actor.organisation_id
        return rows.filter(receiver=own) if value == "mine" else rows.filter(giver=own)

    def by_lateness(self, rows: QuerySet[Assignment], name: str, value: bool) -> QuerySet[Assignment]:
        """What is owed and past its day, or everything else."""
        late = Q(progress__state__in=OWED, due_on__lt=clock.today(), task__withdrawn_on__isnull=True)
        return rows.filter(late) if value else rows.exclude(late)

    class Meta:
        """Only what stands above."""

        model = Assignment
        fields: tuple[str, ...] = ()


class PressFilters(ValidityFilters):
    """By text, level, topic and year."""

    q = django_filters.CharFilter(method="by_text", label="标题或媒体 Title or outlet")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="级别 Level")
    topic = django_filters.ChoiceFilter(choices=TOPIC_CHOICES, label="主题 Topic")
    year = django_filters.NumberFilter(
        field_name="published_on__year", min_value=1990, max_value=2100, label="年份 Year"
    )

    def by_text(self, rows: QuerySet[PressItem], name: str, value: str) -> QuerySet[PressItem]:
        """Part of the title or of the outlet."""
        return rows.filter(Q(title__icontains=value) | Q(outlet__icontains=value))

    class Meta:
        """Only what stands above."""

        model = PressItem
        fields: tuple[str, ...] = ()


class OccasionFilters(ValidityFilters):
    """By name, kind, level and year."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="名称 Name")
    kind = django_filters.ChoiceFilter(choices=OccasionKind.choices, label="类别 Kind")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="级别 Level")
    year = django_filters.NumberFilter(field_name="begins_on__year", min_value=1990, max_value=2100, label="年份 Year")

    class Meta:
        """Only what stands above."""

        model = Occasion
        fields: tuple[str, ...] = ()

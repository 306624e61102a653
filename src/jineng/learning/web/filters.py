"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.learning.kinds import ClassStatus, CourseKind, Department, Mode
from jineng.learning.models import Course, CourseOffering, FieldState
from jineng.learning.queries import being, field_names

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STANDING = (("standing", "未作废 Standing"), ("void", "已作废 Void"), ("all", "全部 All"))


def _fields() -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in field_names().items()]


class ClassFilters(django_filters.FilterSet):
    """By organiser, course, department, status, kind of course, field, mode, day, year."""

    organiser = django_filters.CharFilter(method="by_organiser", label="举办机构 Organiser")
    course = django_filters.CharFilter(method="by_course", label="课程或班次编号 Course or number")
    department = django_filters.ChoiceFilter(choices=Department.choices, label="经费部门 Department")
    status = django_filters.ChoiceFilter(method="by_status", choices=ClassStatus.choices, label="状态 State")
    kind = django_filters.ChoiceFilter(
        field_name="course__kind", choices=CourseKind.choices, label="课程类型 Kind of course"
    )
    field = django_filters.ChoiceFilter(field_name="course__field_code", choices=_fields, label="领域 Field")
    mode = django_filters.ChoiceFilter(choices=Mode.choices, label="方式 Mode")
    on = django_filters.DateFilter(method="by_day", widget=DAY, label="在班于 Held on")
    year = django_filters.NumberFilter(
        field_name="starts_on__year", min_value=1900, max_value=2200, label="开班年份 Year begun"
    )

    def by_organiser(self, rows: QuerySet[CourseOffering], name: str, value: str) -> QuerySet[CourseOffering]:
        """Part of the organiser's name, or the start of its code."""
        return rows.filter(Q(organiser__name__icontains=value) | Q(organiser__code__startswith=value))

    def by_course(self, rows: QuerySet[CourseOffering], name: str, value: str) -> QuerySet[CourseOffering]:
        """Part of the course's name, or the start of the number of the class."""
        return rows.filter(Q(course__name__icontains=value) | Q(code__startswith=value))

    def by_status(self, rows: QuerySet[CourseOffering], name: str, value: str) -> QuerySet[CourseOffering]:
        """Where the class stands today."""
        return rows.filter(being(value, clock.today()))

    def by_day(self, rows: QuerySet[CourseOffering], name: str, value: Any) -> QuerySet[CourseOffering]:
        """The day lies in the class."""
        return rows.filter(starts_on__lte=value, ends_on__gte=value)

    class Meta:
        """Only what stands above."""

        model = CourseOffering
        fields: tuple[str, ...] = ()


class CourseFilters(django_filters.FilterSet):
    """By text, kind, field, state."""

    q = django_filters.CharFilter(method="by_text", label="课程名称或代码 Name or code")
    kind = django_filters.ChoiceFilter(choices=CourseKind.choices, label="课程类型 Kind")
    field = django_filters.ChoiceFilter(field_name="field_code", choices=_fields, label="领域 Field")
    status = django_filters.ChoiceFilter(
        method="by_status", choices=STANDING, empty_label=None, null_label=None, label="状态 State"
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not data.get("status"):
            data = data.copy()
            data["status"] = STANDING[0][0]
        super().__init__(data, *args, **kwargs)

    def by_text(self, rows: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    def by_status(self, rows: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """Standing, void, or both."""
        if value == "all":
            return rows
        return rows.filter(STANDS) if value == "standing" else rows.exclude(STANDS)

    class Meta:
        """Only what stands above."""

        model = Course
        fields: tuple[str, ...] = ()


class FieldFilters(django_filters.FilterSet):
    """By text and whether agriculture-related."""

    q = django_filters.CharFilter(method="by_text", label="领域名称或代码 Name or code")
    is_rural = django_filters.BooleanFilter(label="涉农 Agriculture-related")

    def by_text(self, rows: QuerySet[FieldState], name: str, value: str) -> QuerySet[FieldState]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    class Meta:
        """Only what stands above."""

        model = FieldState
        fields: tuple[str, ...] = ()

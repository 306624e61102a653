"""Tables and filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django_tables2 import A, Table

from jineng.facilities.kinds import FacilityKind, PhaseStatus
from jineng.facilities.models import Park, Phase, SharedFacility
from jineng.facilities.queries import phase_status
from jineng.kernel import clock
from jineng.kernel.templatetags.jineng import thousands
from jineng.kernel.web.columns import CodeColumn, DateColumn, ListColumn, NumberColumn
from jineng.kernel.web.components import mark_of

MARKS = {"planned": "plain", "under_construction": "data", "suspended": "warn", "completed": "ok"}
LABELS = dict(PhaseStatus.choices)


class ParkTable(Table):
    """Parks, each a door."""

    name = ListColumn(verbose_name="园区 Park", linkify=("park", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="编号 Code")
    area_mu = NumberColumn(verbose_name="规划面积（亩） Area in mu")

    class Meta:
        """By code."""

        model = Park
        fields: tuple[str, ...] = ()
        order_by = ("code",)


class PhaseTable(Table):
    """Phases with plan and money, each a door."""

    name = ListColumn(verbose_name="分期 Phase", linkify=("phase", {"pk": A("pk")}))
    park = ListColumn(verbose_name="园区 Park", accessor="park__name")
    planned_investment = NumberColumn(verbose_name="计划投资（元） Planned")
    booked = NumberColumn(verbose_name="入账（元） Booked")
    share = ListColumn(
        verbose_name="入账比 Share", orderable=False, empty_values=(), accessor="pk", attrs={"td": {"class": "num"}}
    )
    started_on = DateColumn(verbose_name="开工 Started")
    planned_completion = DateColumn(verbose_name="计划完工 Due")
    status = ListColumn(verbose_name="状态 Status", orderable=False, empty_values=(), accessor="pk")

    def render_share(self, record: Any) -> str:
        """What part of the plan is booked."""
        return f"{record.booked / record.planned_investment:.1%}"

    def value_share(self, record: Any) -> str:
        """What part of the plan is booked."""
        return self.render_share(record)

    def render_status(self, record: Any) -> str:
        """What it is today, as a mark."""
        status = phase_status(record, clock.today())
        return mark_of(MARKS[status], LABELS[status])

    def value_status(self, record: Any) -> str:
        """What it is today, in words."""
        return str(LABELS[phase_status(record, clock.today())])

    class Meta:
        """By park and number."""

        model = Phase
        fields: tuple[str, ...] = ()
        order_by = ("park", "planned_completion")


class FacilityTable(Table):
    """Shared facilities, each a door."""

    name = ListColumn(verbose_name="共享设施 Facility", linkify=("facility", {"pk": A("pk")}))
    code = CodeColumn(verbose_name="编号 Code")
    park = ListColumn(verbose_name="园区 Park", accessor="park__name")
    kind = ListColumn(verbose_name="类别 Kind")
    capacity = NumberColumn(verbose_name="容量（工位） Capacity")
    weekly_hours = NumberColumn(verbose_name="每周开放（小时） Hours a week")
    opened_on = DateColumn(verbose_name="启用 Opened")
    closed_on = DateColumn(verbose_name="停用 Closed")

    class Meta:
        """By code."""

        model = SharedFacility
        fields: tuple[str, ...] = ()
        order_by = ("code",)


def yuan(amount: Any) -> str:
    """An amount with grouped digits and its unit."""
    return f"{thousands(amount)} 元"


class PhaseFilters(django_filters.FilterSet):
    """By park."""

    park = django_filters.CharFilter(method="by_park", label="园区 Park")
    due = django_filters.NumberFilter(
        field_name="planned_completion__year", min_value=1990, max_value=2200, label="计划完工年份 Year due"
    )

    def by_park(self, rows: QuerySet[Phase], name: str, value: str) -> QuerySet[Phase]:
        """Part of the park's name, or the start of its code."""
        return rows.filter(Q(park__name__icontains=value) | Q(park__code__startswith=value))

    class Meta:
        """Only what stands above."""

        model = Phase
        fields: tuple[str, ...] = ()


class FacilityFilters(django_filters.FilterSet):
    """By name, park and kind."""

    q = django_filters.CharFilter(method="by_text", label="名称、编号或园区 Name, code or park")
    kind = django_filters.ChoiceFilter(choices=FacilityKind.choices, label="类别 Kind")

    def by_text(self, rows: QuerySet[SharedFacility], name: str, value: str) -> QuerySet[SharedFacility]:
        """Part of the name or the park's, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(park__name__icontains=value) | Q(code__startswith=value))

    class Meta:
        """Only what stands above."""

        model = SharedFacility
        fields: tuple[str, ...] = ()

"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from jineng.cases.models import Case, Intake
from jineng.cases.models.cases import OUTCOME_CHOICES
from jineng.cases.queries import whose_turn
from jineng.kernel import clock

WHICH = (("waiting", "待我办理 Waiting for me"), ("own", "本单位申报 Of my organisation"))
OPEN = (("open", "办理中 Open"), ("ended", "已办结 Ended"))
TIMES = (("open", "受理中 Open"), ("before", "未开始 Not yet"), ("over", "已截止 Closed"))


class CaseFilters(django_filters.FilterSet):
    """By text, whose turn it is, whether it is open, how it ended, by intake."""

    q = django_filters.CharFilter(method="by_text", label="名称 Title")
    which = django_filters.ChoiceFilter(method="by_turn", choices=WHICH, label="范围 Which")
    state = django_filters.ChoiceFilter(method="by_state", choices=OPEN, label="是否办结 Ended")
    outcome = django_filters.ChoiceFilter(choices=OUTCOME_CHOICES, label="结果 Outcome")
    intake = django_filters.ModelChoiceFilter(queryset=Intake.objects.all(), label="受理批次 Intake")

    def by_text(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Part of the title, or of the applicant's name."""
        return rows.filter(Q(title__icontains=value) | Q(applicant_name__icontains=value))

    def by_turn(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Those that wait for one's own organisation, or that it applied for."""
        actor: Any = self.request.actor
        if value == "own":
            return rows.filter(applicant=actor.organisation_id)
        return rows.filter(whose_turn(actor))

    def by_state(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Open or ended."""
        return rows.filter(outcome="") if value == "open" else rows.exclude(outcome="")

    class Meta:
        """Only what stands above."""

        model = Case
        fields: tuple[str, ...] = ()


class IntakeFilters(django_filters.FilterSet):
    """By text, and whether it takes cases today."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="名称 Name")
    time = django_filters.ChoiceFilter(method="by_time", choices=TIMES, label="状态 State")

    def by_time(self, rows: QuerySet[Intake], name: str, value: str) -> QuerySet[Intake]:
        """As of the business day."""
        today = clock.today()
        if value == "before":
            return rows.filter(opens_on__gt=today)
        return (
            rows.filter(closes_on__lt=today)
            if value == "over"
            else rows.filter(opens_on__lte=today, closes_on__gte=today)
        )

    class Meta:
        """Only what stands above."""

        model = Intake
        fields: tuple[str, ...] = ()

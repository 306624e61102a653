"""Filters of the room's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from jineng.cases.models import CaseSight, Intake
from jineng.cases.models.cases import OUTCOME_CHOICES
from jineng.cases.queries import among_found, number_listed
from jineng.kernel import clock

WHICH = (("waiting", "待我办理 Waiting for me"), ("own", "本单位申报 Of my organisation"))
OPEN = (("open", "办理中 Open"), ("ended", "已办结 Ended"))
KEPT = {"which", "state", "outcome", "intake"}
"""Filters whose numbers the database keeps."""
TIMES = (("open", "受理中 Open"), ("before", "未开始 Not yet"), ("over", "已截止 Closed"))
Lines = QuerySet[CaseSight]


class CaseFilters(django_filters.FilterSet):
    """By text, whose turn it is, whether it is open, how it ended, by intake."""

    q = django_filters.CharFilter(method="by_text", label="名称 Title")
    which = django_filters.ChoiceFilter(method="by_turn", choices=WHICH, label="范围 Which")
    state = django_filters.ChoiceFilter(method="by_state", choices=OPEN, label="是否办结 Ended")
    outcome = django_filters.ChoiceFilter(choices=OUTCOME_CHOICES, label="结果 Outcome")
    intake = django_filters.ModelChoiceFilter(queryset=Intake.objects.only("name"), label="受理批次 Intake")

    def by_text(self, rows: Lines, name: str, value: str) -> Lines:
        """Part of the title, or of the applicant's name."""
        return rows.filter(among_found(value))

    def by_turn(self, rows: Lines, name: str, value: str) -> Lines:
        """Those that wait for one's own organisation, or that it applied for."""
        actor: Any = self.request.actor
        return rows.filter(applicant=actor.organisation_id) if value == "own" else rows.filter(is_turn=True)

    def by_state(self, rows: Lines, name: str, value: str) -> Lines:
        """Open or ended."""
        return rows.filter(outcome="") if value == "open" else rows.exclude(outcome="")

    def number(self) -> int | None:
        """How many cases these filters leave, where that need not be counted; None where it must be."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value} if self.is_bound else {}
        if chosen.keys() - KEPT or chosen.get("which") == "own":
            return None
        return number_listed(
            self.request.actor,
            chosen.get("intake"),
            outcome=chosen.get("outcome", ""),
            ended=chosen["state"] == "ended" if "state" in chosen else None,
            waiting="which" in chosen,
        )

    class Meta:
        """Only what stands above."""

        model = CaseSight
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

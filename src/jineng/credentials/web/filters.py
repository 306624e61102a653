"""Filters of the room's lists."""

from __future__ import annotations

from datetime import date

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet

from jineng.credentials.kinds import Attendance, CertificateStatus, Outcome, PilotStatus, SkillLevel, Stage
from jineng.credentials.models import (
    AssessmentSession,
    Candidate,
    Certificate,
    CertificatePilot,
    PilotBatch,
    SkillStandard,
)
from jineng.credentials.queries import certificate_status_on, pilot_status_on, session_stage
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.registry.models import Organisation

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _batches() -> list[tuple[int, str]]:
    return [(batch.number, str(batch)) for batch in PilotBatch.objects.filter(STANDS).order_by("number")]


def organisations_like(text: str) -> QuerySet[Organisation]:
    """Organisations in sight whose name holds ``text`` or whose code begins with it."""
    return Organisation.objects.filter(Q(name__icontains=text) | Q(code__startswith=text)).order_by().only("pk")


class StandardFilters(django_filters.FilterSet):
    """By text and the day on which the standard stands."""

    q = django_filters.CharFilter(method="by_text", label="名称或代码 Name or code")
    on = django_filters.DateFilter(method="by_day", widget=DAY, label="此日有效 In force on")

    def by_text(self, rows: QuerySet[SkillStandard], name: str, value: str) -> QuerySet[SkillStandard]:
        """Part of the name, or the start of the code."""
        return rows.filter(Q(name__icontains=value) | Q(code__startswith=value))

    def by_day(self, rows: QuerySet[SkillStandard], name: str, value: date) -> QuerySet[SkillStandard]:
        """Published by then and not withdrawn."""
        return rows.filter(published_on__lte=value).filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=value))

    class Meta:
        """Only what stands above."""

        model = SkillStandard
        fields: tuple[str, ...] = ()


class _OfCertificate(django_filters.FilterSet):
    """By certificate and level."""

    q = django_filters.CharFilter(method="by_text", label="证书名称或代码 Certificate")
    level = django_filters.ChoiceFilter(choices=SkillLevel.choices, label="等级 Level")

    def by_text(self, rows: QuerySet[Model], name: str, value: str) -> QuerySet[Model]:
        """Part of the certificate's name, or the start of its code."""
        return rows.filter(Q(certificate_type__name__icontains=value) | Q(certificate_type__code__startswith=value))


class PilotFilters(_OfCertificate):
    """By certificate, level, batch, institution, and status on a day."""

    batch = django_filters.ChoiceFilter(field_name="batch__number", choices=_batches, label="批次 Batch")
    organisation = django_filters.CharFilter(method="by_organisation", label="院校 Institution")
    status = django_filters.ChoiceFilter(method="by_status", choices=PilotStatus.choices, label="状态 Status")
    on = django_filters.DateFilter(method="unchanged", widget=DAY, label="状态日期 Status on")

    def by_organisation(self, rows: QuerySet[CertificatePilot], name: str, value: str) -> QuerySet[CertificatePilot]:
        """Part of the institution's name, or the start of its code."""
        return rows.filter(institution__in=organisations_like(value))

    def by_status(self, rows: QuerySet[CertificatePilot], name: str, value: str) -> QuerySet[CertificatePilot]:
        """The status on the day asked for, today if none."""
        return rows.filter(pilot_status_on(value, self.form.cleaned_data.get("on") or clock.today()))

    def unchanged(self, rows: QuerySet[CertificatePilot], name: str, value: date) -> QuerySet[CertificatePilot]:
        """The day says when the status is looked at; by itself it leaves nothing out."""
        return rows

    class Meta:
        """Only what stands above."""

        model = CertificatePilot
        fields: tuple[str, ...] = ()


class SessionFilters(_OfCertificate):
    """By certificate, level, host, year and stage."""

    organisation = django_filters.CharFilter(method="by_organisation", label="承办院校 Host")
    year = django_filters.NumberFilter(field_name="held_on__year", min_value=1990, max_value=2100, label="年度 Year")
    stage = django_filters.ChoiceFilter(method="by_stage", choices=Stage.choices, label="进度 Stage")

    def by_organisation(self, rows: QuerySet[AssessmentSession], name: str, value: str) -> QuerySet[AssessmentSession]:
        """Part of the host's name, or the start of its code."""
        return rows.filter(host__in=organisations_like(value))

    def by_stage(self, rows: QuerySet[AssessmentSession], name: str, value: str) -> QuerySet[AssessmentSession]:
        """How far the results are."""
        return rows.filter(session_stage(value))

    class Meta:
        """Only what stands above."""

        model = AssessmentSession
        fields: tuple[str, ...] = ()


class CandidateFilters(django_filters.FilterSet):
    """By attendance and outcome."""

    attendance = django_filters.ChoiceFilter(choices=Attendance.choices, label="到考 Attendance")
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label="结果 Outcome")

    class Meta:
        """Only what stands above."""

        model = Candidate
        fields: tuple[str, ...] = ()


class CertificateFilters(_OfCertificate):
    """By number, certificate, level, school, year of issue, and status on a day."""

    number = django_filters.CharFilter(field_name="number", lookup_expr="istartswith", label="证书编号 Number")
    organisation = django_filters.CharFilter(method="by_organisation", label="所在院校 School")
    year = django_filters.NumberFilter(
        field_name="issued_on__year", min_value=1990, max_value=2100, label="发证年度 Issued in"
    )
    status = django_filters.ChoiceFilter(method="by_status", choices=CertificateStatus.choices, label="状态 Status")
    on = django_filters.DateFilter(method="unchanged", widget=DAY, label="状态日期 Status on")

    def by_organisation(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        """Part of the school's name, or the start of its code."""
        return rows.filter(institution__in=organisations_like(value))

    def by_status(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        """The status on the day asked for, today if none."""
        return rows.filter(certificate_status_on(value, self.form.cleaned_data.get("on") or clock.today()))

    def unchanged(self, rows: QuerySet[Certificate], name: str, value: date) -> QuerySet[Certificate]:
        """The day says when the status is looked at; by itself it leaves nothing out."""
        return rows

    class Meta:
        """Only what stands above."""

        model = Certificate
        fields: tuple[str, ...] = ()

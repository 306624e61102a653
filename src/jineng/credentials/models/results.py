"""Results entered twice: two sheets by two accounts, sealed from each other until both are handed in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from jineng.credentials.models.assessment import AssessmentComponent, AssessmentSession, Candidate
from jineng.kernel import clock
from jineng.kernel.models import Account
from jineng.kernel.records import STANDS, Recorded, with_history


@with_history
class EntrySheet(models.Model):
    """One of the two entries of a session's results, and the account that makes it; no account makes both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(AssessmentSession, models.PROTECT, related_name="sheets", db_index=False)
    slot = models.PositiveSmallIntegerField("第几次录入")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="录入人", db_index=False)
    label = models.CharField("录入人", max_length=200)
    begun_at = models.DateTimeField("开始时间", default=clock.now)
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)

    class Meta:
        verbose_name = "成绩录入单"
        ordering = ["session_id", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["session", "slot"], name="entry_sheet_slot_once"),
            models.UniqueConstraint(fields=["session", "account"], name="entry_sheets_by_two_accounts"),
            models.CheckConstraint(name="entry_sheet_first_or_second", condition=Q(slot__in=(1, 2))),
        ]

    def __str__(self) -> str:
        return f"第{self.slot}次录入"


@with_history
class Mark(models.Model):
    """What one sheet says of a candidate in a component: a score, or absent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(EntrySheet, models.PROTECT, related_name="marks", db_index=False)
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="marks")
    component = models.ForeignKey(AssessmentComponent, models.PROTECT, related_name="+", db_index=False)
    score = models.DecimalField("成绩", max_digits=5, decimal_places=1, null=True, blank=True)
    absent = models.BooleanField("缺考", default=False)

    class Meta:
        verbose_name = "录入成绩"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "candidate", "component"], name="mark_once"),
            models.CheckConstraint(
                name="mark_is_score_or_absence",
                condition=Q(absent=True, score__isnull=True) | Q(absent=False, score__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return "缺考" if self.absent else str(self.score)


@with_history
class ComponentResult(Recorded):
    """What holds of a candidate in a component, once both sheets are compared.

    ``reason`` is empty where the sheets agreed. Where they differed it says why this value holds, and
    ``settled_by`` made neither of the two sheets, which a trigger of the table sees to.
    """

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="results", db_index=False)
    component = models.ForeignKey(AssessmentComponent, models.PROTECT, related_name="+", db_index=False)
    score = models.DecimalField("成绩", max_digits=5, decimal_places=1, null=True, blank=True)
    absent = models.BooleanField("缺考", default=False)
    passed = models.BooleanField("合格", default=False)
    settled_by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField("差异处理依据", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "考核成绩"
        constraints = [
            models.UniqueConstraint(fields=["candidate", "component"], condition=STANDS, name="result_once"),
            models.CheckConstraint(
                name="result_is_score_or_absence",
                condition=Q(absent=True, score__isnull=True, passed=False) | Q(absent=False, score__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return "缺考" if self.absent else str(self.score)

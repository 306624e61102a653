"""Certificate pilots: batches, and who pilots which certificate at which level."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.credentials.kinds import PilotStatus, SkillLevel
from jineng.credentials.models.standards import CertificateType
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class PilotBatch(Recorded):
    """A batch of the certificate pilot, as the province announced it."""

    number = models.PositiveSmallIntegerField("批次")
    year = models.PositiveSmallIntegerField("年度")
    decided_on = models.DateField("公布日期")
    document = models.CharField("公布文号", max_length=100, blank=True, default="")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="公布单位")

    class Meta:
        verbose_name = "证书试点批次"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=STANDS, name="pilot_batch_once"),
            models.CheckConstraint(name="pilot_batch_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"第{self.number}批（{self.year}年）"


@with_history
class CertificatePilot(Recorded):
    """An institution's application to pilot a certificate at a level in a batch, and what became of it.

    Dates tell its status: approved it stands, until it is withdrawn; refused it never stood. The same institution,
    certificate and level may come again in a later batch; figures count the three once.
    """

    batch = models.ForeignKey(PilotBatch, models.PROTECT, related_name="pilots", verbose_name="批次")
    institution = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="试点院校", db_index=False
    )
    certificate_type = models.ForeignKey(
        CertificateType, models.PROTECT, related_name="pilots", verbose_name="证书", db_index=False
    )
    level = models.CharField("等级", max_length=12, choices=SkillLevel.choices)
    planned = models.PositiveIntegerField("计划人数")
    applied_on = models.DateField("申报日期")
    approved_on = models.DateField("批准日期", null=True, blank=True)
    refused_on = models.DateField("未通过日期", null=True, blank=True)
    withdrawn_on = models.DateField("退出日期", null=True, blank=True)
    document = models.CharField("批准文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "证书试点"
        ordering = ["batch", "institution_id", "certificate_type", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "certificate_type", "level", "batch"],
                condition=STANDS,
                name="certificate_pilot_once",
            ),
            models.CheckConstraint(name="certificate_pilot_planned", condition=Q(planned__gte=1)),
            models.CheckConstraint(
                name="certificate_pilot_one_answer",
                condition=Q(approved_on__isnull=True, refused_on__isnull=True)
                | Q(approved_on__gte=F("applied_on"), refused_on__isnull=True)
                | Q(approved_on__isnull=True, withdrawn_on__isnull=True, refused_on__gte=F("applied_on")),
            ),
            models.CheckConstraint(
                name="certificate_pilot_withdrawn_after",
                condition=Q(withdrawn_on__isnull=True)
                | Q(approved_on__isnull=True, withdrawn_on__gte=F("applied_on"))
                | Q(withdrawn_on__gt=F("approved_on")),
            ),
        ]
        indexes = [models.Index(fields=["-applied_on", "id"], name="certificate_pilot_latest")]

    def __str__(self) -> str:
        return f"{self.certificate_type.name}（{self.get_level_display()}）"

    def status_on(self, day: date) -> PilotStatus:
        """What it is on ``day``."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return PilotStatus.WITHDRAWN
        if self.refused_on is not None and self.refused_on <= day:
            return PilotStatus.REFUSED
        if self.approved_on is not None and self.approved_on <= day:
            return PilotStatus.STANDING
        return PilotStatus.APPLIED

"""Certificates and the counters from which their numbers come."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.credentials.kinds import CertificateStatus, SkillLevel
from jineng.credentials.models.assessment import AssessmentSession
from jineng.credentials.models.standards import CertificateType
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, Person


@with_history
class Certificate(Recorded):
    """A certificate that a learner got by a session: held from ``issued_on`` until it is revoked, if ever.

    ``suspended_on`` tells since when it is suspended, while it is; earlier suspensions stand in the history. A
    suspended certificate is held, but not to be relied on. ``institution`` is the learner's school at the time. A void
    certificate was never held. Of one certificate at one level a learner holds one; after a revocation another may be
    issued.
    """

    number = models.CharField("证书编号", max_length=30)
    certificate_type = models.ForeignKey(
        CertificateType, models.PROTECT, related_name="certificates", verbose_name="证书", db_index=False
    )
    level = models.CharField("等级", max_length=12, choices=SkillLevel.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="持证人", db_index=False)
    institution = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所在院校")
    session = models.ForeignKey(AssessmentSession, models.PROTECT, related_name="certificates", verbose_name="考核场次")
    issued_on = models.DateField("发证日期")
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    revoke_reason = models.CharField("撤销原因", max_length=300, blank=True, default="")

    suspended_on = models.DateField("暂停日期", null=True, blank=True)
    suspend_reason = models.CharField("暂停原因", max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "证书"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=STANDS, name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["person", "certificate_type", "level"],
                condition=STANDS & Q(revoked_on__isnull=True),
                name="certificate_held_once",
            ),
            models.CheckConstraint(
                name="certificate_revoked_with_reason",
                condition=Q(revoked_on__isnull=True, revoke_reason="")
                | (Q(revoked_on__gte=F("issued_on")) & ~Q(revoke_reason="")),
            ),
            models.CheckConstraint(
                name="certificate_suspended_with_reason",
                condition=Q(suspended_on__isnull=True, suspend_reason="")
                | (Q(suspended_on__gte=F("issued_on")) & ~Q(suspend_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "id"], name="certificate_latest"),
            models.Index(fields=["person"], name="certificate_of_person"),
        ]

    def __str__(self) -> str:
        return self.number

    def status_on(self, day: date) -> CertificateStatus:
        """What it is on ``day``."""
        if self.is_void:
            return CertificateStatus.VOID
        if self.revoked_on is not None and self.revoked_on <= day:
            return CertificateStatus.REVOKED
        suspended = self.suspended_on is not None and self.suspended_on <= day
        return CertificateStatus.SUSPENDED if suspended else CertificateStatus.HELD


class NumberSeries(models.Model):
    """The last serial given in a series of certificate numbers: one series per certificate, year and level.

    Only functions of the database move it, under the row's lock, so that numbers run without gap or double however
    many issue at once; what is rolled back gives its numbers back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate_type = models.ForeignKey(CertificateType, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("年度")
    level = models.CharField("等级", max_length=12, choices=SkillLevel.choices)
    last = models.PositiveIntegerField("最后序号", default=0)

    class Meta:
        verbose_name = "证书编号序列"
        constraints = [models.UniqueConstraint(fields=["certificate_type", "year", "level"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_level_display()} {self.last}"

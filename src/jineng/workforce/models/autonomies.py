"""What institutions are left to decide by themselves."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation
from jineng.workforce.kinds import Autonomy
from jineng.workforce.rules import holds


@with_history
class AutonomyGrant(Recorded):
    """An institution was granted an autonomy, from a day until it is revoked (that day excluded)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="autonomies", verbose_name="机构", db_index=False
    )
    autonomy = models.CharField("自主权", max_length=20, choices=Autonomy.choices)
    granted_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="granted_autonomies", verbose_name="下放单位"
    )
    granted_on = models.DateField("下放日期")
    revoked_on = models.DateField("收回日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "自主权"
        ordering = ["organisation_id", "autonomy", "granted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "autonomy", "granted_on"], condition=STANDS, name="autonomy_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "autonomy"],
                condition=STANDS & Q(revoked_on__isnull=True),
                name="autonomy_one_open_grant",
            ),
            models.CheckConstraint(
                name="autonomy_revoked_after_grant",
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gt=F("granted_on")),
            ),
        ]
        indexes = [models.Index(fields=["-granted_on", "id"], name="autonomies_latest_first")]

    def __str__(self) -> str:
        return f"{self.organisation.name} {self.get_autonomy_display()}"

    def in_force_on(self, day: date) -> bool:
        """Whether it stands and holds on ``day``."""
        return not self.is_void and holds(day, self.granted_on, self.revoked_on)

    @property
    def status(self) -> str:
        """``void``, ``revoked``, ``coming`` or ``in_force``, as of the business day."""
        day = clock.today()
        if self.is_void:
            return "void"
        if self.revoked_on is not None and self.revoked_on <= day:
            return "revoked"
        return "coming" if day < self.granted_on else "in_force"

"""Intakes: who takes cases of a kind, by which flow and form, from when to when, and who may recommend how many."""

from __future__ import annotations

from django.db import models

from jineng.cases.models.procedures import Procedure
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Intake(Recorded):
    """An intake: a time in which cases are taken, such as one batch of a call.

    ``subject_type`` and ``subject_id`` name what it is held for in the room that holds it (``calls.Batch``). A case
    may begin from ``opens_on`` to ``closes_on``, both days included.
    """

    name = models.CharField("名称", max_length=160)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="受理单位")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+", verbose_name="办理规程")
    subject_type = models.CharField("所属事项类别", max_length=60)
    subject_id = models.UUIDField("所属事项")
    opens_on = models.DateField("开始受理")
    closes_on = models.DateField("截止受理")
    announcement = models.TextField("通知正文", blank=True, default="")

    class Meta:
        verbose_name = "受理批次"
        ordering = ["-opens_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], condition=STANDS, name="intake_once"),
            models.CheckConstraint(
                name="intake_closes_after_opening", condition=models.Q(closes_on__gte=models.F("opens_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class IntakeDecider(Recorded):
    """A department that decides an intake's cases, alone or with others; ``order`` is the order in which they sign."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="deciders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="决定单位")
    order = models.PositiveSmallIntegerField("署名次序", default=1)

    class Meta:
        verbose_name = "决定单位"
        ordering = ["intake", "order"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "organisation"], condition=STANDS, name="intake_decider_once")
        ]

    def __str__(self) -> str:
        return f"{self.intake_id} {self.order}"


@with_history
class Quota(Recorded):
    """How many cases of an intake an organisation may recommend, and how many it has.

    ``used`` is kept by a trigger on cases under a lock on this row, so that no two recommendations at once exceed it.
    """

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="quotas")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="推荐单位")
    number = models.PositiveIntegerField("名额")
    used = models.PositiveIntegerField("已用", default=0, editable=False)
    basis = models.CharField("名额依据", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "推荐名额"
        ordering = ["intake", "organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "organisation"], condition=STANDS, name="quota_once"),
            models.CheckConstraint(name="quota_not_exceeded", condition=models.Q(used__lte=models.F("number"))),
        ]

    def __str__(self) -> str:
        return f"{self.used}/{self.number}"

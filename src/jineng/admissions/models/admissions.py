"""What became of an applicant at a plan in a round."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.admissions.kinds import Ending
from jineng.admissions.models.applicants import Applicant
from jineng.admissions.models.plans import Plan
from jineng.admissions.models.seasons import Round
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Admission(Recorded):
    """An applicant at a plan in a round: placed, admitted, confirmed, each on its day, and how it ended if it did.

    A seat is held from ``confirmed_on`` up to the day before ``ended_on``. Nobody holds two seats of one season at a
    time, and a plan has no more holders than seats: triggers of the table see to both. ``organisation`` is the plan's,
    kept here for the wall; it and the round carry no foreign key, since the triggers hold them against the plan.
    """

    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="admissions", verbose_name="考生", db_index=False
    )
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="admissions", verbose_name="招生计划")
    round = models.ForeignKey(
        Round, models.PROTECT, related_name="+", verbose_name="轮次", db_index=False, db_constraint=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="招生机构", db_constraint=False
    )
    placed_on = models.DateField("投档日期", null=True, blank=True)
    admitted_on = models.DateField("录取日期", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ending = models.CharField("终止方式", max_length=10, choices=Ending.choices, blank=True, default="")
    reason = models.CharField("终止原因", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "录取"
        constraints = [
            models.UniqueConstraint(fields=["applicant", "plan", "round"], condition=STANDS, name="admission_once"),
            models.CheckConstraint(
                name="admission_begins",
                condition=Q(placed_on__isnull=False) | Q(admitted_on__isnull=False) | Q(confirmed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="admission_in_order",
                condition=(Q(placed_on__isnull=True) | Q(admitted_on__isnull=True) | Q(admitted_on__gte=F("placed_on")))
                & (Q(admitted_on__isnull=True) | Q(confirmed_on__isnull=True) | Q(confirmed_on__gte=F("admitted_on")))
                & (Q(placed_on__isnull=True) | Q(confirmed_on__isnull=True) | Q(confirmed_on__gte=F("placed_on")))
                & (Q(ended_on__isnull=True) | Q(confirmed_on__isnull=True) | Q(ended_on__gte=F("confirmed_on")))
                & (Q(ended_on__isnull=True) | Q(admitted_on__isnull=True) | Q(ended_on__gte=F("admitted_on"))),
            ),
            models.CheckConstraint(
                name="admission_ends_somehow",
                condition=Q(ended_on__isnull=True, ending="") | (Q(ended_on__isnull=False) & ~Q(ending="")),
            ),
        ]
        indexes = [models.Index(fields=["-recorded_at", "id"], name="admission_latest_first")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.status}"

    @property
    def status(self) -> str:
        """``void``, how it ended, or the last step that it reached: ``confirmed``, ``admitted``, ``placed``."""
        if self.is_void:
            return "void"
        if self.ended_on is not None:
            return self.ending
        if self.confirmed_on is not None:
            return "confirmed"
        return "admitted" if self.admitted_on is not None else "placed"

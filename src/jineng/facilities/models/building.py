"""Parks and how they are built: phases, reports of what becomes of them, money booked on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.facilities.kinds import Funding, PhaseStatus
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Park(Recorded):
    """A park of vocational education, run by ``organisation``; announced, so everybody may name it."""

    code = models.CharField("园区编号", max_length=60)
    name = models.CharField("园区名称", max_length=100)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="园区机构", db_index=False
    )
    area_mu = models.DecimalField("规划面积（亩）", max_digits=9, decimal_places=1, null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "园区"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="park_once"),
            models.UniqueConstraint(fields=["organisation"], condition=STANDS, name="park_of_organisation_once"),
            models.CheckConstraint(name="park_has_area", condition=Q(area_mu__isnull=True) | Q(area_mu__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class Phase(Recorded):
    """A phase in which a park is built; ``planned_investment`` is in yuan. What became of it, its reports tell."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="phases", verbose_name="园区", db_index=False)
    number = models.PositiveSmallIntegerField("期次")
    name = models.CharField("名称", max_length=100)
    planned_investment = models.DecimalField("计划投资（元）", max_digits=16, decimal_places=2)
    started_on = models.DateField("开工日期", null=True, blank=True)
    planned_completion = models.DateField("计划完工日期", null=True, blank=True)
    document = models.CharField("批准文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "园区分期"
        ordering = ["park", "number"]
        constraints = [
            models.UniqueConstraint(fields=["park", "number"], condition=STANDS, name="phase_once"),
            models.CheckConstraint(name="phase_is_planned", condition=Q(planned_investment__gt=0)),
            models.CheckConstraint(
                name="phase_completes_after_start",
                condition=Q(started_on__isnull=True)
                | Q(planned_completion__isnull=True)
                | Q(planned_completion__gt=F("started_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class PhaseReport(Recorded):
    """From ``since`` on the phase is ``status``, until a later report; ``reason`` explains money off the plan."""

    phase = models.ForeignKey(Phase, models.PROTECT, related_name="reports", db_index=False)
    status = models.CharField("状态", max_length=20, choices=PhaseStatus.choices)
    since = models.DateField("自")
    document = models.CharField("依据文号", max_length=100, blank=True, default="")
    reason = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "分期进度"
        ordering = ["phase", "since", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "since"], condition=STANDS, name="phase_report_once_a_day")
        ]
        indexes = [models.Index(fields=["phase", "-since"], name="report_of_phase")]

    def __str__(self) -> str:
        return f"{self.since} {self.get_status_display()}"


@with_history
class InvestmentBooking(Recorded):
    """Money in yuan booked on a phase, under the number of its voucher."""

    phase = models.ForeignKey(Phase, models.PROTECT, related_name="bookings", db_index=False)
    voucher = models.CharField("凭证号", max_length=60)
    booked_on = models.DateField("入账日期")
    amount = models.DecimalField("金额（元）", max_digits=16, decimal_places=2)
    funding = models.CharField("资金来源", max_length=15, choices=Funding.choices)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "投资入账"
        ordering = ["phase", "booked_on", "voucher"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "voucher"], condition=STANDS, name="booking_once"),
            models.CheckConstraint(name="booking_is_money", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["phase", "booked_on"], name="booking_of_phase")]

    def __str__(self) -> str:
        return f"{self.voucher} {self.amount:,}元"

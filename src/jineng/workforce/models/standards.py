"""What is asked: dated versions of the standard of dual-qualified teachers, and the bridge between two careers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.workforce.kinds import ConditionKind, DualLevel, Recogniser, Series, SkillGrade, TitleLevel


@with_history
class Standard(Recorded):
    """A version of the standard, in force from a day until another (that day excluded).

    Once somebody was recognised by it, a trigger keeps everything but its end as it was.
    """

    code = models.CharField("版本", max_length=20)
    name = models.CharField("名称", max_length=100)
    document = models.CharField("文号", max_length=100)
    in_force_from = models.DateField("施行日期")
    in_force_until = models.DateField("废止日期", null=True, blank=True)
    days_per_month = models.PositiveSmallIntegerField("每月按天数", default=30)

    class Meta:
        verbose_name = "双师型认定标准"
        ordering = ["-in_force_from"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="dual_standard_once"),
            models.UniqueConstraint(fields=["in_force_from"], condition=STANDS, name="dual_standard_one_begins"),
            models.CheckConstraint(
                name="dual_standard_ends_after_start",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
            ),
            models.CheckConstraint(name="dual_standard_month", condition=Q(days_per_month__range=(1, 31))),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


@with_history
class StandardLevel(Recorded):
    """A level of a version: who may recognise it, and for how many years it holds."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="levels", verbose_name="版本", db_index=False)
    level = models.CharField("等级", max_length=15, choices=DualLevel.choices)
    recogniser = models.CharField("认定权限", max_length=15, choices=Recogniser.choices)
    valid_years = models.PositiveSmallIntegerField("有效年限", null=True, blank=True)

    class Meta:
        verbose_name = "双师型认定等级"
        constraints = [
            models.UniqueConstraint(fields=["standard", "level"], condition=STANDS, name="dual_standard_level_once"),
            models.CheckConstraint(
                name="dual_standard_validity", condition=Q(valid_years__isnull=True) | Q(valid_years__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.get_level_display()}"


@with_history
class StandardCondition(Recorded):
    """One condition of a level. Conditions of one item are alternatives; every item must be met.

    ``option`` is the kind of teacher, or the least grade, title level or dual level that the condition asks for;
    ``series`` narrows titles; ``amount`` is months of practice or years; ``window_years`` is how far back it counts.
    ``bridged`` lets a skill grade stand for a title, or an engineer's title for a grade, by the career bridge.
    """

    of_level = models.ForeignKey(
        StandardLevel, models.PROTECT, related_name="conditions", verbose_name="等级", db_index=False
    )
    item = models.PositiveSmallIntegerField("条")
    alternative = models.PositiveSmallIntegerField("款", default=1)
    kind = models.CharField("条件", max_length=15, choices=ConditionKind.choices)
    option = models.CharField("要求", max_length=20, blank=True, default="")
    series = models.CharField("职称系列", max_length=20, choices=Series.choices, blank=True, default="")
    amount = models.PositiveSmallIntegerField("数量", default=0)
    window_years = models.PositiveSmallIntegerField("近几年内", null=True, blank=True)
    bridged = models.BooleanField("可贯通", default=False)

    class Meta:
        verbose_name = "双师型认定条件"
        ordering = ["of_level", "item", "alternative"]
        constraints = [
            models.UniqueConstraint(
                fields=["of_level", "item", "alternative"], condition=STANDS, name="dual_condition_once"
            ),
            models.CheckConstraint(
                name="dual_condition_window", condition=Q(window_years__isnull=True) | Q(window_years__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}.{self.alternative} {self.get_kind_display()}"


@with_history
class CareerBridge(Recorded):
    """A skill grade, held for some years, is worth a level of titles: from a day on, by a document."""

    grade = models.CharField("技能等级", max_length=20, choices=SkillGrade.choices)
    series = models.CharField("职称系列", max_length=20, choices=Series.choices)
    level = models.CharField("职称级别", max_length=15, choices=TitleLevel.choices)
    years = models.PositiveSmallIntegerField("须持证年数", default=0)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    document = models.CharField("文号", max_length=100)

    class Meta:
        verbose_name = "职业发展贯通"
        ordering = ["series", "level", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["grade", "series", "level", "since"], condition=STANDS, name="career_bridge_once"
            ),
            models.CheckConstraint(
                name="career_bridge_ends_after_start", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()} — {self.get_series_display()}{self.get_level_display()}"

"""What a person can show: certificates, professional titles, stays in enterprises."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Person
from jineng.workforce.kinds import QualificationKind, Series, SkillGrade, StayKind, TitleLevel, title_name


@with_history
class Qualification(Recorded):
    """A certificate of a person; ``until`` is the first day on which it is no longer valid."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="qualifications", verbose_name="持证人")
    kind = models.CharField("类别", max_length=15, choices=QualificationKind.choices)
    name = models.CharField("证书名称", max_length=80)
    grade = models.CharField("技能等级", max_length=20, choices=SkillGrade.choices, blank=True, default="")
    issuer = models.CharField("发证单位", max_length=100, blank=True, default="")
    issued_on = models.DateField("发证日期")
    until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        verbose_name = "证书"
        ordering = ["person", "issued_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "name", "issued_on"], condition=STANDS, name="qualification_once"
            ),
            models.CheckConstraint(
                name="qualification_ends_after_start", condition=Q(until__isnull=True) | Q(until__gt=F("issued_on"))
            ),
            models.CheckConstraint(name="qualification_grade_of_skill", condition=Q(kind="skill") ^ Q(grade="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_grade_display()}".strip()


@with_history
class Title(Recorded):
    """A professional title of a person; ``until`` is the first day without it (it was withdrawn)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="titles", verbose_name="持有人")
    series = models.CharField("系列", max_length=20, choices=Series.choices)
    level = models.CharField("级别", max_length=15, choices=TitleLevel.choices)
    awarded_on = models.DateField("取得日期")
    until = models.DateField("取消日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "专业技术职务"
        ordering = ["person", "awarded_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "series", "level", "awarded_on"], condition=STANDS, name="title_once"
            ),
            models.CheckConstraint(
                name="title_ends_after_start", condition=Q(until__isnull=True) | Q(until__gt=F("awarded_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the title is called in its series."""
        return title_name(self.series, self.level)


@with_history
class PracticeStay(Recorded):
    """A teacher practised at a place from its first to its last day, ``days`` days in all."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="practice_stays", verbose_name="教师")
    kind = models.CharField("形式", max_length=15, choices=StayKind.choices)
    place = models.CharField("实践单位", max_length=100)
    first_day = models.DateField("起始日期")
    last_day = models.DateField("结束日期")
    days = models.PositiveSmallIntegerField("累计天数")
    content = models.CharField("实践内容", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "企业实践"
        ordering = ["person", "first_day"]
        constraints = [
            models.UniqueConstraint(fields=["person", "place", "first_day"], condition=STANDS, name="stay_once"),
            models.CheckConstraint(name="stay_in_order", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(name="stay_lasts", condition=Q(days__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.first_day} — {self.last_day}"

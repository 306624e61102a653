"""Applicants of a season and their scores."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jineng.admissions.kinds import ApplicantCategory, Component
from jineng.admissions.models.seasons import ExemptCategory, Season
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Division, Organisation, Person


@with_history
class Applicant(Recorded):
    """A person who seeks admission in a season, once; ``registered_at`` took the registration.

    ``home`` is the county of the household register; ``exempt_category`` is set for who is spared the examination.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="考生", db_index=False)
    season = models.ForeignKey(Season, models.PROTECT, related_name="applicants", verbose_name="招生季", db_index=False)
    category = models.CharField("考生类别", max_length=20, choices=ApplicantCategory.choices)
    home = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="户籍县区", db_index=False
    )
    is_household = models.BooleanField("建档立卡", default=False)
    exempt_category = models.ForeignKey(
        ExemptCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="免试类别", db_index=False
    )
    registered_at = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="报名单位")

    class Meta:
        verbose_name = "考生"
        indexes = [models.Index(fields=["-recorded_at", "id"], name="applicant_latest_first")]
        constraints = [
            models.UniqueConstraint(fields=["person", "season"], condition=STANDS, name="applicant_once_in_season")
        ]

    def __str__(self) -> str:
        return self.person.masked_name


@with_history
class Score(Recorded):
    """One component of an applicant's score, in points."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="scores", db_index=False)
    component = models.CharField("成绩项", max_length=15, choices=Component.choices)
    subject = models.CharField("科目", max_length=40, blank=True, default="")
    points = models.DecimalField("得分", max_digits=6, decimal_places=2)
    out_of = models.DecimalField("满分", max_digits=6, decimal_places=2)
    held_on = models.DateField("考试日期", null=True, blank=True)

    class Meta:
        verbose_name = "成绩"
        constraints = [
            models.UniqueConstraint(fields=["applicant", "component", "subject"], condition=STANDS, name="score_once"),
            models.CheckConstraint(
                name="score_within_its_range", condition=Q(points__gte=0, points__lte=models.F("out_of"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_component_display()}{self.subject} {self.points}"

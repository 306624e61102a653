"""What can be learned: the dated list of fields, and courses."""

from __future__ import annotations

from django.db import models

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.learning.kinds import CourseKind, Theme
from jineng.registry.models import Organisation


@with_history
class FieldState(Recorded):
    """What a field of the list is from a day on: its name, whether it is agriculture-related, its theme.

    A field counts by what it was on the day in question, so a change of the list leaves earlier years alone.
    """

    code = models.CharField("领域代码", max_length=20)
    since = models.DateField("自")
    name = models.CharField("领域名称", max_length=60)
    is_rural = models.BooleanField("涉农", default=False)
    theme = models.CharField("专题", max_length=20, choices=Theme.choices, blank=True, default=Theme.NONE)
    document = models.CharField("依据文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "学习领域"
        ordering = ["code", "since"]
        constraints = [
            models.UniqueConstraint(fields=["code", "since"], condition=STANDS, name="learning_field_state_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@with_history
class Course(Recorded):
    """A course of an owner's catalogue; classes of it are held by whoever organises them."""

    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="courses", verbose_name="课程所属机构", db_index=False
    )
    code = models.CharField("课程代码", max_length=30)
    name = models.CharField("课程名称", max_length=100)
    kind = models.CharField("课程类型", max_length=20, choices=CourseKind.choices)
    field_code = models.CharField("领域代码", max_length=20)
    hours = models.PositiveIntegerField("学时", null=True, blank=True)

    class Meta:
        verbose_name = "课程"
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], condition=STANDS, name="learning_course_once"),
        ]

    def __str__(self) -> str:
        return self.name

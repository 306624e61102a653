"""Classes: a course, held once, by an organiser, for so many, from one day to another."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.learning.kinds import Department, Mode
from jineng.learning.models.courses import Course
from jineng.learning.rules import status_on
from jineng.registry.models import Division, Organisation


@with_history
class CourseOffering(Recorded):
    """A class (班次). Where it stands on a day is told by its dates.

    ``capacity`` is the number of seats, null for a course without a limit; a trigger of the enrolments' table lets
    nobody in beyond it. ``project_id`` is the international project that the class belongs to, if any.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="offerings", verbose_name="课程")
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, related_name="course_offerings", verbose_name="举办机构", db_index=False
    )
    code = models.CharField("班次编号", max_length=30)
    department = models.CharField("经费部门", max_length=25, choices=Department.choices)
    mode = models.CharField("方式", max_length=10, choices=Mode.choices, default=Mode.PLACE)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name="开班地点区划", db_index=False, null=True, blank=True
    )
    place = models.CharField("地点", max_length=100, blank=True, default="")
    hours = models.PositiveIntegerField("学时")
    capacity = models.PositiveIntegerField("容量", null=True, blank=True)
    signup_from = models.DateField("报名自", null=True, blank=True)
    starts_on = models.DateField("开班日期")
    ends_on = models.DateField("结束日期")
    completed_on = models.DateField("结班日期", null=True, blank=True)
    cancelled_on = models.DateField("取消日期", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=300, blank=True, default="")
    project_id = models.UUIDField("国际合作项目", null=True, blank=True)

    class Meta:
        verbose_name = "班次"
        ordering = ["-starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organiser", "code"], condition=STANDS, name="learning_offering_once"),
            models.CheckConstraint(name="learning_offering_lasts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="learning_offering_signup_before_end",
                condition=Q(signup_from__isnull=True) | Q(signup_from__lte=F("ends_on")),
            ),
            models.CheckConstraint(
                name="learning_offering_completed_after_start",
                condition=Q(completed_on__isnull=True) | Q(completed_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="learning_offering_not_completed_and_cancelled",
                condition=Q(completed_on__isnull=True) | Q(cancelled_on__isnull=True),
            ),
            models.CheckConstraint(
                name="learning_offering_has_seats", condition=Q(capacity__isnull=True) | Q(capacity__gt=0)
            ),
            models.CheckConstraint(name="learning_offering_has_hours", condition=Q(hours__gt=0)),
        ]
        indexes = [models.Index(fields=["-starts_on", "id"], name="learning_offering_latest")]

    def __str__(self) -> str:
        return f"{self.course.name}（{self.code}）"

    @property
    def status(self) -> str:
        """Where the class stands on the business day."""
        return self.status_on(clock.today())

    def status_on(self, day: date) -> str:
        """Where the class stands on ``day``."""
        return status_on(
            day,
            void=self.is_void,
            signup_from=self.signup_from,
            starts_on=self.starts_on,
            completed_on=self.completed_on,
            cancelled_on=self.cancelled_on,
        )

"""When a class meets, and who came."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.learning.kinds import Presence
from jineng.learning.models.enrolments import Enrolment
from jineng.learning.models.offerings import CourseOffering


@with_history
class ClassSession(Recorded):
    """One meeting of a class: a day, from one time to another."""

    offering = models.ForeignKey(CourseOffering, models.PROTECT, related_name="sessions", db_index=False)
    held_on = models.DateField("日期")
    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    place = models.CharField("地点", max_length=100, blank=True, default="")
    topic = models.CharField("内容", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "课次"
        ordering = ["held_on", "starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "held_on", "starts"], condition=STANDS, name="learning_session_once"
            ),
            models.CheckConstraint(name="learning_session_lasts", condition=Q(ends__gt=F("starts"))),
        ]
        indexes = [models.Index(fields=["held_on"], name="learning_session_day")]

    def __str__(self) -> str:
        return f"{self.held_on} {self.starts:%H:%M}–{self.ends:%H:%M}"


@with_history
class Attendance(Recorded):
    """How somebody attended one session; nothing recorded means that it was not marked."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances", db_index=False)
    session = models.ForeignKey(ClassSession, models.PROTECT, related_name="attendances")
    presence = models.CharField("出勤", max_length=10, choices=Presence.choices)

    class Meta:
        verbose_name = "考勤"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "session"], condition=STANDS, name="learning_attendance_once")
        ]

    def __str__(self) -> str:
        return str(self.get_presence_display())

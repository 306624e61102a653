"""Who signed up for which class, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.learning.kinds import ENDED, PENDING, EnrolmentState
from jineng.learning.models.offerings import CourseOffering
from jineng.registry.models import Organisation, Person


@with_history
class Enrolment(Recorded):
    """One person in one class: one person-time once it is completed; persons are counted by ``person``.

    ``organiser`` repeats that of the class, so that row-level security needs no join; a trigger holds the two together,
    and the number of seats taken to the class' capacity. ``applied_on``, ``enrolled_on`` and ``ended_on`` tell
    what held on any day; ``list_number`` names the completion list.
    """

    offering = models.ForeignKey(CourseOffering, models.PROTECT, related_name="enrolments", db_index=False)
    organiser = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", verbose_name="学员")
    state = models.CharField("状态", max_length=15, choices=EnrolmentState.choices)
    applied_on = models.DateField("报名日期")
    enrolled_on = models.DateField("入班日期", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    list_number = models.CharField("结业名册号", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "学员记录"
        ordering = ["offering", "applied_on", "recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "person"], condition=STANDS, name="learning_enrolment_once"),
            models.CheckConstraint(
                name="learning_enrolment_dates",
                condition=Q(state__in=PENDING, enrolled_on__isnull=True, ended_on__isnull=True)
                | Q(state=EnrolmentState.ENROLLED, enrolled_on__isnull=False, ended_on__isnull=True)
                | Q(state=EnrolmentState.WITHDRAWN, ended_on__isnull=False)
                | Q(state__in=ENDED, enrolled_on__isnull=False, ended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_enrolment_in_order",
                condition=(Q(enrolled_on__isnull=True) | Q(enrolled_on__gte=F("applied_on")))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("applied_on")))
                & (Q(ended_on__isnull=True) | Q(enrolled_on__isnull=True) | Q(ended_on__gte=F("enrolled_on"))),
            ),
            models.CheckConstraint(
                name="learning_enrolment_list_of_completed",
                condition=Q(list_number="") | Q(state=EnrolmentState.COMPLETED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} {self.get_state_display()}"

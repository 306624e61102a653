"""Who teaches at which school, and who was recognised as dual-qualified."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, Person
from jineng.workforce.kinds import DualLevel, TeacherKind
from jineng.workforce.models.standards import Standard
from jineng.workforce.rules import holds


@with_history
class Teacher(Recorded):
    """A person teaches at a school, from a day until another (that day excluded); at two schools, it is two rows."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="teaching", verbose_name="教师")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="teachers", verbose_name="学校", db_index=False
    )
    kind = models.CharField("类别", max_length=15, choices=TeacherKind.choices)
    field = models.CharField("任教专业", max_length=60, blank=True, default="")
    since = models.DateField("任教自")
    until = models.DateField("任教至", null=True, blank=True)

    class Meta:
        verbose_name = "教师"
        ordering = ["organisation_id", "since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "since"], condition=STANDS, name="teacher_once"),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=STANDS & Q(until__isnull=True),
                name="teacher_one_open_post_per_school",
            ),
            models.CheckConstraint(
                name="teacher_ends_after_start", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.name} {self.get_kind_display()}"

    def teaches_on(self, day: date) -> bool:
        """Whether the post stands and is held on ``day``."""
        return not self.is_void and holds(day, self.since, self.until)

    @property
    def status(self) -> str:
        """``void``, ``ended``, ``coming`` or ``teaching``, as of the business day."""
        day = clock.today()
        if self.is_void:
            return "void"
        if self.until is not None and self.until <= day:
            return "ended"
        return "coming" if day < self.since else "teaching"


@with_history
class Recognition(Recorded):
    """A teacher was recognised as dual-qualified on a level, by a version of the standard.

    ``until`` is the first day on which it no longer holds: it ran out, or was withdrawn.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="dual_recognitions", verbose_name="教师")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="dual_recognitions", verbose_name="所在学校"
    )
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="recognitions", verbose_name="认定标准")
    level = models.CharField("等级", max_length=15, choices=DualLevel.choices)
    recognised_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="recognised_teachers", verbose_name="认定单位"
    )
    recognised_on = models.DateField("认定日期")
    until = models.DateField("有效期至", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "双师型认定"
        ordering = ["person", "recognised_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "level", "recognised_on"], condition=STANDS, name="dual_recognition_once"
            ),
            models.CheckConstraint(
                name="dual_recognition_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gt=F("recognised_on")),
            ),
        ]
        indexes = [models.Index(fields=["-recognised_on", "id"], name="recognitions_latest_first")]

    def __str__(self) -> str:
        return f"双师型{self.get_level_display()}（{self.recognised_on}）"

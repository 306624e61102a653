"""Tasks that are handed down: what was given, each receiver's share of it, and what came of every share."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.governance.kinds import StepKind, TaskState
from jineng.governance.models.policies import Policy
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Task(Recorded):
    """Something that an organisation gives to others to do by a day.

    ``parent`` is the task of which the giver itself holds a share, where this one splits that share further.
    ``number`` is the giver's own. A withdrawn task is owed no more and counts in no progress.
    """

    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="下达单位")
    number = models.CharField("任务编号", max_length=40)
    title = models.CharField("任务", max_length=200)
    description = models.CharField("要求", max_length=1000, blank=True, default="")
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="依据文件"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="splits", verbose_name="分解自"
    )
    unit = models.CharField("计量单位", max_length=10, default="项")
    given_on = models.DateField("下达日期")
    due_on = models.DateField("完成期限")
    withdrawn_on = models.DateField("收回日期", null=True, blank=True)

    class Meta:
        verbose_name = "任务"
        ordering = ["-given_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["giver", "number"], condition=STANDS, name="task_number_once"),
            models.CheckConstraint(name="task_says_what", condition=~Q(title="") & ~Q(number="")),
            models.CheckConstraint(name="task_due_after_giving", condition=Q(due_on__gte=F("given_on"))),
            models.CheckConstraint(name="task_not_its_own_part", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.title


@with_history
class Assignment(Recorded):
    """One receiver's share of a task: how many of the task's units, by when.

    ``giver`` is the task's, put there by a trigger, so that sight of a share hangs on the row alone.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="下达单位")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="承办单位")
    share = models.DecimalField("份额", max_digits=12, decimal_places=2)
    due_on = models.DateField("完成期限")

    class Meta:
        verbose_name = "承办任务"
        ordering = ["task", "receiver_id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "receiver"], condition=STANDS, name="assignment_once"),
            models.CheckConstraint(name="assignment_has_share", condition=Q(share__gt=0)),
            models.CheckConstraint(name="assignment_to_others", condition=~Q(giver=F("receiver"))),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="assignments_by_day")]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.receiver_id}"


@with_history
class TaskStep(Recorded):
    """Something that happened to a share, on a day. ``sequence`` counts from 1 and tells the order of one share's."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="steps", db_index=False)
    sequence = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("事项", max_length=10, choices=StepKind.choices)
    happened_on = models.DateField("日期")
    value = models.DecimalField("完成数", max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.CharField("说明", max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = "任务进展"
        ordering = ["assignment", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "sequence"], condition=STANDS, name="task_step_once"),
            models.CheckConstraint(
                name="task_step_value_of_report",
                condition=Q(value__isnull=True) | Q(kind=StepKind.REPORTED, value__gte=0),
            ),
            models.CheckConstraint(
                name="task_step_reason_of_sending_back", condition=~Q(kind=StepKind.SENT_BACK) | ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.get_kind_display()}"


class AssignmentProgress(models.Model):
    """Where a share stands, as its events and those of its parts say. Triggers keep it, never the program.

    ``done`` is the last report's value unless it was sent back; of a share that was split, the sum of its parts'.
    """

    assignment = models.OneToOneField(Assignment, models.CASCADE, primary_key=True, related_name="progress")
    state = models.CharField("状态", max_length=10, choices=TaskState.choices, default=TaskState.GIVEN)
    since = models.DateField("自")
    done = models.DecimalField("完成数", max_digits=12, decimal_places=2, default=0)
    sent_back = models.PositiveSmallIntegerField("退回次数", default=0)

    class Meta:
        verbose_name = "承办进度"

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.done}"

"""Runs of a round, and what came of each applicant in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jineng.admissions.kinds import FileState, RunState
from jineng.admissions.models.applicants import Applicant
from jineng.admissions.models.openings import Opening
from jineng.admissions.models.plans import Plan
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Run(Recorded):
    """One run of a round over frozen inputs, which lie encrypted under the run's id (:mod:`jineng.kernel.files`).

    A what-if run changes nothing but itself; ``changes`` says what it supposes (seats by plan). ``struck`` lists what
    the schools refused, which the run leaves out of the preferences. ``certificate`` and ``sealed`` (the signed root)
    are there once it is published; until then schools that have files of it know nothing of the others.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="runs", db_index=False)
    number = models.PositiveSmallIntegerField("第几次")
    what_if = models.BooleanField("模拟", default=False)
    state = models.CharField("状态", max_length=10, choices=RunState.choices, default=RunState.WAITING)
    changes = models.JSONField(default=dict)
    struck = models.JSONField(default=list)
    input_digest = models.CharField("输入摘要", max_length=64, blank=True, default="")
    result_digest = models.CharField("结果摘要", max_length=64, blank=True, default="")
    certificate = models.JSONField(null=True)
    sealed = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "运行"
        ordering = ["opening", "-number"]
        constraints = [models.UniqueConstraint(fields=["opening", "number"], condition=STANDS, name="run_once")]

    def __str__(self) -> str:
        return f"{'模拟' if self.what_if else '正式'}第{self.number}次"


@with_history
class Result(Recorded):
    """What a run gave an applicant, and how the file goes on: free, placed, reading, proposed, admitted.

    ``organisation`` and ``plan`` are where the file was placed; ``why`` says what stood between the applicant and each
    preference before it. ``proof`` shows the row under the published root, without the others.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="results", db_index=False)
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="results", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField("结果", max_length=12)
    wish = models.PositiveSmallIntegerField("第几志愿", null=True)
    score = models.CharField("得分", max_length=20, blank=True, default="")
    file_state = models.CharField("档案状态", max_length=10, choices=FileState.choices, default=FileState.FREE)
    reason = models.CharField("退档理由", max_length=200, blank=True, default="")
    why = models.JSONField(default=list)
    proof = models.JSONField(null=True)

    class Meta:
        verbose_name = "投档结果"
        constraints = [models.UniqueConstraint(fields=["run", "applicant"], condition=STANDS, name="run_result_once")]
        indexes = [
            models.Index(fields=["applicant"], name="results_of_applicant"),
            models.Index(fields=["-recorded_at", "id"], name="result_latest_first"),
            models.Index(fields=["run"], name="refusals_to_decide", condition=STANDS & Q(file_state=FileState.REFUSAL)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.outcome}"

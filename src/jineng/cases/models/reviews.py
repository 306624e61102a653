"""Reviews: who may review, panels, what they are shown, their marks, and what was decided from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jineng.cases.kinds import PanelState
from jineng.cases.models.cases import Case
from jineng.cases.models.intakes import Intake
from jineng.kernel import clock
from jineng.kernel.crypto import EncryptedText
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, Person


@with_history
class Expert(Recorded):
    """Somebody who reviews: their account, who they are, where they work, what they know.

    ``person`` is the identity that kinship and employment are known of; ``expertise`` are levels from 0 to 10 by
    topic. The expert is kept by an office, whose panels and those of offices below may name them. Whoever is dismissed
    (``dismissed_on``) reviews no more; the row stays, since what is known of them goes on keeping them from cases.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="账号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人员")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所在单位")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="入库单位")
    expertise = models.JSONField("专长", default=dict)
    most = models.PositiveIntegerField("最多评审件数", default=40)
    dismissed_on = models.DateField("解聘日期", null=True, blank=True)
    dismissed_why = models.CharField("解聘原因", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "评审专家"
        ordering = ["recorded_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["account"], condition=STANDS, name="expert_account_once")]

    def __str__(self) -> str:
        return str(self.account)


@with_history
class CaseConcern(Recorded):
    """Whom a case names beside its applicant: an organisation or a person. Kept with the answers, for conflicts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="concerns", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "涉及单位和人员"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation", "person"], condition=STANDS, nulls_distinct=False, name="concern_once"
            ),
            models.CheckConstraint(
                name="concern_is_one",
                condition=models.Q(organisation__isnull=True, person__isnull=False)
                | models.Q(organisation__isnull=False, person__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


@with_history
class Recusal(Recorded):
    """Somebody declares that they want nothing to do with a case. It holds for all that the account does."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="账号")
    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    reason = EncryptedText("理由")

    class Meta:
        verbose_name = "回避声明"
        constraints = [models.UniqueConstraint(fields=["account", "case"], condition=STANDS, name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.case_id}"


@with_history
class Panel(Recorded):
    """The review of a stage's cases in an intake: by which rubric and rule, by when, and how far it is.

    ``rule`` and ``parameters`` (rubric and cut included) are frozen when the panel is formed.
    """

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="panels", verbose_name="受理批次")
    stage = models.CharField("环节", max_length=60)
    rule = models.CharField("排名规则", max_length=60)
    parameters = models.JSONField("规则参数")
    each = models.PositiveSmallIntegerField("每件评审人数")
    together = models.PositiveSmallIntegerField("同一单位最多人数")
    is_blind = models.BooleanField("匿名评审", default=False)
    state = models.CharField("状态", max_length=10, choices=PanelState.choices, default=PanelState.FORMING)
    due_on = models.DateField("评审期限")
    assignment = models.JSONField("分配证明", default=dict)

    class Meta:
        verbose_name = "评审组"
        ordering = ["-recorded_at"]
        constraints = [models.UniqueConstraint(fields=["intake", "stage"], condition=STANDS, name="panel_once")]

    def __str__(self) -> str:
        return f"{self.intake}评审"


@with_history
class PanelMember(Recorded):
    """An expert on a panel; ``number`` is how documents name them, drawn by lot."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="members", db_index=False)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("编号", null=True, blank=True)

    class Meta:
        verbose_name = "评审组成员"
        ordering = ["panel", "number", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "expert"], condition=STANDS, name="panel_member_once"),
            models.UniqueConstraint(fields=["panel", "number"], condition=STANDS, name="panel_member_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.number}"


@with_history
class PanelEntry(Recorded):
    """A case as a panel reviews it: a number drawn by lot, and what reviewers read, as it was when review began.

    ``agreed`` are the marks that the meeting agreed upon after close, in units of the rubric. ``rank``, ``score`` and
    ``status`` repeat what was decided.
    """

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="entries", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("评审编号")
    content = EncryptedText("评审材料")
    topics = models.JSONField("领域", default=list)
    agreed = models.JSONField("合议评分", null=True, blank=True)
    agreed_why = models.CharField("合议理由", max_length=500, blank=True, default="")
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    score = models.CharField("得分", max_length=20, blank=True, default="")
    status = models.CharField("评审结论", max_length=20, blank=True, default="")

    class Meta:
        verbose_name = "评审件"
        ordering = ["panel", "number"]
        indexes = [models.Index(fields=["panel", "rank", "number"], name="panel_entry_by_rank")]
        constraints = [
            models.UniqueConstraint(fields=["panel", "case"], condition=STANDS, name="panel_entry_once"),
            models.UniqueConstraint(fields=["panel", "number"], condition=STANDS, name="panel_entry_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number:03d}"


@with_history
class ReviewTask(Recorded):
    """A reviewer is to review an entry. Whoever replaces another gets a task of their own; the other's is void."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="tasks")
    entry = models.ForeignKey(PanelEntry, models.PROTECT, related_name="tasks", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="tasks")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)

    class Meta:
        verbose_name = "评审任务"
        ordering = ["entry", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "account"], condition=STANDS, name="review_task_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"


@with_history
class Review(Recorded):
    """A reviewer's marks and words. Sealed until the panel is closed: only the reviewer reads them before."""

    task = models.OneToOneField(ReviewTask, models.PROTECT, related_name="review")
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="reviews")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marks = models.JSONField("评分", default=dict)
    words = EncryptedText("评审意见")

    class Meta:
        verbose_name = "评审意见"

    def __str__(self) -> str:
        return f"{self.task_id}"


class Decision(models.Model):
    """What a panel's reviews came to by its rule; never changed.

    ``digest`` is that of the whole statement, which stands in the document; ``statement`` is the part of it that is
    published: those selected, and how.
    """

    panel = models.OneToOneField(Panel, models.PROTECT, primary_key=True, related_name="decision")
    digest = models.CharField("摘要", max_length=64)
    statement = models.JSONField("结果")
    decided_at = models.DateTimeField("排名时间", default=clock.now)
    actor_label = models.CharField("经办", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "评审排名"

    def __str__(self) -> str:
        return self.digest


class DecisionDocument(models.Model):
    """The whole document of a decision, inputs and all, byte for byte: who may read it may run it again."""

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="document")
    content = models.BinaryField("文件")

    class Meta:
        verbose_name = "评审排名文件"

    def __str__(self) -> str:
        return f"{self.pk}"

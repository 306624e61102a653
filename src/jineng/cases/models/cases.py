"""Cases: where each stands, who has to do with it, what was done, which files go with it, who objected."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL

from jineng.cases.models.intakes import Intake
from jineng.cases.models.procedures import Procedure
from jineng.engines.casework import OUTCOMES, Outcome
from jineng.kernel import clock
from jineng.kernel.crypto import EncryptedText
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation

OUTCOME_CHOICES = [(str(outcome), OUTCOMES[outcome].zh) for outcome in Outcome]


@with_history
class Case(Recorded):
    """A case: its pinned procedure, its parties, answers, and where it stands.

    ``answers`` is canonical JSON, encrypted as a whole, because what a form asks may be personal. ``state`` is the
    engine's (``engines.casework.State``); ``stage``, ``outcome``, ``steps`` repeat what lists and the database ask of
    it. ``parties`` maps the flow's parties to organisations, in the order in which they sign. ``is_locked`` says of a
    case of a reporting round that its applicant hands in no more files: the database takes none.
    """

    serial = models.BigIntegerField("流水号", editable=False, db_default=RawSQL("nextval('cases_case_serial')", ()))
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="cases", verbose_name="受理批次", db_index=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+", verbose_name="办理规程")
    applicant = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="申报单位", db_index=False
    )
    title = models.CharField("名称", max_length=200)
    parties = models.JSONField("相关方", default=dict)
    answers = EncryptedText("填报内容")
    state = models.JSONField("状态")
    stage = models.CharField("环节", max_length=60)
    outcome = models.CharField("结果", max_length=12, choices=OUTCOME_CHOICES, blank=True, default="")
    steps = models.PositiveIntegerField("步数", default=1)
    started_on = models.DateField("开始日期")
    entered_on = models.DateField("进入本环节日期")
    due_on = models.DateField("本环节期限", null=True, blank=True)
    remind_on = models.DateField("下次提醒日期", null=True, blank=True)
    recommender = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="推荐单位"
    )
    rank = models.PositiveIntegerField("推荐名次", null=True, blank=True)
    is_exempt = models.BooleanField("不占名额", default=False)
    is_locked = models.BooleanField("填报已锁定", db_default=False, default=False, editable=False)

    class Meta:
        verbose_name = "事项"
        ordering = ["-serial"]
        constraints = [
            # With it lies all that walls and the filters of lists ask, so that counting reads the index alone.
            models.UniqueConstraint(
                fields=["serial"],
                include=["id", "applicant", "intake", "outcome", "voided_at"],
                name="case_serial_once",
            ),
            models.UniqueConstraint(
                fields=["intake", "recommender", "rank"],
                condition=STANDS & models.Q(rank__isnull=False),
                name="case_rank_once",
            ),
            models.CheckConstraint(
                name="case_ranked_by_somebody",
                condition=models.Q(rank__isnull=True) | models.Q(recommender__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["intake", "stage"]),
            models.Index(fields=["applicant", "-serial"]),
            models.Index(fields=["due_on"], condition=models.Q(outcome=""), name="case_open_by_due_day"),
            models.Index(fields=["remind_on"], condition=models.Q(outcome=""), name="case_open_by_telling"),
            models.Index(fields=["applicant"], condition=models.Q(is_locked=True), name="case_locked"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """The number that people quote: year and running number."""
        return f"{self.started_on:%Y}-{self.serial:06d}"

    @property
    def ended(self) -> bool:
        """Whether nothing more can be done."""
        return self.outcome != ""


class CaseParty(models.Model):
    """An organisation that has to do with a case, and as what. Who sees the case follows from these rows (`CaseSight`).

    Kept by a trigger from the case, never by the program. ``is_turn`` says that the case is open and waits for this
    party, as its procedure tells of its stage; ``due_on`` and ``serial`` repeat the case's, so that what waits for an
    organisation is found in order, however many cases there are.
    """

    pk = models.CompositePrimaryKey("organisation_id", "case_id", "party")
    case = models.ForeignKey(Case, models.CASCADE, related_name="party_rows")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    party = models.CharField("相关方", max_length=60)
    is_turn = models.BooleanField("待其办理", db_default=False)
    due_on = models.DateField("本环节期限", null=True)
    serial = models.BigIntegerField("流水号", db_default=0)

    class Meta:
        verbose_name = "相关单位"
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "serial"], condition=models.Q(is_turn=True), name="case_waits_for"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.party}"


class CaseSight(models.Model):
    """An organisation that sees a case: one that takes part in it, an authority above such a one, or the root.

    Kept by triggers from the parties and from who answers to whom, never by the program. Row-level security of cases
    follows these rows. They repeat what lists of cases are ordered and narrowed by, so that each office turns the
    pages of its own list by an index; ``is_turn`` says that the case waits for this organisation.
    """

    pk = models.CompositePrimaryKey("organisation_id", "case_id")
    case = models.ForeignKey(Case, models.CASCADE, related_name="sights")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    intake = models.ForeignKey(
        Intake, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False, verbose_name="受理批次"
    )
    applicant = models.ForeignKey(
        Organisation, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False, verbose_name="申报单位"
    )
    serial = models.BigIntegerField("流水号")
    outcome = models.CharField("结果", max_length=12, choices=OUTCOME_CHOICES, blank=True, default="")
    rank = models.PositiveIntegerField("推荐名次", null=True)
    is_turn = models.BooleanField("待其办理", default=False)
    voided_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = "可见单位"
        indexes = [
            models.Index(fields=["organisation", "-serial"], condition=STANDS, name="case_sights_in_order"),
            models.Index(fields=["organisation", "intake", "-serial"], condition=STANDS, name="case_sights_of_intake"),
            models.Index(fields=["organisation", "rank", "case"], condition=STANDS, name="case_sights_by_rank"),
            models.Index(
                fields=["organisation", "-serial"],
                condition=STANDS & models.Q(is_turn=True),
                name="case_sights_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.case_id}"


class CaseTally(models.Model):
    """How many standing cases an organisation sees more (or fewer) of an intake and outcome, and whose turn is its own.

    Kept by triggers from the sights: a statement adds a line for all that it changed, and now and then lines are drawn
    together, so that two offices that work at once never wait for each other. What an office sees is their sum less
    what a conflict of interest keeps from whoever asks (``cases_counted``).
    """

    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    intake = models.ForeignKey(Intake, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    outcome = models.CharField("结果", max_length=12, blank=True)
    is_turn = models.BooleanField("待其办理")
    number = models.BigIntegerField("件数")

    class Meta:
        verbose_name = "事项计数"
        indexes = [models.Index(fields=["organisation", "intake"], name="case_tallies")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.intake_id} {self.outcome} {self.number:+}"


class CaseEntry(models.Model):
    """One line of a case's log (``engines.casework.Entry``), and who wrote it. Lines are only ever added."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveIntegerField("序号")
    data = models.JSONField("内容")
    at = models.DateTimeField("时间", default=clock.now)
    actor_label = models.CharField("办理人", max_length=200, blank=True, default="")
    organisation_id = models.UUIDField("办理单位", null=True)
    deed = models.UUIDField("操作", null=True)
    answers_digest = models.CharField("填报内容摘要", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "办理记录"
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="case_entry_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


@with_history
class CaseFile(Recorded):
    """A file given for a field of a case. Its bytes lie encrypted under its id (``kernel.files``)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    field = models.CharField("字段", max_length=60)
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("类型", max_length=10)
    size = models.PositiveBigIntegerField("字节数")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "事项附件"
        ordering = ["case", "field", "recorded_at"]

    def __str__(self) -> str:
        return self.name

    def described(self) -> dict[str, Any]:
        """How answers name the file (see ``engines.casework``)."""
        return {"file": str(self.pk), "name": self.name, "bytes": self.size, "kind": self.kind, "digest": self.digest}


@with_history
class Objection(Recorded):
    """An objection raised while a case is under public notice, and what was answered. Who objects is kept encrypted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="objections")
    raised_on = models.DateField("提出日期")
    raised_by = EncryptedText("提出人")
    text = EncryptedText("异议内容")
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answer = models.TextField("答复", blank=True, default="")
    is_upheld = models.BooleanField("是否成立", null=True, blank=True)

    class Meta:
        verbose_name = "异议"
        ordering = ["case", "raised_on"]
        constraints = [
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=models.Q(answered_on__isnull=True, answer="", is_upheld__isnull=True)
                | (models.Q(answered_on__isnull=False, is_upheld__isnull=False) & ~models.Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.raised_on}"

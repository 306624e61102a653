"""The credit bank: what schools convert by which rules, what learners achieved, and the ledger of credits."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q

from jineng.credentials.kinds import AchievementKind, Direction, SkillLevel
from jineng.credentials.models.certificates import Certificate
from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, Person


@with_history
class CreditScheme(Recorded):
    """A school's rules of conversion in one version, in force from a day until the next version is.

    ``cap`` is the most credits that a learner may get by conversion at the school, in all.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="院校", db_index=False)
    version = models.PositiveSmallIntegerField("版本")
    since = models.DateField("生效日期")
    cap = models.DecimalField("转换学分上限", max_digits=5, decimal_places=1)
    document = models.CharField("依据文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "学分转换办法"
        ordering = ["school_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["school", "version"], condition=STANDS, name="credit_scheme_once"),
            models.CheckConstraint(name="credit_scheme_cap", condition=Q(cap__gt=0)),
        ]

    def __str__(self) -> str:
        return f"第{self.version}版（{self.since}起）"


@with_history
class ConversionRule(Recorded):
    """One rule: which achievement is taken for what, for how many credits, and for how many years it is good.

    ``direction`` says whether a course is waived for it, or a unit of a certificate is recognised.
    """

    scheme = models.ForeignKey(CreditScheme, models.PROTECT, related_name="rules", verbose_name="办法", db_index=False)
    code = models.CharField("规则号", max_length=30)
    direction = models.CharField("方向", max_length=10, choices=Direction.choices)
    accepts = models.CharField("成果类别", max_length=12, choices=AchievementKind.choices)
    source = models.CharField("证书或课程代码", max_length=40)
    level = models.CharField("等级", max_length=12, choices=SkillLevel.choices, blank=True, default="")
    target = models.CharField("认定为", max_length=100)
    credits = models.DecimalField("学分", max_digits=4, decimal_places=1)
    valid_years = models.PositiveSmallIntegerField("成果有效年数")

    class Meta:
        verbose_name = "学分转换规则"
        ordering = ["scheme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], condition=STANDS, name="conversion_rule_once"),
            models.CheckConstraint(name="conversion_rule_gives", condition=Q(credits__gt=0, valid_years__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target}"


@with_history
class Achievement(Recorded):
    """What a learner achieved, stated by an organisation under its seal: a certificate, a course, a competition."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="学习者", db_index=False)
    institution = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="出具单位")
    kind = models.CharField("类别", max_length=12, choices=AchievementKind.choices)
    code = models.CharField("代码", max_length=40)
    level = models.CharField("等级", max_length=12, choices=SkillLevel.choices, blank=True, default="")
    title = models.CharField("成果", max_length=100)
    obtained_on = models.DateField("取得日期")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+", null=True, blank=True)
    statement = models.JSONField("声明", editable=False)

    class Meta:
        verbose_name = "学习成果"
        ordering = ["-obtained_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "code", "level", "obtained_on"], condition=STANDS, name="achievement_once"
            ),
            models.UniqueConstraint(fields=["certificate"], condition=STANDS, name="achievement_of_certificate_once"),
            models.CheckConstraint(
                name="achievement_names_its_certificate",
                condition=Q(kind=AchievementKind.CERTIFICATE, certificate__isnull=False)
                | ~Q(kind=AchievementKind.CERTIFICATE) & Q(certificate__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CreditAccount(models.Model):
    """A learner's account for life; ``balance`` is kept by a trigger and equals the sum of the postings."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", verbose_name="学习者")
    opened_on = models.DateField("开户日期", default=clock.today)
    balance = models.DecimalField("学分", max_digits=7, decimal_places=1, default=Decimal(0), editable=False)

    class Meta:
        verbose_name = "学分账户"
        ordering = ["-opened_on", "id"]

    def __str__(self) -> str:
        return f"{self.opened_on}"


class CreditPosting(models.Model):
    """A line of the ledger, only ever added: credits granted for an achievement by a rule, or such a line reversed.

    ``statement`` is sealed, and names the line before it by its digest, so that a line that is missing is missed.
    ``transfers`` is the line of another school that this one takes over; that one is reversed by the line before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="postings", db_index=False)
    number = models.PositiveIntegerField("序号")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="院校")
    rule = models.ForeignKey(ConversionRule, models.PROTECT, related_name="+", verbose_name="规则")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="postings", verbose_name="成果")
    credits = models.DecimalField("学分", max_digits=4, decimal_places=1)
    posted_on = models.DateField("记账日期")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    transfers = models.OneToOneField("self", models.PROTECT, null=True, related_name="transferred_by")
    reason = models.CharField("原因", max_length=300, blank=True, default="")
    case_id = models.UUIDField("事项", null=True)
    statement = models.JSONField("声明")

    class Meta:
        verbose_name = "学分记录"
        ordering = ["account_id", "number"]
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="credit_posting_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.credits:+}"

    @property
    def way(self) -> str:
        """What sort of line it is: ``granted``, ``reversed``, or of a transfer ``out`` and ``in``."""
        if self.transfers_id is not None:
            return "in"
        if self.reverses_id is None:
            return "granted"
        return "out" if self.statement.get("statement", {}).get("transferred_to") else "reversed"


class CreditUse(models.Model):
    """That an achievement is used, and by which line; a trigger keeps it, so nothing is used twice at one time."""

    achievement = models.OneToOneField(Achievement, models.PROTECT, primary_key=True, related_name="use")
    posting = models.OneToOneField(CreditPosting, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "成果使用"

    def __str__(self) -> str:
        return str(self.achievement_id)

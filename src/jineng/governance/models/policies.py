"""Policies: documents that departments issue, alone or jointly, and when they end."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from jineng.governance.kinds import Level, PolicyKind
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation

SLUG_PATTERN = r"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"
SLUG = RegexValidator(
    SLUG_PATTERN,
    "主题代码用小写字母、数字和连字符，以字母开头。 Use lower-case letters, digits and hyphens, a letter first.",
)


@with_history
class Policy(Recorded):
    """A document. Without ``issued_on`` it is a draft, seen by those who draw it up; once issued, by everybody.

    ``organisation`` leads; all who sign, itself included, are its issuers. From ``repealed_on`` on it is no longer in
    force; ``replaces`` is the version that it took the place of. ``number`` of a draft is the drafter's own.
    """

    number = models.CharField("文号", max_length=80)
    title = models.CharField("标题", max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="牵头单位")
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    kind = models.CharField("类型", max_length=10, choices=PolicyKind.choices, default=PolicyKind.ISSUED)
    topic = models.CharField("主题代码", max_length=60, blank=True, default="", validators=[SLUG])
    scope = models.CharField("适用范围", max_length=200, blank=True, default="")
    issued_on = models.DateField("印发日期", null=True, blank=True)
    repealed_on = models.DateField("废止日期", null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="替代"
    )

    class Meta:
        verbose_name = "政策文件"
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=STANDS & Q(issued_on__isnull=False), name="policy_number_once"
            ),
            models.UniqueConstraint(fields=["organisation", "number"], condition=STANDS, name="policy_once_by_leader"),
            models.CheckConstraint(name="policy_says_which", condition=~Q(number="") & ~Q(title="")),
            models.CheckConstraint(
                name="policy_repealed_after_issue",
                condition=Q(repealed_on__isnull=True) | Q(issued_on__isnull=False, repealed_on__gt=F("issued_on")),
            ),
            models.CheckConstraint(
                name="policy_not_its_own_successor", condition=Q(replaces__isnull=True) | ~Q(replaces=F("id"))
            ),
        ]
        indexes = [models.Index(fields=["-issued_on", "id"], name="policy_latest_first")]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）"


@with_history
class PolicyIssuer(Recorded):
    """A department that issues a policy, in the order of signing. ``signed_on`` stays blank where it is the issue's."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="issuers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="印发单位")
    order = models.PositiveSmallIntegerField("署名次序", default=1)
    signed_on = models.DateField("签署日期", null=True, blank=True)

    class Meta:
        verbose_name = "联合印发单位"
        ordering = ["policy", "order"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "organisation"], condition=STANDS, name="policy_issuer_once")
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.order}"

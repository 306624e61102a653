"""A season of admission, its rounds, and what is declared for it: exempt categories, rules of scoring."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from jineng.admissions.kinds import Channel, SeasonKind
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation

SLUG_PATTERN = r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"
SLUG = RegexValidator(
    SLUG_PATTERN, "代码只用小写字母、数字和连字符。 Use lower-case letters, digits and hyphens.", code="slug"
)


@with_history
class Season(Recorded):
    """A season of admission: one kind in one year, by the document that opened it. ``code`` names it in returns.

    A season belongs to the year in which it opens, also where its last rounds reach into the next.
    """

    code = models.CharField("招生季代码", max_length=40, validators=[SLUG])
    kind = models.CharField("类别", max_length=20, choices=SeasonKind.choices)
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=100)
    document = models.CharField("文号", max_length=100, blank=True, default="")
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = "招生季"
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="season_code_once"),
            models.CheckConstraint(name="season_opens_in_its_year", condition=Q(year=ExtractYear("opens_on"))),
            models.CheckConstraint(
                name="season_closes_after_opening",
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class Round(Recorded):
    """A round of a season, or with ``supplement`` above nought a supplementary sub-round of it (征集).

    ``cancelled_on`` says that it was announced and not held.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="rounds", verbose_name="招生季", db_index=False)
    ordinal = models.PositiveSmallIntegerField("轮次")
    supplement = models.PositiveSmallIntegerField("征集次数", default=0)
    name = models.CharField("名称", max_length=60)
    channel = models.CharField("途径", max_length=20, choices=Channel.choices, default=Channel.DIRECT)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("结束日期", null=True, blank=True)
    cancelled_on = models.DateField("取消日期", null=True, blank=True)

    class Meta:
        verbose_name = "轮次"
        ordering = ["season", "ordinal", "supplement"]
        constraints = [
            models.UniqueConstraint(fields=["season", "ordinal", "supplement"], condition=STANDS, name="round_once"),
            models.CheckConstraint(name="round_counts_from_one", condition=Q(ordinal__gte=1)),
            models.CheckConstraint(
                name="round_closes_after_opening",
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class ExemptCategory(Recorded):
    """A category of applicants who are admitted without examination in a season, by the document that says so.

    ``code`` stays the same over the years as long as the category means the same.
    """

    season = models.ForeignKey(
        Season, models.PROTECT, related_name="exempt_categories", verbose_name="招生季", db_index=False
    )
    code = models.CharField("免试类别代码", max_length=40, validators=[SLUG])
    name = models.CharField("免试类别", max_length=100)
    evidence = models.CharField("证明材料", max_length=200, blank=True, default="")
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "免试类别"
        ordering = ["season", "code"]
        constraints = [
            models.UniqueConstraint(fields=["season", "code"], condition=STANDS, name="exempt_category_once")
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class ScoreRule(Recorded):
    """A version of an institution's rule of scoring for a season: how components make a score, and what breaks ties.

    ``formula`` is a rule of the allocation engine (``weights``, ``least``, ``total``); ``ties`` names components in the
    order in which they decide. Versions are never changed once used: a new one follows.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="score_rules", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="机构")
    channel = models.CharField("途径", max_length=20, choices=Channel.choices, default=Channel.DIRECT)
    version = models.PositiveSmallIntegerField("版本", default=1)
    formula = models.JSONField("计分办法", default=dict)
    ties = models.JSONField("同分排序", default=list)
    filed_on = models.DateField("备案日期")
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "计分规则"
        constraints = [
            models.UniqueConstraint(
                fields=["season", "organisation", "channel", "version"], condition=STANDS, name="score_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} 第{self.version}版"

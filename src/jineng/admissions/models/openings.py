"""A round that is being held: its windows, the seats it offers, and how far it got."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.admissions.kinds import Phase, Pool
from jineng.admissions.models.plans import Plan
from jineng.admissions.models.schemes import Scheme
from jineng.admissions.models.seasons import Round, ScoreRule
from jineng.kernel.crypto import EncryptedText
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Opening(Recorded):
    """A round in being. Preferences are taken from ``opens_at`` until before ``closes_at``, by the database's clock.

    ``commitment`` is published when it opens and binds ``seed``, the lot that breaks ties; ``secret`` salts the rows
    of the published result. ``seats`` is how the seats of the whole season stand after the round, by place.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="openings", verbose_name="轮次", db_index=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name="招生办法", db_index=False)
    phase = models.CharField("阶段", max_length=12, choices=Phase.choices, default=Phase.OPEN)
    opens_at = models.DateTimeField("志愿开始")
    closes_at = models.DateTimeField("志愿截止")
    answers_until = models.DateTimeField("确认截止", null=True, blank=True)
    commitment = models.CharField("抽签承诺", max_length=64)
    seed = EncryptedText("抽签种子")
    secret = EncryptedText("盐")
    seats = models.JSONField(null=True)

    class Meta:
        verbose_name = "轮次开放"
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=STANDS, name="opening_once"),
            models.CheckConstraint(name="opening_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}"


@with_history
class Offer(Recorded):
    """Seats that a round offers at a plan: a place of the allocation engine, under ``key``, as it stood at the opening.

    ``group`` is what applicants name, ``rule`` the institution's filed rule that judges, if one does.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="offers", db_index=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="offers", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(ScoreRule, models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.CharField("招生单元", max_length=80)
    seats = models.PositiveIntegerField("计划数")
    pool = models.CharField("计划性质", max_length=15, choices=Pool.choices)
    county_code = models.CharField("定向县区代码", max_length=6, blank=True, default="")
    group = models.CharField("专业组", max_length=40)
    group_name = models.CharField("名称", max_length=200)
    major = models.CharField("专业", max_length=80)
    major_name = models.CharField("专业名称", max_length=60)

    class Meta:
        verbose_name = "可填志愿"
        ordering = ["opening", "group", "major", "id"]
        constraints = [models.UniqueConstraint(fields=["opening", "plan"], condition=STANDS, name="offer_once")]
        indexes = [models.Index(fields=["opening", "group", "major"], name="offers_of_group")]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_pool_display()}，{self.seats} 人）"

    @property
    def name(self) -> str:
        """The group with the major, which is named once where the group is called by it."""
        return self.group_name if self.major_name in self.group_name else f"{self.group_name} {self.major_name}"

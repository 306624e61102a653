"""What was held and shown, and what the press wrote: events, exhibition items, press coverage."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.governance.kinds import ItemKind, Level, OccasionKind, ParticipantRole
from jineng.governance.models.policies import SLUG
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class PressItem(Recorded):
    """A piece of press coverage about an organisation's work."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="报道对象")
    outlet = models.CharField("媒体", max_length=60)
    published_on = models.DateField("刊发日期")
    title = models.CharField("标题", max_length=200)
    level = models.CharField("媒体级别", max_length=10, choices=Level.choices)
    topic = models.CharField("主题代码", max_length=60, blank=True, default="", validators=[SLUG])

    class Meta:
        verbose_name = "宣传报道"
        ordering = ["-published_on", "outlet", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "published_on", "title"], condition=STANDS, name="press_item_once"
            ),
            models.CheckConstraint(name="press_item_says_what", condition=~Q(outlet="") & ~Q(title="")),
        ]
        indexes = [models.Index(fields=["-published_on", "id"], name="press_latest_first")]

    def __str__(self) -> str:
        return f"{self.outlet}：{self.title}"


@with_history
class Occasion(Recorded):
    """Something held on certain days, such as a vocational education activity week."""

    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="主办单位")
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=15, choices=OccasionKind.choices)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    place = models.CharField("地点", max_length=100, blank=True, default="")
    attendance = models.PositiveIntegerField("参加人次", null=True, blank=True)

    class Meta:
        verbose_name = "活动"
        ordering = ["-begins_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["host", "name", "begins_on"], condition=STANDS, name="occasion_once"),
            models.CheckConstraint(name="occasion_says_what", condition=~Q(name="")),
            models.CheckConstraint(name="occasion_ends_after_beginning", condition=Q(ends_on__gte=F("begins_on"))),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class OccasionParticipant(Recorded):
    """An organisation that took part in an event beside its host, and with how many people."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="participants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("角色", max_length=15, choices=ParticipantRole.choices, default=ParticipantRole.PARTICIPANT)
    people = models.PositiveIntegerField("人数", null=True, blank=True)

    class Meta:
        verbose_name = "参加单位"
        ordering = ["occasion", "role", "organisation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "organisation"], condition=STANDS, name="occasion_participant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.organisation_id}"


@with_history
class ExhibitionItem(Recorded):
    """Something that an organisation showed at an event."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="exhibits")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="展出单位")
    title = models.CharField("展品", max_length=120)
    kind = models.CharField("类别", max_length=15, choices=ItemKind.choices)
    notes = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "展品"
        ordering = ["occasion", "organisation_id", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "organisation", "title"], condition=STANDS, name="exhibition_item_once"
            ),
            models.CheckConstraint(name="exhibition_item_says_what", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title

"""What comes of agreements: alliances, colleges, centres; and industry clusters. Who belongs to them, when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.partnerships.kinds import BodyKind, ClusterField, MemberRole
from jineng.partnerships.models.agreements import Agreement
from jineng.partnerships.models.partners import Partner
from jineng.registry.models import Organisation


@with_history
class Body(Recorded):
    """Something that partners found together, led by ``organisation``.

    It is in being from ``founded_on`` on (a candidate has none yet) up to the day before ``ended_on``, and no longer
    than the agreement that it comes of.
    """

    code = models.CharField("编号", max_length=60)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=20, choices=BodyKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="牵头单位", db_index=False
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name="依据协议"
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "合作机构"
        verbose_name_plural = "合作机构"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="body_once"),
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"], condition=STANDS, name="body_under_one_code"
            ),
            models.CheckConstraint(
                name="body_ends_after_founding",
                condition=Q(ended_on__isnull=True) | Q(founded_on__isnull=True) | Q(ended_on__gt=F("founded_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["-founded_on", "id"], name="bodies_latest_first"),
            models.Index(fields=["organisation"], name="bodies_of_keeper"),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class BodyMember(Partner):
    """A partner belongs to a body from ``joined_on`` up to the day before ``left_on``.

    ``authority`` says that it is the education authority of its province (or country); ``founding`` that it was
    among the founders.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="members", db_index=False)
    role = models.CharField("身份", max_length=10, choices=MemberRole.choices, default=MemberRole.MEMBER)
    founding = models.BooleanField("发起单位", default=False)
    authority = models.BooleanField("省级教育主管部门", default=False)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = "合作机构成员"
        ordering = ["body", "role", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "partner_key", "joined_on"], condition=STANDS, name="body_member_once"
            ),
            models.CheckConstraint(
                name="body_member_leaves_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("joined_on")),
            ),
        ]
        indexes = [models.Index(fields=["body"], name="member_of_body")]


class BodySight(models.Model):
    """An organisation sees a body because it belongs to it; a trigger on the members keeps these rows."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    body = models.ForeignKey(Body, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "合作机构可见单位"
        constraints = [models.UniqueConstraint(fields=["organisation", "body"], name="body_sight_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.body_id}"


@with_history
class Cluster(Recorded):
    """Schools and firms around one industry, coordinated by ``organisation``; announced, so everybody reads it."""

    code = models.CharField("编号", max_length=60)
    name = models.CharField("名称", max_length=100)
    field = models.CharField("产业领域", max_length=20, choices=ClusterField.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="牵头单位", db_index=False
    )
    founded_on = models.DateField("成立日期")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "产业集群"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="cluster_once"),
            models.CheckConstraint(
                name="cluster_ends_after_founding",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("founded_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class ClusterMember(Recorded):
    """An organisation belongs to a cluster from ``joined_on`` up to the day before ``left_on``."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="members", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="成员单位")
    role = models.CharField("身份", max_length=10, choices=MemberRole.choices, default=MemberRole.MEMBER)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = "产业集群成员"
        ordering = ["cluster", "joined_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "organisation", "joined_on"], condition=STANDS, name="cluster_member_once"
            ),
            models.CheckConstraint(
                name="cluster_member_leaves_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("joined_on")),
            ),
        ]
        indexes = [models.Index(fields=["cluster"], name="member_of_cluster")]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.organisation_id}"

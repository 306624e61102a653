"""Leading groups: bodies that steer vocational education at a level, and who belongs to them by post."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.governance.kinds import Level, MemberRole
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class LeadingGroup(Recorded):
    """A leading group (领导小组) that ``organisation`` formed, until it was dissolved."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="成立单位")
    name = models.CharField("名称", max_length=100)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    formed_on = models.DateField("成立日期")
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    document = models.CharField("依据文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "领导小组"
        ordering = ["organisation_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name", "formed_on"], condition=STANDS, name="leading_group_once"
            ),
            models.CheckConstraint(
                name="leading_group_dissolved_after_forming",
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=F("formed_on")),
            ),
        ]
        indexes = [models.Index(fields=["-formed_on", "id"], name="groups_latest_first")]

    def __str__(self) -> str:
        return self.name


@with_history
class GroupMember(Recorded):
    """An organisation, or the holder of a post in it, that belongs to a leading group.

    Groups name posts, not persons: whoever takes the post over takes the seat. A blank ``post_title`` means the
    organisation itself.
    """

    group = models.ForeignKey(LeadingGroup, models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="单位")
    post_title = models.CharField("职务", max_length=60, blank=True, default="")
    role = models.CharField("角色", max_length=10, choices=MemberRole.choices, default=MemberRole.MEMBER)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "领导小组成员"
        ordering = ["group", "role", "organisation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "organisation", "post_title", "since"], condition=STANDS, name="group_member_once"
            ),
            models.CheckConstraint(
                name="group_member_leaves_after_joining",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_title or self.organisation_id} {self.get_role_display()}"

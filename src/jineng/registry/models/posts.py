"""Posts that accounts hold in organisations, and delegation of a post for a time."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jineng.kernel.records import Recorded, with_history
from jineng.registry.kinds import Role
from jineng.registry.models.organisations import Organisation


@with_history
class Post(Recorded):
    """An account holds a role in an organisation from a date, perhaps until another (that day excluded)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    title = models.CharField("岗位", max_length=60)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_start",
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
            )
        ]

    def __str__(self) -> str:
        return self.title


@with_history
class Delegation(Recorded):
    """The holder of a post lets another account act in it for a time."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegated_posts")
    since = models.DateField("自")
    until = models.DateField("至")
    reason = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = "委托"
        constraints = [
            models.CheckConstraint(name="delegation_ends_after_start", condition=models.Q(until__gt=models.F("since")))
        ]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.to_id}"

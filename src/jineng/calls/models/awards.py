"""Awards: what a call recognised, who holds it, and what became of it over time."""

from __future__ import annotations

from django.db import models

from jineng.calls.kinds import HolderKind, HolderRole, Level, PartyRole, Status
from jineng.calls.models.calls import Batch
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, Person


@with_history
class Award(Recorded):
    """An item that came before a call: proposed, under construction, recognised, refused or withdrawn.

    ``organisation`` is responsible for it. ``title`` may name a person; ``public_title`` is what figures and
    snapshots may show, and is empty where the call's awards are held by persons. What the award is on a day is
    told by its statuses.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="awards", verbose_name="批次", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="责任单位", db_index=False
    )
    title = models.CharField("名称", max_length=200)
    public_title = models.CharField("公开名称", max_length=200, blank=True, default="", editable=False)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    project_number = models.CharField("项目编号", max_length=60, blank=True, default="")
    notes = models.CharField("备注", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "立项"
        ordering = ["batch", "title"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "organisation", "title"], condition=STANDS, name="award_once"),
            models.CheckConstraint(name="award_has_title", condition=~models.Q(title="")),
        ]
        indexes = [
            models.Index(fields=["organisation", "batch"]),
            models.Index(fields=["-recorded_at", "id"], name="award_latest_first"),
        ]

    def __str__(self) -> str:
        return self.title


@with_history
class AwardStatus(Recorded):
    """From ``since`` on the award is ``status``, by ``document``, until a later status takes over."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="statuses", db_index=False)
    status = models.CharField("状态", max_length=20, choices=Status.choices)
    since = models.DateField("自")
    document = models.CharField("依据文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "立项状态"
        ordering = ["award", "since", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["award", "status", "since"], condition=STANDS, name="award_status_once")
        ]
        indexes = [models.Index(fields=["award", "-since", "-recorded_at"])]

    def __str__(self) -> str:
        return f"{self.since} {self.get_status_display()}"


@with_history
class AwardHolder(Recorded):
    """Somebody who holds an award: an organisation, a person or a team, as ``kind`` says."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="holders")
    kind = models.CharField("持有者类别", max_length=15, choices=HolderKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="个人")
    team_name = models.CharField("团队名称", max_length=100, blank=True, default="")
    role = models.CharField("角色", max_length=10, choices=HolderRole.choices, default=HolderRole.HOLDER)

    class Meta:
        verbose_name = "持有者"
        ordering = ["award", "role", "id"]
        constraints = [
            models.CheckConstraint(
                name="award_holder_is_what_it_says",
                condition=models.Q(
                    kind=HolderKind.ORGANISATION, organisation__isnull=False, person__isnull=True, team_name=""
                )
                | models.Q(kind=HolderKind.PERSON, organisation__isnull=True, person__isnull=False, team_name="")
                | (
                    models.Q(kind=HolderKind.TEAM, organisation__isnull=True, person__isnull=True)
                    & ~models.Q(team_name="")
                ),
            ),
            models.UniqueConstraint(
                fields=["award", "organisation"],
                condition=STANDS & models.Q(organisation__isnull=False),
                name="award_held_once_by_organisation",
            ),
            models.UniqueConstraint(
                fields=["award", "person"],
                condition=STANDS & models.Q(person__isnull=False),
                name="award_held_once_by_person",
            ),
            models.UniqueConstraint(
                fields=["award", "team_name"],
                condition=STANDS & models.Q(kind=HolderKind.TEAM),
                name="award_held_once_by_team",
            ),
        ]

    def __str__(self) -> str:
        return self.team_name or f"{self.get_kind_display()} {self.get_role_display()}"


class AwardParty(models.Model):
    """An organisation that sees an award without being responsible for it.

    Row-level security follows these rows. Holders are kept by a trigger on :class:`AwardHolder`; the deciding
    departments see through their calls, so they need no rows.
    """

    pk = models.CompositePrimaryKey("organisation_id", "award_id", "role")
    award = models.ForeignKey(Award, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    role = models.CharField("关系", max_length=10, choices=PartyRole.choices)

    class Meta:
        verbose_name = "相关单位"

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.get_role_display()}"

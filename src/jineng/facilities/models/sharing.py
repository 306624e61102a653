"""What a park's members share: facilities, who shares them from when to when, hours used; who moved in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.facilities.kinds import FacilityKind
from jineng.facilities.models.building import Park
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation, OrganisationState


@with_history
class SharedFacility(Recorded):
    """A facility of a park that several organisations use; ``capacity`` in places, ``weekly_hours`` open in a week."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="facilities", verbose_name="园区")
    code = models.CharField("设施编号", max_length=60)
    name = models.CharField("设施名称", max_length=100)
    kind = models.CharField("类别", max_length=15, choices=FacilityKind.choices)
    capacity = models.PositiveIntegerField("容量（工位）")
    weekly_hours = models.DecimalField("每周开放（小时）", max_digits=4, decimal_places=1)
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "共享设施"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="facility_once"),
            models.CheckConstraint(name="facility_has_places", condition=Q(capacity__gt=0)),
            models.CheckConstraint(
                name="facility_week_has_168_hours", condition=Q(weekly_hours__gt=0, weekly_hours__lte=168)
            ),
            models.CheckConstraint(
                name="facility_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class SharingMember(Recorded):
    """An organisation shares a facility from ``since`` up to the day before ``until``; stretches never overlap."""

    facility = models.ForeignKey(SharedFacility, models.PROTECT, related_name="sharing", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="共享单位")
    name = models.CharField("单位名称", max_length=100)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "共享单位"
        ordering = ["facility", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "organisation", "since"], condition=STANDS, name="sharing_member_once"
            ),
            models.CheckConstraint(
                name="sharing_ends_after_start", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
        ]
        indexes = [models.Index(fields=["facility", "since"], name="member_of_facility")]

    def __str__(self) -> str:
        return self.name


@with_history
class UseHours(Recorded):
    """Hours for which a member used a facility in a month (its first day), and by how many person-times."""

    facility = models.ForeignKey(SharedFacility, models.PROTECT, related_name="hours", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="共享单位")
    month = models.DateField("月份")
    hours = models.DecimalField("使用时数", max_digits=6, decimal_places=1)
    person_times = models.PositiveIntegerField("人次", default=0)

    class Meta:
        verbose_name = "使用时数"
        ordering = ["facility", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "organisation", "month"], condition=STANDS, name="use_hours_once_a_month"
            ),
            models.CheckConstraint(name="month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="month_has_744_hours", condition=Q(hours__gt=0, hours__lte=744)),
        ]
        indexes = [models.Index(fields=["facility", "month"], name="hours_of_facility")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.hours}"


@with_history
class Relocation(Recorded):
    """An organisation moved into a park on a day; ``change`` is the move as the registry tells it."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="relocations", verbose_name="园区", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="入园单位")
    name = models.CharField("单位名称", max_length=100)
    moved_on = models.DateField("入园日期")
    change = models.ForeignKey(
        OrganisationState, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构沿革"
    )
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "入园搬迁"
        ordering = ["park", "moved_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["park", "organisation", "moved_on"], condition=STANDS, name="relocation_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FacilitySight(models.Model):
    """An organisation sees a facility because it shares it; a trigger on the members keeps these rows."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    facility = models.ForeignKey(SharedFacility, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "设施可见单位"
        constraints = [models.UniqueConstraint(fields=["organisation", "facility"], name="facility_sight_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.facility_id}"

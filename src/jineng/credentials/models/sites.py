"""Assessment sites (考核站点): who runs them, where they are, and the rooms in which candidates sit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class AssessmentSite(Recorded):
    """A place approved for assessments from ``approved_on`` until, not including, ``ended_on``.

    ``code`` is the number by which the organisation that runs the site knows it.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="所属单位", db_index=False
    )
    code = models.CharField("站点代码", max_length=30)
    name = models.CharField("站点名称", max_length=60)
    address = models.CharField("地址", max_length=100)
    approved_on = models.DateField("批准日期")
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "考核站点"
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], condition=STANDS, name="assessment_site_once"),
            models.CheckConstraint(
                name="assessment_site_ends_after_approval",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("approved_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class AssessmentRoom(Recorded):
    """A room of a site and its seats. Rooms are filled in their order, and a new one comes last."""

    site = models.ForeignKey(AssessmentSite, models.PROTECT, related_name="rooms", db_index=False)
    order = models.PositiveSmallIntegerField("次序")
    name = models.CharField("考场", max_length=40)
    seats = models.PositiveIntegerField("座位数")

    class Meta:
        verbose_name = "考场"
        ordering = ["site", "order"]
        constraints = [
            models.UniqueConstraint(fields=["site", "order"], condition=STANDS, name="assessment_room_order_once"),
            models.UniqueConstraint(fields=["site", "name"], condition=STANDS, name="assessment_room_name_once"),
            models.CheckConstraint(name="assessment_room_has_seats", condition=Q(seats__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

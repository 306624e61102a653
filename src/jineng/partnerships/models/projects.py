"""International projects: what an institution runs with a partner abroad."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.partnerships.countries import country_name
from jineng.partnerships.kinds import ProjectKind
from jineng.registry.models import Organisation


@with_history
class InternationalProject(Recorded):
    """A project of ``organisation`` with an institution of another country, in force from ``since`` to ``until``.

    Both days are included; without ``until`` the project has no end yet.
    """

    code = models.CharField("项目编号", max_length=60)
    name = models.CharField("项目名称", max_length=200)
    kind = models.CharField("类别", max_length=10, choices=ProjectKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="我方院校", db_index=False
    )
    country = models.CharField("国别代码", max_length=2)
    partner = models.CharField("外方机构", max_length=200)
    since = models.DateField("生效日期")
    until = models.DateField("有效期至", null=True, blank=True)
    belt_and_road = models.BooleanField("“一带一路”合作", default=False)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "国际合作项目"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="project_once"),
            models.CheckConstraint(name="project_lasts", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
            models.CheckConstraint(name="project_is_abroad", condition=~Q(country__in=["CN", "HK", "MO", "TW"])),
        ]
        indexes = [
            models.Index(fields=["organisation"], name="project_of_organisation"),
            models.Index(fields=["-since", "id"], name="projects_latest_first"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def country_name(self) -> str:
        """The partner's country in Chinese."""
        return country_name(self.country)

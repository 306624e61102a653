"""Administrative divisions: where things lie."""

from __future__ import annotations

from django.db import models

from jineng.registry.kinds import DivisionLevel


class Division(models.Model):
    """A province, city, county (GB/T 2260 code) or a special area without a civil code of its own."""

    code = models.CharField("区划代码", primary_key=True, max_length=6)
    name = models.CharField("名称", max_length=40)
    short_name = models.CharField("简称", max_length=10)
    level = models.CharField("级别", max_length=10, choices=DivisionLevel.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", db_column="parent_code"
    )
    is_civil = models.BooleanField("国标区划", default=True)
    is_ethnic_area = models.BooleanField("民族自治地方", default=False)
    former_names = models.JSONField("曾用名", default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="division_parent_unless_province",
                condition=models.Q(level=DivisionLevel.PROVINCE) | models.Q(parent__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

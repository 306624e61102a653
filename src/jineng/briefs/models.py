"""Briefs that were released: frozen figures, documents and snapshot, under one seal."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from jineng.kernel import clock


class Release(models.Model):
    """A released brief. It is never changed: a later correction comes out with the next release.

    ``manifest`` lists the SHA-256 of every file and table of the snapshot and every figure with its exact value and
    the version of its definition; ``seal`` is the manifest under the installation's signature.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版次")
    issued_on = models.DateField("发布日期")
    released_at = models.DateTimeField("发布时间", default=clock.now)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    folder = models.CharField(max_length=200)
    manifest = models.JSONField()
    digest = models.CharField("SHA-256", max_length=64)
    seal = models.JSONField()
    note = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "简报发布"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.year}年度简报 第{self.number}版"

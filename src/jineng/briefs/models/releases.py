"""Briefs that were released: frozen figures, documents and snapshot, under one seal; who got them; what was wrong."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from jineng.briefs.kinds import Manner
from jineng.kernel import clock
from jineng.registry.models import Organisation


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


class Delivery(models.Model):
    """A released brief as one organisation within the system got it; ``read_*`` is its receipt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    manner = models.CharField("方式", max_length=15, choices=Manner.choices)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField("签收时间", null=True)

    class Meta:
        verbose_name = "简报送达"
        constraints = [models.UniqueConstraint(fields=["release", "organisation"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.release_id} {self.organisation_id}"


class Erratum(models.Model):
    """What a released brief said wrongly, and what is right: dated and sealed, beside the release, which stays.

    ``figures`` lists for each figure named its key, label, the value as published and the value now, as text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="errata")
    number = models.PositiveSmallIntegerField("次序")
    dated = models.DateField("日期")
    text = models.TextField("更正")
    figures = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    seal = models.JSONField()

    class Meta:
        verbose_name = "简报更正"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["release", "number"], name="erratum_number_once")]

    def __str__(self) -> str:
        return f"{self.release} 更正第{self.number}号"

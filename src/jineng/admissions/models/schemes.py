"""The law of a season as data: components, pools, rounds in order and how each is run."""

from __future__ import annotations

from django.db import models

from jineng.admissions.models.seasons import Season
from jineng.kernel.records import STANDS, Recorded, with_history


@with_history
class Scheme(Recorded):
    """A version of a season's scheme of admission (see :mod:`jineng.admissions.schemes` for what ``data`` says).

    Versions are never changed: a new one follows, and binds the rounds that open after it.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="schemes", verbose_name="招生季", db_index=False)
    version = models.PositiveSmallIntegerField("版本")
    data = models.JSONField("招生办法")
    declared_on = models.DateField("公布日期")
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "招生办法"
        ordering = ["season", "-version"]
        constraints = [models.UniqueConstraint(fields=["season", "version"], condition=STANDS, name="scheme_once")]

    def __str__(self) -> str:
        return f"招生办法第{self.version}版"

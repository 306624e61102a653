"""What every register row carries: when we knew it, where it came from, and whether it ever held."""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
import pgtrigger
from django.db import models

from jineng.kernel import clock


class Origin(models.TextChoices):
    """The door through which a record came in."""

    RETURN = "return", "填报 Return"
    CASE = "case", "事项 Case"
    PAGE = "page", "页面 Page"
    API = "api", "接口 API"
    SEED = "seed", "初始 Seed"


class Recorded(models.Model):
    """A register row: recorded once, never edited to say something else.

    A correction voids the row and records another; ``voided_at`` means that it never held, from then on.
    An end of validity (revoked, withdrawn, closed) is a date of the row's own and leaves the past as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_at = models.DateTimeField("记录时间", default=clock.now, editable=False)
    origin_kind = models.CharField("来源", max_length=10, choices=Origin.choices, default=Origin.PAGE)
    origin_id = models.UUIDField("来源编号", null=True, editable=False)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)
    void_reason = models.CharField("作废原因", max_length=300, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def is_void(self) -> bool:
        """Whether the row was struck out as never having held."""
        return self.voided_at is not None


STANDS = models.Q(voided_at__isnull=True)


def with_history(model: type[models.Model]) -> Any:
    """Class decorator: every insert, update and delete leaves an event, whoever writes and however."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=pghistory.AnyChange()),
        pghistory.DeleteEvent(),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,
        level=pgtrigger.Statement,
        meta={"verbose_name": f"{model._meta.verbose_name} 历史"},
    )(model)

"""What every register row carries: when we knew it, who told us through which door, whether it ever held."""

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
    """A register row, with its two times.

    When it held is told by the row's own dates: an end (revoked, withdrawn, closed) leaves the past as it was.
    When we knew is told by ``recorded_at`` and by the row's events: a correction keeps the id, and its event
    keeps what the row said until then. ``voided_at`` means that it never held.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_at = models.DateTimeField("记录时间", default=clock.now, editable=False)
    origin_kind = models.CharField("来源", max_length=10, choices=Origin.choices, default=Origin.PAGE)
    origin_id = models.UUIDField("来源编号", null=True, editable=False)
    reporter_id = models.UUIDField("填报机构", null=True, editable=False)
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
    """Class decorator: every update and delete keeps what the row said until then, whoever writes and however.

    An event holds the superseded version, the moment at which it was superseded and by which deed. What stands is
    told by the row itself, and how it came in by its ``recorded_at``, ``origin_kind`` and ``origin_id``, so that an
    insert costs no event. Events carry one index, on ``pgh_obj``; the foreign keys that they copy carry none.
    """
    return pghistory.track(
        pghistory.UpdateEvent(condition=pghistory.AnyChange(), row=pghistory.Old),
        pghistory.DeleteEvent(),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]
        obj_field=pghistory.ObjForeignKey(related_name="events", db_index=True),
        level=pgtrigger.Statement,
        meta={"verbose_name": f"{model._meta.verbose_name} 历史"},
    )(model)

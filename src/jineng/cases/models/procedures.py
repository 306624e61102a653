"""Procedures: form and flow as versioned data. What is published never changes; a case keeps what it began with."""

from __future__ import annotations

from django.db import models

from jineng.cases.kinds import ProcedureState
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation


@with_history
class Procedure(Recorded):
    """One version of a procedure: what is asked (``form``), the way of a case (``flow``), and its ``review``.

    ``content`` is canonical data (see ``engines.casework``), ``digest`` its SHA-256. The database refuses to change
    what is published (trigger ``procedure_stays``).
    """

    code = models.CharField("代码", max_length=60)
    version = models.PositiveIntegerField("版本")
    name = models.CharField("名称", max_length=100)
    state = models.CharField("状态", max_length=10, choices=ProcedureState.choices, default=ProcedureState.DRAFT)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="制定单位")
    content = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    note = models.CharField("修改说明", max_length=300, blank=True, default="")
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "办理规程"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], condition=STANDS, name="procedure_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=STANDS & models.Q(state=ProcedureState.DRAFT), name="procedure_one_draft"
            ),
            models.CheckConstraint(
                name="procedure_published_when",
                condition=models.Q(state=ProcedureState.DRAFT, published_at__isnull=True)
                | (~models.Q(state=ProcedureState.DRAFT) & models.Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第{self.version}版"

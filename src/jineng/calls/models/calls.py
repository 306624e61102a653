"""A call: a series of selections, the departments that decide it, and its batches."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from jineng.calls.kinds import HolderForm, Level
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation

SLUG_PATTERN = r"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"
SLUG = RegexValidator(
    SLUG_PATTERN,
    "遴选代码用小写字母、数字和连字符，以字母开头。 Use lower-case letters, digits and hyphens, a letter first.",
)


@with_history
class Call(Recorded):
    """A series of selections of one kind, such as the provincial studios of master teachers.

    ``code`` names it in returns and in indicators; ``level`` is the level at which it recognises;
    ``holder_form`` says who may hold its awards.
    """

    code = models.CharField("遴选代码", max_length=60, validators=[SLUG])
    name = models.CharField("遴选名称", max_length=100)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    holder_form = models.CharField(
        "持有形式", max_length=15, choices=HolderForm.choices, default=HolderForm.ORGANISATION
    )
    description = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "遴选"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code"], condition=STANDS, name="call_code_once")]

    def __str__(self) -> str:
        return self.name


@with_history
class CallDecider(Recorded):
    """A department that decides a call, alone or with others; ``order`` is the order in which they sign."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="deciders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="决定单位")
    order = models.PositiveSmallIntegerField("署名次序", default=1)

    class Meta:
        verbose_name = "决定单位"
        ordering = ["call", "order"]
        constraints = [
            models.UniqueConstraint(fields=["call", "organisation"], condition=STANDS, name="call_decider_once")
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.order}"


@with_history
class Batch(Recorded):
    """One round of a call: its number within the call, when and by which document it was decided."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="batches", verbose_name="遴选")
    number = models.PositiveSmallIntegerField("批次")
    year = models.PositiveSmallIntegerField("年度")
    decided_on = models.DateField("公布日期", null=True, blank=True)
    document = models.CharField("公布文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "批次"
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], condition=STANDS, name="batch_number_once"),
            models.CheckConstraint(name="batch_number_from_one", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"第{self.number}批（{self.year}年）"

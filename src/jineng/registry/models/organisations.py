"""Organisations, the dated states they went through, and the closure of who answers to whom."""

from __future__ import annotations

from django.db import models

from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.kinds import Change, CodeScheme, Nature, OrganisationKind
from jineng.registry.models.divisions import Division


@with_history
class Organisation(Recorded):
    """An organisation as it stands now. What it was on a date is told by its states.

    ``authority`` is the body it answers to (the jurisdiction tree, which scopes sight);
    ``division`` is where it lies (the location tree, which drill-downs follow).
    """

    code = models.CharField("机构代码", max_length=18)
    code_scheme = models.CharField("代码体系", max_length=10, choices=CodeScheme.choices)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=30, choices=OrganisationKind.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="organisations", verbose_name="所在区划")
    authority = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates", verbose_name="主管单位"
    )
    nature = models.CharField("举办性质", max_length=10, choices=Nature.choices, default=Nature.PUBLIC)
    is_synthetic = models.BooleanField("示例数据", default=False)
    closed_on = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        verbose_name = "机构"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="organisation_code_once"),
            models.CheckConstraint(
                name="organisation_not_its_own_authority",
                condition=models.Q(authority__isnull=True) | ~models.Q(authority=models.F("id")),
            ),
        ]
        indexes = [
            models.Index(fields=["division", "kind"]),
            models.Index(fields=["kind", "code"]),
            models.Index(fields=["code", "id"], name="organisations_by_code"),
            models.Index(fields=["name", "id"], name="organisations_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class OrganisationState(Recorded):
    """What an organisation was from a date on, and the change that made it so."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="states")
    change = models.CharField("变更", max_length=15, choices=Change.choices)
    since = models.DateField("自")
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=30, choices=OrganisationKind.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_column="division_code")
    authority = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    related = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="相关机构"
    )
    closed = models.BooleanField("已终止", default=False)
    document = models.CharField("依据文号", max_length=100, blank=True, default="")
    voided = models.GeneratedField(
        expression=models.Q(voided_at__isnull=False),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "机构沿革"
        ordering = ["organisation_id", "since", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "since", "change"], condition=STANDS, name="organisation_change_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "since"])]

    def __str__(self) -> str:
        return f"{self.since} {self.get_change_display()} {self.name}"


class Reach(models.Model):
    """Closure of the jurisdiction tree: ``authority`` reaches ``organisation`` (itself included).

    Kept by a trigger on organisations, never by the program.
    """

    pk = models.CompositePrimaryKey("authority_id", "organisation_id")
    authority = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "管辖"

    def __str__(self) -> str:
        return f"{self.authority_id} → {self.organisation_id}"

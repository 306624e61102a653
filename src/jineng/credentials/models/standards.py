"""Skill-level standards with their developers, and the certificates that are assessed by them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from jineng.credentials.kinds import DeveloperRole, SkillLevel
from jineng.credentials.rules import Being
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Organisation

CODE_PATTERN = r"\A[A-Z0-9]{2,12}\Z"
CODE = RegexValidator(CODE_PATTERN, "代码用2至12个大写字母和数字。 Two to twelve capital letters and digits.")


def levels_field() -> ArrayField[list[str], list[str]]:
    """The levels that something has, the lowest first."""
    return ArrayField(models.CharField(max_length=12, choices=SkillLevel.choices), verbose_name="等级")


def known_levels(name: str) -> models.CheckConstraint:
    """At least one level, and none but the three."""
    known = [level.value for level in SkillLevel]
    return models.CheckConstraint(name=name, condition=Q(levels__contained_by=known) & Q(levels__len__gt=0))


@with_history
class SkillStandard(Recorded):
    """A skill-level standard (职业技能等级标准), from its publication until its withdrawal.

    A revised edition is a row of its own, with its own code. It ``revises`` the one before, which ends as it begins;
    ``edition`` counts from 1.
    """

    code = models.CharField("标准代码", max_length=30)
    name = models.CharField("标准名称", max_length=100)
    levels = levels_field()
    published_on = models.DateField("发布日期")
    withdrawn_on = models.DateField("废止日期", null=True, blank=True)
    document = models.CharField("依据文号", max_length=100, blank=True, default="")
    revises = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revised_by", verbose_name="修订自", db_index=False
    )
    edition = models.PositiveSmallIntegerField("版次", default=1, db_default=1)

    class Meta:
        verbose_name = "职业技能等级标准"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="skill_standard_once"),
            models.UniqueConstraint(fields=["revises"], condition=STANDS, name="skill_standard_revised_once"),
            models.CheckConstraint(
                name="skill_standard_edition",
                condition=Q(edition=1, revises__isnull=True) | Q(edition__gt=1, revises__isnull=False),
            ),
            known_levels("skill_standard_levels"),
            models.CheckConstraint(
                name="skill_standard_ends_after_start",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=F("published_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def being(self) -> Being:
        """From when to when it is in force."""
        return Being(self.published_on, self.withdrawn_on)


@with_history
class StandardDeveloper(Recorded):
    """An organisation that developed a standard, alone, as the lead, or with others."""

    standard = models.ForeignKey(SkillStandard, models.PROTECT, related_name="developers", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="开发单位")
    role = models.CharField("角色", max_length=12, choices=DeveloperRole.choices, default=DeveloperRole.LEAD)

    class Meta:
        verbose_name = "标准开发单位"
        ordering = ["standard", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "organisation"], condition=STANDS, name="standard_developed_once_by_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.standard_id} {self.get_role_display()}"


@with_history
class CertificateType(Recorded):
    """A skill-level certificate of the catalogue (X 证书), its levels, and the body that assesses it."""

    code = models.CharField("证书代码", max_length=12, validators=[CODE])
    name = models.CharField("证书名称", max_length=100)
    levels = levels_field()
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="培训评价组织")
    standard = models.ForeignKey(
        SkillStandard, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name="所依标准"
    )
    listed_on = models.DateField("列入日期")
    ended_on = models.DateField("停止日期", null=True, blank=True)

    class Meta:
        verbose_name = "职业技能等级证书"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=STANDS, name="certificate_type_once"),
            models.CheckConstraint(name="certificate_type_code", condition=Q(code__regex=r"^[A-Z0-9]{2,12}$")),
            known_levels("certificate_type_levels"),
            models.CheckConstraint(
                name="certificate_type_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("listed_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

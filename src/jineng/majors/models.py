"""State of the room: the dated catalogue of majors, and who offers which of them for how long."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.kernel import clock
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.majors.kinds import MajorLevel
from jineng.majors.rules import CATEGORIES, CONTROLLED_MARK, in_being
from jineng.registry.models import Organisation


class CatalogueEdition(models.Model):
    """An edition of the national catalogue of vocational majors."""

    year = models.PositiveSmallIntegerField("版次", primary_key=True)
    issued_on = models.DateField("发布日期")
    document = models.CharField("文号", max_length=100)
    in_force_from = models.DateField("施行日期")
    in_force_until = models.DateField("废止日期", null=True, blank=True)

    class Meta:
        verbose_name = "专业目录"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="edition_ends_after_start",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年版"


class Category(models.Model):
    """One of the nineteen categories (专业大类), the same on the three levels."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="categories")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("专业大类", max_length=40)

    class Meta:
        verbose_name = "专业大类"
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="category_once"),
            models.CheckConstraint(name="category_number", condition=Q(number__range=(1, CATEGORIES))),
        ]

    def __str__(self) -> str:
        return self.name


class MajorClass(models.Model):
    """A class (专业类) of a category on one level."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="classes")
    level = models.CharField("层次", max_length=10, choices=MajorLevel.choices)
    code = models.CharField("专业类代码", max_length=4)
    name = models.CharField("专业类", max_length=40)

    class Meta:
        verbose_name = "专业类"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="major_class_once")]

    def __str__(self) -> str:
        return self.name


class Major(models.Model):
    """A major of an edition. ``since`` is the year of the edition or supplement that brought it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="majors", verbose_name="目录")
    category = models.ForeignKey(Category, models.PROTECT, related_name="majors", verbose_name="专业大类")
    major_class = models.ForeignKey(MajorClass, models.PROTECT, related_name="majors", verbose_name="专业类")
    level = models.CharField("层次", max_length=10, choices=MajorLevel.choices)
    code = models.CharField("专业代码", max_length=6)
    name = models.CharField("专业名称", max_length=60)
    state_controlled = models.BooleanField("国控专业", default=False)
    since = models.PositiveSmallIntegerField("列入年份")
    since_certain = models.BooleanField("列入年份确定", default=True)

    class Meta:
        verbose_name = "专业"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="major_once"),
            models.CheckConstraint(name="major_code_shape", condition=Q(code__regex=r"^[0-9]{6}$")),
        ]
        indexes = [models.Index(fields=["code"])]

    def __str__(self) -> str:
        return f"{self.full_code} {self.name}"

    @property
    def full_code(self) -> str:
        """The code as the catalogue prints it, with ``K`` for a state-controlled major."""
        return f"{self.code}{CONTROLLED_MARK}" if self.state_controlled else self.code


@with_history
class MajorOffering(Recorded):
    """A major that an organisation offers with one duration (专业点), from its opening until its revocation.

    Figures count pairs of organisation and major, whatever the durations. Opened, revoked and opened again are two
    rows; standing rows of one organisation, major and duration never overlap in time, which a trigger of the
    table sees to: it raises ``offerings_do_not_overlap`` as an exclusion constraint would.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="major_offerings", verbose_name="开设机构", db_index=False
    )
    major = models.ForeignKey(Major, models.PROTECT, related_name="offerings", verbose_name="专业")
    duration_years = models.DecimalField("修业年限", max_digits=3, decimal_places=1)
    opened_on = models.DateField("开设日期")
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "专业点"
        ordering = ["organisation_id", "major", "duration_years", "opened_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "major", "duration_years", "opened_on"],
                condition=STANDS,
                name="offering_once",
            ),
            models.CheckConstraint(
                name="offering_revoked_after_opening",
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gt=F("opened_on")),
            ),
            models.CheckConstraint(name="offering_lasts", condition=Q(duration_years__gt=0)),
        ]
        indexes = [
            models.Index(fields=["-opened_on", "id"], name="offering_latest"),
            models.Index(fields=["revoked_on"], condition=Q(revoked_on__isnull=False), name="offering_revoked"),
            models.Index(fields=["organisation"], condition=Q(voided_at__isnull=False), name="offering_void"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.name} {self.major.name}（{self.duration_years.normalize():f}年）"

    def in_being_on(self, day: date) -> bool:
        """Whether it stands and is in being on ``day``."""
        return not self.is_void and in_being(day, self.opened_on, self.revoked_on)

    @property
    def status(self) -> str:
        """``void``, ``revoked``, ``coming`` or ``running``, as of the business day."""
        day = clock.today()
        if self.is_void:
            return "void"
        if self.revoked_on is not None and self.revoked_on <= day:
            return "revoked"
        return "coming" if day < self.opened_on else "running"

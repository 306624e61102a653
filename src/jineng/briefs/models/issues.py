"""An issue of the brief in the making: its passages, the sentences that officers word, pictures, recipients."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from jineng.briefs.kinds import Group, Manner
from jineng.kernel import clock
from jineng.kernel.records import with_history
from jineng.registry.models import Organisation


@with_history
class Issue(models.Model):
    """One issue of a year's brief, from its opening to its release.

    ``checked_*`` and ``signed_*`` hold for the wording that had the edition named beside them and for the content that
    had the digest: whoever rewords a sentence later makes the issue a draft again, without anything being reset.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("期号")
    masthead = models.CharField("刊头", max_length=60)
    title = models.CharField("标题", max_length=120)
    issuer = models.CharField("编发单位", max_length=60)
    printed_by = models.CharField("印发单位", max_length=60)
    claims = models.JSONField("核对", default=list)
    edition = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField("开编时间", default=clock.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField("核对时间", null=True)
    checked_edition = models.PositiveIntegerField(default=0)
    checked_digest = models.CharField(max_length=64, blank=True, default="")
    explanation = models.CharField("未通过核对的说明", max_length=500, blank=True, default="")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("签发时间", null=True)
    signed_edition = models.PositiveIntegerField(default=0)
    release = models.OneToOneField("briefs.Release", models.PROTECT, null=True, related_name="issue")

    class Meta:
        verbose_name = "简报期次"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="issue_number_once"),
            models.UniqueConstraint(
                fields=["year"], condition=models.Q(release__isnull=True), name="issue_one_in_the_making"
            ),
            models.CheckConstraint(
                name="issue_signed_by_another",
                condition=models.Q(signed_by__isnull=True)
                | ~models.Q(signed_edition=models.F("checked_edition"))
                | ~models.Q(signed_by=models.F("checked_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度简报 第{self.number}期"


@with_history
class Passage(models.Model):
    """A topic of an issue with its place in the order, and the office that words it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="passages")
    part = models.PositiveSmallIntegerField("部分")
    part_heading = models.CharField("部分标题", max_length=60)
    position = models.PositiveSmallIntegerField("次序")
    heading = models.CharField("标题", max_length=60, blank=True, default="")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    edition = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "简报专题"
        ordering = ["part", "position"]
        constraints = [models.UniqueConstraint(fields=["issue", "part", "position"], name="passage_place_once")]

    def __str__(self) -> str:
        return self.heading or self.part_heading


@with_history
class Wording(models.Model):
    """A sentence: its text with figure slots, and the check under which it is printed; struck ones stay on file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="wordings")
    paragraph = models.PositiveSmallIntegerField("段")
    position = models.PositiveSmallIntegerField("句")
    text = models.TextField("句子")
    condition = models.CharField("核对式", max_length=1000, blank=True, default="")
    struck = models.BooleanField("不刊", default=False)
    worded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    worded_at = models.DateTimeField("改写时间", null=True)

    class Meta:
        verbose_name = "简报句子"
        ordering = ["paragraph", "position"]
        constraints = [models.UniqueConstraint(fields=["passage", "paragraph", "position"], name="wording_place_once")]

    def __str__(self) -> str:
        return self.text[:40]


class Picture(models.Model):
    """A chart or map of a passage, as the narrative declares it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField("次序")
    declared: models.JSONField[dict[str, Any]] = models.JSONField("图")

    class Meta:
        verbose_name = "简报插图"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["passage", "position"], name="picture_place_once")]

    def __str__(self) -> str:
        return str(self.declared.get("caption", ""))


@with_history
class Recipient(models.Model):
    """Whom an issue goes to and in which manner: an organisation, all of a group, or somebody outside, by name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="recipients")
    manner = models.CharField("方式", max_length=15, choices=Manner.choices)
    position = models.PositiveSmallIntegerField("次序")
    label = models.CharField("名称", max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    group = models.CharField("范围", max_length=30, choices=Group.choices, blank=True, default="")

    class Meta:
        verbose_name = "简报发送对象"
        ordering = ["manner", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "manner", "label"], name="recipient_once"),
            models.CheckConstraint(
                name="recipient_is_one_or_a_group",
                condition=models.Q(organisation__isnull=True) | models.Q(group=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label

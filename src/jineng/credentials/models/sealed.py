"""Certificates as sealed statements: who signs, where their status is published, what was signed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from jineng.credentials.models.assessment import AssessmentSession
from jineng.credentials.models.certificates import Certificate
from jineng.engines.seals.status import LEAST_LENGTH
from jineng.registry.models import Organisation


class Issuer(models.Model):
    """An assessment body as the signer of credentials: the address (``did:web``) at which its keys are published.

    The address stays as it was first, since what is signed names it. Functions of the database make it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name="签发单位")
    did = models.CharField("签发者标识", max_length=300, unique=True)

    class Meta:
        verbose_name = "凭证签发者"

    def __str__(self) -> str:
        return self.did


class StatusList(models.Model):
    """A published list of an issuer's: which of its credentials are revoked, by index.

    ``taken`` indices are given, from 0 on without a gap. ``changes`` counts what happened to the list's certificates,
    ``published_changes`` how much of it the published document tells; the document is written anew when somebody asks
    for it and it is behind. Beside each list stands one that names the other as ``beside``: which are suspended, by
    the same indices, at the address that ``suspensions_beside`` tells. Only functions and triggers of the database
    write here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="lists", db_index=False)
    number = models.PositiveIntegerField("序号")
    beside = models.OneToOneField("self", models.PROTECT, null=True, related_name="suspensions")
    address = models.CharField("网址", max_length=300, unique=True)
    taken = models.PositiveIntegerField("已用", default=0)
    changes = models.PositiveBigIntegerField(default=0)
    published = models.JSONField("已公布", null=True)
    published_on = models.DateField("公布日期", null=True)
    published_changes = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "凭证状态列表"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number"], condition=Q(beside__isnull=True), name="status_list_once"
            ),
            models.CheckConstraint(name="status_list_not_overfull", condition=Q(taken__lte=LEAST_LENGTH)),
        ]

    def __str__(self) -> str:
        return self.address


class SealedCertificate(models.Model):
    """The credential that was signed for a certificate, and its place in a status list.

    ``is_linked`` says that it bears the second proof, over linked data, beside the first one.
    """

    certificate = models.OneToOneField(Certificate, models.PROTECT, primary_key=True, related_name="seal")
    session = models.ForeignKey(AssessmentSession, models.PROTECT, related_name="+", verbose_name="考核场次")
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="+", db_index=False)
    status_index = models.PositiveIntegerField("序位")
    credential = models.JSONField("凭证")
    sealed_at = models.DateTimeField("签发时间")
    is_linked = models.BooleanField(default=False)

    class Meta:
        verbose_name = "电子证书"
        constraints = [
            models.UniqueConstraint(fields=["status_list", "status_index"], name="status_index_once"),
            models.CheckConstraint(name="status_index_in_list", condition=Q(status_index__lt=LEAST_LENGTH)),
        ]

    def __str__(self) -> str:
        return f"{self.status_list_id} {self.status_index}"

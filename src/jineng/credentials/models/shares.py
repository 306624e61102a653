"""What holders show of their certificates: links that expire, and who opened them."""

from __future__ import annotations

import uuid

from django.db import models

from jineng.credentials.models.certificates import Certificate


class ShareLink(models.Model):
    """A link by which a holder shows parts of a certificate until a day; known by the keyed hash of its token.

    Only functions of the database read and write here, for the holder and for who brings the token.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+", verbose_name="证书")
    token_hash = models.CharField(max_length=70, unique=True)
    shows = models.JSONField("展示", default=list)
    created_at = models.DateTimeField("创建时间")
    expires_on = models.DateField("有效至")
    revoked_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "证书展示链接"

    def __str__(self) -> str:
        return f"{self.expires_on}"


class ShareView(models.Model):
    """That a link was opened: when, and from which network (the address without its last part)."""

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="views")
    seen_at = models.DateTimeField("时间")
    network = models.CharField("网络", max_length=45)

    class Meta:
        verbose_name = "展示记录"

    def __str__(self) -> str:
        return f"{self.seen_at:%Y-%m-%d %H:%M}"

"""Accounts, the audit trail, signing keys, receipts of returns, and the version of the registers."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from jineng.kernel import clock


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there is no self sign-up."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Account:
        """A new account; without a password it cannot sign in until one is set."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. What they may do follows from their posts, never from the account."""

    username = models.CharField("账号", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60)
    email = models.EmailField("邮箱", blank=True, default="")
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_staff(self) -> bool:
        """Django's admin is not used."""
        return False


class AuditLine(models.Model):
    """One deed: who (in which post, for whom) did what to what, and when. Lines are only ever added."""

    id = models.BigAutoField(primary_key=True)
    deed = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=clock.now)
    room = models.CharField(max_length=20)
    verb = models.CharField(max_length=60)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    post_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.CharField(max_length=60, blank=True, default="")
    summary = models.CharField(max_length=500, blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = "审计记录"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["organisation_id", "-id"]),
            models.Index(fields=["-at", "id"], name="audit_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.verb}"


class RegisterVersion(models.Model):
    """A counter per room that moves at each commit that changed the room; remembered counts of lists hang on it.

    A deferred trigger on the audit trail moves it, so the row is locked only for the moment of commit.
    """

    room = models.CharField(primary_key=True, max_length=20)
    version = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "登记版本"

    def __str__(self) -> str:
        return f"{self.room} {self.version}"


class SourceVersion(models.Model):
    """The state of one table that figures read: a token that is new after each commit that changed the table.

    Tokens are random and never come back, not in another database of the server either, so what was computed under
    a table's token holds wherever that token stands.
    """

    source = models.CharField(primary_key=True, max_length=63)
    token = models.UUIDField()

    class Meta:
        verbose_name = "数据表版本"

    def __str__(self) -> str:
        return f"{self.source} {self.token}"


class SourceChange(models.Model):
    """What the running transaction has changed and not yet committed: a token that is new after each statement.

    Rows live as long as their transaction, which alone sees them; its commit moves them into ``SourceVersion``. So a
    verb finds its own changes in the figures, and writers of one table wait for each other at their commit only.
    """

    source = models.CharField(max_length=63)
    transaction = models.BigIntegerField()
    token = models.UUIDField()

    class Meta:
        verbose_name = "数据表未提交的变更"
        constraints = [models.UniqueConstraint(fields=["source", "transaction"], name="one_token_per_transaction")]

    def __str__(self) -> str:
        return f"{self.source} {self.token}"


class SigningKey(models.Model):
    """An Ed25519 key of the installation; the private half is wrapped by the master key under ``var/keys``."""

    key_id = models.CharField(primary_key=True, max_length=80)
    public_key = models.BinaryField(max_length=32)
    wrapped_private_key = models.BinaryField(max_length=200)
    valid_from = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "签名密钥"

    def __str__(self) -> str:
        return self.key_id


class Receipt(models.Model):
    """What came of one submitted file: who, when, which bytes, how many rows; sealed when it went in."""

    class State(models.TextChoices):
        """How far the file got."""

        WAITING = "waiting", "等待处理 Waiting"
        RUNNING = "running", "处理中 Running"
        REFUSED = "refused", "未通过 Refused"
        CHECKED = "checked", "试导入通过 Checked"
        LANDED = "landed", "已入库 Landed"
        FAILED = "failed", "处理失败 Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    book = models.CharField("表册", max_length=40, blank=True, default="")
    file_name = models.CharField("文件名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField("字节")
    dry_run = models.BooleanField("试导入", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    submitted_at = models.DateTimeField("提交时间", default=clock.now)
    finished_at = models.DateTimeField("完成时间", null=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    organisation_id = models.UUIDField("提交机构")
    actor_label = models.CharField("提交人", max_length=200)
    progress = models.JSONField(default=dict)
    counts = models.JSONField("结果", default=dict)
    errors = models.JSONField(default=list)
    error_count = models.IntegerField("错误数", default=0)
    seal = models.JSONField("封印", null=True)

    class Meta:
        verbose_name = "填报回执"
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["organisation_id", "-submitted_at"]),
            models.Index(fields=["digest"]),
            models.Index(fields=["-submitted_at", "-id"], name="receipts_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.get_state_display()}"


class Confirmation(models.Model):
    """A second organisation reported a record that stood already, with the same facts: merged, never doubled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record_table = models.CharField(max_length=60)
    record_id = models.UUIDField()
    reporter_id = models.UUIDField()
    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="confirmations")
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = "重复填报"
        constraints = [models.UniqueConstraint(fields=["record_id", "reporter_id"], name="confirmed_once_by_each")]

    def __str__(self) -> str:
        return f"{self.record_table} {self.record_id}"

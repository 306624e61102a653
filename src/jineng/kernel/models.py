"""Accounts, the audit trail, signing keys, receipts of returns, versions of registers, notices and their mail."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jineng.kernel import clock
from jineng.kernel.crypto import EncryptedText


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

    class Telling(models.TextChoices):
        """How notices reach the holder outside the workspace, where an address is known."""

        AT_ONCE = "at_once", "逐条发邮件 An e-mail each"
        DAILY = "daily", "每日汇总一封邮件 One e-mail a day"
        NEVER = "never", "只在平台内查看 In the workspace only"

    username = models.CharField("账号", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60)
    email = EncryptedText("邮箱", null=True, blank=True)
    telling = models.CharField("通知方式", max_length=10, choices=Telling.choices, default=Telling.AT_ONCE)
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
    """The state of one table of a room's: a token that is new after each commit that changed the table.

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
        constraints = [models.UniqueConstraint(fields=["transaction", "source"], name="one_token_per_transaction")]

    def __str__(self) -> str:
        return f"{self.source} {self.token}"


class RowTally(models.Model):
    """By how many a statement changed the rows that stand of a register; summed, how many there are
    (:mod:`jineng.kernel.tallies`)."""

    source = models.CharField(max_length=63)
    change = models.BigIntegerField()

    class Meta:
        verbose_name = "登记条数"
        indexes = [models.Index(fields=["source"], name="tally_of_register")]

    def __str__(self) -> str:
        return f"{self.source} {self.change:+}"


class SigningKey(models.Model):
    """An Ed25519 key of the installation, or of the organisation ``owner_id`` in whose name it signs.

    The private half is wrapped by the master key under ``var/keys``, or empty where it lies on a token under this id.
    """

    key_id = models.CharField(primary_key=True, max_length=80)
    owner_id = models.UUIDField("签发单位", null=True)
    public_key = models.BinaryField(max_length=32)
    wrapped_private_key = models.BinaryField(max_length=200)
    valid_from = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "签名密钥"

    def __str__(self) -> str:
        return self.key_id


class SecondKey(models.Model):
    """An SM2 key of the installation, for second signatures; its private half is wrapped by the master key."""

    key_id = models.CharField(primary_key=True, max_length=80)
    public_key = models.BinaryField(max_length=64)
    wrapped_private_key = models.BinaryField(max_length=200)
    valid_from = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "第二签名密钥"

    def __str__(self) -> str:
        return self.key_id


class CallCount(models.Model):
    """When somebody knocked at a door that is open to everybody, as far back as a limit looks (``kernel.web.limits``).

    Counted for all processes by functions of the database, which alone read and write it; nothing is lost with it, so
    it is not logged. ``key`` is a keyed hash of who or what is counted, ``hits`` are seconds since 1970, latest first.
    """

    key = models.CharField(max_length=80, primary_key=True)
    hits = ArrayField(models.FloatField())
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "访问计数"

    def __str__(self) -> str:
        return self.key


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


class Notice(models.Model):
    """Something that somebody is told: an account, or whoever holds a role in an organisation.

    An office has one tray: whoever of it opens a notice has read it for the office, and ``read_by`` says who that was.
    The same thing told again while it is unread replaces what was told (``times`` counts). Neither subject nor body
    hold personal data: what it is about stands behind ``link``, a path within the site.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True, default="")
    name_of_id = models.UUIDField()
    name_of = models.CharField("来自", max_length=100)
    kind = models.CharField("类别", max_length=40)
    subject = models.CharField("事项", max_length=200)
    body = models.TextField("内容", blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60)
    deed = models.UUIDField()
    created_at = models.DateTimeField("时间", default=clock.now)
    times = models.PositiveSmallIntegerField(default=1)
    read_at = models.DateTimeField("已读时间", null=True)
    read_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation_id", "role", "kind", "about_type", "about_id"],
                condition=models.Q(read_at__isnull=True),
                nulls_distinct=False,
                name="told_once_while_unread",
            ),
            models.CheckConstraint(
                name="notice_has_one_addressee",
                condition=models.Q(account__isnull=False, organisation_id__isnull=True, role="")
                | models.Q(account__isnull=True, organisation_id__isnull=False) & ~models.Q(role=""),
            ),
            models.CheckConstraint(
                name="notice_leads_within_the_site",
                condition=models.Q(link="") | models.Q(link__startswith="/") & ~models.Q(link__startswith="//"),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="notices_of_account"),
            models.Index(fields=["organisation_id", "role", "-created_at"], name="notices_of_office"),
            models.Index(
                fields=["organisation_id", "role"], condition=models.Q(read_at__isnull=True), name="unread_of_office"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Mail(models.Model):
    """One e-mail of the outbox: a notice to somebody's address, or the digest of a day.

    ``sending`` is committed before anything is handed to the mail server, so that whatever dies after that leaves a
    mail of ``unknown`` fate. Such a mail is never sent again by itself; ``message_id`` stays the same if somebody
    decides to.
    """

    class State(models.TextChoices):
        """How far the mail got."""

        WAITING = "waiting", "待发 Waiting"
        SENDING = "sending", "发送中 Sending"
        SENT = "sent", "已发 Sent"
        FAILED = "failed", "发送失败 Failed"
        UNKNOWN = "unknown", "结果不明 Fate unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message_id = models.CharField(max_length=200, unique=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="mails")
    digest_on = models.DateField("汇总日", null=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="收件人")
    address = EncryptedText("邮箱")
    name_of_id = models.UUIDField()
    name_of = models.CharField("来自", max_length=100)
    reply_to = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField("主题", max_length=200)
    body = models.TextField("内容")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("原因", max_length=300, blank=True, default="")
    created_at = models.DateTimeField("写成", default=clock.now)
    tried_at = models.DateTimeField("最近发送", null=True)
    finished_at = models.DateTimeField("了结", null=True)

    class Meta:
        verbose_name = "邮件"
        constraints = [
            models.UniqueConstraint(fields=["notice", "account"], name="notice_mailed_once_to_each"),
            models.UniqueConstraint(fields=["account", "digest_on"], name="one_digest_a_day"),
            models.CheckConstraint(
                name="mail_tells_notice_or_digest",
                condition=models.Q(notice__isnull=False, digest_on__isnull=True)
                | models.Q(notice__isnull=True, digest_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["name_of_id", "-created_at"], name="mail_of_office"),
            models.Index(fields=["-created_at", "id"], name="mail_latest_first"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=["waiting", "sending"]), name="mail_not_settled"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class OfficeAddress(models.Model):
    """Where answers to mail in an organisation's name go; an address of the office, not of a person."""

    organisation_id = models.UUIDField(primary_key=True)
    reply_to = models.EmailField("回信地址")

    class Meta:
        verbose_name = "单位回信地址"

    def __str__(self) -> str:
        return self.reply_to

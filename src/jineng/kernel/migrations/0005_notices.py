"""Notices and their mail; addresses of accounts encrypted; what is told and what is left over, past the walls.

``kernel_leave_notices`` puts notices before those who are told, whom the teller seldom sees, in the name of an
organisation within the teller's reach; what they have not read yet is replaced. ``kernel_mail_adrift`` names the
mails that no job will bring any further.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jineng.kernel.clock
import jineng.kernel.crypto

SQL = """
CREATE FUNCTION kernel_leave_notices(told jsonb) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF jineng_organisation() IS NULL THEN
    RAISE EXCEPTION 'nobody acts, so nobody is told' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT jineng_sees_all() AND EXISTS (
    SELECT FROM jsonb_to_recordset(told) AS one(name_of_id uuid)
    WHERE NOT EXISTS (SELECT FROM registry_reach AS r
      WHERE r.authority_id = jineng_organisation() AND r.organisation_id = one.name_of_id)
  ) THEN
    RAISE EXCEPTION 'an office speaks for itself and for those below it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY INSERT INTO kernel_notice AS known (
    id, account_id, organisation_id, role, name_of_id, name_of, kind, subject, body, link, about_type, about_id,
    deed, created_at, times
  )
  SELECT one.id, one.account_id, one.organisation_id, one.role, one.name_of_id, one.name_of, one.kind, one.subject,
    one.body, one.link, one.about_type, one.about_id, one.deed, one.created_at, 1
  FROM jsonb_to_recordset(told) AS one(
    id uuid, account_id bigint, organisation_id uuid, role text, name_of_id uuid, name_of text, kind text,
    subject text, body text, link text, about_type text, about_id text, deed uuid, created_at timestamptz, place int
  )
  ORDER BY one.place
  ON CONFLICT (account_id, organisation_id, role, kind, about_type, about_id) WHERE read_at IS NULL
  DO UPDATE SET name_of_id = excluded.name_of_id, name_of = excluded.name_of, subject = excluded.subject,
    body = excluded.body, link = excluded.link, deed = excluded.deed, created_at = excluded.created_at,
    times = known.times + 1
  RETURNING known.id;
END $$;

CREATE FUNCTION kernel_mail_adrift() RETURNS TABLE (mail_id uuid, office uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  RETURN QUERY SELECT m.id, m.name_of_id FROM kernel_mail AS m
  WHERE m.state IN ('waiting', 'sending') AND NOT EXISTS (
    SELECT FROM procrastinate_jobs AS j WHERE j.task_name = 'deliver_mail' AND j.status IN ('todo', 'doing')
      AND j.args ->> 'mail_id' = m.id::text
  );
END $$;
"""
UNDO = """
DROP FUNCTION kernel_mail_adrift();
DROP FUNCTION kernel_leave_notices(jsonb);
"""


def encrypt_addresses(apps, schema_editor):
    """Addresses that were kept in clear."""
    accounts = apps.get_model("kernel", "Account").objects.using(schema_editor.connection.alias)
    for account in accounts.exclude(email_in_clear=""):
        accounts.filter(pk=account.pk).update(email=account.email_in_clear)


def put_addresses_in_clear(apps, schema_editor):
    """Back to how addresses were kept."""
    accounts = apps.get_model("kernel", "Account").objects.using(schema_editor.connection.alias)
    for account in accounts.filter(email__isnull=False):
        accounts.filter(pk=account.pk).update(email_in_clear=account.email)


class Migration(migrations.Migration):
    """Somebody is told."""

    dependencies = [
        ("kernel", "0004_latest_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficeAddress",
            fields=[
                ("organisation_id", models.UUIDField(primary_key=True, serialize=False)),
                ("reply_to", models.EmailField(max_length=254, verbose_name="回信地址")),
            ],
            options={
                "verbose_name": "单位回信地址",
            },
        ),
        migrations.AddField(
            model_name="account",
            name="telling",
            field=models.CharField(
                choices=[
                    ("at_once", "逐条发邮件 An e-mail each"),
                    ("daily", "每日汇总一封邮件 One e-mail a day"),
                    ("never", "只在平台内查看 In the workspace only"),
                ],
                default="at_once",
                max_length=10,
                verbose_name="通知方式",
            ),
        ),
        migrations.RenameField("account", "email", "email_in_clear"),
        migrations.AddField(
            "account", "email", jineng.kernel.crypto.EncryptedText(blank=True, null=True, verbose_name="邮箱")
        ),
        migrations.RunPython(encrypt_addresses, put_addresses_in_clear),
        migrations.RemoveField("account", "email_in_clear"),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField(null=True)),
                ("role", models.CharField(blank=True, default="", max_length=20)),
                ("name_of_id", models.UUIDField()),
                ("name_of", models.CharField(max_length=100, verbose_name="来自")),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("subject", models.CharField(max_length=200, verbose_name="事项")),
                ("body", models.TextField(blank=True, default="", verbose_name="内容")),
                ("link", models.CharField(blank=True, default="", max_length=300)),
                ("about_type", models.CharField(max_length=60)),
                ("about_id", models.CharField(max_length=60)),
                ("deed", models.UUIDField()),
                ("created_at", models.DateTimeField(default=jineng.kernel.clock.now, verbose_name="时间")),
                ("times", models.PositiveSmallIntegerField(default=1)),
                ("read_at", models.DateTimeField(null=True, verbose_name="已读时间")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("digest_on", models.DateField(null=True, verbose_name="汇总日")),
                ("address", jineng.kernel.crypto.EncryptedText(verbose_name="邮箱")),
                ("name_of_id", models.UUIDField()),
                ("name_of", models.CharField(max_length=100, verbose_name="来自")),
                ("reply_to", models.CharField(blank=True, default="", max_length=254)),
                ("subject", models.CharField(max_length=200, verbose_name="主题")),
                ("body", models.TextField(verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发 Waiting"),
                            ("sending", "发送中 Sending"),
                            ("sent", "已发 Sent"),
                            ("failed", "发送失败 Failed"),
                            ("unknown", "结果不明 Fate unknown"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("last_error", models.CharField(blank=True, default="", max_length=300, verbose_name="原因")),
                ("created_at", models.DateTimeField(default=jineng.kernel.clock.now, verbose_name="写成")),
                ("tried_at", models.DateTimeField(null=True, verbose_name="最近发送")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="了结")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="kernel.notice"
                    ),
                ),
            ],
            options={
                "verbose_name": "邮件",
            },
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["account", "-created_at"], name="notices_of_account"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["organisation_id", "role", "-created_at"], name="notices_of_office"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["organisation_id", "role"],
                name="unread_of_office",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("read_at__isnull", True)),
                fields=("account", "organisation_id", "role", "kind", "about_type", "about_id"),
                name="told_once_while_unread",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("organisation_id__isnull", True), ("role", "")),
                    models.Q(
                        ("account__isnull", True),
                        ("organisation_id__isnull", False),
                        models.Q(("role", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="notice_has_one_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("link", ""),
                    models.Q(("link__startswith", "/"), models.Q(("link__startswith", "//"), _negated=True)),
                    _connector="OR",
                ),
                name="notice_leads_within_the_site",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["name_of_id", "-created_at"], name="mail_of_office"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["-created_at", "id"], name="mail_latest_first"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])), fields=["state"], name="mail_not_settled"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(fields=("notice", "account"), name="notice_mailed_once_to_each"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(fields=("account", "digest_on"), name="one_digest_a_day"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest_on__isnull", True), ("notice__isnull", False)),
                    models.Q(("digest_on__isnull", False), ("notice__isnull", True)),
                    _connector="OR",
                ),
                name="mail_tells_notice_or_digest",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

import uuid

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import jineng.kernel.clock
import jineng.kernel.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_triggers"),
        ("registry", "0005_reviewers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Panel",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("stage", models.CharField(max_length=60, verbose_name="环节")),
                ("rule", models.CharField(max_length=60, verbose_name="排名规则")),
                ("parameters", models.JSONField(verbose_name="规则参数")),
                ("each", models.PositiveSmallIntegerField(verbose_name="每件评审人数")),
                ("together", models.PositiveSmallIntegerField(verbose_name="同一单位最多人数")),
                ("is_blind", models.BooleanField(default=False, verbose_name="匿名评审")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("forming", "组建中"),
                            ("reviewing", "评审中"),
                            ("closed", "合议中"),
                            ("decided", "已排名"),
                            ("published", "已公布"),
                        ],
                        default="forming",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="评审期限")),
                ("assignment", models.JSONField(default=dict, verbose_name="分配证明")),
                (
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panels",
                        to="cases.intake",
                        verbose_name="受理批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审组",
                "ordering": ["-recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="CaseConcern",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "涉及单位和人员",
            },
        ),
        migrations.CreateModel(
            name="CaseConcernEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.caseconcern",
                    ),
                ),
            ],
            options={
                "verbose_name": "涉及单位和人员 历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "panel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="cases.panel",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("statement", models.JSONField(verbose_name="结果")),
                ("decided_at", models.DateTimeField(default=jineng.kernel.clock.now, verbose_name="排名时间")),
                ("actor_label", models.CharField(blank=True, default="", max_length=200, verbose_name="经办")),
            ],
            options={
                "verbose_name": "评审排名",
            },
        ),
        migrations.CreateModel(
            name="Expert",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("expertise", models.JSONField(default=dict, verbose_name="专长")),
                ("most", models.PositiveIntegerField(default=40, verbose_name="最多评审件数")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                        verbose_name="入库单位",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                        verbose_name="所在单位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审专家",
                "ordering": ["recorded_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ExpertEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("expertise", models.JSONField(default=dict, verbose_name="专长")),
                ("most", models.PositiveIntegerField(default=40, verbose_name="最多评审件数")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.organisation",
                        verbose_name="入库单位",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.organisation",
                        verbose_name="所在单位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.expert",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审专家 历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PanelEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("number", models.PositiveIntegerField(verbose_name="评审编号")),
                ("content", jineng.kernel.crypto.EncryptedText(verbose_name="评审材料")),
                ("topics", models.JSONField(default=list, verbose_name="领域")),
                ("agreed", models.JSONField(blank=True, null=True, verbose_name="合议评分")),
                ("agreed_why", models.CharField(blank=True, default="", max_length=500, verbose_name="合议理由")),
                ("rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="名次")),
                ("score", models.CharField(blank=True, default="", max_length=20, verbose_name="得分")),
                ("status", models.CharField(blank=True, default="", max_length=20, verbose_name="评审结论")),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="cases.panel",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审件",
                "ordering": ["panel", "number"],
            },
        ),
        migrations.CreateModel(
            name="PanelEntryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("number", models.PositiveIntegerField(verbose_name="评审编号")),
                ("content", jineng.kernel.crypto.EncryptedText(verbose_name="评审材料")),
                ("topics", models.JSONField(default=list, verbose_name="领域")),
                ("agreed", models.JSONField(blank=True, null=True, verbose_name="合议评分")),
                ("agreed_why", models.CharField(blank=True, default="", max_length=500, verbose_name="合议理由")),
                ("rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="名次")),
                ("score", models.CharField(blank=True, default="", max_length=20, verbose_name="得分")),
                ("status", models.CharField(blank=True, default="", max_length=20, verbose_name="评审结论")),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.panel",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.panelentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审件 历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PanelEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("stage", models.CharField(max_length=60, verbose_name="环节")),
                ("rule", models.CharField(max_length=60, verbose_name="排名规则")),
                ("parameters", models.JSONField(verbose_name="规则参数")),
                ("each", models.PositiveSmallIntegerField(verbose_name="每件评审人数")),
                ("together", models.PositiveSmallIntegerField(verbose_name="同一单位最多人数")),
                ("is_blind", models.BooleanField(default=False, verbose_name="匿名评审")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("forming", "组建中"),
                            ("reviewing", "评审中"),
                            ("closed", "合议中"),
                            ("decided", "已排名"),
                            ("published", "已公布"),
                        ],
                        default="forming",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="评审期限")),
                ("assignment", models.JSONField(default=dict, verbose_name="分配证明")),
                (
                    "intake",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.intake",
                        verbose_name="受理批次",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.panel",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审组 历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="编号")),
                (
                    "expert",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.expert"),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="cases.panel",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审组成员",
                "ordering": ["panel", "number", "recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="PanelMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="编号")),
                (
                    "expert",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.expert",
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.panel",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.panelmember",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审组成员 历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("reason", jineng.kernel.crypto.EncryptedText(verbose_name="理由")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="cases.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "回避声明",
            },
        ),
        migrations.CreateModel(
            name="RecusalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("reason", jineng.kernel.crypto.EncryptedText(verbose_name="理由")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.recusal",
                    ),
                ),
            ],
            options={
                "verbose_name": "回避声明 历史",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("marks", models.JSONField(default=dict, verbose_name="评分")),
                ("words", jineng.kernel.crypto.EncryptedText(verbose_name="评审意见")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="cases.panel"
                    ),
                ),
            ],
            options={
                "verbose_name": "评审意见",
            },
        ),
        migrations.CreateModel(
            name="ReviewTask",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="cases.panelentry",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="cases.panelmember"
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="cases.panel"
                    ),
                ),
            ],
            options={
                "verbose_name": "评审任务",
                "ordering": ["entry", "recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="ReviewEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("marks", models.JSONField(default=dict, verbose_name="评分")),
                ("words", jineng.kernel.crypto.EncryptedText(verbose_name="评审意见")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.panel",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.review",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.reviewtask",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审意见 历史",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="review",
            name="task",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="review", to="cases.reviewtask"
            ),
        ),
        migrations.CreateModel(
            name="ReviewTaskEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(default=jineng.kernel.clock.now, editable=False, verbose_name="记录时间"),
                ),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("return", "填报 Return"),
                            ("case", "事项 Case"),
                            ("page", "页面 Page"),
                            ("api", "接口 API"),
                            ("seed", "初始 Seed"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("origin_id", models.UUIDField(editable=False, null=True, verbose_name="来源编号")),
                ("reporter_id", models.UUIDField(editable=False, null=True, verbose_name="填报机构")),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="作废原因")),
                ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.panelentry",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.panelmember",
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.panel",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.reviewtask",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审任务 历史",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="caseconcern",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)),
                fields=("case", "organisation", "person"),
                name="concern_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="caseconcern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", True), ("person__isnull", False)),
                    models.Q(("organisation__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="concern_is_one",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseconcern",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseconcernevent" ("case_id", "id", "organisation_id", "origin_id", "origin_kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."case_id", old_values."id", old_values."organisation_id", old_values."origin_id", old_values."origin_kind", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f86fcf75045a0d84d36a20ca4f4df6ae4e327496",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b3d80",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_caseconcern",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseconcern",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseconcernevent" ("case_id", "id", "organisation_id", "origin_id", "origin_kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."case_id", old_values."id", old_values."organisation_id", old_values."origin_id", old_values."origin_kind", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ab9e9aceab0078ebd99ad1d6ade2a692d4b52095",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d160b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_caseconcern",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DecisionDocument",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="cases.decision",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="文件")),
            ],
            options={
                "verbose_name": "评审排名文件",
            },
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("intake", "stage"), name="panel_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panel",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_panelevent" ("assignment", "due_on", "each", "id", "intake_id", "is_blind", "origin_id", "origin_kind", "parameters", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "rule", "stage", "state", "together", "void_reason", "voided_at") SELECT old_values."assignment", old_values."due_on", old_values."each", old_values."id", old_values."intake_id", old_values."is_blind", old_values."origin_id", old_values."origin_kind", old_values."parameters", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."rule", old_values."stage", old_values."state", old_values."together", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9bdf72cbe582acce99649769225bde0221d59a08",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d3d72",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_panel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panel",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_panelevent" ("assignment", "due_on", "each", "id", "intake_id", "is_blind", "origin_id", "origin_kind", "parameters", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "rule", "stage", "state", "together", "void_reason", "voided_at") SELECT old_values."assignment", old_values."due_on", old_values."each", old_values."id", old_values."intake_id", old_values."is_blind", old_values."origin_id", old_values."origin_kind", old_values."parameters", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."rule", old_values."stage", old_values."state", old_values."together", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2587d08c7c9c82b46d05a42108b69b2d71aea0d8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f33a5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_panel",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="expert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("account",), name="expert_account_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expert",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_expertevent" ("account_id", "expertise", "id", "most", "office_id", "organisation_id", "origin_id", "origin_kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."account_id", old_values."expertise", old_values."id", old_values."most", old_values."office_id", old_values."organisation_id", old_values."origin_id", old_values."origin_kind", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="255275dd95f73044d5979503a902f7e64d9af392",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3d75e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_expert",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expert",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_expertevent" ("account_id", "expertise", "id", "most", "office_id", "organisation_id", "origin_id", "origin_kind", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."account_id", old_values."expertise", old_values."id", old_values."most", old_values."office_id", old_values."organisation_id", old_values."origin_id", old_values."origin_kind", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cf732934fad9e1014822327db4ddc004aebd7db2",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d0a80",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_expert",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="panelentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("panel", "case"), name="panel_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)),
                fields=("panel", "number"),
                name="panel_entry_number_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_panelentryevent" ("agreed", "agreed_why", "case_id", "content", "id", "number", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "recorded_at", "reporter_id", "score", "status", "topics", "void_reason", "voided_at") SELECT old_values."agreed", old_values."agreed_why", old_values."case_id", old_values."content", old_values."id", old_values."number", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."rank", old_values."recorded_at", old_values."reporter_id", old_values."score", old_values."status", old_values."topics", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="840cda767082ef803ced8ce29419033a1952b387",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_aec00",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_panelentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelentry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_panelentryevent" ("agreed", "agreed_why", "case_id", "content", "id", "number", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "recorded_at", "reporter_id", "score", "status", "topics", "void_reason", "voided_at") SELECT old_values."agreed", old_values."agreed_why", old_values."case_id", old_values."content", old_values."id", old_values."number", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."rank", old_values."recorded_at", old_values."reporter_id", old_values."score", old_values."status", old_values."topics", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3ae33d40938d1e9e1775f234280831bfd21cdfb8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3d975",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_panelentry",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("panel", "expert"), name="panel_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)),
                fields=("panel", "number"),
                name="panel_member_number_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_panelmemberevent" ("expert_id", "id", "number", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."expert_id", old_values."id", old_values."number", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="03f8abe54a792c0c506bc4c73fa71ecd40f21644",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3be4f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_panelmember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelmember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_panelmemberevent" ("expert_id", "id", "number", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."expert_id", old_values."id", old_values."number", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ea015f7974d45d4bdfda607abd54d9ba7683a35e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_679f2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_panelmember",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recusal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("account", "case"), name="recusal_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recusal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_recusalevent" ("account_id", "case_id", "id", "origin_id", "origin_kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."account_id", old_values."case_id", old_values."id", old_values."origin_id", old_values."origin_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."reason", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cd456fc667cd61395f3670d22d881f8d07bce614",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cf6b2",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_recusal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recusal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_recusalevent" ("account_id", "case_id", "id", "origin_id", "origin_kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."account_id", old_values."case_id", old_values."id", old_values."origin_id", old_values."origin_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."reason", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="48dc25ec7b2cd4c84ad856eacb1044d11dbcdd7a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ffae1",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_recusal",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewtask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)), fields=("entry", "account"), name="review_task_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewtask",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reviewtaskevent" ("account_id", "case_id", "entry_id", "handed_in_at", "id", "member_id", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."account_id", old_values."case_id", old_values."entry_id", old_values."handed_in_at", old_values."id", old_values."member_id", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="58b8217104e05e8827f6799ef1c607ab9a71ba26",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fde55",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_reviewtask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewtask",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reviewtaskevent" ("account_id", "case_id", "entry_id", "handed_in_at", "id", "member_id", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "void_reason", "voided_at") SELECT old_values."account_id", old_values."case_id", old_values."entry_id", old_values."handed_in_at", old_values."id", old_values."member_id", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1f50ea63c19f5102124e548d238fc4ab2ff1a832",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fb442",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_reviewtask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reviewevent" ("account_id", "case_id", "id", "marks", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "task_id", "void_reason", "voided_at", "words") SELECT old_values."account_id", old_values."case_id", old_values."id", old_values."marks", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."task_id", old_values."void_reason", old_values."voided_at", old_values."words" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="36a60a157b69b21604882b35b0b6e21049438dae",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_533d1",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_review",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reviewevent" ("account_id", "case_id", "id", "marks", "origin_id", "origin_kind", "panel_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "reporter_id", "task_id", "void_reason", "voided_at", "words") SELECT old_values."account_id", old_values."case_id", old_values."id", old_values."marks", old_values."origin_id", old_values."origin_kind", old_values."panel_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."recorded_at", old_values."reporter_id", old_values."task_id", old_values."void_reason", old_values."voided_at", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="16443b123bb592dcb52224ab12faecd5f715cb6c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b9242",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_review",
                    when="AFTER",
                ),
            ),
        ),
    ]

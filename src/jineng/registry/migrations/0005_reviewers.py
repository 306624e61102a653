from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_holders"),
    ]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "经办"),
                    ("auditor", "审计"),
                    ("administrator", "系统管理"),
                    ("reviewer", "评审专家"),
                ],
                max_length=20,
                verbose_name="角色",
            ),
        ),
        migrations.AlterField(
            model_name="postevent",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "经办"),
                    ("auditor", "审计"),
                    ("administrator", "系统管理"),
                    ("reviewer", "评审专家"),
                ],
                max_length=20,
                verbose_name="角色",
            ),
        ),
    ]

from __future__ import annotations

from django.db import migrations, models

import jineng.kernel.clock


class Migration(migrations.Migration):
    """Keys of SM2, for a second signature of seals."""

    dependencies = [("kernel", "0010_first_statistics")]
    operations = [
        migrations.CreateModel(
            name="SecondKey",
            fields=[
                ("key_id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("public_key", models.BinaryField(max_length=64)),
                ("wrapped_private_key", models.BinaryField(max_length=200)),
                ("valid_from", models.DateTimeField(default=jineng.kernel.clock.now)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"verbose_name": "第二签名密钥"},
        ),
    ]

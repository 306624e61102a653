"""What hangs on a body asks by its keeper whether it is seen, void or not: an index of standing ones does not answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_latest_first")]

    operations = [
        migrations.AddIndex(
            model_name="body",
            index=models.Index(fields=["organisation"], name="bodies_of_keeper"),
        ),
    ]

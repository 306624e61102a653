"""Refusals that wait for the province are counted on its home page, without reading all results."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("admissions", "0010_on_paper")]

    operations = [
        migrations.AddIndex(
            model_name="result",
            index=models.Index(
                condition=models.Q(("voided_at__isnull", True), ("file_state", "refusal")),
                fields=["run"],
                name="refusals_to_decide",
            ),
        ),
    ]

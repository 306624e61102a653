"""Recognitions and autonomies are listed the latest first, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index gives the first page."""

    dependencies = [
        ("registry", "0005_reviewers"),
        ("workforce", "0002_standards_stay"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="autonomygrant",
            index=models.Index(fields=["-granted_on", "id"], name="autonomies_latest_first"),
        ),
        migrations.AddIndex(
            model_name="recognition",
            index=models.Index(fields=["-recognised_on", "id"], name="recognitions_latest_first"),
        ),
    ]

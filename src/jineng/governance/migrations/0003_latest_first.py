"""Leading groups and shares of tasks are listed in the order of an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index gives the first page."""

    dependencies = [
        ("governance", "0002_triggers"),
        ("registry", "0005_reviewers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["due_on", "id"], name="assignments_by_day"),
        ),
        migrations.AddIndex(
            model_name="leadinggroup",
            index=models.Index(fields=["-formed_on", "id"], name="groups_latest_first"),
        ),
    ]

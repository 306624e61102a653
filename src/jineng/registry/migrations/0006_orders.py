"""Organisations, and lists of what they have, are ordered by code or by name without sorting all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Thirty thousand organisations were sorted for the first page."""

    dependencies = [
        ("registry", "0005_reviewers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["code", "id"], name="organisations_by_code"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["name", "id"], name="organisations_by_name"),
        ),
    ]

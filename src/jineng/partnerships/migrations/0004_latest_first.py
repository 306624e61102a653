"""Agreements, bodies and projects are listed the latest first, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index gives the first page."""

    dependencies = [
        ("partnerships", "0003_codes_of_partners"),
        ("registry", "0005_reviewers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["-signed_on", "id"], name="agreements_latest_first"),
        ),
        migrations.AddIndex(
            model_name="body",
            index=models.Index(fields=["-founded_on", "id"], name="bodies_latest_first"),
        ),
        migrations.AddIndex(
            model_name="internationalproject",
            index=models.Index(fields=["-since", "id"], name="projects_latest_first"),
        ),
    ]

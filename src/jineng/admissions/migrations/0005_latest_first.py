"""Applicants and results are listed the latest first, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("admissions", "0004_in_time"),
        ("registry", "0005_reviewers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="applicant",
            index=models.Index(fields=["-recorded_at", "id"], name="applicant_latest_first"),
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(fields=["-recorded_at", "id"], name="result_latest_first"),
        ),
    ]

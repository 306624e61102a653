"""Sessions are found by their host, struck out or not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A wall asks for the sessions of a reach."""

    dependencies = [
        ("credentials", "0014_told_by_one_plan"),
        ("registry", "0005_reviewers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assessmentsession",
            index=models.Index(fields=["host"], name="assessment_session_of_host"),
        ),
    ]

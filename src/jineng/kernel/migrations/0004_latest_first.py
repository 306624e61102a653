"""Lists of deeds and of receipts begin with the latest: an index gives their first page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The order that the lists show, so that nothing is sorted for a page."""

    dependencies = [("kernel", "0003_source_version")]
    operations = [
        migrations.AddIndex(
            model_name="auditline", index=models.Index(fields=["-at", "id"], name="audit_latest_first")
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["-submitted_at", "-id"], name="receipts_latest_first"),
        ),
    ]

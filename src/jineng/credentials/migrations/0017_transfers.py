"""A line of the ledger may take over a line of another school."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which line a line takes over."""

    dependencies = [("credentials", "0016_order_without_joins")]
    operations = [
        migrations.AddField(
            model_name="creditposting",
            name="transfers",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transferred_by",
                to="credentials.creditposting",
            ),
        ),
    ]

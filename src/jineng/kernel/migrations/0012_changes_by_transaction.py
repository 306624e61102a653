"""What a transaction has changed is found by the transaction, past what others left that is not cleared away yet.

Each commit settles its changes and removes them; a thousand commits a minute leave as many dead rows, which were read by
each of them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Before a deadline everybody commits."""

    dependencies = [("kernel", "0011_second_keys")]
    operations = [
        migrations.RemoveConstraint(model_name="sourcechange", name="one_token_per_transaction"),
        migrations.AddConstraint(
            model_name="sourcechange",
            constraint=models.UniqueConstraint(fields=("transaction", "source"), name="one_token_per_transaction"),
        ),
    ]

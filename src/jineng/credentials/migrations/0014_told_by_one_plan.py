"""What a checker must know of issuers and lists is asked by keys, whoever asks, so that one plan serves every call: making
a plan anew took longer than following it."""

from django.db import migrations

SQL = "ALTER FUNCTION credentials_told_of(json) SET plan_cache_mode = force_generic_plan"
UNDO = "ALTER FUNCTION credentials_told_of(json) RESET plan_cache_mode"


class Migration(migrations.Migration):
    """A plan that is kept."""

    dependencies = [("credentials", "0013_told_at_once")]
    operations = [migrations.RunSQL(SQL, UNDO)]

from __future__ import annotations

from django.db import migrations

SQL = """
-- A first look at what a file brought: of each column 30 common values, for which 9,000 rows are read. Autovacuum takes
-- the thorough look, at 30,000, a moment later.
ALTER FUNCTION kernel_analyse(text[]) SET default_statistics_target = 30;
"""
UNDO = """
ALTER FUNCTION kernel_analyse(text[]) RESET default_statistics_target;
"""


class Migration(migrations.Migration):
    """Looking at what a file brought does not hold up the file."""

    dependencies = [("kernel", "0009_settling_once")]
    operations = [migrations.RunSQL(SQL, UNDO)]

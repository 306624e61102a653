"""What a commit has settled already is not looked for twice: most of the lines that it adds find nothing to settle."""

from importlib import import_module

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION kernel_settle(settling bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO kernel_sourceversion (source, token)
  SELECT source, token FROM kernel_sourcechange WHERE transaction = settling ORDER BY source
  ON CONFLICT (source) DO UPDATE SET token = excluded.token;
  IF FOUND THEN
    DELETE FROM kernel_sourcechange WHERE transaction = settling;
  END IF;
END $$;
"""
BEFORE = import_module("jineng.kernel.migrations.0006_settling_in_one_order").SQL
UNDO = f"CREATE OR REPLACE {BEFORE[BEFORE.index('FUNCTION kernel_settle') : BEFORE.index('END $$;')]}END $$;"


class Migration(migrations.Migration):
    """A year's returns settle fifty thousand times."""

    dependencies = [("kernel", "0008_call_counts")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""The codes of organisations that a record names, for an export that is read again: they may lie out of sight."""

from django.db import migrations

DO = """
CREATE FUNCTION partnerships_codes_of(ids uuid[]) RETURNS TABLE (id uuid, code text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT o.id, o.code FROM registry_organisation o WHERE o.id = ANY(ids) AND jineng_organisation() IS NOT NULL
$$;
"""
UNDO = "DROP FUNCTION partnerships_codes_of(uuid[]);"


class Migration(migrations.Migration):
    """Whoever sees a record may name in a workbook the organisations that it names."""

    dependencies = [("partnerships", "0002_sights")]
    operations = [migrations.RunSQL(DO, UNDO)]

"""A status list is found by its id, so that it is served wherever the site answers when its public address changed."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_address_of_list(wanted uuid, of_suspensions boolean) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT address FROM credentials_statuslist
  WHERE CASE WHEN of_suspensions THEN beside_id = wanted ELSE id = wanted AND beside_id IS NULL END;
$$;
"""
UNDO = "DROP FUNCTION credentials_address_of_list(uuid, boolean);"


class Migration(migrations.Migration):
    """One function more."""

    dependencies = [("credentials", "0011_suspension_guards")]
    operations = [migrations.RunSQL(SQL, UNDO)]

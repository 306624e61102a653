"""A commit settles the versions of its tables before those of rooms, whichever of the two it came to change first.

Else two commits might wait for each other in a ring: one holding a table's version, the other a room's.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION kernel_settle(settling bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO kernel_sourceversion (source, token)
  SELECT source, token FROM kernel_sourcechange WHERE transaction = settling ORDER BY source
  ON CONFLICT (source) DO UPDATE SET token = excluded.token;
  DELETE FROM kernel_sourcechange WHERE transaction = settling;
END $$;

CREATE OR REPLACE FUNCTION kernel_settle_sources() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM kernel_settle(NEW.transaction);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION kernel_move_register_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM kernel_settle(pg_current_xact_id()::text::bigint);
  INSERT INTO kernel_registerversion (room, version) VALUES (NEW.room, 1)
  ON CONFLICT (room) DO UPDATE SET version = kernel_registerversion.version + 1;
  RETURN NULL;
END $$;
"""
UNDO = """
CREATE OR REPLACE FUNCTION kernel_move_register_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO kernel_registerversion (room, version) VALUES (NEW.room, 1)
  ON CONFLICT (room) DO UPDATE SET version = kernel_registerversion.version + 1;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION kernel_settle_sources() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO kernel_sourceversion (source, token)
  SELECT source, token FROM kernel_sourcechange WHERE transaction = NEW.transaction ORDER BY source
  ON CONFLICT (source) DO UPDATE SET token = excluded.token;
  DELETE FROM kernel_sourcechange WHERE transaction = NEW.transaction;
  RETURN NULL;
END $$;
DROP FUNCTION kernel_settle(bigint);
"""


class Migration(migrations.Migration):
    """More tables have versions, so more commits meet."""

    dependencies = [("kernel", "0005_notices")]
    operations = [migrations.RunSQL(SQL, UNDO)]

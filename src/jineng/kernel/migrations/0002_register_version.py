"""A deferred trigger moves the room's register version at commit; big landings refresh the planner's statistics."""

from django.db import migrations

SQL = """
CREATE FUNCTION kernel_move_register_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO kernel_registerversion (room, version) VALUES (NEW.room, 1)
  ON CONFLICT (room) DO UPDATE SET version = kernel_registerversion.version + 1;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER register_version_moves AFTER INSERT ON kernel_auditline
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel_move_register_version();

CREATE FUNCTION kernel_analyse(names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY names LOOP
    EXECUTE format('ANALYZE public.%I', name);
  END LOOP;
END $$;
"""
UNDO = """
DROP FUNCTION kernel_analyse(text[]);
DROP TRIGGER register_version_moves ON kernel_auditline;
DROP FUNCTION kernel_move_register_version();
"""


class Migration(migrations.Migration):
    """Figures know when they are stale."""

    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]

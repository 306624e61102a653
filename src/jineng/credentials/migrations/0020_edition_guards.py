"""Editions of a standard follow each other: none is in force with the one it revises, none revises what is struck out."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_editions_in_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM credentials_skillstandard AS one
    JOIN credentials_skillstandard AS earlier ON earlier.id = one.revises_id
    WHERE one.voided_at IS NULL AND (one.id IN (SELECT id FROM later) OR earlier.id IN (SELECT id FROM later))
      AND (earlier.voided_at IS NOT NULL OR earlier.published_on >= one.published_on
           OR earlier.withdrawn_on IS NULL OR earlier.withdrawn_on > one.published_on)) THEN
    RAISE EXCEPTION 'an edition of a standard follows the one that it revises'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'standard_editions_in_order', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER standard_editions_in_order_insert AFTER INSERT ON credentials_skillstandard
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_editions_in_order();
CREATE TRIGGER standard_editions_in_order_update AFTER UPDATE ON credentials_skillstandard
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_editions_in_order();
"""
UNDO = """
DROP FUNCTION credentials_editions_in_order() CASCADE;
"""


class Migration(migrations.Migration):
    """Guards of editions."""

    dependencies = [("credentials", "0019_editions")]
    operations = [migrations.RunSQL(SQL, UNDO)]

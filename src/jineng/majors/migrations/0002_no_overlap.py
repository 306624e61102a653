"""Standing offerings of one organisation, major and duration never overlap in time; a trigger sees to it.

An exclusion constraint would say the same, but its index takes half of the time of a large return.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION majors_offerings_do_not_overlap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  facts CONSTANT text := 'SELECT id, organisation_id, major_id, duration_years, opened_on, revoked_on FROM ';
  standing CONSTANT text := ' WHERE voided_at IS NULL';
  changed text := facts || 'later' || standing;
  overlapping bigint;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    changed := changed || ' EXCEPT ' || facts || 'earlier' || standing;
  END IF;
  -- Under an older snapshot the question below would not see what another writer has committed since.
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'offerings are written at READ COMMITTED or SERIALIZABLE' USING ERRCODE = 'feature_not_supported';
  END IF;
  -- Whoever writes offerings of one organisation at once goes one after the other, and then sees the other's rows.
  EXECUTE 'SELECT 1 FROM registry_organisation WHERE id IN (SELECT organisation_id FROM (' || changed
    || ') AS changed) ORDER BY id FOR NO KEY UPDATE';
  -- Executed as text, so that it is planned for as many rows as there are this time.
  EXECUTE 'SELECT count(*) FROM (' || changed || ') AS changed JOIN majors_majoroffering AS other'
    || ' USING (organisation_id, major_id, duration_years) WHERE other.voided_at IS NULL AND other.id <> changed.id'
    || ' AND (changed.revoked_on IS NULL OR other.opened_on < changed.revoked_on)'
    || ' AND (other.revoked_on IS NULL OR changed.opened_on < other.revoked_on)'
    INTO overlapping;
  IF overlapping > 0 THEN
    RAISE EXCEPTION 'offerings_do_not_overlap: % overlapping', overlapping
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'offerings_do_not_overlap', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER offerings_do_not_overlap_insert AFTER INSERT ON majors_majoroffering
REFERENCING NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION majors_offerings_do_not_overlap();
CREATE TRIGGER offerings_do_not_overlap_update AFTER UPDATE ON majors_majoroffering
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION majors_offerings_do_not_overlap();
"""

UNDO = """
DROP TRIGGER offerings_do_not_overlap_insert ON majors_majoroffering;
DROP TRIGGER offerings_do_not_overlap_update ON majors_majoroffering;
DROP FUNCTION majors_offerings_do_not_overlap();
"""


class Migration(migrations.Migration):
    """Two offerings of one course at one time are refused."""

    dependencies = [("majors", "0001_initial"), ("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]

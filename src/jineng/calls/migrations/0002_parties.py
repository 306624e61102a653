"""Triggers that keep an award's parties: organisations that hold it see it."""

from django.db import migrations

SQL = """
CREATE FUNCTION calls_parties_of_holders() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM calls_awardparty AS party USING earlier
    WHERE party.role = 'holder' AND party.award_id = earlier.award_id
      AND party.organisation_id = earlier.organisation_id;
  END IF;
  INSERT INTO calls_awardparty (award_id, organisation_id, role)
  SELECT DISTINCT award_id, organisation_id, 'holder' FROM later
  WHERE organisation_id IS NOT NULL AND voided_at IS NULL
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER parties_after_insert AFTER INSERT ON calls_awardholder
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION calls_parties_of_holders();
CREATE TRIGGER parties_after_update AFTER UPDATE ON calls_awardholder
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION calls_parties_of_holders();
"""
UNDO = """
DROP TRIGGER parties_after_insert ON calls_awardholder;
DROP TRIGGER parties_after_update ON calls_awardholder;
DROP FUNCTION calls_parties_of_holders();
"""


class Migration(migrations.Migration):
    """Who holds an award sees it, and nobody has to remember to say so."""

    dependencies = [("calls", "0001_initial"), ("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]

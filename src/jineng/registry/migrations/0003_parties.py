"""A trigger that keeps the parties of people: whoever employs a person sees who it is."""

from django.db import migrations

SQL = """
CREATE FUNCTION registry_parties_of_employments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO registry_personparty (person_id, organisation_id)
  SELECT DISTINCT person_id, organisation_id FROM later ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER parties_after_insert AFTER INSERT ON registry_employment
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION registry_parties_of_employments();
CREATE TRIGGER parties_after_update AFTER UPDATE ON registry_employment
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION registry_parties_of_employments();
"""
UNDO = """
DROP TRIGGER parties_after_insert ON registry_employment;
DROP TRIGGER parties_after_update ON registry_employment;
DROP FUNCTION registry_parties_of_employments();
"""


class Migration(migrations.Migration):
    """An employer is a party of the person, and nobody has to remember to say so."""

    dependencies = [("registry", "0002_reach")]
    operations = [migrations.RunSQL(SQL, UNDO)]

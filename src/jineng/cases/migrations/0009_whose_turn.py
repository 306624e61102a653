"""Whose turn it is stands with the parties, kept by the database: what waits for an office is found without asking all
cases."""

from django.db import migrations, models

SQL = """
CREATE FUNCTION cases_whose_turn(one cases_case) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT stage ->> 'actor'
  FROM cases_procedure made, jsonb_array_elements(made.content -> 'flow' -> 'stages') AS stage
  WHERE made.id = one.procedure_id AND stage ->> 'key' = one.stage AND one.outcome = '' AND one.voided_at IS NULL
$$;
CREATE OR REPLACE FUNCTION cases_parties_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  turn text := coalesce(cases_whose_turn(NEW), '');
BEGIN
  IF TG_OP = 'INSERT' OR OLD.parties IS DISTINCT FROM NEW.parties THEN
    DELETE FROM cases_caseparty WHERE case_id = NEW.id;
    INSERT INTO cases_caseparty (case_id, organisation_id, party, is_turn, due_on, serial)
    SELECT DISTINCT NEW.id, member::uuid, party.key, party.key = turn, NEW.due_on, NEW.serial
    FROM jsonb_each(NEW.parties) AS party, jsonb_array_elements_text(party.value) AS member;
  ELSE
    UPDATE cases_caseparty SET is_turn = (party = turn), due_on = NEW.due_on, serial = NEW.serial
    WHERE case_id = NEW.id
      AND (is_turn, due_on, serial) IS DISTINCT FROM (party = turn, NEW.due_on, NEW.serial);
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER parties_after_update ON cases_case;
CREATE TRIGGER parties_after_update
AFTER UPDATE OF parties, procedure_id, stage, outcome, due_on, serial, voided_at ON cases_case
FOR EACH ROW WHEN ((OLD.parties, OLD.procedure_id, OLD.stage, OLD.outcome, OLD.due_on, OLD.serial, OLD.voided_at)
  IS DISTINCT FROM (NEW.parties, NEW.procedure_id, NEW.stage, NEW.outcome, NEW.due_on, NEW.serial, NEW.voided_at))
EXECUTE FUNCTION cases_parties_of_case();
UPDATE cases_caseparty AS party
SET is_turn = (party.party = coalesce(cases_whose_turn(c), '')), due_on = c.due_on, serial = c.serial
FROM cases_case AS c WHERE c.id = party.case_id;
"""
UNDO = """
DROP TRIGGER parties_after_update ON cases_case;
CREATE OR REPLACE FUNCTION cases_parties_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  DELETE FROM cases_caseparty WHERE case_id = NEW.id;
  INSERT INTO cases_caseparty (case_id, organisation_id, party)
  SELECT DISTINCT NEW.id, member::uuid, party.key
  FROM jsonb_each(NEW.parties) AS party, jsonb_array_elements_text(party.value) AS member;
  RETURN NULL;
END $$;
CREATE TRIGGER parties_after_update AFTER UPDATE OF parties ON cases_case
FOR EACH ROW WHEN (OLD.parties IS DISTINCT FROM NEW.parties) EXECUTE FUNCTION cases_parties_of_case();
DROP FUNCTION cases_whose_turn(cases_case);
"""


class Migration(migrations.Migration):
    """The home page of an office before which a hundred thousand cases lie shows the twenty that are due first."""

    dependencies = [("cases", "0008_dismissed")]
    operations = [
        migrations.AddField("caseparty", "is_turn", models.BooleanField("待其办理", db_default=False)),
        migrations.AddField("caseparty", "due_on", models.DateField("本环节期限", null=True)),
        migrations.AddField("caseparty", "serial", models.BigIntegerField("流水号", db_default=0)),
        migrations.AddIndex(
            "caseparty",
            models.Index(
                fields=["organisation", "due_on", "serial"], condition=models.Q(is_turn=True), name="case_waits_for"
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

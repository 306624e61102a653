"""Who sees which case stands in a table, kept by the database: a list before which a hundred thousand cases lie is counted
without asking who takes part in each of them."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE OR REPLACE FUNCTION cases_parties_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  turn text := coalesce(cases_whose_turn(NEW), '');
BEGIN
  IF TG_OP = 'INSERT' OR OLD.parties IS DISTINCT FROM NEW.parties THEN
    -- Whoever moves an organisation waits for those who give cases parties, and they for it: see below.
    PERFORM pg_advisory_xact_lock_shared('cases_casesight'::regclass::bigint);
    IF TG_OP = 'UPDATE' THEN
      DELETE FROM cases_caseparty WHERE case_id = NEW.id;
      DELETE FROM cases_casesight WHERE case_id = NEW.id;
    END IF;
    INSERT INTO cases_caseparty (case_id, organisation_id, party, is_turn, due_on, serial)
    SELECT DISTINCT NEW.id, member::uuid, party.key, party.key = turn, NEW.due_on, NEW.serial
    FROM jsonb_each(NEW.parties) AS party, jsonb_array_elements_text(party.value) AS member;
    INSERT INTO cases_casesight (organisation_id, case_id)
    SELECT DISTINCT w.authority_id, NEW.id FROM cases_caseparty p
    JOIN registry_reach w ON w.organisation_id = p.organisation_id WHERE p.case_id = NEW.id;
  ELSE
    UPDATE cases_caseparty SET is_turn = (party = turn), due_on = NEW.due_on, serial = NEW.serial
    WHERE case_id = NEW.id
      AND (is_turn, due_on, serial) IS DISTINCT FROM (party = turn, NEW.due_on, NEW.serial);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION cases_sights_after_reach() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO cases_casesight (organisation_id, case_id)
    SELECT DISTINCT fresh.authority_id, p.case_id FROM fresh
    JOIN cases_caseparty p ON p.organisation_id = fresh.organisation_id ON CONFLICT DO NOTHING;
  ELSE
    PERFORM pg_advisory_xact_lock('cases_casesight'::regclass::bigint);
    DELETE FROM cases_casesight AS s USING (
      SELECT DISTINCT gone.authority_id, p.case_id FROM gone
      JOIN cases_caseparty p ON p.organisation_id = gone.organisation_id
    ) AS lost
    WHERE s.organisation_id = lost.authority_id AND s.case_id = lost.case_id AND NOT EXISTS (
      SELECT 1 FROM cases_caseparty q JOIN registry_reach w ON w.organisation_id = q.organisation_id
      WHERE q.case_id = s.case_id AND w.authority_id = s.organisation_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_sights_after_insert AFTER INSERT ON registry_reach REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION cases_sights_after_reach();
CREATE TRIGGER case_sights_after_delete AFTER DELETE ON registry_reach REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION cases_sights_after_reach();

INSERT INTO cases_casesight (organisation_id, case_id)
SELECT DISTINCT w.authority_id, p.case_id
FROM cases_caseparty p JOIN registry_reach w ON w.organisation_id = p.organisation_id;
"""
UNDO = """
DROP TRIGGER case_sights_after_delete ON registry_reach;
DROP TRIGGER case_sights_after_insert ON registry_reach;
DROP FUNCTION cases_sights_after_reach();
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
"""


class Migration(migrations.Migration):
    """Sight of cases, and of what hangs on them, is one row."""

    dependencies = [("cases", "0011_returns"), ("registry", "0002_reach")]
    operations = [
        migrations.CreateModel(
            name="CaseSight",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id", "case_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sights", to="cases.case"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={"verbose_name": "可见单位"},
        ),
        migrations.RunSQL(SQL, UNDO),
        migrations.RemoveConstraint("case", "case_serial_once"),
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                fields=["serial"],
                include=["id", "applicant", "intake", "outcome", "voided_at"],
                name="case_serial_once",
            ),
        ),
        migrations.AddIndex("panelentry", models.Index(fields=["panel", "rank", "number"], name="panel_entry_by_rank")),
    ]

"""Parties, sights and whose turn it is follow a statement, not each row: what a procedure says is read once for all cases
that move together."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_tell_parties(given uuid[], anew uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF cardinality(anew) > 0 THEN
    -- Whoever moves an organisation waits for those who give cases parties, and they for it.
    PERFORM pg_advisory_xact_lock_shared('cases_casesight'::regclass::bigint);
    DELETE FROM cases_caseparty WHERE case_id = ANY (anew);
    DELETE FROM cases_casesight WHERE case_id = ANY (anew);
    INSERT INTO cases_caseparty (case_id, organisation_id, party, due_on, serial)
    SELECT DISTINCT c.id, member::uuid, party.key, c.due_on, c.serial
    FROM cases_case AS c, jsonb_each(c.parties) AS party, jsonb_array_elements_text(party.value) AS member
    WHERE c.id = ANY (anew);
    INSERT INTO cases_casesight (organisation_id, case_id)
    SELECT DISTINCT w.authority_id, p.case_id FROM cases_caseparty AS p
    JOIN registry_reach AS w ON w.organisation_id = p.organisation_id WHERE p.case_id = ANY (anew);
  END IF;
  WITH moved AS MATERIALIZED (
    SELECT id, procedure_id, stage, outcome = '' AND voided_at IS NULL AS is_open, due_on, serial
    FROM cases_case WHERE id = ANY (given)
  ), turns AS MATERIALIZED (
    SELECT asked.procedure_id, asked.stage, known ->> 'actor' AS party
    FROM (SELECT DISTINCT procedure_id, stage FROM moved WHERE is_open) AS asked
    JOIN cases_procedure AS made ON made.id = asked.procedure_id,
      jsonb_array_elements(made.content -> 'flow' -> 'stages') AS known
    WHERE known ->> 'key' = asked.stage
  )
  UPDATE cases_caseparty AS p
  SET is_turn = coalesce(t.party = p.party, false), due_on = m.due_on, serial = m.serial
  FROM moved AS m LEFT JOIN turns AS t ON m.is_open AND t.procedure_id = m.procedure_id AND t.stage = m.stage
  WHERE p.case_id = m.id
    AND (p.is_turn, p.due_on, p.serial) IS DISTINCT FROM (coalesce(t.party = p.party, false), m.due_on, m.serial);
END $$;
REVOKE EXECUTE ON FUNCTION cases_tell_parties(uuid[], uuid[]) FROM PUBLIC;

CREATE FUNCTION cases_parties_of_cases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  given uuid[];
  anew uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id), array_agg(id) INTO given, anew FROM fresh;
  ELSE
    SELECT array_agg(f.id), array_agg(f.id) FILTER (WHERE f.parties IS DISTINCT FROM s.parties) INTO given, anew
    FROM fresh AS f JOIN stale AS s USING (id)
    WHERE (f.parties, f.procedure_id, f.stage, f.outcome, f.due_on, f.serial, f.voided_at)
      IS DISTINCT FROM (s.parties, s.procedure_id, s.stage, s.outcome, s.due_on, s.serial, s.voided_at);
  END IF;
  IF given IS NOT NULL THEN
    PERFORM cases_tell_parties(given, coalesce(anew, '{}'));
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER parties_after_insert ON cases_case;
DROP TRIGGER parties_after_update ON cases_case;
DROP FUNCTION cases_parties_of_case();
DROP FUNCTION cases_whose_turn(cases_case);
CREATE TRIGGER parties_after_insert AFTER INSERT ON cases_case
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_parties_of_cases();
CREATE TRIGGER parties_after_update AFTER UPDATE ON cases_case
REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_parties_of_cases();
"""
UNDO = """
DROP TRIGGER parties_after_insert ON cases_case;
DROP TRIGGER parties_after_update ON cases_case;
DROP FUNCTION cases_parties_of_cases();
DROP FUNCTION cases_tell_parties(uuid[], uuid[]);
CREATE FUNCTION cases_whose_turn(one cases_case) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT stage ->> 'actor'
  FROM cases_procedure made, jsonb_array_elements(made.content -> 'flow' -> 'stages') AS stage
  WHERE made.id = one.procedure_id AND stage ->> 'key' = one.stage AND one.outcome = '' AND one.voided_at IS NULL
$$;
CREATE FUNCTION cases_parties_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  turn text := coalesce(cases_whose_turn(NEW), '');
BEGIN
  IF TG_OP = 'INSERT' OR OLD.parties IS DISTINCT FROM NEW.parties THEN
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
CREATE TRIGGER parties_after_insert AFTER INSERT ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_parties_of_case();
CREATE TRIGGER parties_after_update
AFTER UPDATE OF parties, procedure_id, stage, outcome, due_on, serial, voided_at ON cases_case
FOR EACH ROW WHEN ((OLD.parties, OLD.procedure_id, OLD.stage, OLD.outcome, OLD.due_on, OLD.serial, OLD.voided_at)
  IS DISTINCT FROM (NEW.parties, NEW.procedure_id, NEW.stage, NEW.outcome, NEW.due_on, NEW.serial, NEW.voided_at))
EXECUTE FUNCTION cases_parties_of_case();
"""


class Migration(migrations.Migration):
    """Five hundred cases that move together no longer ask five hundred times whose turn it is."""

    dependencies = [("cases", "0012_sights")]
    operations = [migrations.RunSQL(SQL, UNDO)]

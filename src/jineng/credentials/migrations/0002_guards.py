"""What no column says by itself: places in a session, sealed sheets, the third account, numbers without a gap."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_sessions_have_room() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE full_session uuid;
BEGIN
  -- Whoever adds candidates to one session at once goes one after the other, and then sees the other's rows.
  PERFORM 1 FROM credentials_assessmentsession WHERE id IN (SELECT session_id FROM later) ORDER BY id
  FOR NO KEY UPDATE;
  SELECT session.id INTO full_session FROM credentials_assessmentsession AS session
  JOIN credentials_candidate AS candidate ON candidate.session_id = session.id AND candidate.voided_at IS NULL
  WHERE session.id IN (SELECT session_id FROM later)
  GROUP BY session.id, session.capacity HAVING count(*) > session.capacity LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'session % has no place left', full_session
      USING ERRCODE = 'check_violation', CONSTRAINT = 'session_has_room', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER session_has_room_insert AFTER INSERT ON credentials_candidate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_sessions_have_room();
CREATE TRIGGER session_has_room_update AFTER UPDATE ON credentials_candidate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_sessions_have_room();

CREATE FUNCTION credentials_parties_of_candidates() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO credentials_sessionparty (id, organisation_id, session_id)
  SELECT gen_random_uuid(), institution_id, session_id FROM (
    SELECT DISTINCT institution_id, session_id FROM later WHERE voided_at IS NULL
  ) AS named ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER parties_after_insert AFTER INSERT ON credentials_candidate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_parties_of_candidates();
CREATE TRIGGER parties_after_update AFTER UPDATE ON credentials_candidate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_parties_of_candidates();

CREATE FUNCTION credentials_results_by_a_third() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM credentials_entrysheet AS sheet
             JOIN credentials_candidate AS candidate ON candidate.session_id = sheet.session_id
             WHERE candidate.id = NEW.candidate_id AND sheet.account_id = NEW.settled_by_id) THEN
    RAISE EXCEPTION 'a difference is settled by an account that entered neither sheet'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'result_settled_by_a_third', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER result_settled_by_a_third BEFORE INSERT OR UPDATE ON credentials_componentresult
FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION credentials_results_by_a_third();

CREATE FUNCTION credentials_sheets_stay_sealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF (SELECT count(*) FROM credentials_entrysheet WHERE session_id = NEW.id AND handed_in_at IS NOT NULL) < 2 THEN
    RAISE EXCEPTION 'sheets are compared when both are handed in'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sheets_stay_sealed', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sheets_stay_sealed BEFORE INSERT OR UPDATE ON credentials_assessmentsession
FOR EACH ROW WHEN (NEW.compared_at IS NOT NULL) EXECUTE FUNCTION credentials_sheets_stay_sealed();

CREATE FUNCTION credentials_handed_in_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a sheet that was handed in is not changed'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'handed_in_stays', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER handed_in_stays BEFORE UPDATE OR DELETE ON credentials_entrysheet
FOR EACH ROW WHEN (OLD.handed_in_at IS NOT NULL) EXECUTE FUNCTION credentials_handed_in_stays();

CREATE FUNCTION credentials_take_numbers(wanted_type uuid, wanted_year int, wanted_level text, how_many int)
RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  INSERT INTO credentials_numberseries AS series (id, certificate_type_id, year, level, last)
  VALUES (gen_random_uuid(), wanted_type, wanted_year, wanted_level, how_many)
  ON CONFLICT (certificate_type_id, year, level) DO UPDATE SET last = series.last + EXCLUDED.last
  RETURNING series.last - how_many + 1;
$$;
CREATE FUNCTION credentials_reach_number(wanted_type uuid, wanted_year int, wanted_level text, serial int)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  INSERT INTO credentials_numberseries AS series (id, certificate_type_id, year, level, last)
  VALUES (gen_random_uuid(), wanted_type, wanted_year, wanted_level, serial)
  ON CONFLICT (certificate_type_id, year, level) DO UPDATE SET last = greatest(series.last, EXCLUDED.last);
$$;
CREATE FUNCTION credentials_known_certificates(people uuid[], numbers text[])
RETURNS TABLE (number text, person_id uuid, certificate_type_id uuid, level text, is_held boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT known.number, known.person_id, known.certificate_type_id, known.level, known.revoked_on IS NULL
  FROM credentials_certificate AS known
  WHERE known.voided_at IS NULL AND known.person_id = ANY(people) AND known.revoked_on IS NULL
  UNION
  SELECT known.number, known.person_id, known.certificate_type_id, known.level, known.revoked_on IS NULL
  FROM credentials_certificate AS known
  WHERE known.voided_at IS NULL AND known.number = ANY(numbers);
$$;
"""
UNDO = """
DROP FUNCTION credentials_known_certificates(uuid[], text[]);
DROP FUNCTION credentials_reach_number(uuid, int, text, int);
DROP FUNCTION credentials_take_numbers(uuid, int, text, int);
DROP FUNCTION credentials_handed_in_stays() CASCADE;
DROP FUNCTION credentials_sheets_stay_sealed() CASCADE;
DROP FUNCTION credentials_results_by_a_third() CASCADE;
DROP FUNCTION credentials_parties_of_candidates() CASCADE;
DROP FUNCTION credentials_sessions_have_room() CASCADE;
"""


class Migration(migrations.Migration):
    """Guards of the room."""

    dependencies = [("credentials", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]

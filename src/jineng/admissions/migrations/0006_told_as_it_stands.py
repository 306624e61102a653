"""What an applicant is told of an admission follows the admission, whoever changes it: the applicant's answer, silence at
the end of a round, a school or the province that ends it or strikes it out.

Until now the applicant's answer and the end of a round wrote it themselves, and who else changed it did not.
"""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION admissions_tell_answer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  key text;
  answer text := CASE WHEN NEW.voided_at IS NOT NULL THEN 'void' WHEN NEW.ended_on IS NOT NULL THEN NEW.ending
    WHEN NEW.confirmed_on IS NOT NULL THEN 'confirmed' ELSE 'admitted' END;
BEGIN
  SELECT ordinal || CASE supplement WHEN 0 THEN '' ELSE '.' || supplement END INTO key
  FROM admissions_round WHERE id = NEW.round_id;
  UPDATE admissions_told SET page = jsonb_set(page, ARRAY['rounds', key, 'answer'], to_jsonb(answer))
  WHERE lookup = (SELECT lookup FROM admissions_ticket WHERE applicant_id = NEW.applicant_id AND voided_at IS NULL)
  AND page #>> ARRAY['rounds', key, 'admission'] = NEW.id::text;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_answer AFTER UPDATE ON admissions_admission FOR EACH ROW
WHEN ((OLD.confirmed_on, OLD.ended_on, OLD.ending, OLD.voided_at)
  IS DISTINCT FROM (NEW.confirmed_on, NEW.ended_on, NEW.ending, NEW.voided_at))
EXECUTE FUNCTION admissions_tell_answer();
"""
UNFOLLOW = """
DROP TRIGGER tell_answer ON admissions_admission;
DROP FUNCTION admissions_tell_answer();
"""
ANSWER = """
CREATE OR REPLACE FUNCTION admissions_answer(held text, which uuid, confirms boolean, day date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  seat record;
  answer text;
BEGIN
  SELECT m.id, m.confirmed_on, m.ended_on, o.phase, o.answers_until INTO seat
  FROM admissions_ticket t JOIN admissions_admission m ON m.applicant_id = t.applicant_id AND m.voided_at IS NULL
  JOIN admissions_round r ON r.id = m.round_id
  JOIN admissions_opening o ON o.round_id = r.id AND o.voided_at IS NULL
  WHERE t.lookup = held AND t.voided_at IS NULL AND m.id = which FOR UPDATE OF m;
  IF NOT FOUND OR seat.ended_on IS NOT NULL OR (confirms AND seat.confirmed_on IS NOT NULL) THEN
    RETURN 'nothing';
  END IF;
  PERFORM 1 FROM admissions_opening o JOIN admissions_admission m ON m.round_id = o.round_id
  WHERE m.id = which FOR KEY SHARE OF o;
  IF seat.phase <> 'answering' OR clock_timestamp() >= seat.answers_until THEN
    RAISE EXCEPTION 'answer_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_in_time',
      TABLE = 'admissions_admission';
  END IF;
  IF confirms THEN
    answer := 'confirmed';
    UPDATE admissions_admission SET confirmed_on = greatest(day, admitted_on) WHERE id = which;
  ELSE
    answer := 'declined';
    UPDATE admissions_admission SET ended_on = greatest(day, admitted_on, confirmed_on), ending = 'declined'
    WHERE id = which;
  END IF;
  RETURN answer;
END $$;
"""
ANSWER_AND_TELL = """
CREATE OR REPLACE FUNCTION admissions_answer(held text, which uuid, confirms boolean, day date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  seat record;
  answer text;
BEGIN
  SELECT m.id, m.confirmed_on, m.ended_on, r.ordinal, r.supplement, o.phase, o.answers_until INTO seat
  FROM admissions_ticket t JOIN admissions_admission m ON m.applicant_id = t.applicant_id AND m.voided_at IS NULL
  JOIN admissions_round r ON r.id = m.round_id
  JOIN admissions_opening o ON o.round_id = r.id AND o.voided_at IS NULL
  WHERE t.lookup = held AND t.voided_at IS NULL AND m.id = which FOR UPDATE OF m;
  IF NOT FOUND OR seat.ended_on IS NOT NULL OR (confirms AND seat.confirmed_on IS NOT NULL) THEN
    RETURN 'nothing';
  END IF;
  PERFORM 1 FROM admissions_opening o JOIN admissions_admission m ON m.round_id = o.round_id
  WHERE m.id = which FOR KEY SHARE OF o;
  IF seat.phase <> 'answering' OR clock_timestamp() >= seat.answers_until THEN
    RAISE EXCEPTION 'answer_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_in_time',
      TABLE = 'admissions_admission';
  END IF;
  IF confirms THEN
    answer := 'confirmed';
    UPDATE admissions_admission SET confirmed_on = greatest(day, admitted_on) WHERE id = which;
  ELSE
    answer := 'declined';
    UPDATE admissions_admission SET ended_on = greatest(day, admitted_on, confirmed_on), ending = 'declined'
    WHERE id = which;
  END IF;
  UPDATE admissions_told SET page = jsonb_set(page,
    ARRAY['rounds', seat.ordinal || CASE seat.supplement WHEN 0 THEN '' ELSE '.' || seat.supplement END, 'answer'],
    to_jsonb(answer)) WHERE lookup = held;
  RETURN answer;
END $$;
"""


class Migration(migrations.Migration):
    """One place says how an admission stands."""

    dependencies = [("admissions", "0005_latest_first")]
    operations = [migrations.RunSQL(FOLLOW, UNFOLLOW), migrations.RunSQL(ANSWER, ANSWER_AND_TELL)]

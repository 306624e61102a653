"""What holds for applicants whoever writes: submissions and answers within their windows, by the database's clock.

An applicant acts in no organisation, so what a ticket's holder sees and does goes past the walls by functions that
take the ticket's hash: whoever has it has the ticket. Submitting takes a shared lock on the round, closing it takes it
whole: what was accepted is in the run, and nothing is accepted after.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION admissions_form_in_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  held record;
BEGIN
  IF NEW.wishes IS NULL OR (TG_OP = 'UPDATE' AND NEW.wishes IS NOT DISTINCT FROM OLD.wishes
      AND NEW.submitted_at IS NOT DISTINCT FROM OLD.submitted_at AND NEW.version IS NOT DISTINCT FROM OLD.version) THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.opening_id::text, 5));
  SELECT phase, opens_at, closes_at, clock_timestamp() AS now INTO held FROM admissions_opening WHERE id = NEW.opening_id;
  IF held.phase <> 'open' OR held.now < held.opens_at OR held.now >= held.closes_at THEN
    RAISE EXCEPTION 'form_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'form_in_time',
      TABLE = TG_TABLE_NAME;
  END IF;
  NEW.submitted_at := held.now;
  NEW.version := CASE TG_OP WHEN 'UPDATE' THEN OLD.version + 1 ELSE 1 END;
  RETURN NEW;
END $$;
CREATE TRIGGER form_in_time BEFORE INSERT OR UPDATE ON admissions_preferenceform
FOR EACH ROW EXECUTE FUNCTION admissions_form_in_time();

CREATE FUNCTION admissions_close_window(opening uuid) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(opening::text, 5));
  RETURN clock_timestamp();
END $$;

CREATE FUNCTION admissions_own(held text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT jsonb_build_object(
    'number', t.number, 'applicant', a.id, 'season', s.id, 'season_name', s.name, 'season_code', s.code,
    'category', a.category, 'home', a.home_id, 'household', a.is_household, 'exempt', e.code,
    'rounds', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'opening', o.id, 'round', r.id, 'name', r.name, 'ordinal', r.ordinal, 'supplement', r.supplement,
        'phase', o.phase, 'opens_at', o.opens_at, 'closes_at', o.closes_at, 'answers_until', o.answers_until,
        'is_open', o.phase = 'open' AND clock_timestamp() >= o.opens_at AND clock_timestamp() < o.closes_at,
        'commitment', o.commitment, 'scheme', o.scheme_id,
        'draft', f.draft, 'wishes', f.wishes, 'version', f.version, 'submitted_at', f.submitted_at
      ) ORDER BY r.ordinal, r.supplement)
      FROM admissions_round r JOIN admissions_opening o ON o.round_id = r.id AND o.voided_at IS NULL
      LEFT JOIN admissions_preferenceform f ON f.opening_id = o.id AND f.applicant_id = a.id AND f.voided_at IS NULL
      WHERE r.season_id = s.id AND r.voided_at IS NULL
    ), '[]'::jsonb),
    'scores', coalesce((
      SELECT jsonb_agg(jsonb_build_object('component', c.component, 'subject', c.subject, 'points', c.points::text,
        'out_of', c.out_of::text) ORDER BY c.component, c.subject)
      FROM admissions_score c WHERE c.applicant_id = a.id AND c.voided_at IS NULL
    ), '[]'::jsonb),
    'admissions', coalesce((
      SELECT jsonb_agg(jsonb_build_object('id', m.id, 'round', m.round_id, 'plan', m.plan_id, 'ending', m.ending,
        'admitted_on', m.admitted_on, 'confirmed_on', m.confirmed_on, 'ended_on', m.ended_on) ORDER BY m.recorded_at)
      FROM admissions_admission m WHERE m.applicant_id = a.id AND m.voided_at IS NULL
    ), '[]'::jsonb))
  FROM admissions_ticket t JOIN admissions_applicant a ON a.id = t.applicant_id
  JOIN admissions_season s ON s.id = a.season_id
  LEFT JOIN admissions_exemptcategory e ON e.id = a.exempt_category_id
  WHERE t.lookup = held AND t.voided_at IS NULL AND a.voided_at IS NULL
$$;

CREATE FUNCTION admissions_keep_form(held text, at uuid, written jsonb, submitted jsonb, moment timestamptz, deed uuid)
RETURNS TABLE (version int, submitted_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
DECLARE
  who uuid;
BEGIN
  SELECT t.applicant_id INTO who FROM admissions_ticket t JOIN admissions_applicant a ON a.id = t.applicant_id
  JOIN admissions_round r ON r.season_id = a.season_id JOIN admissions_opening o ON o.round_id = r.id
  WHERE t.lookup = held AND t.voided_at IS NULL AND a.voided_at IS NULL AND o.id = at AND o.phase = 'open';
  IF who IS NULL THEN
    RAISE EXCEPTION 'form_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'form_in_time',
      TABLE = 'admissions_preferenceform';
  END IF;
  RETURN QUERY INSERT INTO admissions_preferenceform AS form (id, recorded_at, origin_kind, origin_id, reporter_id,
    void_reason, applicant_id, opening_id, draft, wishes, version, submitted_at)
  VALUES (gen_random_uuid(), moment, 'page', deed, NULL, '', who, at, written, submitted, 0, NULL)
  ON CONFLICT (applicant_id, opening_id) WHERE voided_at IS NULL
  DO UPDATE SET draft = excluded.draft, wishes = coalesce(submitted, form.wishes),
    version = form.version + (submitted IS NOT NULL)::int
  RETURNING form.version::int, form.submitted_at;
END $$;

CREATE FUNCTION admissions_answer(held text, which uuid, confirms boolean, day date) RETURNS text
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

CREATE FUNCTION admissions_told(held text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT page FROM admissions_told WHERE lookup = held
$$;

CREATE FUNCTION admissions_paper(held text, which uuid) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT jsonb_build_object('list', n.sealed) || r.proof
  FROM admissions_ticket t JOIN admissions_result r ON r.applicant_id = t.applicant_id AND r.voided_at IS NULL
  JOIN admissions_run n ON n.id = r.run_id
  WHERE t.lookup = held AND t.voided_at IS NULL AND n.id = which AND n.state = 'published'
$$;

CREATE FUNCTION admissions_hand_over(before text, after text) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public AS $$
  UPDATE admissions_told SET lookup = after WHERE lookup = before AND EXISTS (
    SELECT 1 FROM admissions_ticket old JOIN admissions_ticket new ON new.applicant_id = old.applicant_id
    WHERE old.lookup = before AND old.voided_at IS NOT NULL AND new.lookup = after AND new.voided_at IS NULL)
$$;

CREATE FUNCTION admissions_letter(which uuid) RETURNS TABLE (
  name bytea, number text, season text, institution text, programme text, level text, admitted_on date,
  confirmed_on date, ended_on date, is_void boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT p.name, t.number, s.name, o.name, l.programme_name, l.level, m.admitted_on, m.confirmed_on, m.ended_on,
    m.voided_at IS NOT NULL
  FROM admissions_admission m JOIN admissions_applicant a ON a.id = m.applicant_id
  JOIN registry_person p ON p.id = a.person_id JOIN admissions_season s ON s.id = a.season_id
  JOIN admissions_plan l ON l.id = m.plan_id JOIN registry_organisation o ON o.id = m.organisation_id
  LEFT JOIN admissions_ticket t ON t.applicant_id = a.id AND t.voided_at IS NULL
  WHERE m.id = which
$$;

CREATE FUNCTION admissions_scores_of(which uuid) RETURNS TABLE (person int, component text, subject text, points numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT dense_rank() OVER (ORDER BY md5(c.applicant_id::text))::int, c.component, c.subject, c.points
  FROM admissions_score c JOIN admissions_applicant a ON a.id = c.applicant_id
  WHERE a.season_id = which AND a.voided_at IS NULL AND c.voided_at IS NULL AND jineng_organisation() IS NOT NULL
$$;
"""
UNDO = """
DROP FUNCTION admissions_scores_of(uuid);
DROP FUNCTION admissions_letter(uuid);
DROP FUNCTION admissions_paper(text, uuid);
DROP FUNCTION admissions_hand_over(text, text);
DROP FUNCTION admissions_told(text);
DROP FUNCTION admissions_answer(text, uuid, boolean, date);
DROP FUNCTION admissions_keep_form(text, uuid, jsonb, jsonb, timestamptz, uuid);
DROP FUNCTION admissions_own(text);
DROP FUNCTION admissions_close_window(uuid);
DROP TRIGGER form_in_time ON admissions_preferenceform;
DROP FUNCTION admissions_form_in_time();
"""


class Migration(migrations.Migration):
    """Nothing is accepted too late, and nothing accepted is lost."""

    dependencies = [("admissions", "0003_seasons_that_run"), ("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]

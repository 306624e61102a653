"""A form says by which door it came in: by the own pages or by machine."""

from django.db import migrations

BY_DOOR = """
DROP FUNCTION admissions_keep_form(text, uuid, jsonb, jsonb, timestamptz, uuid);
CREATE FUNCTION admissions_keep_form(held text, at uuid, written jsonb, submitted jsonb, moment timestamptz,
  door text, deed uuid)
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
  VALUES (gen_random_uuid(), moment, door, deed, NULL, '', who, at, written, submitted, 0, NULL)
  ON CONFLICT (applicant_id, opening_id) WHERE voided_at IS NULL
  DO UPDATE SET draft = excluded.draft, wishes = coalesce(submitted, form.wishes),
    version = form.version + (submitted IS NOT NULL)::int
  RETURNING form.version::int, form.submitted_at;
END $$;
"""
BY_PAGE = """
DROP FUNCTION admissions_keep_form(text, uuid, jsonb, jsonb, timestamptz, text, uuid);
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
"""


class Migration(migrations.Migration):
    """Applicants come by machine, too."""

    dependencies = [("admissions", "0006_told_as_it_stands")]
    operations = [migrations.RunSQL(BY_DOOR, BY_PAGE)]

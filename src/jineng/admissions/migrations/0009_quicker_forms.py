"""Forms are kept by changing the one that there is, and what stands under a ticket is told without putting it in order.

A form has been drafted before it is submitted, so most are changed; trying to add each first had the triggers of both
run. Whether a ticket stands is asked by itself where nothing else is wanted.
"""

from importlib import import_module

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION admissions_keep_form(held text, at uuid, written jsonb, submitted jsonb, moment timestamptz,
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
  RETURN QUERY UPDATE admissions_preferenceform AS form SET draft = written, wishes = coalesce(submitted, form.wishes),
    version = form.version + (submitted IS NOT NULL)::int
  WHERE form.applicant_id = who AND form.opening_id = at AND form.voided_at IS NULL
  RETURNING form.version::int, form.submitted_at;
  IF FOUND THEN
    RETURN;
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
BY_DOOR = import_module("jineng.admissions.migrations.0007_forms_by_any_door").BY_DOOR
KEEP_BEFORE = f"CREATE OR REPLACE {BY_DOOR[BY_DOOR.index('FUNCTION admissions_keep_form(held') :]}"

_TIMES = import_module("jineng.admissions.migrations.0004_in_time").SQL
OWN_BEFORE = _TIMES[
    _TIMES.index("CREATE FUNCTION admissions_own") : _TIMES.index("CREATE FUNCTION admissions_keep_form")
]
OWN = OWN_BEFORE.replace("jsonb", "json")
STANDS = """
CREATE FUNCTION admissions_ticket_stands(held text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT EXISTS (SELECT FROM admissions_ticket t JOIN admissions_applicant a ON a.id = t.applicant_id
  WHERE t.lookup = held AND t.voided_at IS NULL AND a.voided_at IS NULL)
$$;
"""
DROP_OWN = "DROP FUNCTION admissions_own(text);"
DROP_STANDS = "DROP FUNCTION admissions_ticket_stands(text);"


class Migration(migrations.Migration):
    """Fifty thousand lists in a quarter of an hour."""

    dependencies = [("admissions", "0008_levels_held")]
    operations = [
        migrations.RunSQL(KEEP, KEEP_BEFORE),
        migrations.RunSQL(DROP_OWN + OWN, DROP_OWN + OWN_BEFORE),
        migrations.RunSQL(STANDS, DROP_STANDS),
    ]

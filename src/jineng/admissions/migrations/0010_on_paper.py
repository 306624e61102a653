"""A list that was handed in on paper, and is entered by an office until the round is run, counts from the day on which
it was handed in.

What an office enters carries the office as who reported it, what a ticket's holder submits carries nobody: whoever
submits by the ticket has the list to themselves from then on.
"""

from importlib import import_module

from django.db import migrations

_TIMES = import_module("jineng.admissions.migrations.0004_in_time").SQL
BEFORE = _TIMES[
    _TIMES.index("CREATE FUNCTION admissions_form_in_time") : _TIMES.index("CREATE TRIGGER form_in_time")
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = """
CREATE OR REPLACE FUNCTION admissions_form_in_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  held record;
  on_paper boolean;
BEGIN
  IF NEW.wishes IS NULL OR (TG_OP = 'UPDATE' AND NEW.wishes IS NOT DISTINCT FROM OLD.wishes
      AND NEW.submitted_at IS NOT DISTINCT FROM OLD.submitted_at AND NEW.version IS NOT DISTINCT FROM OLD.version) THEN
    RETURN NEW;
  END IF;
  on_paper := NEW.reporter_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.version = OLD.version);
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.opening_id::text, 5));
  SELECT phase, opens_at, closes_at, CASE WHEN on_paper THEN NEW.submitted_at ELSE clock_timestamp() END AS moment
  INTO held FROM admissions_opening WHERE id = NEW.opening_id;
  IF held.phase <> 'open' OR held.moment IS NULL OR held.moment < held.opens_at OR held.moment >= held.closes_at THEN
    RAISE EXCEPTION 'form_in_time' USING ERRCODE = 'check_violation', CONSTRAINT = 'form_in_time',
      TABLE = TG_TABLE_NAME;
  END IF;
  NEW.submitted_at := held.moment;
  NEW.version := CASE TG_OP WHEN 'UPDATE' THEN OLD.version + 1 ELSE 1 END;
  IF NOT on_paper THEN
    NEW.reporter_id := NULL;
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Lists on paper."""

    dependencies = [("admissions", "0009_quicker_forms")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]

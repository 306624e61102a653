"""Triggers: members see what they share, and stretches of one member never overlap."""

from django.db import migrations

DO = """
CREATE FUNCTION facilities_keep_sights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM facilities_facilitysight AS sight USING earlier
    WHERE sight.facility_id = earlier.facility_id AND sight.organisation_id = earlier.organisation_id
      AND NOT EXISTS (SELECT 1 FROM facilities_sharingmember AS standing
        WHERE standing.facility_id = sight.facility_id AND standing.organisation_id = sight.organisation_id
          AND standing.voided_at IS NULL);
  END IF;
  INSERT INTO facilities_facilitysight (organisation_id, facility_id)
  SELECT DISTINCT organisation_id, facility_id FROM later WHERE voided_at IS NULL ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER sights_after_insert AFTER INSERT ON facilities_sharingmember
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION facilities_keep_sights();
CREATE TRIGGER sights_after_update AFTER UPDATE ON facilities_sharingmember
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION facilities_keep_sights();

CREATE FUNCTION facilities_sharing_does_not_overlap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  overlapping bigint;
BEGIN
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION '% is written at READ COMMITTED or SERIALIZABLE', TG_TABLE_NAME
      USING ERRCODE = 'feature_not_supported';
  END IF;
  -- Whoever writes the table at once goes one after the other, and then sees the other's rows.
  PERFORM pg_advisory_xact_lock(TG_RELID::bigint);
  SELECT count(*) INTO overlapping FROM later AS one JOIN facilities_sharingmember AS other
    USING (facility_id, organisation_id)
  WHERE other.id <> one.id AND one.voided_at IS NULL AND other.voided_at IS NULL
    AND daterange(one.since, one.until) && daterange(other.since, other.until);
  IF overlapping > 0 THEN
    RAISE EXCEPTION '% overlap in %', overlapping, TG_TABLE_NAME
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = TG_TABLE_NAME || '_overlap', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_overlap_after_insert AFTER INSERT ON facilities_sharingmember
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION facilities_sharing_does_not_overlap();
CREATE TRIGGER no_overlap_after_update AFTER UPDATE ON facilities_sharingmember
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION facilities_sharing_does_not_overlap();

CREATE FUNCTION facilities_codes_taken(wanted text, codes text[]) RETURNS SETOF text LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF wanted <> ALL (ARRAY['facilities_park', 'facilities_sharedfacility']) OR jineng_organisation() IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format('SELECT code::text FROM %I WHERE voided_at IS NULL AND code = ANY($1)', wanted)
    USING codes;
END $$;
"""
UNDO = """
DROP FUNCTION facilities_keep_sights() CASCADE;
DROP FUNCTION facilities_sharing_does_not_overlap() CASCADE;
DROP FUNCTION facilities_codes_taken(text, text[]);
"""


class Migration(migrations.Migration):
    """Nobody has to remember who sees what, and two stretches at once are refused."""

    dependencies = [("facilities", "0001_initial")]
    operations = [migrations.RunSQL(DO, UNDO)]

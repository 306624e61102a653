"""Triggers: parties and members see what they belong to, and stretches of days of one thing never overlap."""

from django.db import migrations

SIGHTS = """
CREATE FUNCTION partnerships_keep_sights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  subject CONSTANT text := TG_ARGV[0];
  rows CONSTANT text := TG_TABLE_NAME;
  sights CONSTANT text := 'partnerships_' || subject || 'sight';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format('DELETE FROM %1$I AS sight USING earlier WHERE sight.%2$I = earlier.%2$I'
      ' AND sight.organisation_id = earlier.organisation_id AND NOT EXISTS (SELECT 1 FROM %3$I AS standing'
      ' WHERE standing.%2$I = sight.%2$I AND standing.organisation_id = sight.organisation_id'
      ' AND standing.voided_at IS NULL)', sights, subject || '_id', rows);
  END IF;
  EXECUTE format('INSERT INTO %1$I (organisation_id, %2$I) SELECT DISTINCT organisation_id, %2$I FROM later'
    ' WHERE organisation_id IS NOT NULL AND voided_at IS NULL ON CONFLICT DO NOTHING', sights, subject || '_id');
  RETURN NULL;
END $$;
"""
OVERLAPS = """
CREATE FUNCTION partnerships_no_overlap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  parent CONSTANT text := TG_ARGV[0];
  who CONSTANT text := TG_ARGV[1];
  since CONSTANT text := TG_ARGV[2];
  until CONSTANT text := TG_ARGV[3];
  -- '[]' where the last day is still in it, '[)' where it is the first day after.
  bounds CONSTANT text := TG_ARGV[4];
  overlapping bigint;
BEGIN
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION '% is written at READ COMMITTED or SERIALIZABLE', TG_TABLE_NAME
      USING ERRCODE = 'feature_not_supported';
  END IF;
  -- Whoever writes the table at once goes one after the other, and then sees the other's rows.
  PERFORM pg_advisory_xact_lock(TG_RELID::bigint);
  EXECUTE format('SELECT count(*) FROM later AS one JOIN %1$I AS other ON other.%2$I = one.%2$I AND other.%3$I = one.%3$I'
    ' AND other.id <> one.id WHERE one.voided_at IS NULL AND other.voided_at IS NULL'
    ' AND daterange(one.%4$I, one.%5$I, %6$L) && daterange(other.%4$I, other.%5$I, %6$L)',
    TG_TABLE_NAME, parent, who, since, until, bounds) INTO overlapping;
  IF overlapping > 0 THEN
    RAISE EXCEPTION '% overlap in %', overlapping, TG_TABLE_NAME
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = TG_TABLE_NAME || '_overlap', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
"""
TAKEN = """
CREATE FUNCTION partnerships_codes_taken(wanted text, codes text[]) RETURNS SETOF text LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF wanted <> ALL (ARRAY['partnerships_agreement', 'partnerships_body', 'partnerships_cluster',
      'partnerships_internationalproject']) OR jineng_organisation() IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format('SELECT code::text FROM %I WHERE voided_at IS NULL AND code = ANY($1)', wanted)
    USING codes;
END $$;
"""
SEEN = (("agreementparty", "agreement"), ("bodymember", "body"))
STRETCHES = (
    ("agreementterm", "agreement_id", "agreement_id", "since", "until", "[]"),
    ("bodymember", "body_id", "partner_key", "joined_on", "left_on", "[)"),
    ("clustermember", "cluster_id", "organisation_id", "joined_on", "left_on", "[)"),
)


def _triggers(table: str, name: str, function: str) -> str:
    return (
        f"CREATE TRIGGER {name}_after_insert AFTER INSERT ON partnerships_{table} REFERENCING NEW TABLE AS later "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function};\n"
        f"CREATE TRIGGER {name}_after_update AFTER UPDATE ON partnerships_{table} "
        f"REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION {function};\n"
    )


DO = (
    SIGHTS
    + OVERLAPS
    + TAKEN
    + "".join(_triggers(table, "sights", f"partnerships_keep_sights('{subject}')") for table, subject in SEEN)
    + "".join(
        _triggers(table, "no_overlap", "partnerships_no_overlap({})".format(", ".join(f"'{item}'" for item in given)))
        for table, *given in STRETCHES
    )
)
UNDO = """
DROP FUNCTION partnerships_keep_sights() CASCADE;
DROP FUNCTION partnerships_no_overlap() CASCADE;
DROP FUNCTION partnerships_codes_taken(text, text[]);
"""


class Migration(migrations.Migration):
    """Nobody has to remember who sees what, and two terms at once are refused."""

    dependencies = [("partnerships", "0001_initial")]
    operations = [migrations.RunSQL(DO, UNDO)]

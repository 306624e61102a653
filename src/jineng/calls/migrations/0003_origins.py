"""No award without the case that granted it or the receipt by which it came."""

from django.db import migrations

SQL = """
CREATE FUNCTION calls_awards_have_origin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  missing text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT min(o.origin_kind || ' ' || coalesce(o.origin_id::text, '')) INTO missing
    FROM (SELECT DISTINCT origin_kind, origin_id FROM fresh) AS o WHERE NOT calls_is_origin(o.origin_kind, o.origin_id);
  ELSE
    SELECT min(o.origin_kind || ' ' || coalesce(o.origin_id::text, '')) INTO missing
    FROM (SELECT DISTINCT f.origin_kind, f.origin_id FROM fresh AS f JOIN stale AS s USING (id)
          WHERE (f.origin_kind, f.origin_id) IS DISTINCT FROM (s.origin_kind, s.origin_id)) AS o
    WHERE NOT calls_is_origin(o.origin_kind, o.origin_id);
  END IF;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'an award comes from a case or a receipt, not from "%"', missing
      USING ERRCODE = 'check_violation', TABLE = 'calls_award', CONSTRAINT = 'award_has_origin';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION calls_is_origin(kind text, identity uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE kind
    WHEN 'return' THEN EXISTS (SELECT FROM kernel_receipt WHERE id = identity)
    WHEN 'case' THEN EXISTS (SELECT FROM cases_case WHERE id = identity)
    ELSE false
  END
$$;
REVOKE EXECUTE ON FUNCTION calls_is_origin(text, uuid) FROM PUBLIC;

CREATE TRIGGER origin_after_insert AFTER INSERT ON calls_award
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION calls_awards_have_origin();
CREATE TRIGGER origin_after_update AFTER UPDATE ON calls_award
REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION calls_awards_have_origin();
"""
UNDO = """
DROP TRIGGER origin_after_insert ON calls_award;
DROP TRIGGER origin_after_update ON calls_award;
DROP FUNCTION calls_awards_have_origin();
DROP FUNCTION calls_is_origin(text, uuid);
"""


class Migration(migrations.Migration):
    """What was entered on pages before this stays as it is told."""

    dependencies = [("calls", "0002_parties"), ("cases", "0011_returns"), ("kernel", "0007_owned_keys")]
    operations = [migrations.RunSQL(SQL, UNDO)]

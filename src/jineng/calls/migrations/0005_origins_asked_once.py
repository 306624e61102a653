"""The origins of a large landing without sorting its rows: nearly all of them have the origin of the first."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION calls_awards_have_origin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  missing text;
  first record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT origin_kind, origin_id INTO first FROM fresh LIMIT 1;
    SELECT min(o.origin_kind || ' ' || coalesce(o.origin_id::text, '')) INTO missing
    FROM (ORIGINS) AS o WHERE NOT calls_is_origin(o.origin_kind, o.origin_id);
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
"""
BY_THE_FIRST = """
SELECT first.origin_kind, first.origin_id UNION SELECT origin_kind, origin_id FROM fresh
WHERE origin_kind <> first.origin_kind OR origin_id IS DISTINCT FROM first.origin_id
"""
BY_SORTING = "SELECT DISTINCT origin_kind, origin_id FROM fresh"


class Migration(migrations.Migration):
    """What is refused stays the same."""

    dependencies = [("calls", "0004_origins_on_their_way")]
    operations = [migrations.RunSQL(FUNCTION.replace("ORIGINS", BY_THE_FIRST), FUNCTION.replace("ORIGINS", BY_SORTING))]

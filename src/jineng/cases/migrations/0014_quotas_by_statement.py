"""What is used of quotas follows a statement, not each row: an office that recommends five hundred cases at once changes
its quota once."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_take_places(intake uuid, office uuid, gone bigint, come bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE cases_quota SET used = used + come - gone
  WHERE come <> gone AND intake_id = intake AND organisation_id = office AND voided_at IS NULL;
  IF come > 0 AND NOT EXISTS (
    SELECT 1 FROM cases_quota WHERE intake_id = intake AND organisation_id = office AND voided_at IS NULL
  ) AND EXISTS (SELECT 1 FROM cases_quota WHERE intake_id = intake AND voided_at IS NULL) THEN
    RAISE EXCEPTION 'no quota' USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_not_exceeded';
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION cases_take_places(uuid, uuid, bigint, bigint) FROM PUBLIC;

CREATE FUNCTION cases_count_quotas() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  -- In one order for all, so that nobody waits for somebody who waits for them.
  IF TG_OP = 'INSERT' THEN
    PERFORM cases_take_places(p.intake_id, p.recommender_id, 0, p.come) FROM (
      SELECT intake_id, recommender_id, count(*) AS come FROM fresh
      WHERE voided_at IS NULL AND recommender_id IS NOT NULL AND NOT is_exempt
      GROUP BY intake_id, recommender_id ORDER BY intake_id, recommender_id
    ) AS p;
  ELSE
    PERFORM cases_take_places(p.intake_id, p.recommender_id, p.gone, p.come) FROM (
      WITH changed AS MATERIALIZED (
        SELECT f.id FROM fresh AS f JOIN stale AS s USING (id)
        WHERE (f.rank, f.recommender_id, f.is_exempt, f.voided_at)
          IS DISTINCT FROM (s.rank, s.recommender_id, s.is_exempt, s.voided_at)
      ), places AS (
        SELECT intake_id, recommender_id, 1 AS gone, 0 AS come FROM stale JOIN changed USING (id)
        WHERE voided_at IS NULL AND recommender_id IS NOT NULL AND NOT is_exempt
        UNION ALL
        SELECT intake_id, recommender_id, 0, 1 FROM fresh JOIN changed USING (id)
        WHERE voided_at IS NULL AND recommender_id IS NOT NULL AND NOT is_exempt
      )
      SELECT intake_id, recommender_id, sum(gone) AS gone, sum(come) AS come FROM places
      GROUP BY intake_id, recommender_id ORDER BY intake_id, recommender_id
    ) AS p;
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER quota_after_insert ON cases_case;
DROP TRIGGER quota_after_update ON cases_case;
DROP FUNCTION cases_count_quota();
DROP FUNCTION cases_takes_place(cases_case);
CREATE TRIGGER quota_after_insert AFTER INSERT ON cases_case
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_count_quotas();
CREATE TRIGGER quota_after_update AFTER UPDATE ON cases_case
REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION cases_count_quotas();
"""
UNDO = """
DROP TRIGGER quota_after_insert ON cases_case;
DROP TRIGGER quota_after_update ON cases_case;
DROP FUNCTION cases_count_quotas();
DROP FUNCTION cases_take_places(uuid, uuid, bigint, bigint);
CREATE FUNCTION cases_takes_place(one cases_case) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT one.voided_at IS NULL AND one.recommender_id IS NOT NULL AND NOT one.is_exempt
$$;
CREATE FUNCTION cases_count_quota() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF cases_takes_place(OLD) THEN
      UPDATE cases_quota SET used = used - 1
      WHERE intake_id = OLD.intake_id AND organisation_id = OLD.recommender_id AND voided_at IS NULL;
    END IF;
  END IF;
  IF cases_takes_place(NEW) THEN
    UPDATE cases_quota SET used = used + 1
    WHERE intake_id = NEW.intake_id AND organisation_id = NEW.recommender_id AND voided_at IS NULL;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM cases_quota WHERE intake_id = NEW.intake_id AND voided_at IS NULL) THEN
      RAISE EXCEPTION 'no quota' USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_not_exceeded';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER quota_after_insert AFTER INSERT ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_count_quota();
CREATE TRIGGER quota_after_update AFTER UPDATE OF recommender_id, is_exempt, voided_at ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_count_quota();
"""


class Migration(migrations.Migration):
    """Two thousand recommendations no longer leave two thousand versions of one quota."""

    dependencies = [("cases", "0013_parties_by_statement")]
    operations = [migrations.RunSQL(SQL, UNDO)]

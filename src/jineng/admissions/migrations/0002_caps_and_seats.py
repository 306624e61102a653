"""Triggers that keep plans within their caps and seats within their plans, and what asks past the walls for them.

Three questions reach past the walls: what caps leave to an institution (which depends on everybody's plans), whether
somebody is registered in a season already (whom another institution registered), and the lock under which plans of a
season are changed. Each answers for organisations in the asker's reach, or for people whom the asker has named.
"""

from django.db import migrations

COUNTED = """
  counted AS (
    SELECT p.season_id, p.organisation_id, p.channel, coalesce(c.number, 0) AS category, sum(p.seats) AS seats
    FROM admissions_plan p
    LEFT JOIN majors_major m ON m.id = p.major_id LEFT JOIN majors_category c ON c.id = m.category_id
    WHERE p.season_id = ANY($1) AND p.voided_at IS NULL AND p.withdrawn_on IS NULL
    GROUP BY 1, 2, 3, 4
  ),
  binding AS (
    SELECT * FROM admissions_cap WHERE season_id = ANY($1) AND voided_at IS NULL AND lifted_on IS NULL
  ),
  base AS (
    SELECT h.season_id, h.organisation_id,
      (SELECT min(b.limit_seats) FROM binding b
       WHERE b.kind = 'institution' AND b.organisation_id = h.organisation_id AND b.season_id = h.season_id
         AND b.channels = '' AND b.category = 0) AS fixed,
      coalesce(
        (SELECT sum(c.seats) FROM counted c
         WHERE c.organisation_id = h.organisation_id AND c.season_id = h.season_id), 0) AS filed
    FROM (
      SELECT season_id, organisation_id FROM counted
      UNION SELECT season_id, organisation_id FROM binding WHERE organisation_id IS NOT NULL
      UNION SELECT season_id, organisation_id FROM unnest($1) AS season_id, unnest($2) AS organisation_id
    ) AS h
  ),
  state AS (
    SELECT b.id AS cap_id, b.code, b.name, b.kind, b.season_id, h.organisation_id, b.channels, b.category,
      b.limit_percent, coalesce(h.fixed, h.filed)::bigint AS base, h.fixed IS NULL AS floats,
      CASE b.kind WHEN 'share' THEN floor(b.limit_percent * coalesce(h.fixed, h.filed) / 100)::bigint
        ELSE b.limit_seats::bigint END AS allowed,
      coalesce((
        SELECT sum(c.seats) FROM counted c
        WHERE c.season_id = b.season_id AND (h.organisation_id IS NULL OR c.organisation_id = h.organisation_id)
          AND (b.channels = '' OR c.channel = ANY(string_to_array(b.channels, ',')))
          AND (b.category = 0 OR c.category = b.category)
      ), 0)::bigint AS used
    FROM binding b JOIN (
      SELECT season_id, organisation_id, fixed, filed FROM base
      UNION ALL SELECT DISTINCT season_id, NULL::uuid, 0, 0::numeric FROM binding
    ) AS h ON h.season_id = b.season_id
      AND (h.organisation_id IS NULL) = (b.kind = 'season')
      AND (b.organisation_id IS NULL OR b.organisation_id = h.organisation_id)
  )
"""
"""What each binding cap allows and what is used of it, for seasons ``$1``, also for institutions ``$2``."""

SQL = """
CREATE FUNCTION admissions_lock_season(season uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM admissions_season WHERE id = season AND jineng_organisation() IS NOT NULL FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION admissions_caps_of(seasons uuid[], institutions uuid[])
RETURNS TABLE (
  cap_id uuid, code text, name text, kind text, season_id uuid, organisation_id uuid, channels text, category int,
  limit_percent numeric, base bigint, floats boolean, allowed bigint, used bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH /* counted */
  SELECT state.* FROM state
  WHERE jineng_organisation() IS NOT NULL AND (
    state.organisation_id IS NULL OR state.organisation_id = ANY($2) AND (jineng_sees_all() OR state.organisation_id IN (
      SELECT r.organisation_id FROM registry_reach r WHERE r.authority_id = jineng_organisation())))
  ORDER BY kind, code
$$;

CREATE FUNCTION admissions_applicants_by_person(season uuid, people uuid[])
RETURNS TABLE (
  person_id uuid, id uuid, category text, home_id text, is_household boolean, exempt_category_id uuid,
  registered_at_id uuid
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT a.person_id, a.id, a.category, a.home_id, a.is_household, a.exempt_category_id, a.registered_at_id
  FROM unnest(people) AS asked(person) JOIN admissions_applicant a ON a.person_id = asked.person
  WHERE a.season_id = season AND a.voided_at IS NULL AND jineng_organisation() IS NOT NULL
$$;

CREATE FUNCTION admissions_plans_within_caps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  touched uuid[];
  theirs uuid[];
  broken json;
BEGIN
  EXECUTE 'SELECT array_agg(DISTINCT season_id), array_agg(DISTINCT organisation_id) FROM later'
    INTO touched, theirs;
  IF touched IS NULL THEN
    RETURN NULL;
  END IF;
  -- Whoever changes plans or caps of one season goes one after the other, and then sees the other's rows.
  PERFORM 1 FROM admissions_season WHERE id = ANY(touched) ORDER BY id FOR NO KEY UPDATE;
  EXECUTE $query$
    WITH /* counted */
    SELECT json_agg(json_build_object('code', code, 'name', name, 'kind', kind, 'season', season_id,
      'organisation', organisation_id, 'channels', channels, 'category', category, 'allowed', allowed, 'used', used))
    FROM state WHERE used > allowed AND ($3 OR organisation_id IS NULL OR organisation_id = ANY($2))
  $query$ INTO broken USING touched, theirs, TG_TABLE_NAME = 'admissions_cap';
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'plans_within_caps' USING ERRCODE = 'check_violation', CONSTRAINT = 'plans_within_caps',
      TABLE = TG_TABLE_NAME, DETAIL = broken::text;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER plans_within_caps_insert AFTER INSERT ON admissions_plan
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION admissions_plans_within_caps();
CREATE TRIGGER plans_within_caps_update AFTER UPDATE ON admissions_plan
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION admissions_plans_within_caps();
CREATE TRIGGER plans_within_caps_insert AFTER INSERT ON admissions_cap
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION admissions_plans_within_caps();
CREATE TRIGGER plans_within_caps_update AFTER UPDATE ON admissions_cap
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION admissions_plans_within_caps();

CREATE FUNCTION admissions_holders_within_seats(plans uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  broken json;
BEGIN
  PERFORM 1 FROM admissions_plan WHERE id = ANY(plans) ORDER BY id FOR NO KEY UPDATE;
  EXECUTE $query$
    SELECT json_agg(json_build_object('plan', p.id, 'seats', p.open, 'held', held.seats))
    FROM (
      SELECT id, CASE WHEN voided_at IS NULL AND withdrawn_on IS NULL THEN seats ELSE 0 END AS open
      FROM admissions_plan WHERE id = ANY($1)
    ) AS p JOIN (
      SELECT plan_id, count(*) AS seats FROM admissions_admission
      WHERE plan_id = ANY($1) AND confirmed_on IS NOT NULL AND ended_on IS NULL AND voided_at IS NULL GROUP BY 1
    ) AS held ON held.plan_id = p.id
    WHERE held.seats > p.open
  $query$ INTO broken USING plans;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'holders_within_seats' USING ERRCODE = 'check_violation', CONSTRAINT = 'holders_within_seats',
      TABLE = 'admissions_admission', DETAIL = broken::text;
  END IF;
END $$;

CREATE FUNCTION admissions_plan_keeps_its_holders() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  narrowed uuid[];
BEGIN
  SELECT array_agg(later.id) INTO narrowed FROM later JOIN earlier USING (id)
  WHERE later.seats < earlier.seats OR later.voided_at IS NOT NULL OR later.withdrawn_on IS NOT NULL;
  IF narrowed IS NOT NULL THEN
    PERFORM admissions_holders_within_seats(narrowed);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER plan_keeps_its_holders AFTER UPDATE ON admissions_plan
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION admissions_plan_keeps_its_holders();

CREATE FUNCTION admissions_seats_hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  facts CONSTANT text := 'SELECT id, applicant_id, plan_id, round_id, organisation_id, confirmed_on, ended_on FROM ';
  standing CONSTANT text := ' WHERE voided_at IS NULL';
  changed text := facts || 'later' || standing;
  odd bigint;
  plans uuid[];
  broken json;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    changed := changed || ' EXCEPT ' || facts || 'earlier' || standing;
  END IF;
  -- Executed as text, so that it is planned for as many rows as there are this time.
  EXECUTE 'SELECT count(*) FROM (' || changed || ') AS changed JOIN admissions_plan p ON p.id = changed.plan_id'
    || ' LEFT JOIN admissions_round r ON r.id = changed.round_id'
    || ' JOIN admissions_applicant a ON a.id = changed.applicant_id'
    || ' WHERE p.organisation_id <> changed.organisation_id OR r.season_id IS DISTINCT FROM p.season_id'
    || ' OR a.season_id <> p.season_id' INTO odd;
  IF odd > 0 THEN
    RAISE EXCEPTION 'admission_belongs_together' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'admission_belongs_together', TABLE = TG_TABLE_NAME;
  END IF;
  changed := 'SELECT * FROM (' || changed || ') AS every WHERE confirmed_on IS NOT NULL';
  -- Two officers who confirm the same applicant go one after the other, and then the second sees the first's row.
  EXECUTE 'SELECT 1 FROM admissions_applicant WHERE id IN (SELECT applicant_id FROM (' || changed
    || ') AS changed) ORDER BY id FOR NO KEY UPDATE';
  EXECUTE 'SELECT json_agg(json_build_object(''admission'', changed.id, ''applicant'', changed.applicant_id,'
    || ' ''other'', other.id)) FROM (' || changed || ') AS changed'
    || ' JOIN admissions_admission other ON other.applicant_id = changed.applicant_id AND other.id <> changed.id'
    || ' WHERE other.voided_at IS NULL AND other.confirmed_on IS NOT NULL'
    || ' AND daterange(changed.confirmed_on, changed.ended_on) && daterange(other.confirmed_on, other.ended_on)'
    INTO broken;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'one_seat_at_a_time' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'one_seat_at_a_time',
      TABLE = TG_TABLE_NAME, DETAIL = broken::text;
  END IF;
  EXECUTE 'SELECT array_agg(DISTINCT plan_id) FROM (' || changed || ') AS changed WHERE ended_on IS NULL' INTO plans;
  IF plans IS NOT NULL THEN
    PERFORM admissions_holders_within_seats(plans);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER seats_hold_insert AFTER INSERT ON admissions_admission
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION admissions_seats_hold();
CREATE TRIGGER seats_hold_update AFTER UPDATE ON admissions_admission
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION admissions_seats_hold();
"""

SQL = SQL.replace("/* counted */", COUNTED)

UNDO = """
DROP TRIGGER plans_within_caps_insert ON admissions_plan;
DROP TRIGGER plans_within_caps_update ON admissions_plan;
DROP TRIGGER plans_within_caps_insert ON admissions_cap;
DROP TRIGGER plans_within_caps_update ON admissions_cap;
DROP TRIGGER plan_keeps_its_holders ON admissions_plan;
DROP TRIGGER seats_hold_insert ON admissions_admission;
DROP TRIGGER seats_hold_update ON admissions_admission;
DROP FUNCTION admissions_seats_hold();
DROP FUNCTION admissions_plan_keeps_its_holders();
DROP FUNCTION admissions_holders_within_seats(uuid[]);
DROP FUNCTION admissions_plans_within_caps();
DROP FUNCTION admissions_applicants_by_person(uuid, uuid[]);
DROP FUNCTION admissions_caps_of(uuid[], uuid[]);
DROP FUNCTION admissions_lock_season(uuid);
"""


class Migration(migrations.Migration):
    """What the year's documents allow, and how many seats there are, hold whoever writes and however."""

    dependencies = [("admissions", "0001_initial"), ("majors", "0002_no_overlap"), ("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]

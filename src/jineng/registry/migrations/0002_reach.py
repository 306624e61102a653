"""Triggers that keep the closure of the jurisdiction tree, and the four questions that reach past the walls.

Whether the session's organisation is the root; in which posts an account may sit today, asked before it sits in
any; which identity has a document whose number the asker knows already; and which organisation has a code that the
asker knows already.
"""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION jineng_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('jineng.organisation', true), '')::uuid $$;

CREATE FUNCTION registry_reach_after_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO registry_reach (authority_id, organisation_id, depth)
  WITH RECURSIVE above AS (
    SELECT id AS organisation_id, id AS authority_id, 0 AS depth FROM fresh
    UNION ALL
    SELECT above.organisation_id, o.authority_id, above.depth + 1
    FROM above JOIN registry_organisation o ON o.id = above.authority_id
    WHERE o.authority_id IS NOT NULL AND above.depth < 20
  )
  SELECT authority_id, organisation_id, min(depth) FROM above GROUP BY 1, 2
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION registry_reach_after_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  moved uuid[];
BEGIN
  SELECT array_agg(DISTINCT below.organisation_id) INTO moved
  FROM later JOIN earlier USING (id)
  JOIN registry_reach below ON below.authority_id = later.id
  WHERE later.authority_id IS DISTINCT FROM earlier.authority_id;
  IF moved IS NULL THEN
    RETURN NULL;
  END IF;
  IF EXISTS (
    WITH RECURSIVE above AS (
      SELECT id AS start, authority_id, 1 AS depth FROM registry_organisation WHERE id = ANY(moved)
      UNION ALL
      SELECT above.start, o.authority_id, above.depth + 1
      FROM above JOIN registry_organisation o ON o.id = above.authority_id WHERE above.depth < 21
    )
    SELECT 1 FROM above WHERE authority_id = start OR depth > 20
  ) THEN
    RAISE EXCEPTION 'organisation_answers_to_itself' USING ERRCODE = 'check_violation';
  END IF;
  DELETE FROM registry_reach WHERE organisation_id = ANY(moved);
  INSERT INTO registry_reach (authority_id, organisation_id, depth)
  WITH RECURSIVE above AS (
    SELECT id AS organisation_id, id AS authority_id, 0 AS depth FROM unnest(moved) AS id
    UNION ALL
    SELECT above.organisation_id, o.authority_id, above.depth + 1
    FROM above JOIN registry_organisation o ON o.id = above.authority_id
    WHERE o.authority_id IS NOT NULL
  )
  SELECT authority_id, organisation_id, min(depth) FROM above GROUP BY 1, 2;
  RETURN NULL;
END $$;

CREATE TRIGGER reach_after_insert AFTER INSERT ON registry_organisation
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION registry_reach_after_insert();
CREATE TRIGGER reach_after_update AFTER UPDATE ON registry_organisation
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION registry_reach_after_update();

CREATE FUNCTION registry_people_by_document(wanted_kind text, hashes text[])
RETURNS TABLE (number_hash text, person_id uuid, name bytea) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT d.number_hash, coalesce(p.merged_into_id, p.id), p.name
  FROM registry_persondocument d JOIN registry_person p ON p.id = d.person_id
  WHERE d.kind = wanted_kind AND d.number_hash = ANY(hashes) AND d.voided_at IS NULL
    AND jineng_organisation() IS NOT NULL
$$;

CREATE FUNCTION registry_organisations_by_code(codes text[])
RETURNS TABLE (code text, id uuid, kind text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT o.code, o.id, o.kind FROM registry_organisation o
  WHERE o.code = ANY(codes) AND o.voided_at IS NULL AND jineng_organisation() IS NOT NULL
$$;

CREATE FUNCTION registry_seats(who bigint, day date)
RETURNS TABLE (
  post_id uuid, role text, title text, organisation_id uuid, organisation_name text, kind text,
  division_level text, is_root boolean, holder_id bigint, holder_name text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT p.id, p.role, p.title, o.id, o.name, o.kind, v.level,
    o.authority_id IS NULL AND o.kind = 'education_department', a.id, a.display_name
  FROM registry_post p
  JOIN registry_organisation o ON o.id = p.organisation_id AND o.voided_at IS NULL
  JOIN registry_division v ON v.code = o.division_id
  JOIN kernel_account a ON a.id = p.account_id AND a.is_active
  WHERE p.voided_at IS NULL AND p.since <= day AND (p.until IS NULL OR p.until > day)
    AND (p.account_id = who OR EXISTS (
      SELECT 1 FROM registry_delegation d WHERE d.post_id = p.id AND d.to_id = who
        AND d.voided_at IS NULL AND d.since <= day AND d.until > day))
  ORDER BY p.account_id <> who, p.since, p.id
$$;

CREATE FUNCTION jineng_sees_all() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = public AS $$
  SELECT EXISTS (
    SELECT 1 FROM registry_organisation
    WHERE id = nullif(current_setting('jineng.organisation', true), '')::uuid
      AND authority_id IS NULL AND kind = 'education_department' AND voided_at IS NULL
  )
$$;
"""

UNDO = """
DROP TRIGGER reach_after_insert ON registry_organisation;
DROP TRIGGER reach_after_update ON registry_organisation;
DROP FUNCTION registry_reach_after_insert();
DROP FUNCTION registry_reach_after_update();
DROP FUNCTION registry_organisations_by_code(text[]);
DROP FUNCTION registry_seats(bigint, date);
DROP FUNCTION registry_people_by_document(text, text[]);
DROP FUNCTION jineng_sees_all() CASCADE;
"""


class Migration(migrations.Migration):
    """The jurisdiction tree keeps its own closure."""

    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]

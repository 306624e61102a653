"""Triggers that keep where every share of a task stands, and the questions that the walls ask past each other.

An event moves its share; a share that others were split from moves with them, level by level. A share's giver is its
task's, whatever was sent.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION governance_settle(touched uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  current uuid[] := touched;
BEGIN
  FOR level IN 1..10 LOOP
    EXIT WHEN current IS NULL;
    INSERT INTO governance_assignmentprogress (assignment_id, state, since, done, sent_back)
    SELECT a.id, coalesce(last.kind, 'given'), coalesce(last.happened_on, t.given_on),
      CASE WHEN parts.number > 0 THEN parts.done
           WHEN report.sequence > coalesce(back.sequence, 0) THEN coalesce(report.value, 0) ELSE 0 END,
      coalesce(back.number, 0)
    FROM governance_assignment a
    JOIN governance_task t ON t.id = a.task_id
    LEFT JOIN LATERAL (
      SELECT kind, happened_on FROM governance_taskstep e
      WHERE e.assignment_id = a.id AND e.voided_at IS NULL ORDER BY sequence DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
      SELECT sequence, value FROM governance_taskstep e
      WHERE e.assignment_id = a.id AND e.voided_at IS NULL AND kind = 'reported'
      ORDER BY sequence DESC LIMIT 1) report ON true
    LEFT JOIN LATERAL (
      SELECT max(sequence) AS sequence, count(*) AS number FROM governance_taskstep e
      WHERE e.assignment_id = a.id AND e.voided_at IS NULL AND kind = 'sent_back') back ON true
    LEFT JOIN LATERAL (
      SELECT count(*) AS number, sum(p.done) AS done
      FROM governance_task part
      JOIN governance_assignment of_part ON of_part.task_id = part.id AND of_part.voided_at IS NULL
      JOIN governance_assignmentprogress p ON p.assignment_id = of_part.id
      WHERE part.parent_id = a.task_id AND part.giver_id = a.receiver_id
        AND part.voided_at IS NULL AND part.withdrawn_on IS NULL) parts ON true
    WHERE a.id = ANY(current)
    ON CONFLICT (assignment_id) DO UPDATE
    SET state = EXCLUDED.state, since = EXCLUDED.since, done = EXCLUDED.done, sent_back = EXCLUDED.sent_back;
    SELECT array_agg(DISTINCT above.id) INTO current
    FROM governance_assignment a
    JOIN governance_task t ON t.id = a.task_id
    JOIN governance_assignment above ON above.task_id = t.parent_id AND above.receiver_id = t.giver_id
    WHERE a.id = ANY(current);
  END LOOP;
END $$;

CREATE FUNCTION governance_after_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM governance_settle((SELECT array_agg(DISTINCT assignment_id) FROM later));
  RETURN NULL;
END $$;
CREATE TRIGGER progress_after_insert AFTER INSERT ON governance_taskstep
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION governance_after_steps();
CREATE TRIGGER progress_after_update AFTER UPDATE ON governance_taskstep
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION governance_after_steps();

CREATE FUNCTION governance_after_assignments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM governance_settle((SELECT array_agg(id) FROM later));
  RETURN NULL;
END $$;
CREATE TRIGGER progress_after_insert AFTER INSERT ON governance_assignment
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION governance_after_assignments();
CREATE TRIGGER progress_after_update AFTER UPDATE ON governance_assignment
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION governance_after_assignments();

CREATE FUNCTION governance_after_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM governance_settle((SELECT array_agg(a.id) FROM governance_assignment a JOIN later ON a.task_id = later.id));
  RETURN NULL;
END $$;
CREATE TRIGGER progress_after_update AFTER UPDATE ON governance_task
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION governance_after_tasks();

CREATE FUNCTION governance_giver_of_share() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  SELECT giver_id INTO NEW.giver_id FROM governance_task WHERE id = NEW.task_id;
  RETURN NEW;
END $$;
CREATE TRIGGER giver_before_write BEFORE INSERT OR UPDATE ON governance_assignment
FOR EACH ROW EXECUTE FUNCTION governance_giver_of_share();

CREATE FUNCTION governance_own_policies() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT p.id FROM governance_policy p JOIN registry_reach r
  ON r.organisation_id = p.organisation_id OR r.organisation_id = p.reporter_id
  WHERE r.authority_id = jineng_organisation()
$$;

CREATE FUNCTION governance_open_policies() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT id FROM governance_policy WHERE issued_on IS NOT NULL AND jineng_organisation() IS NOT NULL
  UNION
  SELECT p.id FROM governance_policy p JOIN registry_reach r ON r.organisation_id = p.organisation_id
  WHERE r.authority_id = jineng_organisation()
$$;

CREATE FUNCTION governance_hosted_occasions() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT e.id FROM governance_occasion e JOIN registry_reach r ON r.organisation_id = e.host_id
  WHERE r.authority_id = jineng_organisation()
$$;

CREATE FUNCTION governance_open_occasions() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT governance_hosted_occasions()
  UNION
  SELECT e.id FROM governance_occasion e JOIN registry_reach r ON r.authority_id = e.host_id
  WHERE r.organisation_id = jineng_organisation()
$$;
"""
UNDO = """
DROP FUNCTION governance_open_occasions() CASCADE;
DROP FUNCTION governance_hosted_occasions() CASCADE;
DROP FUNCTION governance_open_policies() CASCADE;
DROP FUNCTION governance_own_policies() CASCADE;
DROP TRIGGER giver_before_write ON governance_assignment;
DROP FUNCTION governance_giver_of_share();
DROP TRIGGER progress_after_update ON governance_task;
DROP FUNCTION governance_after_tasks();
DROP TRIGGER progress_after_update ON governance_assignment;
DROP TRIGGER progress_after_insert ON governance_assignment;
DROP FUNCTION governance_after_assignments();
DROP TRIGGER progress_after_update ON governance_taskstep;
DROP TRIGGER progress_after_insert ON governance_taskstep;
DROP FUNCTION governance_after_steps();
DROP FUNCTION governance_settle(uuid[]);
"""


class Migration(migrations.Migration):
    """Progress keeps itself, and walls do not turn in circles."""

    dependencies = [("governance", "0001_initial"), ("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]

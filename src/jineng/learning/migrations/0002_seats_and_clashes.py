"""What the tables' constraints cannot say: seats, whose class it is, whose session; and who sits in two classes."""

from django.db import migrations

SQL = """
CREATE FUNCTION learning_seats_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  seated CONSTANT text := ' state IN (''enrolled'', ''completed'', ''not_completed'') AND voided_at IS NULL';
  classes CONSTANT text := '(SELECT DISTINCT offering_id FROM later WHERE' || seated || ')';
  found bigint;
BEGIN
  -- Under an older snapshot the count below would not see what another writer has committed since.
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'enrolments are written at READ COMMITTED or SERIALIZABLE' USING ERRCODE = 'feature_not_supported';
  END IF;
  -- Whoever fills one class at once goes one after the other, and then sees the other's rows.
  EXECUTE 'SELECT 1 FROM learning_courseoffering WHERE id IN ' || classes || ' ORDER BY id FOR NO KEY UPDATE';
  -- Executed as text, so that it is planned for as many rows as there are this time.
  EXECUTE 'SELECT count(*) FROM learning_courseoffering AS held WHERE held.id IN ' || classes
    || ' AND held.capacity < (SELECT count(*) FROM learning_enrolment WHERE offering_id = held.id AND' || seated || ')'
    INTO found;
  IF found > 0 THEN
    RAISE EXCEPTION 'learning_class_not_over_full: % classes', found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_class_not_over_full', TABLE = TG_TABLE_NAME;
  END IF;
  EXECUTE 'SELECT count(*) FROM later JOIN learning_courseoffering AS held ON held.id = later.offering_id'
    || ' WHERE held.organiser_id <> later.organiser_id' INTO found;
  IF found > 0 THEN
    RAISE EXCEPTION 'learning_enrolment_with_its_organiser: % rows', found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_enrolment_with_its_organiser', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER seats_are_kept_insert AFTER INSERT ON learning_enrolment
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION learning_seats_are_kept();
CREATE TRIGGER seats_are_kept_update AFTER UPDATE ON learning_enrolment
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION learning_seats_are_kept();

CREATE FUNCTION learning_capacity_holds_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE found bigint;
BEGIN
  SELECT count(*) INTO found FROM later JOIN earlier USING (id)
  WHERE later.capacity < coalesce(earlier.capacity, later.capacity + 1) AND later.capacity < (
    SELECT count(*) FROM learning_enrolment AS seat WHERE seat.offering_id = later.id AND seat.voided_at IS NULL
      AND seat.state IN ('enrolled', 'completed', 'not_completed'));
  IF found > 0 THEN
    RAISE EXCEPTION 'learning_class_not_over_full: % classes', found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_class_not_over_full', TABLE = TG_TABLE_NAME;
  END IF;
  SELECT count(*) INTO found FROM later JOIN earlier USING (id)
  WHERE later.organiser_id <> earlier.organiser_id
    AND EXISTS (SELECT 1 FROM learning_enrolment AS seat WHERE seat.offering_id = later.id);
  IF found > 0 THEN
    RAISE EXCEPTION 'learning_enrolment_with_its_organiser: % classes', found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_enrolment_with_its_organiser', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER capacity_holds_seats AFTER UPDATE ON learning_courseoffering
REFERENCING OLD TABLE AS earlier NEW TABLE AS later
FOR EACH STATEMENT EXECUTE FUNCTION learning_capacity_holds_seats();

CREATE FUNCTION learning_attendance_in_class() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE found bigint;
BEGIN
  SELECT count(*) INTO found FROM later JOIN learning_enrolment AS seat ON seat.id = later.enrolment_id
  JOIN learning_classsession AS met ON met.id = later.session_id WHERE seat.offering_id <> met.offering_id;
  IF found > 0 THEN
    RAISE EXCEPTION 'learning_attendance_in_class: % rows', found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'learning_attendance_in_class', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER attendance_in_class_insert AFTER INSERT ON learning_attendance
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION learning_attendance_in_class();
CREATE TRIGGER attendance_in_class_update AFTER UPDATE ON learning_attendance
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION learning_attendance_in_class();

CREATE FUNCTION learning_clashes(of_offering uuid, since date, until date)
RETURNS TABLE (
  enrolment_id uuid, offering_id uuid, session_id uuid, held_on date, starts time, ends time,
  other_organiser text, other_starts time, other_ends time, other_offering_id uuid
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH reached AS (SELECT organisation_id FROM registry_reach WHERE authority_id = jineng_organisation()),
  mine AS (
    SELECT seat.id AS enrolment_id, held.id AS offering_id, met.id AS session_id, met.held_on, met.starts, met.ends,
      coalesce(person.merged_into_id, person.id) AS identity
    FROM learning_classsession AS met
    JOIN learning_courseoffering AS held ON held.id = met.offering_id
    JOIN learning_enrolment AS seat ON seat.offering_id = held.id
    JOIN registry_person AS person ON person.id = seat.person_id
    WHERE met.held_on BETWEEN since AND until AND (of_offering IS NULL OR met.offering_id = of_offering)
      AND met.voided_at IS NULL AND held.voided_at IS NULL AND seat.voided_at IS NULL
      AND (held.cancelled_on IS NULL OR held.cancelled_on > met.held_on)
      AND seat.state IN ('enrolled', 'completed', 'not_completed')
      AND jineng_organisation() IS NOT NULL
      AND (jineng_sees_all() OR held.organiser_id IN (SELECT organisation_id FROM reached))
  ),
  identities AS (SELECT DISTINCT identity FROM mine),
  people AS (
    SELECT identity, identity AS person_id FROM identities
    UNION ALL
    SELECT identity, absorbed.id FROM identities JOIN registry_person AS absorbed ON absorbed.merged_into_id = identity
  )
  SELECT mine.enrolment_id, mine.offering_id, mine.session_id, mine.held_on, mine.starts, mine.ends,
    organiser.name, met.starts, met.ends,
    CASE WHEN jineng_sees_all() OR held.organiser_id IN (SELECT organisation_id FROM reached) THEN held.id END
  FROM mine
  JOIN people USING (identity)
  JOIN learning_enrolment AS seat ON seat.person_id = people.person_id AND seat.offering_id <> mine.offering_id
  JOIN learning_courseoffering AS held ON held.id = seat.offering_id
  JOIN learning_classsession AS met ON met.offering_id = held.id AND met.held_on = mine.held_on
    AND met.starts < mine.ends AND mine.starts < met.ends
  JOIN registry_organisation AS organiser ON organiser.id = held.organiser_id
  WHERE met.voided_at IS NULL AND held.voided_at IS NULL AND seat.voided_at IS NULL
    AND (held.cancelled_on IS NULL OR held.cancelled_on > met.held_on)
    AND seat.state IN ('enrolled', 'completed', 'not_completed')
  ORDER BY mine.held_on, mine.starts, mine.enrolment_id, met.starts, held.id
$$;
"""
UNDO = """
DROP FUNCTION learning_clashes(uuid, date, date);
DROP TRIGGER attendance_in_class_insert ON learning_attendance;
DROP TRIGGER attendance_in_class_update ON learning_attendance;
DROP FUNCTION learning_attendance_in_class();
DROP TRIGGER capacity_holds_seats ON learning_courseoffering;
DROP FUNCTION learning_capacity_holds_seats();
DROP TRIGGER seats_are_kept_insert ON learning_enrolment;
DROP TRIGGER seats_are_kept_update ON learning_enrolment;
DROP FUNCTION learning_seats_are_kept();
"""


class Migration(migrations.Migration):
    """No class over its capacity, no row astray; clashes are told across scopes by organiser and hour only."""

    dependencies = [("learning", "0001_initial"), ("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]

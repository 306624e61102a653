"""Sites are not over-booked and nobody sits twice at once, whoever writes; and what anybody may see of a slip."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_lock_site(wanted uuid) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public AS $$
  SELECT 1 FROM credentials_assessmentsite WHERE id = wanted FOR NO KEY UPDATE;
$$;
CREATE FUNCTION credentials_lock_people(wanted uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public AS $$
  SELECT 1 FROM registry_person WHERE id = ANY(wanted) ORDER BY id FOR NO KEY UPDATE;
$$;
CREATE FUNCTION credentials_site_bookings(wanted uuid, days date[])
RETURNS TABLE (session_id uuid, held_on date, begins_at time, ends_at time, capacity int, first_seat int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT id, held_on, begins_at, ends_at, capacity, first_seat FROM credentials_assessmentsession
  WHERE site_id = wanted AND held_on = ANY(days) AND voided_at IS NULL ORDER BY held_on, begins_at, first_seat;
$$;
CREATE FUNCTION credentials_site_used(wanted uuid, since date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT EXISTS (
    SELECT 1 FROM credentials_assessmentsession
    WHERE site_id = wanted AND voided_at IS NULL AND (since IS NULL OR held_on >= since));
$$;
CREATE FUNCTION credentials_sittings(people uuid[], days date[])
RETURNS TABLE (session_id uuid, held_on date, begins_at time, ends_at time, person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT held.id, held.held_on, held.begins_at, held.ends_at, who.person_id FROM credentials_assessmentsession AS held
  JOIN credentials_candidate AS who ON who.session_id = held.id AND who.person_id = ANY(people)
  WHERE held.held_on = ANY(days) AND held.begins_at IS NOT NULL AND held.voided_at IS NULL
    AND who.voided_at IS NULL AND who.attendance <> 'absent';
$$;

CREATE FUNCTION credentials_session_fits_site() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE place credentials_assessmentsite; wrong text;
BEGIN
  -- Whoever books one site at once goes one after the other, and then sees the other's session.
  SELECT * INTO place FROM credentials_assessmentsite WHERE id = NEW.site_id FOR NO KEY UPDATE;
  IF place.voided_at IS NOT NULL OR NEW.held_on < place.approved_on OR NEW.held_on >= place.ended_on THEN
    wrong := 'session_at_open_site';
  ELSIF NEW.first_seat + NEW.capacity - 1 > (
      SELECT coalesce(sum(seats), 0) FROM credentials_assessmentroom WHERE site_id = NEW.site_id AND voided_at IS NULL)
      OR EXISTS (
        SELECT 1 FROM credentials_assessmentsession AS other
        WHERE other.site_id = NEW.site_id AND other.held_on = NEW.held_on AND other.id <> NEW.id
          AND other.voided_at IS NULL AND other.begins_at < NEW.ends_at AND NEW.begins_at < other.ends_at
          AND other.first_seat < NEW.first_seat + NEW.capacity AND NEW.first_seat < other.first_seat + other.capacity)
      OR EXISTS (
        SELECT 1 FROM credentials_candidate
        WHERE session_id = NEW.id AND voided_at IS NULL AND seat > NEW.capacity)
  THEN
    wrong := 'session_fits_site';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'the site does not take session % at that time', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = wrong, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER session_fits_site
AFTER INSERT OR UPDATE OF site_id, held_on, begins_at, ends_at, capacity, first_seat, voided_at
ON credentials_assessmentsession FOR EACH ROW WHEN (NEW.site_id IS NOT NULL AND NEW.voided_at IS NULL)
EXECUTE FUNCTION credentials_session_fits_site();

CREATE FUNCTION credentials_site_keeps_its_sessions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM credentials_assessmentsession AS held
             WHERE held.site_id = NEW.id AND held.voided_at IS NULL
               AND (NEW.voided_at IS NOT NULL OR held.held_on < NEW.approved_on OR held.held_on >= NEW.ended_on)) THEN
    RAISE EXCEPTION 'a session is held at site % outside its days', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'site_keeps_its_sessions', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER site_keeps_its_sessions AFTER UPDATE ON credentials_assessmentsite
FOR EACH ROW EXECUTE FUNCTION credentials_site_keeps_its_sessions();

CREATE FUNCTION credentials_booked_rooms_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM credentials_lock_site(OLD.site_id);
  IF EXISTS (SELECT 1 FROM credentials_assessmentsession WHERE site_id = OLD.site_id AND voided_at IS NULL) THEN
    RAISE EXCEPTION 'rooms of a site where sessions are held are not changed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'booked_rooms_stay', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER booked_rooms_stay AFTER UPDATE OR DELETE ON credentials_assessmentroom
FOR EACH ROW EXECUTE FUNCTION credentials_booked_rooms_stay();

CREATE FUNCTION credentials_nobody_sits_twice(people uuid[], sessions uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
  -- Whoever seats one person in two sessions at once goes one after the other.
  PERFORM credentials_lock_people(people);
  IF EXISTS (
    SELECT 1 FROM credentials_assessmentsession AS held
    JOIN credentials_candidate AS who ON who.session_id = held.id
    JOIN credentials_assessmentsession AS other ON other.held_on = held.held_on AND other.id <> held.id
      AND other.voided_at IS NULL AND other.begins_at < held.ends_at AND held.begins_at < other.ends_at
    JOIN credentials_candidate AS twice ON twice.session_id = other.id AND twice.person_id = who.person_id
    WHERE held.id = ANY(sessions) AND held.voided_at IS NULL AND who.person_id = ANY(people)
      AND who.voided_at IS NULL AND who.attendance <> 'absent'
      AND twice.voided_at IS NULL AND twice.attendance <> 'absent') THEN
    RAISE EXCEPTION 'somebody sits in two sessions at once'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_sits_twice', TABLE = 'credentials_candidate';
  END IF;
END $$;
CREATE FUNCTION credentials_candidates_sit_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE people uuid[]; sessions uuid[];
BEGIN
  SELECT array_agg(DISTINCT later.person_id), array_agg(DISTINCT held.id) INTO people, sessions
  FROM later JOIN credentials_assessmentsession AS held ON held.id = later.session_id AND held.begins_at IS NOT NULL
  WHERE later.voided_at IS NULL AND later.attendance <> 'absent';
  IF people IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM credentials_nobody_sits_twice(people, sessions);
  IF EXISTS (SELECT 1 FROM later JOIN credentials_assessmentsession AS held ON held.id = later.session_id
             WHERE held.site_id IS NOT NULL AND later.voided_at IS NULL AND later.seat > held.capacity) THEN
    RAISE EXCEPTION 'a seat lies beyond those that its session has at the site'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_within_session', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sits_once_insert AFTER INSERT ON credentials_candidate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_candidates_sit_once();
CREATE TRIGGER sits_once_update AFTER UPDATE ON credentials_candidate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_candidates_sit_once();
CREATE FUNCTION credentials_moved_session_sits_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE people uuid[];
BEGIN
  SELECT array_agg(person_id) INTO people FROM credentials_candidate WHERE session_id = NEW.id AND voided_at IS NULL;
  IF people IS NOT NULL THEN
    PERFORM credentials_nobody_sits_twice(people, ARRAY[NEW.id]);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER moved_session_sits_once AFTER UPDATE OF held_on, begins_at, ends_at, voided_at
ON credentials_assessmentsession FOR EACH ROW WHEN (NEW.begins_at IS NOT NULL AND NEW.voided_at IS NULL
  AND (NEW.held_on, NEW.begins_at, NEW.ends_at, NEW.voided_at)
    IS DISTINCT FROM (OLD.held_on, OLD.begins_at, OLD.ends_at, OLD.voided_at))
EXECUTE FUNCTION credentials_moved_session_sits_once();

CREATE FUNCTION credentials_public_slip(wanted uuid) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT json_build_object(
    'id', who.id, 'holder', encode(person.name, 'hex'), 'seat', who.seat,
    'is_void', who.voided_at IS NOT NULL OR held.voided_at IS NOT NULL,
    'code', held.code, 'host', host.name, 'type_name', kind.name, 'level', held.level, 'held_on', held.held_on,
    'begins_at', held.begins_at, 'ends_at', held.ends_at, 'place', held.place, 'first_seat', held.first_seat,
    'site', site.name, 'address', site.address, 'rooms', (
      SELECT json_agg(json_build_array(room.name, room.seats) ORDER BY room."order")
      FROM credentials_assessmentroom AS room WHERE room.site_id = held.site_id AND room.voided_at IS NULL))
  FROM credentials_candidate AS who
  JOIN credentials_assessmentsession AS held ON held.id = who.session_id
  JOIN credentials_certificatetype AS kind ON kind.id = held.certificate_type_id
  JOIN registry_organisation AS host ON host.id = held.host_id
  JOIN registry_person AS person ON person.id = who.person_id
  LEFT JOIN credentials_assessmentsite AS site ON site.id = held.site_id
  WHERE who.id = wanted AND who.seat IS NOT NULL AND held.begins_at IS NOT NULL;
$$;
"""
UNDO = """
DROP FUNCTION credentials_public_slip(uuid);
DROP FUNCTION credentials_moved_session_sits_once() CASCADE;
DROP FUNCTION credentials_candidates_sit_once() CASCADE;
DROP FUNCTION credentials_nobody_sits_twice(uuid[], uuid[]);
DROP FUNCTION credentials_booked_rooms_stay() CASCADE;
DROP FUNCTION credentials_site_keeps_its_sessions() CASCADE;
DROP FUNCTION credentials_session_fits_site() CASCADE;
DROP FUNCTION credentials_sittings(uuid[], date[]);
DROP FUNCTION credentials_site_used(uuid, date);
DROP FUNCTION credentials_site_bookings(uuid, date[]);
DROP FUNCTION credentials_lock_people(uuid[]);
DROP FUNCTION credentials_lock_site(uuid);
"""


class Migration(migrations.Migration):
    """Guards of sites, times and slips."""

    dependencies = [("credentials", "0021_sites")]
    operations = [migrations.RunSQL(SQL, UNDO)]

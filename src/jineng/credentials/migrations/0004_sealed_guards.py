"""Seals without a gap: places in status lists, what they tell, and what anybody may ask."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_have_issuer(body uuid, wanted_did text)
RETURNS TABLE (id uuid, did text, name text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO credentials_issuer (id, organisation_id, did) VALUES (gen_random_uuid(), body, wanted_did)
  ON CONFLICT (organisation_id) DO NOTHING;
  RETURN QUERY SELECT one.id, one.did::text, own.name::text FROM credentials_issuer AS one
  JOIN registry_organisation AS own ON own.id = one.organisation_id WHERE one.organisation_id = body;
END $$;

CREATE FUNCTION credentials_take_indices(wanted uuid, how_many int, lists_at text)
RETURNS TABLE (list_id uuid, list_address text, first_index int, granted int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE left_over int := how_many; found_list credentials_statuslist; made uuid; most CONSTANT int := 131072;
BEGIN
  -- Whoever takes indices of one issuer goes after the other; what is rolled back gives its indices back.
  PERFORM 1 FROM credentials_issuer WHERE credentials_issuer.id = wanted FOR NO KEY UPDATE;
  WHILE left_over > 0 LOOP
    SELECT * INTO found_list FROM credentials_statuslist AS known WHERE known.issuer_id = wanted
    ORDER BY known.number DESC LIMIT 1;
    IF NOT FOUND OR found_list.taken >= most THEN
      made := gen_random_uuid();
      INSERT INTO credentials_statuslist (id, issuer_id, number, address, taken, changes, published_changes)
      VALUES (made, wanted, coalesce(found_list.number, 0) + 1, lists_at || made, 0, 0, 0);
      CONTINUE;
    END IF;
    list_id := found_list.id;
    list_address := found_list.address;
    first_index := found_list.taken;
    granted := least(left_over, most - found_list.taken);
    UPDATE credentials_statuslist SET taken = taken + granted WHERE credentials_statuslist.id = found_list.id;
    left_over := left_over - granted;
    RETURN NEXT;
  END LOOP;
END $$;

CREATE FUNCTION credentials_seal_is_placed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM later JOIN credentials_statuslist AS listed ON listed.id = later.status_list_id
             WHERE later.status_index >= listed.taken) THEN
    RAISE EXCEPTION 'an index is taken before it is used'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'status_index_taken', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER status_index_taken AFTER INSERT ON credentials_sealedcertificate
REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_seal_is_placed();

CREATE FUNCTION credentials_seal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was sealed stays as it was'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'seal_stays', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER seal_stays BEFORE UPDATE ON credentials_sealedcertificate FOR EACH ROW
WHEN (OLD.is_linked OR OLD.certificate_id <> NEW.certificate_id OR OLD.status_list_id <> NEW.status_list_id
      OR OLD.status_index <> NEW.status_index OR (OLD.credential - 'proof') <> (NEW.credential - 'proof'))
EXECUTE FUNCTION credentials_seal_stays();

CREATE FUNCTION credentials_lists_fall_behind() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  UPDATE credentials_statuslist SET changes = changes + 1 WHERE id IN (
    SELECT seal.status_list_id FROM later JOIN before ON before.id = later.id
    JOIN credentials_sealedcertificate AS seal ON seal.certificate_id = later.id
    WHERE (later.revoked_on, later.voided_at) IS DISTINCT FROM (before.revoked_on, before.voided_at)
  );
  RETURN NULL;
END $$;
CREATE TRIGGER lists_fall_behind AFTER UPDATE ON credentials_certificate
REFERENCING OLD TABLE AS before NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION credentials_lists_fall_behind();

CREATE FUNCTION credentials_public_issuers(dids text[], bodies uuid[])
RETURNS TABLE (did text, organisation_id uuid, name text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT one.did, one.organisation_id, own.name FROM credentials_issuer AS one
  JOIN registry_organisation AS own ON own.id = one.organisation_id
  WHERE one.did = ANY(dids) OR one.organisation_id = ANY(bodies);
$$;

CREATE FUNCTION credentials_public_lists(addresses text[], today date)
RETURNS TABLE (id uuid, address text, did text, organisation_id uuid, changes bigint, published jsonb, is_behind boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT listed.id, listed.address, one.did, one.organisation_id, listed.changes, listed.published,
         listed.published IS NULL OR listed.changes > listed.published_changes OR listed.published_on > today OR EXISTS (
           SELECT 1 FROM credentials_sealedcertificate AS seal
           JOIN credentials_certificate AS known ON known.id = seal.certificate_id
           WHERE listed.published_on < today AND seal.status_list_id = listed.id
             AND known.revoked_on > listed.published_on AND known.revoked_on <= today)
  FROM credentials_statuslist AS listed JOIN credentials_issuer AS one ON one.id = listed.issuer_id
  WHERE listed.address = ANY(addresses);
$$;

CREATE FUNCTION credentials_revoked_indices(wanted uuid, today date) RETURNS TABLE (status_index int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT seal.status_index FROM credentials_sealedcertificate AS seal
  JOIN credentials_certificate AS known ON known.id = seal.certificate_id
  WHERE seal.status_list_id = wanted AND (known.revoked_on <= today OR known.voided_at IS NOT NULL);
$$;

CREATE FUNCTION credentials_publish_list(wanted uuid, document jsonb, told bigint, today date) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  UPDATE credentials_statuslist SET published = document, published_changes = told, published_on = today
  WHERE id = wanted AND (published IS NULL OR published_changes <= told);
$$;

CREATE FUNCTION credentials_public_certificate(wanted text)
RETURNS TABLE (id uuid, number text, person_id uuid, holder bytea, type_name text, level text, body text,
               institution text, issued_on date, revoked_on date, is_void boolean, sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT known.id, known.number, known.person_id, who.name, kind.name, known.level, body.name, school.name,
         known.issued_on, known.revoked_on, known.voided_at IS NOT NULL, seal.sealed_at
  FROM credentials_certificate AS known
  JOIN credentials_certificatetype AS kind ON kind.id = known.certificate_type_id
  JOIN credentials_assessmentsession AS held ON held.id = known.session_id
  JOIN registry_organisation AS body ON body.id = held.body_id
  JOIN registry_organisation AS school ON school.id = known.institution_id
  JOIN registry_person AS who ON who.id = known.person_id
  LEFT JOIN credentials_sealedcertificate AS seal ON seal.certificate_id = known.id
  WHERE known.number = wanted ORDER BY known.voided_at NULLS FIRST LIMIT 1;
$$;
"""
UNDO = """
DROP FUNCTION credentials_public_certificate(text);
DROP FUNCTION credentials_publish_list(uuid, jsonb, bigint, date);
DROP FUNCTION credentials_revoked_indices(uuid, date);
DROP FUNCTION credentials_public_lists(text[], date);
DROP FUNCTION credentials_public_issuers(text[], uuid[]);
DROP FUNCTION credentials_lists_fall_behind() CASCADE;
DROP FUNCTION credentials_seal_stays() CASCADE;
DROP FUNCTION credentials_seal_is_placed() CASCADE;
DROP FUNCTION credentials_take_indices(uuid, int, text);
DROP FUNCTION credentials_have_issuer(uuid, text);
"""


class Migration(migrations.Migration):
    """Guards of what is sealed."""

    dependencies = [("credentials", "0003_sealed")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""Lists of suspensions stand beside those of revocations: how they come about, what they tell, when they fall behind."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("jineng.credentials.migrations.0004_sealed_guards").SQL.split("\n\n")


def earlier(name: str) -> str:
    """A function as it stood until here."""
    (found,) = [part for part in BEFORE if part.lstrip().startswith(f"CREATE FUNCTION {name}(")]
    return found.partition("\nCREATE TRIGGER")[0]


SQL = """
INSERT INTO credentials_statuslist (id, issuer_id, number, beside_id, address, taken, changes, published_changes)
SELECT gen_random_uuid(), issuer_id, number, id, address || '/suspensions', 0, 0, 0 FROM credentials_statuslist;
CREATE FUNCTION credentials_list_has_suspensions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO credentials_statuslist (id, issuer_id, number, beside_id, address, taken, changes, published_changes)
  VALUES (gen_random_uuid(), NEW.issuer_id, NEW.number, NEW.id, NEW.address || '/suspensions', 0, 0, 0);
  RETURN NULL;
END $$;
CREATE TRIGGER list_has_suspensions AFTER INSERT ON credentials_statuslist
FOR EACH ROW WHEN (NEW.beside_id IS NULL) EXECUTE FUNCTION credentials_list_has_suspensions();

CREATE OR REPLACE FUNCTION credentials_take_indices(wanted uuid, how_many int, lists_at text)
RETURNS TABLE (list_id uuid, list_address text, first_index int, granted int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE left_over int := how_many; found_list credentials_statuslist; made uuid; most CONSTANT int := 131072;
BEGIN
  -- Whoever takes indices of one issuer goes after the other; what is rolled back gives its indices back.
  PERFORM 1 FROM credentials_issuer WHERE credentials_issuer.id = wanted FOR NO KEY UPDATE;
  WHILE left_over > 0 LOOP
    SELECT * INTO found_list FROM credentials_statuslist AS known
    WHERE known.issuer_id = wanted AND known.beside_id IS NULL ORDER BY known.number DESC LIMIT 1;
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

CREATE OR REPLACE FUNCTION credentials_lists_fall_behind() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  UPDATE credentials_statuslist SET changes = changes + 1 WHERE id IN (
    SELECT seal.status_list_id FROM later JOIN before ON before.id = later.id
    JOIN credentials_sealedcertificate AS seal ON seal.certificate_id = later.id
    WHERE (later.revoked_on, later.voided_at) IS DISTINCT FROM (before.revoked_on, before.voided_at)
  ) OR beside_id IN (
    SELECT seal.status_list_id FROM later JOIN before ON before.id = later.id
    JOIN credentials_sealedcertificate AS seal ON seal.certificate_id = later.id
    WHERE later.suspended_on IS DISTINCT FROM before.suspended_on
  );
  RETURN NULL;
END $$;

DROP FUNCTION credentials_public_lists(text[], date);
CREATE FUNCTION credentials_public_lists(addresses text[], today date)
RETURNS TABLE (id uuid, address text, did text, organisation_id uuid, changes bigint, purpose text, published jsonb,
               is_behind boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT listed.id, listed.address, one.did, one.organisation_id, listed.changes,
         CASE WHEN listed.beside_id IS NULL THEN 'revocation' ELSE 'suspension' END, listed.published,
         listed.published IS NULL OR listed.changes > listed.published_changes OR listed.published_on > today OR EXISTS (
           SELECT 1 FROM credentials_sealedcertificate AS seal
           JOIN credentials_certificate AS known ON known.id = seal.certificate_id
           WHERE listed.published_on < today AND seal.status_list_id = listed.id
             AND known.revoked_on > listed.published_on AND known.revoked_on <= today)
  FROM credentials_statuslist AS listed JOIN credentials_issuer AS one ON one.id = listed.issuer_id
  WHERE listed.address = ANY(addresses);
$$;

DROP FUNCTION credentials_revoked_indices(uuid, date);
CREATE FUNCTION credentials_set_indices(wanted uuid, today date) RETURNS TABLE (status_index int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT seal.status_index FROM credentials_statuslist AS listed
  JOIN credentials_sealedcertificate AS seal ON seal.status_list_id = coalesce(listed.beside_id, listed.id)
  JOIN credentials_certificate AS known ON known.id = seal.certificate_id
  WHERE listed.id = wanted AND CASE WHEN listed.beside_id IS NULL
    THEN known.revoked_on <= today OR known.voided_at IS NOT NULL ELSE known.suspended_on <= today END;
$$;

DROP FUNCTION credentials_public_certificate(text);
CREATE FUNCTION credentials_public_certificate(wanted text)
RETURNS TABLE (id uuid, number text, person_id uuid, holder bytea, type_name text, level text, body text,
               institution text, issued_on date, revoked_on date, suspended_on date, is_void boolean,
               sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT known.id, known.number, known.person_id, who.name, kind.name, known.level, body.name, school.name,
         known.issued_on, known.revoked_on, known.suspended_on, known.voided_at IS NOT NULL, seal.sealed_at
  FROM credentials_certificate AS known
  JOIN credentials_certificatetype AS kind ON kind.id = known.certificate_type_id
  JOIN credentials_assessmentsession AS held ON held.id = known.session_id
  JOIN registry_organisation AS body ON body.id = held.body_id
  JOIN registry_organisation AS school ON school.id = known.institution_id
  JOIN registry_person AS who ON who.id = known.person_id
  LEFT JOIN credentials_sealedcertificate AS seal ON seal.certificate_id = known.id
  WHERE known.number = wanted ORDER BY known.voided_at NULLS FIRST LIMIT 1;
$$;

CREATE FUNCTION credentials_achievement_suspended(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT EXISTS (
    SELECT 1 FROM credentials_achievement AS thing JOIN credentials_certificate AS known
    ON known.id = thing.certificate_id WHERE thing.id = wanted AND known.suspended_on IS NOT NULL);
$$;
CREATE FUNCTION credentials_posting_not_suspended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF credentials_achievement_suspended(NEW.achievement_id) THEN
    RAISE EXCEPTION 'the ledger does not take a certificate that is suspended'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_not_suspended', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER posting_not_suspended BEFORE INSERT ON credentials_creditposting
FOR EACH ROW WHEN (NEW.reverses_id IS NULL) EXECUTE FUNCTION credentials_posting_not_suspended();
"""
UNDO = """
DROP FUNCTION credentials_posting_not_suspended() CASCADE;
DROP FUNCTION credentials_achievement_suspended(uuid);
DROP FUNCTION credentials_public_certificate(text);
DROP FUNCTION credentials_set_indices(uuid, date);
DROP FUNCTION credentials_public_lists(text[], date);
DROP FUNCTION credentials_list_has_suspensions() CASCADE;
DELETE FROM credentials_statuslist WHERE beside_id IS NOT NULL;
""" + "\n".join(
    earlier(f"credentials_{name}").replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    for name in ("lists_fall_behind", "take_indices", "public_lists", "revoked_indices", "public_certificate")
)


class Migration(migrations.Migration):
    """Guards of suspensions."""

    dependencies = [("credentials", "0010_suspensions")]
    operations = [migrations.RunSQL(SQL, UNDO)]

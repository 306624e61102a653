"""Share links: whoever holds a certificate makes and takes back links, whoever brings a token is told and noted."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_held_by(wanted text, hashes text[]) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT known.id FROM credentials_certificate AS known
  JOIN registry_persondocument AS paper ON paper.person_id = known.person_id AND paper.voided_at IS NULL
  WHERE known.number = wanted AND known.voided_at IS NULL AND paper.number_hash = ANY(hashes) LIMIT 1;
$$;
CREATE FUNCTION credentials_share(wanted uuid, hashed text, parts jsonb, until date, at timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  INSERT INTO credentials_sharelink (id, certificate_id, token_hash, shows, created_at, expires_on)
  VALUES (gen_random_uuid(), wanted, hashed, parts, at, until) RETURNING id;
$$;
CREATE FUNCTION credentials_unshare(link uuid, wanted uuid, at timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  UPDATE credentials_sharelink SET revoked_at = at WHERE id = link AND certificate_id = wanted AND revoked_at IS NULL
  RETURNING id;
$$;
CREATE FUNCTION credentials_shares(wanted uuid)
RETURNS TABLE (id uuid, shows jsonb, created_at timestamptz, expires_on date, revoked_at timestamptz, views jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT link.id, link.shows, link.created_at, link.expires_on, link.revoked_at, coalesce((
    SELECT jsonb_agg(jsonb_build_array(latest.seen_at, latest.network) ORDER BY latest.seen_at DESC)
    FROM (SELECT seen_at, network FROM credentials_shareview WHERE link_id = link.id ORDER BY seen_at DESC LIMIT 50)
    AS latest), '[]'::jsonb)
  FROM credentials_sharelink AS link WHERE link.certificate_id = wanted ORDER BY link.created_at DESC LIMIT 50;
$$;
CREATE FUNCTION credentials_open_share(hashed text, at timestamptz, today date, whence text)
RETURNS TABLE (number text, shows jsonb, expires_on date) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE opened credentials_sharelink;
BEGIN
  SELECT * INTO opened FROM credentials_sharelink AS link
  WHERE link.token_hash = hashed AND link.revoked_at IS NULL AND link.expires_on >= today;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO credentials_shareview (link_id, seen_at, network) VALUES (opened.id, at, whence);
  RETURN QUERY SELECT known.number::text, opened.shows, opened.expires_on FROM credentials_certificate AS known
  WHERE known.id = opened.certificate_id;
END $$;
"""
UNDO = """
DROP FUNCTION credentials_open_share(text, timestamptz, date, text);
DROP FUNCTION credentials_shares(uuid);
DROP FUNCTION credentials_unshare(uuid, uuid, timestamptz);
DROP FUNCTION credentials_share(uuid, text, jsonb, date, timestamptz);
DROP FUNCTION credentials_held_by(text, text[]);
"""


class Migration(migrations.Migration):
    """Functions of share links."""

    dependencies = [("credentials", "0007_shares")]
    operations = [migrations.RunSQL(SQL, UNDO)]

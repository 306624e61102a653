"""What checking a file asks the register is answered at once: who signs, by which keys, and how status lists stand.

And which office hands out transcripts to holders, who see no register.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_told_of(asked json) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT json_build_object(
    'issuers', (
      SELECT json_agg(json_build_object('did', one.did, 'body', one.organisation_id, 'name', own.name, 'keys', (
          SELECT json_agg(json_build_object('id', key_id, 'key', encode(public_key, 'hex'), 'retired', retired_at)
                          ORDER BY valid_from, key_id)
          FROM kernel_signingkey WHERE owner_id = one.organisation_id)) ORDER BY one.did)
      FROM credentials_issuer AS one JOIN registry_organisation AS own ON own.id = one.organisation_id
      WHERE one.did IN (SELECT json_array_elements_text(asked -> 'dids'))
         OR one.organisation_id IN (SELECT json_array_elements_text(asked -> 'bodies')::uuid)),
    'lists', (
      SELECT json_agg(json_build_object('address', address, 'behind', is_behind,
                                        'signature', published #>> '{proof,proofValue}') ORDER BY address)
      FROM credentials_public_lists(ARRAY(SELECT json_array_elements_text(asked -> 'lists')), (asked ->> 'today')::date)))
$$;
DROP FUNCTION credentials_public_issuers(text[], uuid[]);

CREATE FUNCTION credentials_bank() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT id FROM registry_organisation
  WHERE authority_id IS NULL AND kind = 'education_department' AND voided_at IS NULL ORDER BY id LIMIT 1;
$$;
"""
UNDO = """
CREATE FUNCTION credentials_public_issuers(dids text[], bodies uuid[])
RETURNS TABLE (did text, organisation_id uuid, name text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT one.did, one.organisation_id, own.name FROM credentials_issuer AS one
  JOIN registry_organisation AS own ON own.id = one.organisation_id
  WHERE one.did = ANY(dids) OR one.organisation_id = ANY(bodies);
$$;
DROP FUNCTION credentials_told_of(json);
DROP FUNCTION credentials_bank();
"""


class Migration(migrations.Migration):
    """One function in place of another, and one more."""

    dependencies = [("credentials", "0012_lists_by_id")]
    operations = [migrations.RunSQL(SQL, UNDO)]

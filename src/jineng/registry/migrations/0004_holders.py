"""Who holds a role in an organisation, asked past the walls: the kernel tells them, the teller does not learn who."""

from django.db import migrations

SQL = """
CREATE FUNCTION registry_holders(offices uuid[], roles text[], day date)
RETURNS TABLE (organisation_id uuid, role text, account_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  WITH held AS (
    SELECT p.id, p.organisation_id, p.role, p.account_id
    FROM unnest(offices, roles) AS wanted(office, role)
    JOIN registry_post p ON p.organisation_id = wanted.office AND p.role = wanted.role
    JOIN kernel_account a ON a.id = p.account_id AND a.is_active
    WHERE p.voided_at IS NULL AND p.since <= day AND (p.until IS NULL OR p.until > day)
      AND jineng_organisation() IS NOT NULL
  )
  SELECT held.organisation_id, held.role, held.account_id FROM held
  UNION
  SELECT held.organisation_id, held.role, d.to_id FROM held
  JOIN registry_delegation d ON d.post_id = held.id AND d.voided_at IS NULL AND d.since <= day AND d.until > day
  JOIN kernel_account a ON a.id = d.to_id AND a.is_active
$$;
"""


class Migration(migrations.Migration):
    """Notices find their readers."""

    dependencies = [("registry", "0003_parties")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION registry_holders(uuid[], text[], date);")]

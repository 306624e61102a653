"""What a conflict of interest keeps from somebody beyond the case: notices, mails, whole decisions.

Whoever acts for an organisation by delegation is of it, too; an application that never held bars nobody from others.
"""

import json

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION cases_conflicts(whose bigint) RETURNS TABLE (case_id uuid, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH canon AS (
    SELECT coalesce(p.merged_into_id, p.id) AS id FROM cases_expert e JOIN registry_person p ON p.id = e.person_id
    WHERE e.account_id = whose AND e.voided_at IS NULL
  ), own AS (
    SELECT id FROM canon UNION SELECT p.id FROM registry_person p JOIN canon ON p.merged_into_id = canon.id
  ), near AS (
    SELECT k.other_id AS id FROM registry_kinship k JOIN own ON k.one_id = own.id WHERE k.voided_at IS NULL
    UNION SELECT k.one_id FROM registry_kinship k JOIN own ON k.other_id = own.id WHERE k.voided_at IS NULL
  ), relatives AS (
    SELECT coalesce(p.merged_into_id, p.id) AS id FROM near JOIN registry_person p ON p.id = near.id
  ), kin AS (
    SELECT id FROM relatives UNION SELECT p.id FROM registry_person p JOIN relatives r ON p.merged_into_id = r.id
  ), work AS (
    SELECT e.organisation_id, e.until FROM registry_employment e JOIN own ON e.person_id = own.id
    WHERE e.voided_at IS NULL
    UNION ALL SELECT organisation_id, until FROM registry_post WHERE account_id = whose AND voided_at IS NULL
    UNION ALL SELECT p.organisation_id, d.until FROM registry_delegation d JOIN registry_post p ON p.id = d.post_id
    WHERE d.to_id = whose AND d.voided_at IS NULL
    UNION ALL SELECT organisation_id, NULL FROM cases_expert WHERE account_id = whose AND voided_at IS NULL
  ), place AS (
    SELECT c.id, c.started_on, w.until FROM work w JOIN cases_case c ON c.applicant_id = w.organisation_id
    UNION ALL
    SELECT c.id, c.started_on, w.until FROM work w
    JOIN cases_caseconcern n ON n.organisation_id = w.organisation_id AND n.voided_at IS NULL
    JOIN cases_case c ON c.id = n.case_id
  ), named AS (
    SELECT n.case_id FROM cases_caseconcern n JOIN own ON n.person_id = own.id WHERE n.voided_at IS NULL
  )
  SELECT id, CASE WHEN until IS NULL OR until > started_on THEN 'same_organisation' ELSE 'past_organisation' END
  FROM place WHERE until IS NULL OR until > started_on - interval '3 years'
  UNION SELECT case_id, 'team_member' FROM named
  UNION SELECT n.case_id, 'kinship' FROM cases_caseconcern n JOIN kin ON n.person_id = kin.id
  WHERE n.voided_at IS NULL
  UNION SELECT case_id, 'declared' FROM cases_recusal WHERE account_id = whose AND voided_at IS NULL
  UNION SELECT other.id, 'own_application' FROM named
  JOIN cases_case mine ON mine.id = named.case_id AND mine.voided_at IS NULL
  JOIN cases_case other ON other.intake_id = mine.intake_id
$$;

CREATE FUNCTION cases_barred(whose bigint, acting_for uuid) RETURNS TABLE (case_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT found.case_id FROM cases_conflicts(whose) AS found
  JOIN cases_case AS c ON c.id = found.case_id AND c.applicant_id IS DISTINCT FROM acting_for
$$;

CREATE FUNCTION cases_barred_notices(whose bigint, acting_for uuid) RETURNS TABLE (notice_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT n.id FROM cases_barred(whose, acting_for) AS found
  JOIN kernel_notice AS n ON n.about_type = 'cases.Case' AND n.about_id = found.case_id::text
$$;

CREATE FUNCTION cases_barred_panels(whose bigint) RETURNS TABLE (panel_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT entry.panel_id FROM cases_conflicts(whose) AS found
  JOIN cases_panelentry AS entry ON entry.case_id = found.case_id AND entry.voided_at IS NULL
$$;

CREATE FUNCTION cases_barred_among(whose bigint[], cases uuid[])
RETURNS TABLE (account_id bigint, case_id uuid, applicant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT account.id, c.id, c.applicant_id FROM unnest(whose) AS account(id)
  CROSS JOIN LATERAL cases_conflicts(account.id) AS found
  JOIN cases_case AS c ON c.id = found.case_id AND c.id = ANY(cases)
  WHERE jineng_organisation() IS NOT NULL
$$;
"""
UNDO = """
DROP FUNCTION cases_barred_among(bigint[], uuid[]);
DROP FUNCTION cases_barred_panels(bigint) CASCADE;
DROP FUNCTION cases_barred_notices(bigint, uuid) CASCADE;
DROP FUNCTION cases_barred(bigint, uuid) CASCADE;
"""


def keep_what_is_published(apps, schema_editor):
    """Of each decision only what may be published; the whole stands in its document."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT panel_id, statement FROM cases_decision")
        for panel_id, statement in cursor.fetchall():
            whole = json.loads(statement) if isinstance(statement, str) else statement
            rows = [row for row in whole["outcome"]["rows"] if row["status"] == "selected"]
            part = {**whole, "outcome": {"rows": rows}}
            cursor.execute("UPDATE cases_decision SET statement = %s WHERE panel_id = %s", [json.dumps(part), panel_id])


class Migration(migrations.Migration):
    """Neither a tray nor the outbox nor a published list tells what the case's own wall hides."""

    dependencies = [("cases", "0006_telling"), ("kernel", "0006_settling_in_one_order")]
    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.RunPython(keep_what_is_published, migrations.RunPython.noop),
    ]

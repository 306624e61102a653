"""Credits of certificates that do not stand are taken back: what is due, what a holder is told, who waits for whom."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_to_take_back(today date, numbers text[])
RETURNS TABLE (posting uuid, school uuid, rule uuid, achievement uuid, person uuid, credits numeric, number text,
               revoked_on date, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT line.id, line.school_id, line.rule_id, line.achievement_id, thing.person_id, line.credits, known.number,
         CASE WHEN known.voided_at IS NULL THEN known.revoked_on END,
         CASE WHEN known.voided_at IS NULL THEN known.revoke_reason ELSE known.void_reason END
  FROM credentials_credituse AS use JOIN credentials_creditposting AS line ON line.id = use.posting_id
  JOIN credentials_achievement AS thing ON thing.id = use.achievement_id
  JOIN credentials_certificate AS known ON known.id = thing.certificate_id
  WHERE (known.revoked_on <= today OR known.voided_at IS NOT NULL) AND (numbers IS NULL OR known.number = ANY(numbers))
  ORDER BY line.account_id, line.number;
$$;
CREATE FUNCTION credentials_hold_certificate(wanted uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM credentials_certificate
  WHERE id = (SELECT certificate_id FROM credentials_achievement WHERE id = wanted) FOR SHARE;
END $$;
CREATE FUNCTION credentials_achievement_stands(wanted uuid, today date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM credentials_achievement AS thing JOIN credentials_certificate AS known
    ON known.id = thing.certificate_id
    WHERE thing.id = wanted AND (known.voided_at IS NOT NULL OR known.revoked_on <= today));
$$;
CREATE FUNCTION credentials_lines_of_certificate(wanted uuid)
RETURNS TABLE (posted_on date, school text, target text, credits numeric, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT line.posted_on, own.name, rule.target, line.credits, line.reason
  FROM credentials_achievement AS thing JOIN credentials_creditposting AS line ON line.achievement_id = thing.id
  JOIN credentials_conversionrule AS rule ON rule.id = line.rule_id
  JOIN registry_organisation AS own ON own.id = line.school_id
  WHERE thing.certificate_id = wanted ORDER BY line.account_id, line.number;
$$;
"""
UNDO = """
DROP FUNCTION credentials_lines_of_certificate(uuid);
DROP FUNCTION credentials_achievement_stands(uuid, date);
DROP FUNCTION credentials_hold_certificate(uuid);
DROP FUNCTION credentials_to_take_back(date, text[]);
"""


class Migration(migrations.Migration):
    """Functions of taking back."""

    dependencies = [("credentials", "0008_share_guards")]
    operations = [migrations.RunSQL(SQL, UNDO)]

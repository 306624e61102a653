"""What the database keeps by itself: parties of cases, used quotas, and that what is published stays as it is."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_parties_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  DELETE FROM cases_caseparty WHERE case_id = NEW.id;
  INSERT INTO cases_caseparty (case_id, organisation_id, party)
  SELECT DISTINCT NEW.id, member::uuid, party.key
  FROM jsonb_each(NEW.parties) AS party, jsonb_array_elements_text(party.value) AS member;
  RETURN NULL;
END $$;
CREATE TRIGGER parties_after_insert AFTER INSERT ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_parties_of_case();
CREATE TRIGGER parties_after_update AFTER UPDATE OF parties ON cases_case
FOR EACH ROW WHEN (OLD.parties IS DISTINCT FROM NEW.parties) EXECUTE FUNCTION cases_parties_of_case();

CREATE FUNCTION cases_takes_place(one cases_case) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT one.voided_at IS NULL AND one.recommender_id IS NOT NULL AND NOT one.is_exempt
$$;
CREATE FUNCTION cases_count_quota() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF cases_takes_place(OLD) THEN
      UPDATE cases_quota SET used = used - 1
      WHERE intake_id = OLD.intake_id AND organisation_id = OLD.recommender_id AND voided_at IS NULL;
    END IF;
  END IF;
  IF cases_takes_place(NEW) THEN
    UPDATE cases_quota SET used = used + 1
    WHERE intake_id = NEW.intake_id AND organisation_id = NEW.recommender_id AND voided_at IS NULL;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM cases_quota WHERE intake_id = NEW.intake_id AND voided_at IS NULL) THEN
      RAISE EXCEPTION 'no quota' USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_not_exceeded';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER quota_after_insert AFTER INSERT ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_count_quota();
CREATE TRIGGER quota_after_update AFTER UPDATE OF recommender_id, is_exempt, voided_at ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_count_quota();

CREATE FUNCTION cases_procedure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published procedure never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER procedure_stays BEFORE UPDATE OF content, digest, code, version ON cases_procedure
FOR EACH ROW WHEN (OLD.state <> 'draft' AND (OLD.content, OLD.digest, OLD.code, OLD.version)
  IS DISTINCT FROM (NEW.content, NEW.digest, NEW.code, NEW.version)) EXECUTE FUNCTION cases_procedure_stays();

CREATE FUNCTION cases_late(day date) RETURNS TABLE (case_id uuid, office_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT late.id, intake.office_id FROM cases_case late JOIN cases_intake intake ON intake.id = late.intake_id
  WHERE late.outcome = '' AND late.due_on < day AND late.voided_at IS NULL ORDER BY late.due_on, late.serial
$$;
"""
UNDO = """
DROP FUNCTION cases_late(date);
DROP TRIGGER procedure_stays ON cases_procedure;
DROP FUNCTION cases_procedure_stays();
DROP TRIGGER quota_after_insert ON cases_case;
DROP TRIGGER quota_after_update ON cases_case;
DROP FUNCTION cases_count_quota();
DROP FUNCTION cases_takes_place(cases_case);
DROP TRIGGER parties_after_insert ON cases_case;
DROP TRIGGER parties_after_update ON cases_case;
DROP FUNCTION cases_parties_of_case();
"""


class Migration(migrations.Migration):
    """Parties, quotas and published procedures do not depend on anybody remembering them."""

    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]

"""What is locked takes no files, whoever lands them and however; and what a return is compared with."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_return_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF (SELECT c.is_locked FROM cases_case c JOIN cases_intake i ON i.id = c.intake_id
      WHERE c.applicant_id = NEW.organisation_id AND i.subject_type = 'cases.Round' AND c.voided_at IS NULL
      ORDER BY c.serial DESC LIMIT 1) THEN
    RAISE EXCEPTION 'the return is locked' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER return_is_open BEFORE UPDATE OF state ON kernel_receipt FOR EACH ROW
WHEN (NEW.state = 'landed' AND OLD.state <> 'landed') EXECUTE FUNCTION cases_return_is_open();

CREATE FUNCTION cases_returned(whose uuid, begun date, ended date) RETURNS TABLE (sheet text, rows bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT told.key, max((told.value ->> 'added')::bigint + (told.value ->> 'corrected')::bigint
    + (told.value ->> 'unchanged')::bigint)
  FROM kernel_receipt r, jsonb_each(r.counts) AS told
  WHERE r.organisation_id = whose AND r.state = 'landed'
    AND r.submitted_at >= begun::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND (ended IS NULL OR r.submitted_at < ended::timestamp AT TIME ZONE 'Asia/Shanghai')
  GROUP BY told.key
$$;
REVOKE EXECUTE ON FUNCTION cases_returned(uuid, date, date) FROM PUBLIC;

CREATE FUNCTION cases_return_compared(one uuid)
RETURNS TABLE (sheet text, rows bigint, before bigint, near numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH this AS (
    SELECT c.id, c.applicant_id, c.serial, c.intake_id, i.opens_on, p.code
    FROM cases_case c JOIN cases_intake i ON i.id = c.intake_id JOIN cases_procedure p ON p.id = c.procedure_id
    WHERE c.id = one AND i.subject_type = 'cases.Round' AND (jineng_sees_all() OR EXISTS (
      SELECT 1 FROM cases_caseparty y JOIN registry_reach w ON w.organisation_id = y.organisation_id
      WHERE y.case_id = c.id AND w.authority_id = jineng_organisation()))
  ), earlier AS (
    SELECT i.opens_on FROM this JOIN cases_case c ON c.applicant_id = this.applicant_id AND c.serial < this.serial
    JOIN cases_intake i ON i.id = c.intake_id AND i.subject_type = 'cases.Round'
    JOIN cases_procedure p ON p.id = c.procedure_id AND p.code = this.code
    WHERE c.voided_at IS NULL ORDER BY c.serial DESC LIMIT 1
  ), mine AS (
    SELECT r.* FROM this, cases_returned(this.applicant_id, this.opens_on, NULL) AS r
  ), last AS (
    SELECT r.* FROM this, earlier, cases_returned(this.applicant_id, earlier.opens_on, this.opens_on) AS r
  ), theirs AS (
    SELECT r.sheet, r.rows FROM this
    JOIN registry_organisation own ON own.id = this.applicant_id
    JOIN cases_case c ON c.intake_id = this.intake_id AND c.id <> this.id AND c.voided_at IS NULL
    JOIN registry_organisation o ON o.id = c.applicant_id AND o.kind = own.kind,
    LATERAL cases_returned(c.applicant_id, this.opens_on, NULL) AS r
  ), middle AS (
    SELECT t.sheet, (percentile_cont(0.5) WITHIN GROUP (ORDER BY t.rows))::numeric AS near
    FROM theirs t GROUP BY t.sheet HAVING count(*) >= 3
  ), told AS (
    SELECT coalesce(m.sheet, l.sheet) AS sheet, coalesce(m.rows, 0) AS rows,
      CASE WHEN EXISTS (SELECT 1 FROM earlier) THEN coalesce(l.rows, 0) END AS before
    FROM mine m FULL JOIN last l ON l.sheet = m.sheet
  )
  SELECT t.sheet, t.rows, t.before, middle.near FROM told t LEFT JOIN middle ON middle.sheet = t.sheet ORDER BY t.sheet
$$;
"""
UNDO = """
DROP FUNCTION cases_return_compared(uuid);
DROP FUNCTION cases_returned(uuid, date, date);
DROP TRIGGER return_is_open ON kernel_receipt;
DROP FUNCTION cases_return_is_open();
"""


class Migration(migrations.Migration):
    """Returns are cases."""

    dependencies = [("cases", "0010_return_locks"), ("kernel", "0006_settling_in_one_order")]
    operations = [migrations.RunSQL(SQL, UNDO)]

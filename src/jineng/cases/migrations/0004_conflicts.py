"""Conflicts of interest told by the database itself, and what a panel may no longer change."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_conflicts(whose bigint) RETURNS TABLE (case_id uuid, reason text)
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
  UNION SELECT other.id, 'own_application' FROM named JOIN cases_case mine ON mine.id = named.case_id
  JOIN cases_case other ON other.intake_id = mine.intake_id
$$;

CREATE FUNCTION cases_conflicts_in(intake uuid, whose bigint[]) RETURNS TABLE (account_id bigint, case_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT account.id, found.case_id FROM unnest(whose) AS account(id)
  CROSS JOIN LATERAL cases_conflicts(account.id) AS found
  JOIN cases_case c ON c.id = found.case_id AND c.intake_id = intake AND c.voided_at IS NULL
  WHERE jineng_organisation() IS NOT NULL
$$;

CREATE FUNCTION cases_review_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  -- The panel's lock makes a closing wait for the marks that are under way, and later marks wait for the closing.
  PERFORM 1 FROM cases_panel WHERE id = NEW.panel_id AND state = 'reviewing' FOR SHARE;
  IF NOT FOUND OR NOT EXISTS (
    SELECT 1 FROM cases_reviewtask t WHERE t.id = NEW.task_id AND t.account_id = NEW.account_id
    AND t.case_id = NEW.case_id AND t.panel_id = NEW.panel_id AND t.voided_at IS NULL AND t.handed_in_at IS NULL
  ) THEN
    RAISE EXCEPTION 'the review is sealed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_is_open BEFORE INSERT OR UPDATE ON cases_review
FOR EACH ROW EXECUTE FUNCTION cases_review_is_open();

CREATE FUNCTION cases_hand_in_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM cases_panel WHERE id = NEW.panel_id AND state = 'reviewing' FOR SHARE;
  IF NOT FOUND OR OLD.handed_in_at IS NOT NULL OR NEW.account_id IS DISTINCT FROM jineng_account()
    OR NOT EXISTS (SELECT 1 FROM cases_review WHERE task_id = NEW.id) THEN
    RAISE EXCEPTION 'the review is sealed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hand_in_once BEFORE UPDATE OF handed_in_at ON cases_reviewtask FOR EACH ROW
WHEN (OLD.handed_in_at IS DISTINCT FROM NEW.handed_in_at) EXECUTE FUNCTION cases_hand_in_once();

CREATE FUNCTION cases_panel_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'it stays as it was when the review began' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER panel_stays BEFORE UPDATE ON cases_panel FOR EACH ROW
WHEN (OLD.state <> 'forming' AND (OLD.intake_id, OLD.stage, OLD.rule, OLD.parameters, OLD.each, OLD.is_blind)
  IS DISTINCT FROM (NEW.intake_id, NEW.stage, NEW.rule, NEW.parameters, NEW.each, NEW.is_blind))
EXECUTE FUNCTION cases_panel_stays();
CREATE TRIGGER panel_goes_on BEFORE UPDATE OF state ON cases_panel FOR EACH ROW
WHEN ((OLD.state, NEW.state) NOT IN (('forming', 'forming'), ('forming', 'reviewing'), ('reviewing', 'reviewing'),
  ('reviewing', 'closed'), ('closed', 'closed'), ('closed', 'decided'), ('decided', 'decided'),
  ('decided', 'published'), ('published', 'published')))
EXECUTE FUNCTION cases_panel_stays();
CREATE TRIGGER entry_stays BEFORE UPDATE ON cases_panelentry FOR EACH ROW
WHEN ((OLD.panel_id, OLD.case_id, OLD.number, OLD.content) IS DISTINCT FROM
  (NEW.panel_id, NEW.case_id, NEW.number, NEW.content))
EXECUTE FUNCTION cases_panel_stays();
CREATE TRIGGER review_stays BEFORE DELETE ON cases_review FOR EACH ROW EXECUTE FUNCTION cases_panel_stays();
"""
UNDO = """
DROP TRIGGER review_stays ON cases_review;
DROP TRIGGER entry_stays ON cases_panelentry;
DROP TRIGGER panel_goes_on ON cases_panel;
DROP TRIGGER panel_stays ON cases_panel;
DROP FUNCTION cases_panel_stays();
DROP TRIGGER hand_in_once ON cases_reviewtask;
DROP FUNCTION cases_hand_in_once();
DROP TRIGGER review_is_open ON cases_review;
DROP FUNCTION cases_review_is_open();
DROP FUNCTION cases_conflicts_in(uuid, bigint[]);
DROP FUNCTION cases_conflicts(bigint) CASCADE;
"""


class Migration(migrations.Migration):
    """A conflict holds from the moment on at which its facts are known, for pages, programs and plain SQL."""

    dependencies = [("cases", "0003_reviews"), ("registry", "0005_reviewers")]
    operations = [migrations.RunSQL(SQL, UNDO)]

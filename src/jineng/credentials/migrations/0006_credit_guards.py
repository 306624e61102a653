"""The ledger keeps its own books: no double use, no overdrawn cap, balances that are sums."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_posting_is_right() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  own credentials_creditaccount; rule credentials_conversionrule; scheme credentials_creditscheme;
  thing credentials_achievement; undone credentials_creditposting; wrong text; last_number int; granted numeric;
BEGIN
  SELECT * INTO own FROM credentials_creditaccount WHERE id = NEW.account_id FOR UPDATE;
  SELECT * INTO rule FROM credentials_conversionrule WHERE id = NEW.rule_id;
  SELECT * INTO scheme FROM credentials_creditscheme WHERE id = rule.scheme_id;
  SELECT * INTO thing FROM credentials_achievement WHERE id = NEW.achievement_id;
  SELECT coalesce(max(number), 0) INTO last_number FROM credentials_creditposting WHERE account_id = NEW.account_id;
  IF NEW.number <> last_number + 1 THEN
    wrong := 'posting_in_order';
  ELSIF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO undone FROM credentials_creditposting WHERE id = NEW.reverses_id;
    IF undone.reverses_id IS NOT NULL OR NEW.reason = '' OR
       (undone.account_id, undone.school_id, undone.rule_id, undone.achievement_id, -undone.credits) IS DISTINCT FROM
       (NEW.account_id, NEW.school_id, NEW.rule_id, NEW.achievement_id, NEW.credits) THEN
      wrong := 'posting_reverses_one';
    END IF;
  ELSE
    SELECT coalesce(sum(credits), 0) INTO granted FROM credentials_creditposting
    WHERE account_id = NEW.account_id AND school_id = NEW.school_id;
    IF thing.person_id <> own.person_id OR thing.voided_at IS NOT NULL THEN
      wrong := 'posting_of_own_achievement';
    ELSIF scheme.school_id <> NEW.school_id OR rule.credits <> NEW.credits OR rule.voided_at IS NOT NULL
       OR scheme.voided_at IS NOT NULL OR scheme.since > NEW.posted_on
       OR (rule.accepts, rule.source, rule.level) <> (thing.kind, thing.code, thing.level) THEN
      wrong := 'posting_by_rule';
    ELSIF NEW.posted_on < thing.obtained_on
       OR NEW.posted_on > (thing.obtained_on + make_interval(years => rule.valid_years))::date THEN
      wrong := 'posting_in_validity';
    ELSIF granted + NEW.credits > scheme.cap THEN
      wrong := 'posting_within_cap';
    ELSIF EXISTS (SELECT 1 FROM credentials_certificate AS known WHERE known.id = thing.certificate_id
                  AND (known.voided_at IS NOT NULL OR known.revoked_on <= NEW.posted_on)) THEN
      wrong := 'posting_of_standing_certificate';
    END IF;
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'the ledger does not take this line (%)', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = wrong, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER posting_is_right BEFORE INSERT ON credentials_creditposting
FOR EACH ROW EXECUTE FUNCTION credentials_posting_is_right();

CREATE FUNCTION credentials_posting_is_booked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  UPDATE credentials_creditaccount SET balance = balance + NEW.credits WHERE id = NEW.account_id;
  IF NEW.reverses_id IS NULL THEN
    INSERT INTO credentials_credituse (achievement_id, posting_id) VALUES (NEW.achievement_id, NEW.id);
  ELSE
    DELETE FROM credentials_credituse WHERE posting_id = NEW.reverses_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_is_booked AFTER INSERT ON credentials_creditposting
FOR EACH ROW EXECUTE FUNCTION credentials_posting_is_booked();

CREATE FUNCTION credentials_used_rule_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM credentials_creditposting AS posting
             JOIN credentials_conversionrule AS rule ON rule.id = posting.rule_id
             WHERE OLD.id IN (rule.id, rule.scheme_id)) THEN
    RAISE EXCEPTION 'what credits were granted by is not changed; publish a new version'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'used_rule_stays', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER used_rule_stays BEFORE UPDATE ON credentials_conversionrule
FOR EACH ROW EXECUTE FUNCTION credentials_used_rule_stays();
CREATE TRIGGER used_scheme_stays BEFORE UPDATE ON credentials_creditscheme
FOR EACH ROW EXECUTE FUNCTION credentials_used_rule_stays();

CREATE FUNCTION credentials_have_account(wanted uuid, today date) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE found_id uuid;
BEGIN
  INSERT INTO credentials_creditaccount (id, person_id, opened_on, balance)
  VALUES (gen_random_uuid(), wanted, today, 0) ON CONFLICT (person_id) DO NOTHING;
  SELECT id INTO found_id FROM credentials_creditaccount WHERE person_id = wanted FOR UPDATE;
  RETURN found_id;
END $$;
CREATE FUNCTION credentials_last_posting(wanted uuid) RETURNS TABLE (number int, statement jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT number, statement FROM credentials_creditposting WHERE account_id = wanted ORDER BY number DESC LIMIT 1;
$$;
CREATE FUNCTION credentials_achievement_used(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT EXISTS (SELECT 1 FROM credentials_credituse WHERE achievement_id = wanted);
$$;
"""
UNDO = """
DROP FUNCTION credentials_achievement_used(uuid);
DROP FUNCTION credentials_last_posting(uuid);
DROP FUNCTION credentials_have_account(uuid, date);
DROP FUNCTION credentials_used_rule_stays() CASCADE;
DROP FUNCTION credentials_posting_is_booked() CASCADE;
DROP FUNCTION credentials_posting_is_right() CASCADE;
"""


class Migration(migrations.Migration):
    """Guards of the credit bank."""

    dependencies = [("credentials", "0005_credits")]
    operations = [migrations.RunSQL(SQL, UNDO)]

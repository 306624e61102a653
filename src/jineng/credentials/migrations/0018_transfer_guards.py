"""What a transfer takes over was another school's, for the same achievement, and ends by the line just before."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_posting_transfers_one() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF NEW.reverses_id IS NOT NULL OR NEW.reason = '' OR NOT EXISTS (
    SELECT 1 FROM credentials_creditposting AS left_behind
    JOIN credentials_creditposting AS ending ON ending.reverses_id = left_behind.id
    WHERE left_behind.id = NEW.transfers_id AND left_behind.school_id <> NEW.school_id
      AND (left_behind.account_id, left_behind.achievement_id) = (NEW.account_id, NEW.achievement_id)
      AND (ending.number, ending.posted_on) = (NEW.number - 1, NEW.posted_on)
  ) THEN
    RAISE EXCEPTION 'a transfer takes over a line of another school that the line before ends'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_transfers_one', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER posting_transfers_one BEFORE INSERT ON credentials_creditposting
FOR EACH ROW WHEN (NEW.transfers_id IS NOT NULL) EXECUTE FUNCTION credentials_posting_transfers_one();
"""
UNDO = "DROP FUNCTION credentials_posting_transfers_one() CASCADE;"


class Migration(migrations.Migration):
    """Guard of transfers."""

    dependencies = [("credentials", "0017_transfers")]
    operations = [migrations.RunSQL(SQL, UNDO)]

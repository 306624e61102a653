"""A version of the standard that teachers were recognised by stays as it was; only its end may still be told."""

from django.db import migrations

SQL = """
CREATE FUNCTION workforce_standards_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  of_standard uuid;
BEGIN
  IF TG_TABLE_NAME = 'workforce_standard' THEN
    IF TG_OP = 'UPDATE' AND (OLD.id, OLD.code, OLD.name, OLD.document, OLD.in_force_from, OLD.days_per_month, OLD.voided_at)
      IS NOT DISTINCT FROM (NEW.id, NEW.code, NEW.name, NEW.document, NEW.in_force_from, NEW.days_per_month, NEW.voided_at) THEN
      RETURN NEW;
    END IF;
    of_standard := OLD.id;
  ELSIF TG_TABLE_NAME = 'workforce_standardlevel' THEN
    of_standard := CASE WHEN TG_OP = 'INSERT' THEN NEW.standard_id ELSE OLD.standard_id END;
  ELSE
    SELECT standard_id INTO of_standard FROM workforce_standardlevel
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.of_level_id ELSE OLD.of_level_id END;
  END IF;
  IF EXISTS (SELECT 1 FROM workforce_recognition WHERE standard_id = of_standard) THEN
    RAISE EXCEPTION 'standards_stay: teachers were recognised by this version'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'standards_stay', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER standards_stay BEFORE UPDATE OR DELETE ON workforce_standard
FOR EACH ROW EXECUTE FUNCTION workforce_standards_stay();
CREATE TRIGGER standards_stay BEFORE INSERT OR UPDATE OR DELETE ON workforce_standardlevel
FOR EACH ROW EXECUTE FUNCTION workforce_standards_stay();
CREATE TRIGGER standards_stay BEFORE INSERT OR UPDATE OR DELETE ON workforce_standardcondition
FOR EACH ROW EXECUTE FUNCTION workforce_standards_stay();
"""
UNDO = """
DROP TRIGGER standards_stay ON workforce_standardcondition;
DROP TRIGGER standards_stay ON workforce_standardlevel;
DROP TRIGGER standards_stay ON workforce_standard;
DROP FUNCTION workforce_standards_stay();
"""


class Migration(migrations.Migration):
    """The law by which somebody was judged is not rewritten."""

    dependencies = [("workforce", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]

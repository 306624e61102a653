"""Which cases somebody is to be told of, asked past the walls, because nobody acts yet."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_to_remind(day date) RETURNS TABLE (case_id uuid, office_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT found.id, intake.office_id FROM cases_case found JOIN cases_intake intake ON intake.id = found.intake_id
  WHERE found.outcome = '' AND found.remind_on <= day AND found.voided_at IS NULL
  ORDER BY found.remind_on, found.serial
$$;
"""


class Migration(migrations.Migration):
    """Reminders find their cases."""

    dependencies = [("cases", "0005_reminders")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION cases_to_remind(date);")]

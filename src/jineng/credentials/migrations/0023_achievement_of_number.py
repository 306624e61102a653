"""A school that takes a learner's credits over names the certificate by its number, and need not see the certificate."""

from django.db import migrations

SQL = """
CREATE FUNCTION credentials_achievement_of_number(person uuid, number text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT thing.id FROM credentials_achievement AS thing
  JOIN credentials_certificate AS its ON its.id = thing.certificate_id
  WHERE thing.person_id = $1 AND its.number = $2 AND thing.voided_at IS NULL
  ORDER BY thing.id LIMIT 1
$$;
"""
UNDO = "DROP FUNCTION credentials_achievement_of_number(uuid, text);"


class Migration(migrations.Migration):
    """Which of a learner's achievements a certificate's number names."""

    dependencies = [("credentials", "0022_site_guards")]
    operations = [migrations.RunSQL(SQL, UNDO)]

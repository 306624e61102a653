"""Which levels somebody was admitted to before, whoever registered them then: the record of school of a scheme."""

from django.db import migrations

HELD = """
CREATE FUNCTION admissions_levels_held(who uuid, before date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT p.level::text FROM admissions_admission m JOIN admissions_applicant a ON a.id = m.applicant_id
  JOIN admissions_plan p ON p.id = m.plan_id JOIN admissions_season s ON s.id = p.season_id
  WHERE a.person_id = who AND s.opens_on < before AND m.confirmed_on IS NOT NULL AND m.ended_on IS NULL
    AND m.voided_at IS NULL AND a.voided_at IS NULL AND jineng_organisation() IS NOT NULL
$$;
"""


class Migration(migrations.Migration):
    """An office learns that somebody was admitted to a level before, and nothing else of it."""

    dependencies = [("admissions", "0007_forms_by_any_door")]
    operations = [migrations.RunSQL(HELD, "DROP FUNCTION admissions_levels_held(uuid, date);")]

"""A receipt of a file that was refused, only tried or failed brings no award: it is sealed, or its file is on its way in."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION calls_is_origin(kind text, identity uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE kind
    WHEN 'return' THEN EXISTS (
      SELECT FROM kernel_receipt WHERE id = identity
      AND (state IN ('waiting', 'running') OR (state = 'landed' AND jsonb_typeof(seal) = 'object'))
    )
    WHEN 'case' THEN EXISTS (SELECT FROM cases_case WHERE id = identity)
    ELSE false
  END
$$;
"""
UNDO = """
CREATE OR REPLACE FUNCTION calls_is_origin(kind text, identity uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE kind
    WHEN 'return' THEN EXISTS (SELECT FROM kernel_receipt WHERE id = identity)
    WHEN 'case' THEN EXISTS (SELECT FROM cases_case WHERE id = identity)
    ELSE false
  END
$$;
"""


class Migration(migrations.Migration):
    """The rows come in before the seal, in one transaction: what is rolled back leaves no award either."""

    dependencies = [("calls", "0003_origins")]
    operations = [migrations.RunSQL(SQL, UNDO)]

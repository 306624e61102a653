"""Each table that figures read has a version; ``jineng.kernel.walls`` puts the triggers that move it on the tables."""

from django.db import migrations, models

SQL = """
CREATE FUNCTION kernel_source_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' THEN
    IF NOT EXISTS (SELECT FROM touched) THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO kernel_sourcechange (source, transaction, token)
  VALUES (TG_TABLE_NAME, pg_current_xact_id()::text::bigint, gen_random_uuid())
  ON CONFLICT (source, transaction) DO UPDATE SET token = excluded.token;
  RETURN NULL;
END $$;

-- The first of a transaction's changes settles them all, in one order, so that two commits never wait in a ring.
CREATE FUNCTION kernel_settle_sources() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  INSERT INTO kernel_sourceversion (source, token)
  SELECT source, token FROM kernel_sourcechange WHERE transaction = NEW.transaction ORDER BY source
  ON CONFLICT (source) DO UPDATE SET token = excluded.token;
  DELETE FROM kernel_sourcechange WHERE transaction = NEW.transaction;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER source_settles AFTER INSERT ON kernel_sourcechange
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel_settle_sources();
"""
UNDO = """
DROP TRIGGER source_settles ON kernel_sourcechange;
DROP FUNCTION kernel_settle_sources();
DROP FUNCTION kernel_source_changed() CASCADE;
"""


class Migration(migrations.Migration):
    """A change in one table makes stale the figures over that table, and no others."""

    dependencies = [("kernel", "0002_register_version")]
    operations = [
        migrations.CreateModel(
            name="SourceVersion",
            fields=[
                ("source", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("token", models.UUIDField()),
            ],
            options={"verbose_name": "数据表版本"},
        ),
        migrations.CreateModel(
            name="SourceChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=63)),
                ("transaction", models.BigIntegerField()),
                ("token", models.UUIDField()),
            ],
            options={"verbose_name": "数据表未提交的变更"},
        ),
        migrations.AddConstraint(
            model_name="sourcechange",
            constraint=models.UniqueConstraint(fields=("source", "transaction"), name="one_token_per_transaction"),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

"""How many rows of a register stand; ``jineng.kernel.tallies`` puts the triggers that keep it on the registers."""

from django.db import migrations, models

SQL = """
CREATE FUNCTION kernel_tally_anew(register text) RETURNS void LANGUAGE plpgsql
SET search_path = public AS $$
DECLARE
  standing text := '';
BEGIN
  IF EXISTS (SELECT FROM pg_attribute
             WHERE attrelid = register::regclass AND attname = 'voided_at' AND NOT attisdropped) THEN
    standing := 'WHERE voided_at IS NULL';
  END IF;
  -- Whoever has written a line is waited for, and who writes one waits: what is counted are the rows of those who have.
  LOCK TABLE kernel_rowtally IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM kernel_rowtally WHERE source = register;
  EXECUTE format('INSERT INTO kernel_rowtally (source, change) SELECT %L, count(*) FROM %I ', register, register)
    || standing;
END $$;

CREATE FUNCTION kernel_tally_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
  moved bigint := 0;
  line bigint;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM kernel_tally_anew(TG_TABLE_NAME);
    RETURN NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF TG_ARGV[0] = 'standing' THEN
      moved := (SELECT count(*) FROM touched WHERE voided_at IS NULL);
    ELSE
      moved := (SELECT count(*) FROM touched);
    END IF;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    IF TG_ARGV[0] = 'standing' THEN
      moved := moved - (SELECT count(*) FROM before WHERE voided_at IS NULL);
    ELSE
      moved := moved - (SELECT count(*) FROM before);
    END IF;
  END IF;
  IF moved = 0 THEN
    RETURN NULL;
  END IF;
  INSERT INTO kernel_rowtally (source, change) VALUES (TG_TABLE_NAME, moved) RETURNING id INTO line;
  IF line % 64 = 0 THEN
    -- What another transaction folds or has counted anew is left to it.
    WITH folded AS (
      DELETE FROM kernel_rowtally WHERE id IN (SELECT id FROM kernel_rowtally FOR UPDATE SKIP LOCKED)
      RETURNING source, change)
    INSERT INTO kernel_rowtally (source, change) SELECT source, sum(change) FROM folded GROUP BY source;
  END IF;
  RETURN NULL;
END $$;
"""
UNDO = """
DROP FUNCTION kernel_tally_moves() CASCADE;
DROP FUNCTION kernel_tally_anew(text);
"""


class Migration(migrations.Migration):
    """Who sees a whole register is told its size at the first look after a change, too."""

    dependencies = [("kernel", "0012_changes_by_transaction")]
    operations = [
        migrations.CreateModel(
            name="RowTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=63)),
                ("change", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "登记条数",
                "indexes": [models.Index(fields=["source"], name="tally_of_register")],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

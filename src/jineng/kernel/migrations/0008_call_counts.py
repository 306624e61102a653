"""How often the same caller knocks is counted once for all processes that serve, by functions of the database."""

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = """
ALTER TABLE kernel_callcount SET UNLOGGED;

CREATE FUNCTION kernel_count_calls(keys text[], most int[], spans float8[]) RETURNS float8 LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE moment float8 := extract(epoch FROM clock_timestamp()); counted float8[];
BEGIN
  FOR place IN 1 .. cardinality(keys) LOOP
    INSERT INTO kernel_callcount AS known (key, hits, until)
    VALUES (keys[place], ARRAY[moment], to_timestamp(moment + spans[place]))
    ON CONFLICT (key) DO UPDATE SET
      hits = (ARRAY[moment] || ARRAY(SELECT hit FROM unnest(known.hits) AS hit WHERE hit > moment - spans[place]
                                     ORDER BY hit DESC))[1 : most[place] + 1],
      until = excluded.until
    RETURNING hits INTO counted;
    IF cardinality(counted) > most[place] THEN
      -- A call that is turned away does not count where it is, so that the door opens again as if it had not come.
      UPDATE kernel_callcount SET hits = hits[2:] WHERE key = keys[place];
      RETURN NULL;
    END IF;
  END LOOP;
  IF random() < 0.01 THEN
    DELETE FROM kernel_callcount WHERE key IN (
      SELECT old.key FROM kernel_callcount AS old WHERE old.until < clock_timestamp() LIMIT 1000
      FOR UPDATE SKIP LOCKED);
  END IF;
  RETURN moment;
END $$;

CREATE FUNCTION kernel_uncount_calls(keys text[], counted float8) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public AS $$
  UPDATE kernel_callcount SET hits = array_remove(hits, counted) WHERE key = ANY(keys);
$$;
"""
UNDO = """
DROP FUNCTION kernel_uncount_calls(text[], float8);
DROP FUNCTION kernel_count_calls(text[], int[], float8[]);
"""


class Migration(migrations.Migration):
    """One count for all processes."""

    dependencies = [("kernel", "0007_owned_keys")]
    operations = [
        migrations.CreateModel(
            name="CallCount",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("hits", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ("until", models.DateTimeField(db_index=True)),
            ],
            options={"verbose_name": "访问计数"},
        ),
        migrations.RunSQL(SQL, UNDO),
    ]

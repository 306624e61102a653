"""Foreign keys of the registers, checked once for each statement instead of once for each row.

PostgreSQL checks a foreign key row by row: three microseconds for each, which is half of what the database does in a
large landing. Here one trigger for each register joins all rows that a statement added to what they refer to. The
constraints themselves stay declared; updates of referring rows and deletions of what is referred to are checked by
PostgreSQL as ever.

Between the check and the commit, what is referred to must stay. Rows of registers do: they are struck out, never
deleted, and keep their ids, which a trigger sees to. Rows of other tables are locked as PostgreSQL would lock them.

Only a superuser may put a constraint's own check of inserted rows to rest. Where the owner is none, all stays with
PostgreSQL, and landings take longer.
"""

from __future__ import annotations

from typing import Any, LiteralString

from django.apps import apps
from psycopg import sql

from jineng.kernel.records import Recorded

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kernel_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of "%" are struck out, never deleted, and keep their ids', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE OR REPLACE FUNCTION kernel_rows_refer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  question text;
  missing text;
BEGIN
  IF NOT EXISTS (SELECT FROM fresh) THEN
    RETURN NULL;
  END IF;
  -- TG_ARGV: of each foreign key the name, the column, the table and the column referred to, and whether its rows stay.
  FOR i IN 0 .. TG_NARGS / 5 - 1 LOOP
    IF TG_ARGV[5 * i + 4]::boolean THEN
      question := 'SELECT min(%1$I::text) FROM fresh '
        'WHERE %1$I IS NOT NULL AND NOT EXISTS (SELECT FROM ONLY %2$I AS found WHERE found.%3$I = fresh.%1$I)';
    ELSE
      question := 'WITH wanted AS MATERIALIZED (SELECT DISTINCT %1$I AS key FROM fresh WHERE %1$I IS NOT NULL), '
        'found AS MATERIALIZED (SELECT %3$I AS key FROM ONLY %2$I WHERE %3$I IN (TABLE wanted) FOR KEY SHARE) '
        'SELECT min(key::text) FROM wanted WHERE key NOT IN (TABLE found)';
    END IF;
    -- Executed as text, so that it is planned for as many rows as there are this time.
    EXECUTE format(question, TG_ARGV[5 * i + 1], TG_ARGV[5 * i + 2], TG_ARGV[5 * i + 3]) INTO missing;
    IF missing IS NOT NULL THEN
      RAISE EXCEPTION 'insert on table "%" violates foreign key constraint "%"', TG_TABLE_NAME, TG_ARGV[5 * i]
        USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_ARGV[5 * i],
          DETAIL = format('Key (%s)=(%s) is not present in table "%s".',
            TG_ARGV[5 * i + 1], missing, TG_ARGV[5 * i + 2]);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
"""
REFERENCES = """
SELECT referring.relname, fk.conname, own.attname, referred.relname, theirs.attname, check_of_inserts.tgname
FROM pg_constraint AS fk
JOIN pg_class AS referring ON referring.oid = fk.conrelid AND referring.relnamespace = 'public'::regnamespace
JOIN pg_class AS referred ON referred.oid = fk.confrelid
JOIN pg_attribute AS own ON own.attrelid = fk.conrelid AND own.attnum = fk.conkey[1]
JOIN pg_attribute AS theirs ON theirs.attrelid = fk.confrelid AND theirs.attnum = fk.confkey[1]
JOIN pg_trigger AS check_of_inserts ON check_of_inserts.tgconstraint = fk.oid AND check_of_inserts.tgrelid = fk.conrelid
JOIN pg_proc AS what ON what.oid = check_of_inserts.tgfoid AND what.proname = 'RI_FKey_check_ins'
WHERE fk.contype = 'f' AND cardinality(fk.conkey) = 1 AND referring.relname = ANY(%s)
ORDER BY referring.relname, fk.conname
"""


def check_by_set(cursor: Any) -> None:
    """Keep the rows of every register, and let their foreign keys be checked once for each insert.

    Idempotent; needs the owner's credentials. Where the owner is no superuser, PostgreSQL goes on checking row by row.
    """
    cursor.execute(FUNCTIONS)
    registers = [model._meta.db_table for model in apps.get_models() if issubclass(model, Recorded)]
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)", [registers])
    for (table,) in cursor.fetchall():
        _trigger(cursor, "rows_stay BEFORE DELETE OR UPDATE OF id", table, "", sql.SQL("kernel_rows_stay()"))
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(REFERENCES, [registers])
    keys: dict[str, list[str]] = {}
    for table, constraint, column, referred, theirs, check in cursor.fetchall():
        silence = sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}")
        cursor.execute(silence.format(sql.Identifier(table), sql.Identifier(check)))
        keys.setdefault(table, []).extend((constraint, column, referred, theirs, str(referred in registers).lower()))
    for table, arguments in keys.items():
        call = sql.SQL("kernel_rows_refer({})").format(sql.SQL(", ").join(map(sql.Literal, arguments)))
        _trigger(cursor, "rows_refer AFTER INSERT", table, "REFERENCING NEW TABLE AS fresh", call)


def _trigger(cursor: Any, when: LiteralString, table: str, rows: LiteralString, call: sql.Composable) -> None:
    cursor.execute(
        sql.SQL("CREATE OR REPLACE TRIGGER {} ON {} {} FOR EACH STATEMENT EXECUTE FUNCTION {}").format(
            sql.SQL(when), sql.Identifier(table), sql.SQL(rows), call
        )
    )

"""A reference year multiplied: copies of institutions with everything they reported, made by the owner in SQL.

The copies keep every relation among themselves. A copy's id is the digest of the original's id and the copy's
number, so a foreign key to a copied row is found without a look-up. Authorities, divisions, calls, the catalogue
and people are not copied: a province a hundred times as large has no hundred provincial departments.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

AUTHORITIES = ("education_department", "government_department")


@dataclass(frozen=True)
class Copied:
    """How one table is copied: which columns point to copied rows, and what is written anew.

    ``ids`` maps columns to what they point at: ``own`` (always copied) or ``organisation`` (copied unless it is an
    authority). ``anew`` maps columns to SQL with ``n`` as the copy's number; ``rows`` picks the rows to copy.
    """

    table: str
    ids: dict[str, str]
    anew: dict[str, str]
    rows: str = "true"


TABLES = (
    Copied(
        "registry_organisation",
        {"id": "own", "authority_id": "organisation"},
        {"code": "substr(md5(o.code || n), 1, 18)", "credit_code": "''", "name": "o.name || n || '分校'"},
        "o.kind <> ALL(%(authorities)s)",
    ),
    Copied(
        "registry_organisationstate",
        {"id": "own", "organisation_id": "own", "authority_id": "organisation", "related_id": "organisation"},
        {"name": "o.name || n || '分校'"},
        "o.kind <> ALL(%(authorities)s)",
    ),
    Copied("registry_reach", {"organisation_id": "own", "authority_id": "organisation"}, {}, "{institution}"),
    Copied("majors_majoroffering", {"id": "own", "organisation_id": "own"}, {}),
    Copied(
        "calls_award",
        {"id": "own", "organisation_id": "organisation"},
        {"title": "left(o.title, 190) || '·' || n"},
    ),
    Copied("calls_awardstatus", {"id": "own", "award_id": "own"}, {}),
    Copied("calls_awardholder", {"id": "own", "award_id": "own", "organisation_id": "organisation"}, {}),
    Copied("calls_awardparty", {"award_id": "own", "organisation_id": "organisation"}, {}),
    Copied("majors_majorofferingevent", {"pgh_obj_id": "own", "id": "own", "organisation_id": "own"}, {}),
    Copied("calls_awardevent", {"pgh_obj_id": "own", "id": "own", "organisation_id": "organisation"}, {}),
    Copied("calls_awardstatusevent", {"pgh_obj_id": "own", "id": "own", "award_id": "own"}, {}),
    Copied(
        "kernel_receipt",
        {"id": "own"},
        {"file_name": "n || '-' || o.file_name", "submitted_at": "o.submitted_at - n * interval '1 hour'"},
    ),
    Copied(
        "kernel_auditline",
        {"deed": "own"},
        {"at": "o.at - n * interval '1 hour'"},
    ),
)
OWN = "md5({column}::text || n)::uuid"
IS_INSTITUTION = "{column} IN (SELECT id FROM institution)"
SERIALS = ("pgh_id",)


def multiply(url: str, times: int) -> dict[str, int]:
    """Make ``times - 1`` copies of the reference year in the database at ``url`` (the owner's).

    Triggers are off meanwhile, history is copied like everything else. Returns the rows of each table afterwards.
    """
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute(
            "CREATE TEMP TABLE institution ON COMMIT DROP AS SELECT id FROM registry_organisation"
            " WHERE kind <> ALL(%s)",
            [list(AUTHORITIES)],
        )
        cursor.execute("ANALYZE institution")
        for copied in TABLES:
            statement = _statement(copied, _columns(cursor, copied.table))
            cursor.execute(statement, {"times": times, "authorities": list(AUTHORITIES)})
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
        return {copied.table: _count(cursor, copied.table) for copied in TABLES}


def _columns(cursor: psycopg.Cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall() if name not in SERIALS]


def _statement(copied: Copied, columns: list[str]) -> sql.Composed:
    values = sql.SQL(", ").join(_value(copied, name) for name in columns)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    rows = copied.rows.replace("{institution}", IS_INSTITUTION.format(column="o.organisation_id"))
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS o"
        " CROSS JOIN generate_series(2, %(times)s) AS n WHERE {rows} ON CONFLICT DO NOTHING"
    ).format(table=sql.Identifier(copied.table), names=names, values=values, rows=sql.SQL(rows))


def _value(copied: Copied, name: str) -> sql.Composable:
    column = f'o."{name}"'
    own = OWN.format(column=column)
    if name in copied.anew:
        return sql.SQL(copied.anew[name])
    match copied.ids.get(name):
        case "own":
            return sql.SQL(own)
        case "organisation":
            return sql.SQL(f"CASE WHEN {IS_INSTITUTION.format(column=column)} THEN {own} ELSE {column} END")
        case _:
            return sql.SQL(column)


def _count(cursor: psycopg.Cursor, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    row = cursor.fetchone()
    return int(row[0]) if row else 0

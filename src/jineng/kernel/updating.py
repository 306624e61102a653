"""Many rows written by one statement.

Django's ``bulk_update`` writes a ``CASE`` with a branch for every row and column, each resolved by itself: a thousand
rows take it longer to say than the database to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models


def update_many(rows: Sequence[models.Model], fields: Sequence[str]) -> int:
    """Write these fields of rows of one model as they are now; returns how many rows the database wrote.

    Walls, constraints and triggers hold as for any update. Rows that are not there, or not the actor's to write, are
    passed over, as ``bulk_update`` does.

    Raises:
        TypeError: a field is itself an array, of which a list of values cannot be told apart.
    """
    if not rows:
        return 0
    meta = type(rows[0])._meta
    columns: list[Any] = [meta.pk, *map(meta.get_field, fields)]
    if any(isinstance(field, ArrayField) for field in columns):
        raise TypeError(f"{meta.label}: {', '.join(fields)}")
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in columns]
    quote = connection.ops.quote_name
    table, names = quote(meta.db_table), [quote(field.column) for field in columns]
    lists = ", ".join(f"%s::{_bare_type(field)}[]" for field in columns)
    written = ", ".join(f"{name} = told.{name}" for name in names[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {written} FROM unnest({lists}) AS told({', '.join(names)}) "  # noqa: S608 all quoted
            f"WHERE {table}.{names[0]} = told.{names[0]}",
            values,
        )
        return int(cursor.rowcount)


def _bare_type(field: models.Field[Any, Any]) -> str:
    """The type without length and precision, which the column holds values to; a cast would cut them off."""
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)).split("(")[0]

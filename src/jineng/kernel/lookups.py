"""Ways to ask the database that Django lacks: ``among``, which is ``in`` for a subquery that an index can answer, and
`there_is`, which is ``Exists`` for the rows of one page."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Field, ForeignKey, Lookup, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler


class Among(Lookup):  # type: ignore[type-arg]
    """``field__among=queryset``: the column is one of the values of a subquery of one column, or of a list.

    The database reads the subquery first and looks each value up. With ``in`` it does so too, but not where ``OR``
    joins several: then it holds every row of the table against each. To be used where the subquery is short. A list is
    one parameter, however long it is.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """``column = ANY(ARRAY(SELECT …))``, or ``column = ANY(values)``."""
        column, column_values = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, list):
            return f"{column} = ANY(%s)", (*column_values, self.rhs)
        subquery, values = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{subquery})", (*column_values, *values)


def there_is(rows: QuerySet[Any]) -> Coalesce:
    """Whether there is one of ``rows``, looked up for each record that is shown.

    The same as ``Exists``, for which the database reads the whole table once when it expects many records.
    """
    return Coalesce(Subquery(rows.order_by().values(found=Value(True))[:1], output_field=BooleanField()), Value(False))


def register_lookups() -> None:
    """Make the lookup known for columns and for foreign keys."""
    Field.register_lookup(Among)
    ForeignKey.register_lookup(Among)

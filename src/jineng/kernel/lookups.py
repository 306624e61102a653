"""A lookup that Django lacks: ``among``, which is ``in`` for a subquery that an index can answer."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Lookup
from django.db.models.sql.compiler import SQLCompiler


class Among(Lookup):  # type: ignore[type-arg]
    """``field__among=queryset``: the column is one of the values of a subquery of one column.

    The database reads the subquery first and looks each value up. With ``in`` it does so too, but not where ``OR``
    joins several: then it holds every row of the table against each. To be used where the subquery is short.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """``column = ANY(ARRAY(SELECT …))``."""
        column, column_values = self.process_lhs(compiler, connection)
        subquery, values = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{subquery})", (*column_values, *values)


def register_lookups() -> None:
    """Make the lookup known for columns and for foreign keys."""
    Field.register_lookup(Among)
    ForeignKey.register_lookup(Among)

"""How many rows of a register stand is kept beside it, so that a list of all of it need not count them.

Each statement that changes the number leaves a line with the difference, in its own transaction: what is summed is what
counting would find, whoever asks and within whichever transaction, and no writer waits for another. Now and
then the trigger folds the lines that nobody holds into one for each register.

Tallies tell of whole registers, so they are told only to who sees everything; whoever sees a part has it counted.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull
from django.db.models.sql.where import AND, WhereNode

from jineng.kernel.actors import current_actor
from jineng.kernel.models import RowTally
from jineng.kernel.prepared import value_of
from jineng.kernel.records import Recorded
from jineng.kernel.remembering import deaf, note_read
from jineng.kernel.walls import is_narrowed

_TOLD = f"SELECT sum(change) FROM {RowTally._meta.db_table} WHERE source = $1"  # noqa: S608 the model's own table
_CHANGES = {
    "insert": "REFERENCING NEW TABLE AS touched",
    "update": "REFERENCING OLD TABLE AS before NEW TABLE AS touched",
    "delete": "REFERENCING OLD TABLE AS before",
    "truncate": "",
}
_STRIKES_OUT = "SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'voided_at' AND NOT attisdropped"
_tallied: set[str] = set()


def keep_tally(*tables: str) -> None:
    """Have the rows of registers counted as they change; called once, when the room's app is ready."""
    _tallied.update(tables)


def tallied() -> frozenset[str]:
    """The registers that have a tally."""
    return frozenset(_tallied)


def raise_tallies(connection: BaseDatabaseWrapper, present: set[str]) -> None:
    """Put the triggers on the registers of ``present`` that have a tally, and count each anew; needs the owner.

    Writers of registers wait while one is counted.
    """
    for table in sorted(_tallied & present):
        with connection.cursor() as cursor:
            cursor.execute(_STRIKES_OUT, [table])
            which = "all" if cursor.fetchone() is None else "standing"
            for event, rows in _CHANGES.items():
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER tally_moves_on_{event} AFTER {event} "
                    f"ON \"{table}\" {rows} FOR EACH STATEMENT EXECUTE FUNCTION kernel_tally_moves('{which}')"
                )
            tally_anew(cursor, table)


def tally_anew(cursor: Any, *tables: str) -> None:
    """Count registers anew, by default all: for whoever wrote them past their triggers, as their owner."""
    for table in tables or sorted(_tallied):
        cursor.execute("SELECT kernel_tally_anew(%s)", [table])


def tally_of(rows: QuerySet[Any]) -> int | None:
    """How many ``rows`` there are where they are all that stand of a tallied register and the actor sees them all.

    None where that is not so: then they are to be counted.
    """
    actor, table = current_actor(), rows.model._meta.db_table
    if table not in _tallied or actor is None or not actor.sees_all or is_narrowed(table) or not _is_whole(rows):
        return None
    with deaf():
        told = value_of(_TOLD, table)
    note_read(table)
    return None if told is None else int(told)


def _is_whole(rows: QuerySet[Any]) -> bool:
    """Whether rows are all of their register that stand, or all there are of one in which nothing is struck out."""
    query = rows.query
    if query.combinator or query.distinct or query.group_by is not None or query.is_sliced or query.extra_tables:
        return False
    if sum(map(bool, query.alias_refcount.values())) > 1:
        return False
    leaves = _leaves(query.where)
    if leaves is None or bool(leaves) != issubclass(rows.model, Recorded):
        return False
    return all(_says_it_stands(leaf, rows.model._meta.db_table) for leaf in leaves)


def _says_it_stands(leaf: Any, table: str) -> bool:
    if not isinstance(leaf, IsNull) or leaf.rhs is not True or not isinstance(leaf.lhs, Col):
        return False
    return (leaf.lhs.alias, leaf.lhs.target.column) == (table, "voided_at")


def _leaves(where: WhereNode) -> list[Any] | None:
    """The conditions that rows are all under; None where some are joined in another way."""
    if where.negated or (where.connector != AND and len(where.children) > 1):
        return None
    found: list[Any] = []
    for child in where.children:
        leaves = _leaves(child) if isinstance(child, WhereNode) else [child]
        if leaves is None:
            return None
        found += leaves
    return found

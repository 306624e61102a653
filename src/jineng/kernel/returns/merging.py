"""Set-based merging of rows into a register, by natural key, in a handful of statements whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.records import Recorded
from jineng.kernel.returns.staging import Staged, new_ids
from jineng.kernel.returns.underway import UnderWay
from jineng.kernel.verbs import origin

LANDING = sql.Identifier("landing_rows")
SCOPE = sql.SQL(
    "(%(sees_all)s OR known.reporter_id IS NULL OR known.reporter_id = ANY(ARRAY("
    "SELECT organisation_id FROM registry_reach WHERE authority_id = %(organisation)s)))"
)
EARLIER = sql.SQL(
    "SELECT earlier.id FROM kernel_receipt AS earlier JOIN kernel_receipt AS this USING (digest) "
    "WHERE this.id = %(receipt)s AND earlier.id <> this.id"
)


@dataclass(frozen=True)
class Field:
    """A column of the target table.

    ``key`` columns make the natural key. ``first`` columns are written when the record is new and belong to other
    records afterwards (an organisation's name is told by its states), so they are neither compared nor corrected.
    """

    column: str
    key: bool = False
    first: bool = False


@dataclass(frozen=True)
class Merge:
    """How rows merge into ``model``: by natural key; equal facts change nothing, other facts correct.

    ``fields`` are database columns in the order of the rows' values; ``sheet_columns`` name, for each field, the
    sheet's column under which a conflict is reported.
    """

    model: type[Recorded]
    fields: tuple[Field, ...]
    sheet_columns: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the database columns."""
        return tuple(item.column for item in self.fields)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns of the natural key."""
        return tuple(item.column for item in self.fields if item.key)

    @property
    def facts(self) -> tuple[str, ...]:
        """Columns that a correction may change."""
        return tuple(item.column for item in self.fields if not item.key and not item.first)


@dataclass
class Outcome:
    """What one sheet did: numbers of records added, corrected, found unchanged, confirmed by a second reporter.

    ``ids`` are those of the records that the rows of one merge became or met, in their order; None for a row by
    which nothing came back that was struck out.
    """

    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    confirmed: int = 0
    ids: list[str | None] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Add another outcome's numbers to this one."""
        self.added += other.added
        self.corrected += other.corrected
        self.unchanged += other.unchanged
        self.confirmed += other.confirmed

    def as_counts(self) -> dict[str, int]:
        """The numbers by name."""
        return {
            "added": self.added,
            "corrected": self.corrected,
            "unchanged": self.unchanged,
            "confirmed": self.confirmed,
        }


def merge(
    actor: Actor,
    receipt_id: UUID,
    spec: Merge,
    indices: Sequence[int],
    rows: Sequence[Sequence[Any]],
    meanwhile: UnderWay,
) -> tuple[Outcome, list[tuple[int, int]]]:
    """Merge ``rows`` into ``spec.model``; see :meth:`Hall.merge`. Where all are new, they are inserted ``meanwhile``.

    Returns the outcome and the conflicts as (row index, position of the differing field).
    """
    if not rows:
        return Outcome(), []
    names = _Names(spec)
    values: dict[str, Any] = {
        "now": clock.now(),
        "sees_all": actor.sees_all,
        "organisation": actor.organisation_id,
        "receipt": receipt_id,
        "table": spec.model._meta.db_table,
        **origin(),
    }
    fresh = new_ids(len(rows))
    staged = Staged.of(("row_index", "new_id", *spec.columns), (indices, fresh, *_by_column(rows)))
    corrected = confirmed = 0
    with connection.cursor() as cursor:
        cursor.execute(names.create_landing())
        staged.into(cursor, LANDING)
        for statement in names.analyse():
            cursor.execute(statement)
        known = _count(cursor, names.match(), values)
        struck = _count(cursor, names.strike(), values) if _came_before(cursor, values) else 0
        drop = sql.SQL("DROP TABLE {}").format(LANDING)
        if not known and not struck:
            meanwhile.send((names.insert(), drop), values)
            return Outcome(added=len(rows), ids=[*fresh]), []
        if known:
            conflicts = _conflicts(cursor, spec, names)
            if conflicts:
                cursor.execute(drop)
                return Outcome(), conflicts
            corrected = _count(cursor, names.correct(), values)
        added = _count(cursor, names.insert(), values)
        if known:
            confirmed = _count(cursor, names.confirm(), values)
        cursor.execute(names.identify())
        found = dict(cursor.fetchall())
        cursor.execute(drop)
    ids = [found[index] for index in indices]
    return Outcome(added, corrected, len(rows) - added - corrected, confirmed, ids), []


def _by_column(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The values of rows of one length by column; ``zip`` takes four times as long for many rows."""
    (width,) = set(map(len, rows))
    return [list(map(itemgetter(place), rows)) for place in range(width)]


def _came_before(cursor: Any, values: dict[str, Any]) -> bool:
    cursor.execute(sql.SQL("SELECT EXISTS ({})").format(EARLIER), values)
    return bool(cursor.fetchone()[0])


def _count(cursor: Any, statement: sql.Composable, values: dict[str, Any]) -> int:
    cursor.execute(statement, values)
    return int(cursor.rowcount)


def _conflicts(cursor: Any, spec: Merge, names: _Names) -> list[tuple[int, int]]:
    cursor.execute(names.differences())
    facts = [position for position, item in enumerate(spec.fields) if item.column in spec.facts]
    return [(index, facts[differs.index(True)]) for index, *differs in cursor.fetchall() if True in differs]


class _Names:
    """The statements of one merge, with its table's and columns' names filled in."""

    def __init__(self, spec: Merge) -> None:
        self.table = sql.Identifier(spec.model._meta.db_table)
        self.fields = [sql.Identifier(name) for name in spec.columns]
        self.columns = sql.SQL(", ").join(self.fields)
        self.key = [sql.Identifier(name) for name in spec.key]
        self.facts = [sql.Identifier(name) for name in spec.facts]

    def create_landing(self) -> sql.Composed:
        return sql.SQL(
            "CREATE TEMP TABLE {landing} ON COMMIT DROP AS "
            "SELECT 0::int AS row_index, NULL::uuid AS new_id, {columns}, NULL::uuid AS known_id, "
            "false AS same, false AS mine, NULL::uuid AS reporter, false AS struck "
            "FROM {table} WITH NO DATA"
        ).format(landing=LANDING, columns=self.columns, table=self.table)

    def analyse(self) -> Iterator[sql.Composed]:
        """A small sample will do: the planner needs to know how many rows there are, and how alike their keys."""
        for key in self.key:
            yield sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS 10").format(LANDING, key)
        yield sql.SQL("ANALYZE {} ({})").format(LANDING, sql.SQL(", ").join(self.key))

    def match(self) -> sql.Composed:
        same = self._all(self.facts, "IS NOT DISTINCT FROM") if self.facts else sql.SQL("true")
        return sql.SQL(
            "UPDATE {landing} AS landed SET known_id = known.id, same = ({same}), mine = {scope}, "
            "reporter = known.reporter_id FROM {table} AS known WHERE known.voided_at IS NULL AND {key}"
        ).format(landing=LANDING, same=same, scope=SCOPE, table=self.table, key=self._all(self.key, "="))

    def strike(self) -> sql.Composed:
        """Rows by which the very same file brought what was struck out since: it does not come back by them."""
        return sql.SQL(
            "UPDATE {landing} AS landed SET struck = true FROM {table} AS known "
            "WHERE landed.known_id IS NULL AND known.voided_at IS NOT NULL AND {key} "
            "AND known.origin_id IN ({earlier})"
        ).format(landing=LANDING, table=self.table, key=self._all(self.key, "="), earlier=EARLIER)

    def differences(self) -> sql.Composed:
        differs: list[sql.Composable] = [
            sql.SQL("(known.{0} IS DISTINCT FROM landed.{0})").format(fact) for fact in self.facts
        ]
        return sql.SQL(
            "SELECT row_index, {differs} FROM {landing} AS landed JOIN {table} AS known ON known.id = landed.known_id "
            "WHERE NOT same AND NOT mine ORDER BY row_index"
        ).format(differs=sql.SQL(", ").join(differs or [sql.SQL("false")]), landing=LANDING, table=self.table)

    def correct(self) -> sql.Composable:
        if not self.facts:
            return sql.SQL("SELECT WHERE false")
        settings = sql.SQL(", ").join(sql.SQL("{0} = landed.{0}").format(fact) for fact in self.facts)
        return sql.SQL(
            "UPDATE {table} AS known SET {settings}, origin_kind = %(origin_kind)s, origin_id = %(origin_id)s "
            "FROM {landing} AS landed WHERE known.id = landed.known_id AND NOT landed.same AND landed.mine"
        ).format(table=self.table, settings=settings, landing=LANDING)

    def insert(self) -> sql.Composed:
        return sql.SQL(
            "INSERT INTO {table} (id, recorded_at, origin_kind, origin_id, reporter_id, void_reason, {columns}) "
            "SELECT new_id, %(now)s, %(origin_kind)s, %(origin_id)s, %(reporter_id)s, '', {columns} "
            "FROM {landing} WHERE known_id IS NULL AND struck IS NOT TRUE"
        ).format(table=self.table, columns=self.columns, landing=LANDING)

    def confirm(self) -> sql.Composed:
        return sql.SQL(
            "INSERT INTO kernel_confirmation (id, record_table, record_id, reporter_id, receipt_id, confirmed_at) "
            "SELECT gen_random_uuid(), %(table)s, known_id, %(reporter_id)s, %(receipt)s, %(now)s FROM {landing} "
            "WHERE known_id IS NOT NULL AND same AND reporter IS DISTINCT FROM %(reporter_id)s "
            "ON CONFLICT DO NOTHING"
        ).format(landing=LANDING)

    def identify(self) -> sql.Composed:
        return sql.SQL(
            "SELECT row_index, coalesce(known_id, CASE WHEN struck IS NOT TRUE THEN new_id END)::text FROM {}"
        ).format(LANDING)

    def _all(self, names: Sequence[sql.Identifier], operator: str) -> sql.Composed:
        return sql.SQL(" AND ").join(
            sql.SQL("known.{0} {1} landed.{0}").format(name, sql.SQL(operator)) for name in names
        )

"""The second wall: PostgreSQL roles, grants and row-level security, raised from declarations.

Each room's ``policies.py`` declares a :class:`Wall` for each of its tables. After every migration the
walls are raised anew from the declarations, so that code and database cannot drift apart. A table of a
room without a wall is a start-up error (``manage.py check``) and a failing test.

The application role neither owns the tables nor bypasses row-level security. ``jineng_reader`` computes
figures: it reads nothing but the views of the schema ``facts``, one for each source that rooms declared, which hold
all rows but only de-identified columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

APPLICATION_ROLE = "jineng_app"
READER_ROLE = "jineng_reader"
FACTS = "facts"
ROOMS = "jineng."
VERSIONS = ("kernel_registerversion", "kernel_sourcechange", "kernel_sourceversion")
"""Open tables that everybody reads and nothing but triggers writes."""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION jineng_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('jineng.organisation', true), '')::uuid $$;
CREATE OR REPLACE FUNCTION jineng_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('jineng.account', true), '')::bigint $$;
"""

KNOWN = "(SELECT jineng_organisation() IS NOT NULL)"
REACH = "ARRAY(SELECT organisation_id FROM registry_reach WHERE authority_id = (SELECT jineng_organisation()))"
ALL = "(SELECT jineng_sees_all())"


@dataclass(frozen=True)
class Wall:
    """Which rows of a table the application role sees and writes.

    ``see`` and ``write`` are SQL conditions; ``{reach}``, ``{all}`` and ``{known}`` stand for the organisations
    in the session's scope, the root's sight of everything, and "a scope is set". ``write=None`` means that
    what is seen may be written; what is not seen is neither changed nor removed, whatever ``write`` says.
    ``add_only`` tables take inserts but neither updates nor deletes; ``by_triggers_only`` tables take nothing but what
    triggers write with their owner's rights.
    """

    table: str
    see: str
    write: str | None = None
    add_only: bool = False
    by_triggers_only: bool = False

    @property
    def refused(self) -> str:
        """The privileges that the application role does not get on the table."""
        return "INSERT, UPDATE, DELETE" if self.by_triggers_only else "UPDATE, DELETE" if self.add_only else ""

    @property
    def is_history(self) -> bool:
        """Whether the table holds another's events."""
        return self.table.endswith("event")

    def statements(self) -> Iterable[str]:
        """SQL that puts this wall up, replacing an older one."""
        see, write = self._fill(self.see), self._fill(self.write if self.write is not None else self.see)
        yield f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY'
        for policy in ("seen", "added", "changed", "removed"):
            yield f'DROP POLICY IF EXISTS {policy} ON "{self.table}"'
        yield f'CREATE POLICY seen ON "{self.table}" FOR SELECT TO {APPLICATION_ROLE} USING ({see})'
        if self.by_triggers_only:
            return
        yield f'CREATE POLICY added ON "{self.table}" FOR INSERT TO {APPLICATION_ROLE} WITH CHECK ({write})'
        if not self.add_only:
            # PostgreSQL asks the policy of reading only where a statement reads: UPDATE without WHERE does not.
            reachable = write if write == see else f"({see}) AND ({write})"
            yield (
                f'CREATE POLICY changed ON "{self.table}" FOR UPDATE TO {APPLICATION_ROLE} '
                f"USING ({reachable}) WITH CHECK ({write})"
            )
            yield f'CREATE POLICY removed ON "{self.table}" FOR DELETE TO {APPLICATION_ROLE} USING ({reachable})'

    @staticmethod
    def _fill(condition: str) -> str:
        return condition.format(reach=REACH, all=ALL, known=KNOWN)


def history_wall(table: str) -> Wall:
    """The wall of a table's events: seen where their object is seen, written by triggers only."""
    return Wall(
        f"{table}event",
        see=f"EXISTS (SELECT 1 FROM {table} AS tracked WHERE tracked.id = {table}event.pgh_obj_id)",
        by_triggers_only=True,
    )


_walls: dict[str, Wall] = {}
_narrowings: dict[str, list[str]] = {}


def declare(*walls: Wall) -> None:
    """Add the walls of a room; called once, when the room's app is ready."""
    _walls.update({wall.table: wall for wall in walls})


def narrow(table: str, condition: str) -> None:
    """Let a room hide rows of a table of a floor below that are about what it keeps from somebody; for everybody, the
    root included. What may be added does not change."""
    _narrowings.setdefault(table, []).append(condition)


def declared() -> dict[str, Wall]:
    """All walls by table name, as the rooms have narrowed them."""
    return {table: _narrowed(wall) for table, wall in _walls.items()}


def is_narrowed(table: str) -> bool:
    """Whether a room hides rows of the table even from who sees everything."""
    return table in _narrowings


def _narrowed(wall: Wall) -> Wall:
    conditions = [f"({condition})" for condition in _narrowings.get(wall.table, ())]
    if not conditions:
        return wall
    written = wall.see if wall.write is None else wall.write
    return replace(wall, see=" AND ".join([f"({wall.see})", *conditions]), write=written)


def room_tables() -> set[str]:
    """Tables that belong to rooms, event tables included."""
    return {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith(ROOMS)
        for model in config.get_models(include_auto_created=True)
    }


def raise_walls(connection: BaseDatabaseWrapper) -> None:
    """Create roles' grants and all policies; idempotent. Needs the owner's credentials."""
    from jineng.kernel.foreign_keys import check_by_set
    from jineng.kernel.measures import sources
    from jineng.kernel.tallies import raise_tallies

    present = set(connection.introspection.table_names())
    if "registry_reach" not in present:
        return
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APPLICATION_ROLE}")
        for wall in declared().values():
            if wall.table in present:
                for statement in wall.statements():
                    cursor.execute(statement)
                if wall.refused:
                    cursor.execute(f'REVOKE {wall.refused} ON "{wall.table}" FROM {APPLICATION_ROLE}')
        _give_history_its_owners_rights(cursor)
        check_by_set(cursor)
        cursor.execute(f"DROP SCHEMA IF EXISTS {FACTS} CASCADE")
        cursor.execute(f"CREATE SCHEMA {FACTS}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {FACTS} TO {READER_ROLE}")
        for name in sources.names():
            if name in present:
                columns = ", ".join(f'"{column}"' for column in sources[name].columns)
                cursor.execute(f'CREATE VIEW {FACTS}."{name}" AS SELECT {columns} FROM public."{name}"')
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {FACTS} TO {READER_ROLE}")
        if present.issuperset(VERSIONS):
            _follow_changes(cursor, sorted(present & (followed_tables() | set(sources.names()))))
    if "kernel_rowtally" in present:
        raise_tallies(connection, present)


def followed_tables() -> set[str]:
    """Walled tables of rooms, which have versions. Histories have none, nor have the kernel's own tables: every deed
    writes to these, and writers of one table wait for each other when they commit."""
    return {name for name, wall in _walls.items() if not wall.is_history and not name.startswith("kernel_")}


CHANGES = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
"""What changes rows, and the transition table by which a trigger tells whether it changed any."""


def _follow_changes(cursor: Any, tables: list[str]) -> None:
    """Have every change of these tables move their versions (see ``kernel.models.SourceVersion``)."""
    cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(VERSIONS)} FROM {APPLICATION_ROLE}")
    act = "FOR EACH STATEMENT EXECUTE FUNCTION kernel_source_changed()"
    for table in tables:
        for event, rows in CHANGES.items():
            cursor.execute(
                f'CREATE OR REPLACE TRIGGER version_moves_on_{event.lower()} AFTER {event} ON public."{table}" '
                f"REFERENCING {rows} TABLE AS touched {act}"
            )
        cursor.execute(f'CREATE OR REPLACE TRIGGER version_moves_on_truncate AFTER TRUNCATE ON public."{table}" {act}')
        cursor.execute(
            "INSERT INTO kernel_sourceversion (source, token) VALUES (%s, gen_random_uuid()) ON CONFLICT DO NOTHING",
            [table],
        )


def _give_history_its_owners_rights(cursor: Any) -> None:
    """Let the triggers that write events do so as the tables' owner, so that nobody else can."""
    cursor.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        r"WHERE n.nspname = 'public' AND p.proname LIKE 'pgtrigger\_%' AND NOT p.prosecdef"
    )
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = public")


def raise_walls_after_migrate(*, using: str, app_config: Any, **_: Any) -> None:
    """Signal handler: raise the walls once, after the last app has migrated."""
    if app_config.name == list(apps.get_app_configs())[-1].name:
        raise_walls(connections[using])

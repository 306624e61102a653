"""The same matrix by raw SQL: what row-level security gives, whatever the program asks.

Nothing here goes through the program's own wall: the session is keyed, and plain SQL is sent as the application role.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from jineng.kernel.actors import acting, tell_database
from jineng.kernel.clock import clock_at
from jineng.kernel.measures import sources, system_reader
from jineng.kernel.models import Receipt
from jineng.kernel.policies import OPEN_TABLES
from jineng.kernel.walls import APPLICATION_ROLE, READER_ROLE, declared, room_tables
from jineng.registry.acting import actor_of, seats
from jineng.registry.scope import ruled_models, visible
from tests.rights.stage import AFTER, BEFORE, EVERYBODY, PERSONAE, Persona, Stage, as_owner

MODELS = sorted(ruled_models(), key=lambda model: model._meta.label)
WALLED = sorted(declared())
EVENTS = [table for table in WALLED if table.endswith("event")]
KEPT_BY_TRIGGERS = ["registry_reach", "calls_awardparty", "cases_casesight", "cases_casetally"]
KEYS_OF_SEVERAL_COLUMNS = [*KEPT_BY_TRIGGERS, "registry_personparty", "cases_caseparty"]


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What plain SQL gives."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused() -> Iterator[None]:
    """The database itself refuses."""
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def touched(statement: str, *values: Any) -> int:
    """How many rows a statement changes; 0 where the database refuses it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    except DatabaseError:
        return 0


def key_of(table: str) -> str:
    """The column of a table's primary key; where that has several columns, the row's place in the file."""
    if table in KEYS_OF_SEVERAL_COLUMNS:
        return "ctid"
    return next(
        model._meta.pk.column for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table
    )


def out_of_reach(stage: Stage, who: Persona) -> dict[str, list[Any]]:
    """Keys of the rows of every walled table that ``who`` does not see, by table."""
    with acting(stage.actor(who)):
        seen = {table: {row[0] for row in rows(f'SELECT "{key_of(table)}" FROM "{table}"')} for table in WALLED}
    with as_owner():
        every = {table: {row[0] for row in rows(f'SELECT "{key_of(table)}" FROM "{table}"')} for table in WALLED}
    return {table: sorted(every[table] - seen[table], key=str) for table in WALLED if key_of(table) != "ctid"}


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_both_walls_show_the_same(stage: Stage, who: Persona) -> None:
    actor = stage.actor(who)
    with acting(actor):
        for model in MODELS:
            columns = [part.column for part in model._meta.pk_fields]
            shown = set(rows(f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}"'))
            assert shown == set(visible(actor, model).values_list(*columns)), model._meta.label


def test_the_comparison_compares_something(stage: Stage) -> None:
    """Every ruled table holds rows; of those that follow the scope, the school sees fewer than the province."""
    for model in MODELS:
        with as_owner():
            assert rows(f'SELECT count(*) FROM "{model._meta.db_table}"')[0][0] > 0, model
    counts = []
    for account in ("province_officer", "school_officer"):
        with acting(actor_of(stage.world.accounts[account])):
            counts.append([rows(f'SELECT count(*) FROM "{model._meta.db_table}"')[0][0] for model in MODELS])
    assert sum(more > fewer for more, fewer in zip(*counts, strict=True)) >= 8


def test_every_table_of_every_room_has_a_wall(stage: Stage) -> None:
    tables = {
        row[0]
        for row in rows(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
        )
    }
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("jineng.")}
    ours = {table for table in tables if table.split("_")[0] in rooms}
    assert ours == room_tables()
    assert ours - OPEN_TABLES - set(WALLED) == set()
    secured = {
        row[0]
        for row in rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    }
    assert set(WALLED) <= secured
    assert not OPEN_TABLES & set(WALLED)


def test_without_a_scope_nothing_is_seen(stage: Stage) -> None:
    tell_database(None)
    for table in WALLED:
        assert rows(f'SELECT count(*) FROM "{table}"') == [(0,)], table
        assert touched(f'DELETE FROM "{table}"') == 0, table


@pytest.mark.parametrize("who", [who for who in PERSONAE if who.place != "province"], ids=str)
def test_nobody_changes_what_they_do_not_see(stage: Stage, who: Persona) -> None:
    """With a condition, without one, and by deletion: no statement reaches a row out of sight."""
    hidden = out_of_reach(stage, who)
    assert hidden["registry_organisation"]
    assert hidden["registry_person"]
    with acting(stage.actor(who)):
        for table, keys in hidden.items():
            key = key_of(table)
            assert touched(f'UPDATE "{table}" SET "{key}" = "{key}" WHERE "{key}" = ANY(%s)', keys) == 0, table
            assert touched(f'DELETE FROM "{table}" WHERE "{key}" = ANY(%s)', keys) == 0, table


@pytest.mark.parametrize("who", [who for who in PERSONAE if who.place != "province"], ids=str)
def test_a_statement_without_condition_stays_in_scope(stage: Stage, who: Persona) -> None:
    """PostgreSQL asks the policy of reading only where a statement reads; the policies of writing must do without."""
    hidden = out_of_reach(stage, who)
    for table, column in (
        ("registry_person", "is_synthetic = NOT is_synthetic"),
        ("registry_persondocument", "void_reason = 'x'"),
        ("registry_personmerge", "void_reason = 'x'"),
        ("registry_kinship", "relation = 'x'"),
        ("registry_organisation", "name = 'x'"),
        ("registry_organisationstate", "document = 'x'"),
        ("registry_post", "title = 'x'"),
        ("registry_delegation", "reason = 'x'"),
        ("calls_award", "notes = 'x'"),
        ("majors_majoroffering", "document = 'x'"),
    ):
        before = _said(table, hidden[table])
        with acting(stage.actor(who)):
            touched(f'UPDATE "{table}" SET {column}')
        assert _said(table, hidden[table]) == before, table


def _said(table: str, keys: list[Any]) -> list[Any]:
    with as_owner():
        return rows(f'SELECT * FROM "{table}" WHERE id = ANY(%s) ORDER BY id', keys)


ON_ITS_WAY = UUID(int=7)
INSERTS = {
    "registry_employment": """INSERT INTO registry_employment (id, recorded_at, origin_kind, void_reason, position,
        since, person_id, organisation_id) SELECT gen_random_uuid(), now(), 'page', '', '', '2021-01-01', id, %s
        FROM registry_person LIMIT 1""",
    "registry_post": """INSERT INTO registry_post (id, recorded_at, origin_kind, void_reason, role, title, since,
        account_id, organisation_id) SELECT gen_random_uuid(), now(), 'page', '', 'officer', 'x', '2021-01-01', id, %s
        FROM kernel_account LIMIT 1""",
    "registry_organisationstate": """INSERT INTO registry_organisationstate (id, recorded_at, origin_kind, void_reason,
        organisation_id, change, since, name, kind, division_code, authority_id, closed, document)
        VALUES (gen_random_uuid(), now(), 'page', '', %s, 'renamed', '2021-02-01', 'x', 'other', '620102',
        jineng_organisation(), false, '')""",
    "registry_organisation": """INSERT INTO registry_organisation (id, recorded_at, origin_kind, void_reason, code,
        code_scheme, credit_code, name, kind, nature, is_synthetic, division_id, authority_id) VALUES
        (gen_random_uuid(), now(), 'page', '', 'NEW', 'office', '', 'x', 'other', 'public', true, '620102', %s)""",
    "majors_majoroffering": """INSERT INTO majors_majoroffering (id, recorded_at, origin_kind, void_reason,
        organisation_id, major_id, duration_years, opened_on, document) SELECT gen_random_uuid(), now(), 'page', '',
        %s, id, 3, '2021-02-01', '' FROM majors_major LIMIT 1""",
    "calls_award": f"""INSERT INTO calls_award (id, recorded_at, origin_kind, origin_id, void_reason, title,
        public_title, level, project_number, notes, batch_id, organisation_id) SELECT gen_random_uuid(), now(),
        'return', '{ON_ITS_WAY}', '', 'x', 'x', 'provincial', '', '', b.id, %s
        FROM calls_batch b JOIN calls_call c ON c.id = b.call_id
        WHERE c.code = 'province-call'""",
    "kernel_receipt": """INSERT INTO kernel_receipt (id, book, file_name, digest, size, dry_run, state, submitted_at,
        organisation_id, actor_label, progress, counts, errors, error_count) VALUES (gen_random_uuid(), '', 'x', 'x',
        1, false, 'waiting', now(), %s, 'x', '{}', '{}', '[]', 0)""",
    "kernel_auditline": """INSERT INTO kernel_auditline (deed, at, room, verb, organisation_id, actor_label,
        subject_type, subject_id, summary, details) VALUES (gen_random_uuid(), now(), 'registry', 'x', %s, 'x', '', '',
        '', '{}')""",
}


@pytest.fixture
def on_its_way(stage: Stage) -> None:
    """A return that is being taken in, so that an award may come by it."""
    with as_owner():
        Receipt.objects.create(
            pk=ON_ITS_WAY,
            file_name="x.xlsx",
            digest="x",
            size=1,
            state=Receipt.State.RUNNING,
            organisation_id=stage.world["province"].pk,
            actor_label="x",
        )


@pytest.mark.usefixtures("on_its_way")
@pytest.mark.parametrize("who", [who for who in PERSONAE if who.role in ("city", "county", "school")], ids=str)
@pytest.mark.parametrize("table", INSERTS)
def test_nobody_adds_rows_for_a_sibling(stage: Stage, table: str, who: Persona) -> None:
    with acting(stage.actor(who)):
        for name in ("other_school", "qinzhou", "tianshui"):
            with refused():
                rows(INSERTS[table], stage.world[name].pk)


@pytest.mark.usefixtures("on_its_way")
@pytest.mark.parametrize("table", sorted(INSERTS))
def test_the_same_statement_passes_at_home(stage: Stage, table: str) -> None:
    """So that the refusals above are the walls' and not a typing error's."""
    with acting(actor_of(stage.world.accounts["county_officer"])):
        home = "yongdeng" if table in ("kernel_auditline", "registry_organisation") else "county_school"
        assert touched(INSERTS[table], stage.world[home].pk) == 1


@pytest.mark.parametrize("table", KEPT_BY_TRIGGERS)
def test_nobody_widens_their_own_reach(stage: Stage, table: str) -> None:
    with acting(actor_of(stage.world.accounts["province_officer"])):
        columns = {
            row[0] for row in rows("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
        }
        copied = ", ".join(sorted(columns - {"id"}))
        with refused():
            rows(f'INSERT INTO "{table}" ({copied}) SELECT {copied} FROM "{table}" LIMIT 1')
        with refused():
            rows(f'UPDATE "{table}" SET organisation_id = organisation_id')
        with refused():
            rows(f'DELETE FROM "{table}"')


def test_a_session_acts_as_its_own_office_only(stage: Stage) -> None:
    """A deed is written down for the office that does it, not for one below."""
    with acting(actor_of(stage.world.accounts["city_officer"])), refused():
        rows(INSERTS["kernel_auditline"], stage.world["yongdeng"].pk)


@pytest.mark.parametrize("table", [*EVENTS, "kernel_auditline", "briefs_release", *KEPT_BY_TRIGGERS])
def test_what_was_noted_stays(stage: Stage, table: str) -> None:
    column = "organisation_id" if table in KEPT_BY_TRIGGERS else key_of(table)
    with acting(actor_of(stage.world.accounts["province_officer"])):
        for statement in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET "{column}" = "{column}"'):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                rows(statement)
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
            rows(f'TRUNCATE "{table}"')


def test_the_application_owns_nothing_and_bypasses_nothing(stage: Stage) -> None:
    for role in (APPLICATION_ROLE, READER_ROLE):
        assert rows(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s", role
        ) == [(False, False, False, False)]
        assert rows(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s", role
        ) == [(0,)]
        assert rows(
            "SELECT count(*) FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE r.rolname = %s", role
        ) == [(0,)]
    with refused():
        rows("CREATE TABLE public.mine (id int)")
    for statement in (
        "ALTER TABLE registry_organisation DISABLE ROW LEVEL SECURITY",
        "DROP POLICY seen ON registry_organisation",
        "ALTER TABLE registry_organisation DISABLE TRIGGER ALL",
    ):
        with refused():
            rows(statement)


def test_the_reader_reads_declared_facts_and_nothing_else(stage: Stage) -> None:
    with system_reader() as cursor:
        cursor.execute("SELECT count(*) FROM registry_organisationstate")
        assert cursor.fetchone()[0] > 10
    readable = {
        tuple(row)
        for row in rows(
            "SELECT table_schema, table_name FROM information_schema.table_privileges WHERE grantee = %s", READER_ROLE
        )
    }
    with as_owner():
        views = {row[0] for row in rows("SELECT viewname FROM pg_views WHERE schemaname = 'facts'")}
    assert views == set(sources.names())
    assert {schema for schema, _ in readable} <= {"facts"}
    for table in ("registry_person", "registry_persondocument", "kernel_account", "registry_organisation"):
        with refused(), system_reader() as cursor:
            cursor.execute(f'SELECT * FROM public."{table}"')
    for statement in (
        "UPDATE facts.registry_organisationstate SET name = 'x'",
        "DELETE FROM facts.registry_organisationstate",
        "INSERT INTO facts.registry_division (code) VALUES ('1')",
    ):
        with refused(), system_reader() as cursor:
            cursor.execute(statement)


def test_facts_name_nobody(stage: Stage) -> None:
    """No column of a declared source is encrypted, hashed or a number of a person."""
    private = {"number_hash", "name_hash", "display_name", "username", "email", "password"}
    for name in sources.names():
        assert not private & set(sources[name].columns), name
        model = next(model for model in apps.get_models() if model._meta.db_table == name)
        encrypted = {field.column for field in model._meta.fields if field.get_internal_type() == "BinaryField"}
        assert not encrypted & set(sources[name].columns), name


def test_a_delegate_sees_what_the_delegator_sees_and_only_in_time(stage: Stage) -> None:
    delegate, officer = stage.world.accounts["delegate"], stage.world.accounts["county_officer"]
    lent, own = actor_of(delegate), actor_of(officer)
    assert lent is not None
    assert own is not None
    assert (lent.organisation_id, lent.rights, lent.on_behalf_of) == (own.organisation_id, own.rights, officer.pk)
    assert lent.account_id == delegate.pk
    for day in (BEFORE, AFTER):
        with clock_at(day):
            assert seats(delegate) == []
            assert actor_of(delegate) is None
            assert actor_of(officer) is not None


def test_an_ended_post_is_no_seat(stage: Stage) -> None:
    assert actor_of(stage.world.accounts["expired"]) is None
    with clock_at(BEFORE):
        assert actor_of(stage.world.accounts["expired"]) is not None

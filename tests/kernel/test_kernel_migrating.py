"""Migrations in few steps: what is taken together, what is left alone, and that the same tables come of it."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration, RunSQL
from django.db.migrations.state import ProjectState

from jineng.kernel.migrating import Together, take_together, taken_together


def operations():
    """Two related tables, each with a constraint, then a field, indexes, and a statement."""
    return [
        CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
        CreateModel("Book", [("id", models.BigAutoField(primary_key=True)), ("title", models.TextField())]),
        AddField("Book", "shelf", models.ForeignKey("tried.Shelf", models.CASCADE)),
        AddField("Shelf", "best", models.ForeignKey("tried.Book", models.CASCADE, null=True)),
        AddIndex("Book", models.Index(fields=["title"], name="tried_title")),
        AddConstraint("Book", models.UniqueConstraint(fields=["shelf", "title"], name="tried_once")),
        RunSQL("COMMENT ON TABLE tried_book IS 'tried'"),
        CreateModel("Reader", [("id", models.BigAutoField(primary_key=True))]),
        AddField("Book", "reader", models.ForeignKey("tried.Reader", models.CASCADE, null=True)),
        AddIndex("Book", models.Index(fields=["reader", "title"], name="tried_reader_title")),
        AddConstraint("Shelf", models.UniqueConstraint(fields=["name"], name="tried_name")),
    ]


def migration(steps):
    found = Migration("0001_tried", "tried")
    found.operations = steps
    return found


def applied(steps, state):
    with connection.schema_editor(atomic=False) as editor:
        after = migration(steps).apply(state, editor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'column', table_name || '.' || column_name, data_type FROM information_schema.columns "
            "WHERE table_name LIKE 'tried%' UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes "
            "WHERE tablename LIKE 'tried%' UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE conrelid::regclass::text LIKE 'tried%' ORDER BY 1, 2, 3"
        )
        return after, cursor.fetchall()


@pytest.fixture
def undone(db):
    """What a test does to the database's tables is undone."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    return connection


def test_what_only_adds_becomes_one_step():
    steps = taken_together(operations())
    assert [type(step) for step in steps] == [Together, RunSQL, Together]
    assert steps[0].describe().startswith("Create model Shelf; Create model Book; Add field shelf to Book")
    assert [type(step) for step in steps[2].operations] == [CreateModel, AddField, AddIndex, AddConstraint]


@pytest.mark.parametrize("rendered", [True, False])
def test_the_same_tables_come_of_it(undone, rendered):
    found = []
    for steps in (operations(), taken_together(operations())):
        with undone.cursor() as cursor:
            state = ProjectState()
            if rendered:
                assert state.apps is not None
            after, tables = applied(steps, state)
            shown = [after.apps.get_model("tried", name)._meta for name in ("shelf", "book")]
            options = [(meta.indexes, meta.constraints, [field.name for field in meta.get_fields()]) for meta in shown]
            found.append((tables, sorted(after.models), after.models["tried", "book"].options, options))
            cursor.execute("DROP TABLE tried_shelf, tried_book, tried_reader CASCADE")
    assert found[0] == found[1]
    assert len(found[0][0]) > 10


def test_only_what_goes_forwards_is_changed():
    forwards, backwards = migration(operations()), migration(operations())
    take_together([(forwards, False), (backwards, True)], verbosity=0)
    assert len(forwards.operations) == 3
    assert len(backwards.operations) == 11

"""What a register refers to is there, though no row asks for itself; and rows of registers stay."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from jineng.kernel.actors import acting
from jineng.kernel.foreign_keys import check_by_set
from jineng.registry.models import Employment, Organisation, Person
from tests.factories import LONG_AGO, World


def employments(world: World, *places: Any) -> list[Employment]:
    """Employments of a new person at the organisations with the ids ``places``."""
    person = Person.objects.create(name="王小明")
    return [Employment(person=person, organisation_id=place, since=LONG_AGO) for place in places]


def test_one_row_that_refers_to_nothing_refuses_the_statement(world: World) -> None:
    with acting(world.actor("province_officer")):
        rows = employments(world, world["county_school"].pk, uuid4())
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Employment.objects.bulk_create(rows)
        diagnosis = refusal.value.__cause__.diag
        assert diagnosis.table_name == "registry_employment"
        assert "organisation_id" in diagnosis.constraint_name
        assert str(rows[1].organisation_id) in diagnosis.message_detail
        Employment.objects.bulk_create(rows[:1])
        assert Employment.objects.count() == 1


def test_what_is_no_register_is_asked_as_well(world: World) -> None:
    with (
        acting(world.actor("province_officer")),
        pytest.raises(IntegrityError, match="division_id"),
        transaction.atomic(),
    ):
        Organisation.objects.create(code="NEW", code_scheme="office", name="新", kind="other", division_id="999999")


def test_rows_may_refer_to_rows_of_their_own_statement(world: World) -> None:
    with acting(world.actor("province_officer")):
        kept = Person(name="王小明")
        Person.objects.bulk_create([Person(name="王晓明", merged_into=kept), kept])
        assert Person.objects.filter(merged_into=kept).count() == 1


@pytest.mark.parametrize(
    "statement", ["DELETE FROM registry_person WHERE id = %s", "UPDATE registry_person SET id = %s"]
)
def test_rows_of_registers_are_neither_deleted_nor_given_other_ids(world: World, statement: str) -> None:
    with (
        acting(world.actor("province_officer")),
        pytest.raises(IntegrityError, match="struck out, never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [uuid4()])


def test_the_constraints_stay_declared_and_only_inserts_are_asked_by_statement(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, t.tgenabled FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "JOIN pg_constraint c ON c.oid = t.tgconstraint "
            "WHERE t.tgrelid = 'registry_employment'::regclass AND c.contype = 'f' AND c.conrelid = t.tgrelid"
        )
        found = set(cursor.fetchall())
    assert found == {("RI_FKey_check_ins", "D"), ("RI_FKey_check_upd", "O")}


class Owner:
    """A cursor of an owner who is no superuser."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def execute(self, statement: Any, values: Any = None) -> None:
        """Take the statement down."""
        self.said.append(statement if isinstance(statement, str) else statement.as_string(None))

    def fetchone(self) -> tuple[bool]:
        """Whether the owner is a superuser."""
        return (False,)

    def fetchall(self) -> list[tuple[str]]:
        """The registers' tables."""
        return [("registry_person",)]


def test_an_owner_of_lesser_rank_leaves_the_checks_to_the_database() -> None:
    owner = Owner()
    check_by_set(owner)
    assert any("rows_stay" in statement for statement in owner.said)
    assert not any("DISABLE TRIGGER" in statement or "rows_refer AFTER" in statement for statement in owner.said)

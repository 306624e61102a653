"""What is remembered stays within bounds, and the tables' versions say how long it holds."""

from __future__ import annotations

from django.db import connection

from jineng.kernel.memory import Memory, source_versions, state_of
from jineng.kernel.models import AuditLine
from jineng.registry.models import Reach
from tests.factories import World


def test_the_oldest_answers_make_room() -> None:
    memory, asked = Memory(kept=4), []

    def find(name: str) -> str:
        return memory.answer(name, lambda: asked.append(name) or name)

    assert [find(name) for name in "abacab"] == list("abacab")
    assert asked == ["a", "b", "c", "b"]


def test_an_answer_too_large_to_keep_does_not_drive_out_the_others() -> None:
    memory = Memory(kept=4)
    memory.remember({"a": 1})
    memory.remember({"b": "large"}, len)
    assert memory.recall("ab") == {"a": 1}
    memory.remember({"a": "much"}, len)
    assert memory.recall("ab") == {}
    memory.remember({"a": 2, "b": 3})
    memory.forget()
    assert memory.recall("ab") == {}


def test_a_state_is_that_of_the_tables_named() -> None:
    versions = {"a": ("1",), "b": ("2", "3")}
    assert state_of(versions, ["b", "unknown"]) == (("b", ("2", "3")), ("unknown", ()))
    assert state_of(versions) == (("a", ("1",)), ("b", ("2", "3")))


def test_a_change_of_who_sees_what_moves_its_table_alone(world: World) -> None:
    before = source_versions()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    Reach.objects.filter(authority_id=world["county_school"].pk).delete()
    after = source_versions()
    assert {table for table in after if after[table] != before[table]} == {"registry_reach"}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    settled = source_versions()
    assert settled["registry_reach"] == after["registry_reach"][-1:]


def test_emptying_a_table_moves_its_version(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
        before = source_versions()
        cursor.execute("TRUNCATE calls_awardparty")
    after = source_versions()
    assert {table for table in after if after[table] != before[table]} == {"calls_awardparty"}


def test_versions_of_tables_are_settled_before_those_of_rooms(world: World) -> None:
    """Whichever a transaction comes to change first; else two commits could wait for each other in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        before = source_versions()["registry_reach"]
        AuditLine.objects.create(
            room="registry",
            verb="x",
            organisation_id=world.root.pk,
            actor_label="先记",
            account=world.accounts["auditor"],
        )
        Reach.objects.filter(authority_id=world["county_school"].pk).delete()
        pending = source_versions()["registry_reach"]
        cursor.execute("SET CONSTRAINTS register_version_moves IMMEDIATE")
    assert pending == (*before, pending[1])
    assert source_versions()["registry_reach"] == (pending[1],)

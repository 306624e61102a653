"""How many rows of a register stand is kept beside it, and is what counting them would find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from jineng.kernel import walls
from jineng.kernel.actors import acting
from jineng.kernel.models import Receipt, RowTally
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import hearing
from jineng.kernel.tallies import raise_tallies, tallied, tally_anew, tally_of
from jineng.majors.models import MajorOffering
from jineng.registry.models import Organisation
from tests.factories import World

STANDING = Organisation.objects.filter(STANDS)


@contextmanager
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")


@pytest.fixture
def province(world: World) -> Iterator[World]:
    with acting(world.actor("province_officer")):
        yield world


def lines() -> int:
    return RowTally.objects.filter(source="registry_organisation").count()


def write(statement: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def strike_out(where: str, moment: str = "now()") -> None:
    write(f"UPDATE registry_organisation SET voided_at = {moment} WHERE {where}")


def test_a_tally_moves_with_what_stands(province: World) -> None:
    before = STANDING.count()
    assert tally_of(STANDING) == before
    strike_out("kind = 'enterprise'")
    assert tally_of(STANDING) == STANDING.count() == before - 1
    strike_out("kind = 'enterprise'", "NULL")
    assert tally_of(STANDING) == before
    told = lines()
    strike_out("false")
    write("UPDATE registry_organisation SET name = name || '1' WHERE kind = 'enterprise'")
    assert (tally_of(STANDING), lines()) == (before, told)


def test_rows_that_come_and_go_are_tallied(province: World) -> None:
    assert tally_of(Receipt.objects.all()) == 0
    file = {"file_name": "a.xlsx", "size": 1, "organisation_id": province.root.pk, "actor_label": "x"}
    with as_owner():
        for at in range(3):
            Receipt.objects.create(digest=f"{at}", **file)
    assert tally_of(Receipt.objects.all()) == Receipt.objects.count() == 3
    with as_owner():
        Receipt.objects.filter(digest="1").delete()
    assert tally_of(Receipt.objects.all()) == 2
    write("SET CONSTRAINTS ALL IMMEDIATE")
    write("TRUNCATE kernel_receipt CASCADE")
    assert tally_of(Receipt.objects.all()) == 0


def test_what_is_taken_back_is_not_tallied(province: World) -> None:
    before = tally_of(STANDING)
    point = transaction.savepoint()
    strike_out("kind = 'enterprise'")
    assert tally_of(STANDING) == STANDING.count() == (before or 0) - 1
    transaction.savepoint_rollback(point)
    assert tally_of(STANDING) == before == STANDING.count()


def test_many_lines_become_one(province: World) -> None:
    for _ in range(40):
        strike_out("kind = 'enterprise'")
        strike_out("kind = 'enterprise'", "NULL")
    assert lines() < 70
    assert tally_of(STANDING) == STANDING.count()


def test_what_was_written_past_the_triggers_is_counted_anew(province: World) -> None:
    write("SET LOCAL session_replication_role = replica")
    strike_out("kind = 'enterprise'")
    write("SET LOCAL session_replication_role = origin")
    assert tally_of(STANDING) == STANDING.count() + 1
    with as_owner(), connection.cursor() as cursor:
        tally_anew(cursor, "registry_organisation")
    assert tally_of(STANDING) == STANDING.count()
    write("DELETE FROM kernel_rowtally")
    assert tally_of(STANDING) is None
    with as_owner():
        raise_tallies(connection, {"registry_organisation"})
    assert tally_of(STANDING) == STANDING.count()
    assert {row.source for row in RowTally.objects.all()} == {"registry_organisation"}


def test_only_who_sees_everything_is_told(world: World) -> None:
    for name in ("county_officer", "school_officer"):
        with acting(world.actor(name)):
            assert tally_of(STANDING) is None
            assert not RowTally.objects.exists()
    assert tally_of(STANDING) is None
    with acting(world.actor("province_officer")):
        assert "登记" in RowTally._meta.verbose_name
        assert str(RowTally(source="a", change=3)) == "a +3"


@pytest.mark.parametrize(
    "part",
    [
        Organisation.objects.all(),
        Organisation.objects.exclude(STANDS),
        STANDING.filter(kind="enterprise"),
        STANDING.exclude(kind="enterprise"),
        STANDING.filter(STANDS | STANDS.__class__(kind="enterprise")),
        STANDING.filter(authority__voided_at__isnull=True),
        STANDING.distinct(),
        STANDING[:3],
        STANDING.union(STANDING),
        MajorOffering.objects.filter(organisation__voided_at__isnull=True),
        Organisation.objects.filter(closed_on__isnull=True),
    ],
)
def test_of_anything_but_a_whole_register_nothing_is_told(province: World, part: QuerySet[Organisation]) -> None:
    assert tally_of(part) is None


def test_a_register_that_is_narrowed_or_has_no_tally_is_counted(
    province: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "kernel_auditline" not in tallied()
    assert tally_of(STANDING.filter(STANDS)) == STANDING.count()
    monkeypatch.setitem(walls._narrowings, "registry_organisation", ["false"])
    assert tally_of(STANDING) is None


def test_who_listens_hears_of_the_register_and_not_of_its_tally(province: World) -> None:
    with hearing() as tables:
        tally_of(STANDING)
    assert "registry_organisation" in tables
    assert "kernel_rowtally" not in tables


@pytest.mark.parametrize("deed", ["DELETE FROM kernel_rowtally", "SELECT kernel_tally_anew('registry_organisation')"])
def test_nobody_but_the_owner_and_the_triggers_writes_a_tally(province: World, deed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(deed)

"""People whom no employer brings: who sees them, and how the sheets of every room name them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction

from jineng.engines.exchange import CellError, Column, Kind, Sheet, Table
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.returns import Hall
from jineng.kernel.returns.underway import UnderWay
from jineng.registry.exchange import person_columns, resolve_people
from jineng.registry.models import Employment, Person, PersonParty
from jineng.registry.queries import told_of
from jineng.registry.rules import normal_name
from jineng.registry.verbs import correct_name, ensure_people
from jineng.registry.verbs.people import NamesDiffer, PersonRow
from tests.calls.small_world import resident
from tests.factories import LONG_AGO, World

PLAIN = (Column("person_name", "姓名", Kind.TEXT), Column("resident_id", "证件号码", Kind.CODE))


def table(*people: tuple[str | None, str | None], columns: tuple[Column, ...] | None = None) -> Table:
    """A sheet that names people by name and number."""
    columns = columns or person_columns(required=False)
    values: dict[str, list[Any]] = {column.name: [None] * len(people) for column in columns}
    values["person_name"] = [name for name, _ in people]
    values["resident_id"] = [number for _, number in people]
    positions = {column.name: place for place, column in enumerate(columns)}
    return Table(Sheet("learners", "学员", columns), values, list(range(3, 3 + len(people))), positions)


def named(world: World, who: str, where: str, given: Table, **options: Any) -> tuple[list[Any], list[CellError]]:
    """Whom ``given`` names, and what was refused."""
    hall = Hall(world.actor(who), uuid4(), UnderWay())
    with acting(hall.actor):
        found = resolve_people(hall, given, [world[where].pk] * len(given), **options)
    return found, hall.errors


def seen_by(world: World, who: str) -> int:
    with acting(world.actor(who)):
        return Person.objects.count()


def test_a_learner_is_known_without_being_employed(world: World) -> None:
    rows = [PersonRow("王小明", resident(1), world["county_school"].pk), PersonRow("李华", resident(2))]
    ensure_people(actor=world.actor("county_officer"), rows=rows)
    with acting(world.actor("province_officer")):
        assert Employment.objects.count() == 0
        assert set(PersonParty.objects.values_list("organisation", flat=True)) == {
            world["county_school"].pk,
            world.actor("county_officer").organisation_id,
        }
    assert [seen_by(world, who) for who in ("county_officer", "city_officer", "school_officer")] == [2, 2, 1]
    assert [seen_by(world, who) for who in ("other_county_officer", "college_officer")] == [0, 0]


def test_an_organisation_out_of_scope_neither_employs_nor_sees(world: World) -> None:
    row = PersonRow("王小明", resident(1), world["other_school"].pk, LONG_AGO)
    ensure_people(actor=world.actor("county_officer"), rows=[row])
    assert (seen_by(world, "county_officer"), seen_by(world, "other_county_officer")) == (1, 0)
    with acting(world.actor("province_officer")):
        assert Employment.objects.count() == 0


def test_a_learner_may_become_an_employee(world: World) -> None:
    officer, where = world.actor("county_officer"), world["county_school"].pk
    learner = PersonRow("王小明", resident(1), where)
    teacher = learner._replace(since=LONG_AGO, position="教师")
    first = ensure_people(actor=officer, rows=[learner, teacher, learner])
    assert first == ensure_people(actor=officer, rows=[teacher]) * 3
    assert ensure_people(actor=officer, rows=[]) == []
    with acting(officer):
        assert Employment.objects.get().position == "教师"
        assert PersonParty.objects.count() == 1


def test_papers_of_another_kind_are_another_number(world: World) -> None:
    rows = [PersonRow("Ann Lee", "E12345678", document=kind) for kind in ("passport", "resident_id")]
    one, other = ensure_people(actor=world.actor("county_officer"), rows=rows)
    assert one != other


def test_a_number_stands_under_one_name(world: World) -> None:
    officer = world.actor("county_officer")
    ensure_people(actor=officer, rows=[PersonRow("王小明", resident(1))])
    rows = [
        PersonRow("王 小明", resident(1)),
        PersonRow("王大明", resident(1)),
        PersonRow("李华", resident(2)),
        PersonRow("李桦", resident(2)),
    ]
    with pytest.raises(NamesDiffer) as refusal:
        ensure_people(actor=officer, rows=rows)
    assert refusal.value.indices == [1, 3]
    assert seen_by(world, "county_officer") == 1


def test_rows_name_people_and_bad_cells_are_refused(world: World) -> None:
    ensure_people(actor=world.actor("other_county_officer"), rows=[PersonRow("王小明", resident(1))])
    given = table(
        ("李华", resident(2)),
        ("王大明", resident(1)),
        (None, resident(3)),
        ("赵六", None),
        (None, None),
        ("王小明", resident(1)),
    )
    found, errors = named(world, "county_officer", "county_school", given)
    assert [person is not None for person in found] == [True, False, False, False, False, True]
    assert sorted((error.row, error.column, error.code) for error in errors) == [
        (4, "person_name", "conflict"),
        (5, "person_name", "required"),
        (6, "resident_id", "required"),
    ]
    assert not any("王小明" in error.message + error.remedy for error in errors)
    assert seen_by(world, "school_officer") == 2


def test_numbers_of_a_plain_column_are_checked_here(world: World) -> None:
    given = table(("李华", resident(2)), ("赵六", "620102199001010000"), columns=PLAIN)
    found, errors = named(world, "county_officer", "county_school", given, since=[LONG_AGO, LONG_AGO])
    assert [person is not None for person in found] == [True, False]
    assert [(error.row, error.code) for error in errors] == [(4, "bad_resident_id")]
    with acting(world.actor("county_officer")):
        assert Employment.objects.count() == 1


def test_only_the_rows_asked_for_are_named(world: World) -> None:
    given = table(("李华", resident(2)), ("王小明", resident(1)))
    found, _ = named(world, "county_officer", "county_school", given, indices=[1])
    assert [person is not None for person in found] == [False, True]
    nobody, _ = named(world, "county_officer", "county_school", given, indices=[])
    assert nobody == [None, None]


def test_names_in_bulk_statements_keep_every_character(world: World) -> None:
    name = "阿\\卜\t杜\n拉·买买提"
    (pk,) = ensure_people(actor=world.actor("county_officer"), rows=[PersonRow(name, resident(1))])
    with acting(world.actor("county_officer")):
        assert Person.objects.get(pk=pk).name == name
        assert Person.objects.get(pk=pk).documents.get().number == resident(1)


def test_a_name_is_corrected_and_what_it_was_stays(world: World) -> None:
    officer = world.actor("county_officer")
    (pk,) = ensure_people(actor=officer, rows=[PersonRow("王小明", resident(1))])
    assert correct_name(actor=officer, person_id=pk, name="王晓明 ").name == "王晓明"
    with acting(officer):
        assert [event.label for event in told_of(Person.objects.get(pk=pk))] == ["insert", "update"]
    with pytest.raises(ValidationError):
        correct_name(actor=officer, person_id=pk, name=" ")
    with pytest.raises(NotAllowed):
        correct_name(actor=world.actor("other_county_officer"), person_id=pk, name="王明")


def test_parties_are_added_in_scope_and_never_taken_back(world: World) -> None:
    officer = world.actor("county_officer")
    (pk,) = ensure_people(actor=officer, rows=[PersonRow("王小明", resident(1))])
    insert = "INSERT INTO registry_personparty (person_id, organisation_id) VALUES (%s, %s)"
    with (
        acting(officer),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [pk, world["other_school"].pk])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("王小明", "王 小明", True),
        ("买买提·艾力", "买买提•艾力", True),
        ("ＡＮＮ Lee", "Ann lee", True),
        ("王小明", "王晓明", False),
    ],
)
def test_names_are_compared_by_what_people_mean(one: str, other: str, same: bool) -> None:
    assert (normal_name(one) == normal_name(other)) is same

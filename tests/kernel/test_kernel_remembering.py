"""What is remembered holds until a table changes that it was found in; the queries tell which tables these are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import Model

from jineng.admissions.models import Season
from jineng.calls.models import Call
from jineng.kernel.actors import acting, current_actor
from jineng.kernel.memory import memory, source_versions
from jineng.kernel.models import AuditLine
from jineng.kernel.remembering import deaf, hearing, remembered, remembered_for_all
from jineng.majors.models import CatalogueEdition, MajorOffering
from jineng.registry.models import Organisation, Reach
from tests.factories import World


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


@contextmanager
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jineng_app")


def asker(find: Callable[[], object]) -> Callable[[], tuple[object, int]]:
    """Ask one question again and again; gives the answer and how often it had to be found so far."""
    found: list[None] = []
    return lambda: (remembered("question", lambda: (found.append(None), find())[1]), len(found))


def test_an_answer_holds_until_its_table_changes(world: World) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(lambda: Organisation.objects.filter(kind="enterprise").count())
        assert [ask(), ask()] == [(1, 1), (1, 1)]
        with as_owner():
            Call.objects.create(code="c", name="另一张表", level="city", holder_form="organisation")
        assert ask() == (1, 1)
        with as_owner():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
        assert [ask(), ask()] == [(2, 2), (2, 2)]


def test_who_sees_what_is_part_of_every_answer(world: World) -> None:
    with acting(world.actor("county_officer")):
        ask = asker(lambda: MajorOffering.objects.count())
        assert [ask(), ask()] == [(0, 1), (0, 1)]
        with as_owner():
            Reach.objects.filter(organisation_id=world["firm"].pk).delete()
        assert ask() == (0, 2)


def test_what_was_rolled_back_is_not_found_again(world: World) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(lambda: Organisation.objects.filter(kind="enterprise").count())
        assert ask() == (1, 1)
        with transaction.atomic():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
            assert ask() == (2, 2)
            transaction.set_rollback(True)
        assert ask()[0] == 1


def test_a_remembered_answer_used_on_the_way_brings_its_tables(world: World) -> None:
    with acting(world.actor("province_officer")):
        inner = asker(lambda: Organisation.objects.filter(kind="enterprise").count())
        inner()
        found: list[int] = []

        def find() -> object:
            found.append(1)
            return inner()[0]

        assert [remembered("outer", find), remembered("outer", find)] == [1, 1]
        with as_owner():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
        assert remembered("outer", find) == 2
        assert len(found) == 2


@pytest.mark.parametrize(
    "find",
    [
        lambda: AuditLine.objects.count(),
        lambda: source_versions(),
        lambda: connection.cursor().execute("SELECT partnerships_codes_taken(%s, %s)", ["x", ["y"]]),
    ],
    ids=["a table without version", "versions themselves", "a function whose tables nobody knows"],
)
def test_what_nothing_would_tell_of_is_not_remembered(world: World, find: Callable[[], object]) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(find)
        assert [ask()[1], ask()[1]] == [1, 2]


def test_only_what_is_asked_within_is_heard(world: World) -> None:
    with acting(world.actor("province_officer")):
        Call.objects.exists()
        with hearing() as tables:
            MajorOffering.objects.exists()
            with deaf():
                AuditLine.objects.exists()
        Call.objects.exists()
    assert {"majors_majoroffering", "registry_reach", "registry_organisation"} <= tables
    assert not {"calls_call", "kernel_auditline"} & tables


def test_an_answer_is_the_sessions_own(world: World) -> None:
    ask = asker(lambda: Organisation.objects.count())
    seen = []
    for name in ("county_officer", "province_officer", "province_signer", "county_officer"):
        with acting(world.actor(name)):
            seen.append(ask())
    assert [found for _, found in seen] == [1, 2, 3, 3]
    assert seen[0][0] < seen[1][0] == seen[2][0]
    assert seen[3] == (seen[0][0], 3)


def test_what_all_see_alike_is_found_once_for_all_who_act(world: World) -> None:
    found: list[type[Model]] = []

    def ask(model: type[Model]) -> int:
        return remembered_for_all(model, lambda: (found.append(model), model._default_manager.count())[1])

    for name in ("county_officer", "province_officer"):
        with acting(world.actor(name)):
            assert ask(Season) == 0
            ask(Organisation)
    assert found == [Season, Organisation, Organisation], "whose wall is not open to all is found for each"
    with as_owner():
        Season.objects.create(code="s", kind="classified", year=2021, name="招生季", opens_on=date(2021, 3, 1))
    with acting(world.actor("county_officer")):
        assert ask(Season) == 1
    assert ask(Season) == 0, "nobody acts, so nothing is seen"


def test_what_all_see_alike_is_told_to_nobody_in_particular(world: World) -> None:
    """An actor finds it, for nobody need act to be told what is remembered; found in parts it is found once, too."""
    found: list[str] = []
    with as_owner():
        Season.objects.create(code="s", kind="classified", year=2021, name="招生季", opens_on=date(2021, 3, 1))

    def part() -> int:
        return remembered_for_all("part", lambda: (found.append("part"), Season.objects.count())[1])

    def whole(name: str) -> int:
        actor = world.actor(name)
        return remembered_for_all("whole", lambda: (found.append("whole"), part())[1], actor=actor)

    assert [whole("county_officer"), whole("province_officer"), whole("county_officer")] == [1, 1, 1]
    assert found == ["whole", "part"]
    assert current_actor() is None
    with as_owner():
        Season.objects.create(code="t", kind="classified", year=2022, name="招生季", opens_on=date(2022, 3, 1))
    assert whole("county_officer") == 2
    assert found == ["whole", "part"] * 2


def test_what_was_asked_before_something_failed_is_heard(world: World) -> None:
    def fail() -> int:
        raise ValueError(Organisation.objects.filter(kind="enterprise").count())

    def find() -> object:
        try:
            return remembered("inner", fail)
        except ValueError as error:
            return error.args[0]

    with acting(world.actor("province_officer")):
        ask = asker(find)
        assert [ask(), ask()] == [(1, 1), (1, 1)]
        with as_owner():
            Organisation.objects.filter(pk=world["other_school"].pk).update(kind="enterprise")
        assert ask() == (2, 2)


def test_every_table_and_function_of_the_house_can_be_heard(world: World) -> None:
    """What has another name than a model's table, or than the house gives its functions, would be read unheard."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
        )
        tables = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype AND proname NOT LIKE 'procrastinate%' AND proname NOT LIKE '\\_pg%'"
        )
        functions = {name for (name,) in cursor.fetchall()}
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert {name for name in tables - known if not name.startswith("procrastinate_")} == {"django_migrations"}
    labels = tuple(f"{label}_" for label in ("jineng", *(config.label for config in apps.get_app_configs())))
    assert {name for name in functions if not name.startswith(labels)} == set()


def test_a_function_in_sql_tells_its_tables(world: World) -> None:
    with acting(world.actor("province_officer")):
        ask = asker(lambda: asked("SELECT count(*) FROM registry_organisations_by_code(%s)", ["LZ-FIRM"]))
        assert [ask(), ask()] == [(1, 1), (1, 1)]
        with as_owner():
            Organisation.objects.filter(pk=world["firm"].pk).update(code="LZ-FIRM-2")
        assert ask() == (0, 2)


def asked(question: str, codes: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, [codes])
        return int(cursor.fetchone()[0])


@pytest.fixture
def another(db: None) -> Iterator[Callable[[str], None]]:
    """Another process, which names an edition of the catalogue and commits nothing but at the word ``COMMIT``."""
    process = connections.create_connection("default")
    process.set_autocommit(False)

    def do(word: str) -> None:
        if word in ("COMMIT", "ROLLBACK"):
            (process.commit if word == "COMMIT" else process.rollback)()
            return
        with process.cursor() as cursor:
            cursor.execute("UPDATE majors_catalogueedition SET document = %s WHERE year = 1901", [word])
            assert cursor.rowcount == 1

    with process.cursor() as cursor:
        cursor.execute("INSERT INTO majors_catalogueedition VALUES (1901, '1901-01-01', '先前', '1901-01-01')")
    process.commit()
    yield do
    process.rollback()
    with process.cursor() as cursor:
        cursor.execute("DELETE FROM majors_catalogueedition WHERE year = 1901")
    process.commit()
    process.close()


def test_what_another_process_commits_is_seen_and_what_it_has_not_is_not(another: Callable[[str], None]) -> None:
    ask = asker(lambda: CatalogueEdition.objects.get(year=1901).document)
    assert ask() == ("先前", 1)
    another("未提交")
    assert ask() == ("先前", 1)
    another("ROLLBACK")
    assert ask() == ("先前", 1)
    another("已提交")
    assert ask() == ("先前", 1)
    another("COMMIT")
    assert [ask(), ask()] == [("已提交", 2), ("已提交", 2)]


def test_what_another_process_commits_while_an_answer_is_found_is_not_missed(another: Callable[[str], None]) -> None:
    document = CatalogueEdition.objects.filter(year=1901).values_list("document", flat=True)

    def overtaken() -> str:
        found = document.get()
        another("读后才提交")
        another("COMMIT")
        return found

    def overtaking() -> str:
        another("读前已提交")
        another("COMMIT")
        return document.get()

    assert remembered("question", overtaken) == "先前"
    ask = asker(document.get)
    assert ask() == ("读后才提交", 1)
    assert remembered("another question", overtaking) == "读前已提交"
    assert [ask(), ask()] == [("读前已提交", 2), ("读前已提交", 2)]
    assert remembered("another question", document.get) == "读前已提交"

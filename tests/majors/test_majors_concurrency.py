"""Two officers at once: the database lets one of two overlapping openings through, never both."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, NotSupportedError, connection, transaction
from django.db.models import F

from jineng.kernel.actors import Actor, acting
from jineng.majors.models import Major, MajorOffering
from jineng.majors.queries import major_by_code
from jineng.majors.verbs import open_offering
from tests.factories import World, build_world


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_openings_at_once_one_passes():
    world = build_world()
    officer = world.actor("province_officer")
    with acting(officer):
        major = major_by_code("460301")
    assert major is not None
    barrier = Barrier(2)

    def open_(actor: Actor, on: date, chosen: Major) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE jineng_app")
            barrier.wait(10)
            open_offering(
                actor=actor,
                organisation_id=world["petrochemical"].pk,
                major=chosen,
                duration_years=Decimal(3),
                opened_on=on,
            )
        except ValidationError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for year in (2016, 2017):
            days = (date(year, 9, 1), date(year, 9, 2))
            passed = list(pool.map(lambda on: open_(officer, on, major), days))
            with acting(officer):
                standing = MajorOffering.objects.count()
                assert standing == 1
                assert sum(passed) == (1 if year == 2016 else 0)


def offering(college: str, opened: int, revoked: int | None, world: World) -> Callable[[], MajorOffering]:
    """What writes an offering of one course at ``college`` between two Septembers, however it is asked."""
    facts = {
        "organisation": world[college],
        "major": major_by_code("460301"),
        "duration_years": Decimal(3),
        "opened_on": date(opened, 9, 1),
        "revoked_on": date(revoked, 9, 1) if revoked else None,
    }
    return lambda: MajorOffering.objects.create(**facts)


def apart(write: Callable[[], MajorOffering]) -> str:
    """What became of ``write`` on a connection of its own."""
    try:
        write()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    else:
        return "written"
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def catalogued(transactional_db) -> World:
    return build_world()


@pytest.mark.parametrize(
    ("opened", "revoked", "expected"),
    [(2017, 2018, "offerings_do_not_overlap"), (2010, 2017, "offerings_do_not_overlap"), (2019, 2020, "written")],
)
def test_a_writer_waits_for_another_of_the_same_college_and_sees_its_rows(catalogued, opened, revoked, expected):
    later = offering("petrochemical", opened, revoked, catalogued)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            offering("petrochemical", 2016, 2019, catalogued)()
            waiting = pool.submit(apart, later)
            end = time.monotonic() + 10
            while not (waited := somebody_waits()) and time.monotonic() < end:
                time.sleep(0.01)
            assert waited
            assert not waiting.done()
        assert waiting.result(10) == expected


def test_writers_of_two_colleges_do_not_wait_for_each_other(catalogued):
    other = offering("forestry", 2016, 2019, catalogued)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        offering("petrochemical", 2016, 2019, catalogued)()
        assert pool.submit(apart, other).result(10) == "written"


def test_under_an_old_snapshot_nothing_is_written(catalogued):
    write = offering("petrochemical", 2016, 2019, catalogued)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(NotSupportedError, match="READ COMMITTED"), transaction.atomic():
            write()
    assert not MajorOffering.objects.exists()


def test_one_statement_is_judged_by_what_it_leaves(catalogued):
    offering("petrochemical", 2010, 2013, catalogued)()
    offering("petrochemical", 2014, 2017, catalogued)()
    rows = MajorOffering.objects.order_by("opened_on")
    year_and_more = timedelta(days=400)
    assert rows.update(opened_on=F("opened_on") + year_and_more, revoked_on=F("revoked_on") + year_and_more) == 2
    with pytest.raises(IntegrityError, match="offerings_do_not_overlap"):
        rows.update(revoked_on=F("revoked_on") + year_and_more)

"""Who sees a case stands in a table that the database keeps: it is always what parties and reach come to."""

from __future__ import annotations

import contextvars
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from jineng.cases.models import Case, CaseSight
from jineng.cases.verbs import begin_case
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.registry.kinds import Change
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.registry.verbs import change_organisation
from tests.cases.small_call import handed_in, intake
from tests.factories import World, build_world
from tests.rights.stage import as_owner

ABOVE = {"school_officer", "county_officer", "city_officer", "province_officer"}
OFFICES = sorted(ABOVE | {"college_officer", "other_city_officer", "other_county_officer"})
MOVES = (("county_school", "qinzhou"), ("qinzhou", "lanzhou"), ("county_school", "yongdeng"))
DIFFERENCE = """
WITH told AS (
  SELECT DISTINCT w.authority_id AS organisation_id, p.case_id
  FROM cases_caseparty p JOIN registry_reach w ON w.organisation_id = p.organisation_id
), kept AS (SELECT organisation_id, case_id FROM cases_casesight)
SELECT 'lacks', * FROM (TABLE told EXCEPT TABLE kept) AS lacking
UNION ALL SELECT 'too much', * FROM (TABLE kept EXCEPT TABLE told) AS beyond
"""


def difference() -> list[tuple[object, ...]]:
    """Sights that lack, and those that are too much; asked as the owner, who sees all."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE)
        return list(cursor.fetchall())


def seeing(world: World, case: Case) -> set[str]:
    """Which of these offices see the case, by both walls."""
    found = set()
    for name in OFFICES:
        actor = world.actor(name)
        with acting(actor):
            first, second = visible(actor, Case).filter(pk=case.pk).exists(), Case.objects.filter(pk=case.pk).exists()
        assert first == second, name
        if first:
            found.add(name)
    return found


def test_those_above_the_parties_see_a_case_and_nobody_else(world: World) -> None:
    with clock_at(date(2021, 9, 6)):
        case = handed_in(world, intake(world))
        assert seeing(world, case) == ABOVE
        with as_owner():
            assert difference() == []
            Case.objects.filter(pk=case.pk).update(parties={"school": [str(world["other_school"].pk)]})
            assert difference() == []
            seen = CaseSight.objects.filter(case=case).values_list("organisation__name", flat=True)
            assert set(seen) == {"示例秦州职业学校", "秦州区教育局", "天水市教育局", "甘肃省教育厅"}


def test_who_answers_to_another_takes_their_cases_along(world: World) -> None:
    with clock_at(date(2021, 9, 6)):
        case = handed_in(world, intake(world))
        office = world.actor("province_officer")
        for day, (name, above) in enumerate(MOVES, 2):
            change_organisation(
                actor=office,
                organisation_id=world[name].pk,
                change=Change.TRANSFERRED,
                on=date(2021, 9, day),
                authority=world[above],
            )
            with as_owner():
                assert difference() == [], (name, above)
                assert CaseSight.objects.filter(case=case, organisation=world[above]).exists()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_case_that_begins_while_its_school_changes_hands_waits_for_it() -> None:
    world = build_world()
    school = world.actor("school_officer")

    def begin() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE jineng_app")
            begin_case(actor=school, intake_id=found.pk, title="示例")
        finally:
            connection.close()

    with clock_at(date(2021, 9, 6)), ThreadPoolExecutor(1) as pool:
        found = intake(world)
        with transaction.atomic():
            Organisation.objects.filter(pk=world["county_school"].pk).update(authority=world["tianshui"])
            waiting = pool.submit(contextvars.copy_context().run, begin)
            end = time.monotonic() + 30
            while not (waited := somebody_waits()) and time.monotonic() < end:
                time.sleep(0.01)
            assert waited
            assert not waiting.done()
        waiting.result(30)
    assert difference() == []
    assert CaseSight.objects.filter(organisation=world["tianshui"], case__title="示例").exists()

"""Everybody at once in the last second: no submission is lost, no quota exceeded."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from jineng.cases.models import Case, CaseEntry, Intake, Quota
from jineng.cases.verbs import act_on_case, allot_quotas, recommend_case
from jineng.kernel.actors import acting
from jineng.kernel.clock import CHINA, clock_at
from tests.cases.small_call import CLOSES, filled, intake
from tests.factories import World, build_world


def apart(deed: Callable[[uuid.UUID], object], case_id: uuid.UUID, barrier: Barrier | None) -> str:
    """What became of a deed on a connection of its own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE jineng_app")
        if barrier is not None:
            barrier.wait(30)
        deed(case_id)
    except ValidationError as error:
        return " ".join(error.messages)
    else:
        return "done"
    finally:
        connection.close()


def at_once(deed: Callable[[uuid.UUID], object], cases: list[uuid.UUID], abreast: int) -> list[str]:
    """Do the same for all cases on so many connections, as many of them in the same moment."""
    barrier = Barrier(min(abreast, len(cases)))
    with ThreadPoolExecutor(abreast) as pool:
        waiting = [
            pool.submit(contextvars.copy_context().run, apart, deed, pk, barrier if at < barrier.parties else None)
            for at, pk in enumerate(cases)
        ]
        return [each.result(120) for each in waiting]


def copies(world: World, found: Intake, number: int) -> list[uuid.UUID]:
    """So many cases of one school, all filled in and none handed in."""
    model = filled(world, found)
    with acting(world.actor("school_officer")):
        model.refresh_from_db()
        entry = CaseEntry.objects.get(case=model)
        fields = ("intake_id", "procedure_id", "applicant_id", "parties", "answers", "state", "stage", "steps",
                  "started_on", "entered_on", "due_on")  # fmt: skip
        given = {name: getattr(model, name) for name in fields}
        made = Case.objects.bulk_create(Case(title=f"工作室{at}", **given) for at in range(1, number))
        CaseEntry.objects.bulk_create(CaseEntry(case=case, number=1, data=entry.data) for case in made)
    return [model.pk, *(case.pk for case in made)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("number", "abreast"), [(24, 20), pytest.param(100, 40, marks=pytest.mark.deep)])
def test_in_the_last_second_none_is_lost_and_none_is_over(number: int, abreast: int) -> None:
    world = build_world()
    school, city = world.actor("school_officer"), world.actor("city_officer")
    places = number // 3
    with clock_at(CLOSES.replace(day=6)):
        found = intake(world)
        allot_quotas(actor=world.actor("province_officer"), intake_id=found.pk, numbers={world["lanzhou"].pk: places})
        cases = copies(world, found, number)
    with clock_at(datetime.combine(CLOSES, time(23, 59, 59), CHINA)):
        told = at_once(lambda pk: act_on_case(actor=school, case_id=pk, action="submit", seen=1), cases, abreast)
        assert told == ["done"] * number
        again = at_once(lambda pk: act_on_case(actor=school, case_id=pk, action="submit", seen=1), cases[:2], abreast)
        assert "done" not in again
        ranks = {pk: rank for rank, pk in enumerate(cases, 1)}
        told = at_once(lambda pk: recommend_case(actor=city, case_id=pk, rank=ranks[pk]), cases, abreast)
    assert told.count("done") == places
    assert all("名额已用完" in each for each in told if each != "done")
    with acting(world.actor("province_officer")):
        assert Case.objects.filter(stage="recommend", steps=2).count() == number
        assert CaseEntry.objects.filter(number=2).count() == number
        assert Case.objects.filter(recommender=world["lanzhou"]).count() == places
        assert Quota.objects.get().used == places

"""Who sees a case stands in a table that the database keeps: it is always what parties and reach come to."""

from __future__ import annotations

import contextvars
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import RequestFactory

from jineng.cases.models import Case, CaseSight, Recusal
from jineng.cases.queries import listed_cases, whose_turn
from jineng.cases.verbs import begin_case
from jineng.cases.web.filters import CaseFilters
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.records import STANDS
from jineng.registry.kinds import Change
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.registry.verbs import change_organisation
from tests.cases.small_call import handed_in, intake
from tests.factories import World, build_world
from tests.rights.stage import as_owner

VOID = datetime(2021, 9, 7, tzinfo=UTC)
ABOVE = {"school_officer", "county_officer", "city_officer", "province_officer"}
OFFICES = sorted(ABOVE | {"college_officer", "other_city_officer", "other_county_officer"})
MOVES = (("county_school", "qinzhou"), ("qinzhou", "lanzhou"), ("county_school", "yongdeng"))
DIFFERENCE = """
WITH told AS (
  SELECT w.authority_id AS organisation_id, p.case_id
  FROM cases_caseparty p JOIN registry_reach w ON w.organisation_id = p.organisation_id
  UNION SELECT o.id, c.id FROM registry_organisation o, cases_case c
  WHERE o.authority_id IS NULL AND o.kind = 'education_department' AND o.voided_at IS NULL
), whole AS (
  SELECT t.organisation_id, c.id, c.intake_id, c.applicant_id, c.serial, c.outcome, c.rank, c.voided_at, EXISTS (
    SELECT 1 FROM cases_caseparty p WHERE p.case_id = c.id AND p.organisation_id = t.organisation_id AND p.is_turn)
  FROM told t JOIN cases_case c ON c.id = t.case_id
), kept AS (
  SELECT organisation_id, case_id, intake_id, applicant_id, serial, outcome, rank, voided_at, is_turn
  FROM cases_casesight
), counted AS (
  SELECT organisation_id, intake_id, outcome, is_turn, count(*) FROM cases_casesight WHERE voided_at IS NULL
  GROUP BY organisation_id, intake_id, outcome, is_turn
), added AS (
  SELECT organisation_id, intake_id, outcome, is_turn, sum(number) FROM cases_casetally
  GROUP BY organisation_id, intake_id, outcome, is_turn HAVING sum(number) <> 0
)
SELECT 'lacks', row(lacking.*)::text FROM (TABLE whole EXCEPT TABLE kept) AS lacking
UNION ALL SELECT 'too much', row(beyond.*)::text FROM (TABLE kept EXCEPT TABLE whole) AS beyond
UNION ALL SELECT 'not counted', row(lacking.*)::text FROM (TABLE counted EXCEPT TABLE added) AS lacking
UNION ALL SELECT 'counted too much', row(beyond.*)::text FROM (TABLE added EXCEPT TABLE counted) AS beyond
"""


def difference() -> list[tuple[object, ...]]:
    """Sights that lack, are too much or tell otherwise than their cases, and numbers that are not theirs; asked as the
    owner, who sees all."""
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


CHANGES = (
    {"outcome": "granted"}, {"outcome": ""}, {"voided_at": VOID}, {"voided_at": None}, {"stage": "review"},
    {"due_on": date(2021, 9, 20)}, {"outcome": "refused", "voided_at": VOID}, {"outcome": "", "voided_at": None},
)  # fmt: skip


def test_what_sights_repeat_and_count_follows_their_cases(world: World) -> None:
    with clock_at(date(2021, 9, 6)):
        found = intake(world)
        cases = [handed_in(world, found, f"示例{at}").pk for at in range(3)]
    with as_owner():
        for at, change in enumerate(CHANGES):
            Case.objects.filter(pk__in=cases[: 1 + at % 3]).update(**change)
            assert difference() == [], change
        Case.objects.filter(pk=cases[0]).update(recommender=world["tianshui"], rank=3)
        other = {"parties": {"school": [str(world["other_school"].pk)]}, "applicant": world["other_school"].pk}
        Case.objects.filter(pk__in=cases[:2]).update(**other)
        assert difference() == []


def test_the_root_sees_a_case_of_those_who_answer_to_nobody_it_knows(world: World) -> None:
    with clock_at(date(2021, 9, 6)):
        case = handed_in(world, intake(world))
    with as_owner():
        alone = world["firm"]
        Organisation.objects.filter(pk=alone.pk).update(authority=None)
        Case.objects.filter(pk=case.pk).update(parties={"school": [str(alone.pk)]}, applicant=alone)
        assert difference() == []
    with acting(world.actor("province_officer")):
        assert [line.case_id for line in listed_cases(world.actor("province_officer"))] == [case.pk]


def lines_of(case: Case) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_casetally WHERE intake_id = %s", [case.intake_id])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_lines_are_drawn_together_now_and_then() -> None:
    world = build_world()
    with clock_at(date(2021, 9, 6)):
        case = handed_in(world, intake(world))
    many, draws, outcome = 0, False, ""
    for at in range(200):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::numeric %% 16 = 0", [])
            draws = bool(cursor.fetchone()[0])
            if draws == (at > 40):
                outcome = "" if outcome else "granted"
                Case.objects.filter(pk=case.pk).update(outcome=outcome)
        if at <= 40:
            many = lines_of(case)
        elif draws:
            break
    assert draws
    assert lines_of(case) < many
    assert difference() == []


FILTERS = ("", "which=waiting", "which=own", "state=open", "state=ended", "outcome=granted", "q=工", "q=化工",
           "q=化工安全", "q=示例", "q=秦州", "q=zz", "which=waiting&state=open", "intake={intake}",
           "intake={intake}&outcome=granted", "which=waiting&q=工")  # fmt: skip


@pytest.mark.parametrize("who", ["province_officer", "province_signer", "city_officer", "school_officer"])
def test_numbers_and_words_find_what_the_list_holds(world: World, who: str) -> None:
    """Conflicts of interest among it: the signer has one with the first case."""
    with clock_at(date(2021, 9, 6)):
        found = intake(world)
        cases = [handed_in(world, found, title) for title in ("化工安全工作室", "化学ZZ工作室", "机械")]
        with as_owner():
            Case.objects.filter(pk=cases[1].pk).update(outcome="granted")
            Recusal.objects.create(account=world.accounts["province_signer"], case=cases[0], reason="亲属")
        actor = world.actor(who)
        with acting(actor):
            every = list(visible(actor, Case).filter(STANDS).select_related("applicant"))
            assert len(every) == (2 if who == "province_signer" else 3)
            for text in FILTERS:
                asked = QueryDict(text.format(intake=found.pk))
                request = RequestFactory().get("/", asked)
                request.actor = actor
                chosen = CaseFilters(asked or None, queryset=listed_cases(actor), request=request)
                lines = list(chosen.qs)
                number = chosen.number()
                assert (number is None) == ("q" in asked or "own" in text), text
                assert number in (None, len(lines)), text
                turn = set(Case.objects.filter(whose_turn(actor)).values_list("pk", flat=True))
                assert {line.case_id for line in lines} == {
                    case.pk
                    for case in every
                    if asked.get("q", "").upper() in f"{case.title.upper()}|{case.applicant.name}"
                    and asked.get("outcome", case.outcome) == case.outcome
                    and asked.get("state", "open" if not case.outcome else "ended")
                    == ("open" if not case.outcome else "ended")
                    and (asked.get("which") != "waiting" or case.pk in turn)
                    and (asked.get("which") != "own" or case.applicant_id == actor.organisation_id)
                }, text


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

"""Many cases at once: what is done for many is what is done for each, all or none, in as few queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jineng.cases.jobs import expire_cases, system_actor
from jineng.cases.models import Case, CaseConcern, CaseEntry, Intake, Review
from jineng.cases.situations import answers_of
from jineng.cases.verbs import (
    Draft,
    Opinion,
    act_on_cases,
    allot_quotas,
    begin_case,
    begin_cases,
    expire_some,
    raise_objection,
    recommend_cases,
    save_answers,
    save_reviews,
)
from jineng.engines.casework import Entry, State, replay
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine
from jineng.kernel.notices.inbox import tray
from tests.cases.small_call import ANSWERS, intake
from tests.cases.small_panel import assigned, reviewing
from tests.factories import World

BEGUN, OVER = date(2021, 9, 6), date(2021, 9, 14)
GOOD = {"plan": "50", "team": "30"}


@pytest.fixture(autouse=True)
def september() -> object:
    with clock_at(BEGUN):
        yield


def drafts(number: int) -> list[Draft]:
    return [Draft(f"工作室{place:03d}", ANSWERS) for place in range(number)]


def begun(world: World, found: Intake, number: int) -> list[Case]:
    return begin_cases(actor=world.actor("school_officer"), intake_id=found.pk, drafts=drafts(number))


def moved(world: World, who: str, cases: list[Case], action: str, seen: int) -> int:
    return act_on_cases(actor=world.actor(who), seen={case.pk: seen for case in cases}, action=action)


def under_notice(world: World, number: int) -> list[Case]:
    cases = begun(world, intake(world), number)
    moved(world, "school_officer", cases, "submit", 1)
    city = world.actor("city_officer")
    recommend_cases(actor=city, ranks={case.pk: rank for rank, case in enumerate(cases, 1)})
    moved(world, "city_officer", cases, "recommend", 2)
    for action, seen in (("pass", 3), ("approve", 4)):
        moved(world, "province_officer", cases, action, seen)
    return cases


def standing(world: World) -> dict[str, Case]:
    with acting(world.actor("province_officer")):
        return {case.title: case for case in Case.objects.select_related("procedure")}


def test_what_is_begun_in_bulk_is_as_if_begun_one_by_one(world: World) -> None:
    found, school = intake(world), world.actor("school_officer")
    alone = begin_case(actor=school, intake_id=found.pk, title="工作室甲")
    save_answers(actor=school, case_id=alone.pk, raw=ANSWERS)
    cases = begun(world, found, 2)
    kept = standing(world)
    one, other = kept["工作室甲"], kept["工作室000"]
    for name in ("answers", "state", "stage", "parties", "started_on", "due_on", "remind_on", "origin_kind"):
        left, right = getattr(one, name), getattr(other, name)
        assert (answers_of(one) == answers_of(other)) if name == "answers" else left == right, name
    assert [case.number for case in cases] == sorted(case.number for case in cases)
    assert {case.origin_id for case in cases} == {case.pk for case in cases}
    with acting(school):
        assert set(CaseConcern.objects.values_list("case", flat=True)) <= {alone.pk, *(case.pk for case in cases)}
        lines = AuditLine.objects.filter(verb="begin_case")
        assert set(lines.values_list("subject_id", flat=True)) == {str(case.pk) for case in (alone, *cases)}
        entries = CaseEntry.objects.filter(case=cases[0])
        assert lines.filter(deed__in=entries.values("deed")).count() == 1


def test_of_what_is_begun_all_or_none_stands(world: World) -> None:
    found, school = intake(world), world.actor("school_officer")
    begin_case(actor=school, intake_id=found.pk, title="工作室甲")
    wrong = [
        Draft("工作室乙", ANSWERS),
        Draft(" ", ANSWERS),
        Draft("工作室甲", ANSWERS),
        Draft("工作室乙", ANSWERS),
        Draft("工作室丁", {"plan": {"file": "x", "name": "x.pdf"}}),
    ]
    with pytest.raises(ValidationError) as refused:
        begin_cases(actor=school, intake_id=found.pk, drafts=wrong)
    told = refused.value.messages
    assert [message.split(" ")[0] for message in told] == ["第2项", "第3项", "第4项", "第5项"]
    assert set(standing(world)) == {"工作室甲"}
    with pytest.raises(ValidationError, match="一次可填报"):
        begin_cases(actor=school, intake_id=found.pk, drafts=[])
    with clock_at(date(2021, 10, 8)), pytest.raises(ValidationError, match="已经截止"):
        begin_cases(actor=school, intake_id=found.pk, drafts=drafts(1))


def test_what_is_begun_may_be_handed_in_at_once(world: World) -> None:
    found, school = intake(world), world.actor("school_officer")
    half = [*drafts(1), Draft("未填完", {"leader": "王示例"})]
    with pytest.raises(ValidationError, match=r"第2项.*受益学生"):
        begin_cases(actor=school, intake_id=found.pk, drafts=half, action="submit")
    assert not standing(world)
    cases = begin_cases(actor=school, intake_id=found.pk, drafts=drafts(2), action="submit")
    kept = standing(world)
    assert {(each.stage, each.steps) for each in kept.values()} == {("recommend", 2)}
    with acting(school):
        lines = AuditLine.objects.filter(verb="act_on_case", subject_id__in=[case.pk for case in cases])
        assert set(CaseEntry.objects.filter(number=2).values_list("deed", flat=True)) == set(
            lines.values_list("deed", flat=True)
        )


def test_a_list_is_ranked_and_ranked_anew(world: World) -> None:
    found, city = intake(world), world.actor("city_officer")
    allot_quotas(actor=world.actor("province_officer"), intake_id=found.pk, numbers={world["lanzhou"].pk: 2})
    one, two, three = begun(world, found, 3)
    with pytest.raises(NotAllowed):
        recommend_cases(actor=city, ranks={one.pk: 1})
    moved(world, "school_officer", [one, two, three], "submit", 1)
    for wrong, words in (
        ({one.pk: 1, two.pk: 2, three.pk: 3}, "名额已用完"),
        ({one.pk: 1, two.pk: 1}, "不能重复"),
        ({one.pk: 0}, "从1开始"),
    ):
        with pytest.raises(ValidationError, match=words):
            recommend_cases(actor=city, ranks=wrong)
    assert recommend_cases(actor=city, ranks={one.pk: 1, two.pk: 2}) == 2
    with pytest.raises(ValidationError, match="另一项"):
        recommend_cases(actor=city, ranks={three.pk: 2})
    assert recommend_cases(actor=city, ranks={one.pk: 2, two.pk: 1}) == 2
    assert [standing(world)[case.title].rank for case in (one, two, three)] == [2, 1, None]
    with pytest.raises(NotAllowed):
        recommend_cases(actor=world.actor("other_city_officer"), ranks={one.pk: 1})
    other = begun(world, intake(world), 1)
    moved(world, "school_officer", other, "submit", 1)
    with pytest.raises(ValidationError, match="同一受理批次"):
        recommend_cases(actor=city, ranks={one.pk: 1, other[0].pk: 2})


def test_reviews_are_handed_in_together_or_not_at_all(world: World) -> None:
    made = reviewing(world)
    assigned(made)
    name = next(name for name in made.experts if len(made.tasks(name)) == 2)
    one, other = (task.pk for task in made.tasks(name))
    actor = made.actor(name)
    with pytest.raises(ValidationError, match="0 到 60"):
        save_reviews(actor=actor, given={one: Opinion(GOOD), other: Opinion({"plan": "61"})}, hand_in=False)
    assert save_reviews(actor=actor, given={one: Opinion({"plan": "10"}, "未完")}) == 1
    with pytest.raises(ValidationError, match="尚未评分"):
        save_reviews(actor=actor, given={one: Opinion(GOOD), other: Opinion({"plan": "1"})}, hand_in=True)
    assert save_reviews(actor=actor, given={key: Opinion(GOOD, " 好 ") for key in (one, other)}, hand_in=True) == 2
    with acting(actor):
        assert {(review.words, *review.marks.values()) for review in Review.objects.all()} == {("好", "50", "30")}
        assert AuditLine.objects.filter(verb="save_review", subject_id__in=[one, other]).count() == 3
    with pytest.raises(ValidationError, match="已经提交"):
        save_reviews(actor=actor, given={one: Opinion(GOOD)})
    stranger = next(each for each in made.experts if each != name)
    with pytest.raises(NotAllowed):
        save_reviews(actor=made.actor(stranger), given={one: Opinion(GOOD)})
    with pytest.raises(ValidationError, match="请选择"):
        save_reviews(actor=actor, given={})


def test_time_runs_out_for_all_but_those_that_are_barred(world: World) -> None:
    cases = under_notice(world, 3)
    raise_objection(actor=world.actor("province_officer"), case_id=cases[1].pk, raised_by="某教师", text="不实")
    with pytest.raises(NotAllowed):
        expire_some(actor=world.actor("province_officer"), case_ids=[cases[0].pk])
    with clock_at(OVER):
        assert expire_cases() == 2
        assert expire_some(actor=system_actor(world["province"].pk), case_ids=[case.pk for case in cases]) == 0
    kept = standing(world)
    assert [kept[case.title].outcome for case in cases] == ["granted", "", "granted"]
    with acting(world.actor("province_officer")):
        for case in kept.values():
            log = CaseEntry.objects.filter(case=case)
            assert replay(Entry.from_data(line.data) for line in log) == State.from_data(case.state)
        assert AuditLine.objects.filter(verb="expire_case", account=None).count() == 2
    school = world.actor("school_officer")
    with acting(school):
        assert sum("工作室" in notice.subject for notice in tray(school)) >= 2


def test_by_machine_many_are_begun_handed_in_and_ranked(world: World) -> None:
    found = intake(world)

    def post(who: str, what: str, data: dict[str, object]) -> HttpResponse:
        client = Client()
        client.force_login(world.accounts[who], backend="django.contrib.auth.backends.ModelBackend")
        return client.post(f"/api/v1/intakes/{found.pk}/{what}", data, content_type="application/json")

    wanted = [{"title": each.title, "answers": each.answers} for each in drafts(3)]
    begun_ = post("school_officer", "cases", {"drafts": wanted})
    assert begun_.status_code == 201
    ids = [each["id"] for each in begun_.json()]
    assert post("school_officer", "cases", {"drafts": wanted[:1]}).status_code == 422
    assert post("school_officer", "acts", {"action": "submit", "seen": dict.fromkeys(ids, 1)}).json() == {"number": 3}
    ranks = {key: rank for rank, key in enumerate(ids, 1)}
    assert post("city_officer", "ranks", {"ranks": ranks}).json() == {"number": 3}
    assert post("other_city_officer", "ranks", {"ranks": ranks}).status_code == 404
    assert post("city_officer", "acts", {"action": "recommend", "seen": dict.fromkeys(ids, 1)}).status_code == 422
    assert {case.stage for case in standing(world).values()} == {"recommend"}


@pytest.mark.parametrize("action", ["submit", "recommend"])
def test_as_few_queries_for_many_as_for_few(world: World, action: str) -> None:
    counts = []
    for number in (3, 30):
        cases = begun(world, intake(world), number)
        if action == "recommend":
            moved(world, "school_officer", cases, "submit", 1)
            recommend_cases(
                actor=world.actor("city_officer"), ranks={case.pk: rank for rank, case in enumerate(cases, 1)}
            )
        who, seen = ("school_officer", 1) if action == "submit" else ("city_officer", 2)
        moved(world, who, cases[:1], action, seen)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            moved(world, who, cases[1:], action, seen)
        counts.append(len(queries))
    assert counts[0] == counts[1]

"""Reviews: sealed marks, conflicts beneath everything, assignments with a proof, decisions that anyone may re-run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from jineng.cases.models import Case, CaseConcern, DecisionDocument, Panel, PanelEntry, Review, ReviewTask
from jineng.cases.panelling import conflicts_in, inputs_of
from jineng.cases.procedures import parse
from jineng.cases.queries import cases_of
from jineng.cases.situations import answers_of
from jineng.cases.verbs import (
    act_on_case,
    agree_marks,
    assign_reviewers,
    close_panel,
    decide_panel,
    enter_expert,
    form_panel,
    publish_panel,
    recuse,
    replay_decision,
    save_answers,
    save_review,
)
from jineng.engines.casework.replaying import decide, replay
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.registry.models import Kinship, Person
from jineng.registry.scope import visible
from jineng.registry.verbs.people import PersonRow, ensure_people, record_employment, record_kinship
from tests.cases.small_panel import DUE, TEXT, Reviewing, applied, assigned, marked, reviewing
from tests.factories import World

MARKS = {"化工团队": (55, 30), "农牧团队": (40, 30), "示教团队": (10, 40)}


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    with clock_at(date(2021, 9, 6)):
        yield


@pytest.fixture
def made(world: World) -> Reviewing:
    return reviewing(world)


def counted(made: Reviewing, who: str, model: type[Any]) -> tuple[int, int]:
    """How many rows both walls show: the program's and the database's."""
    with acting(made.actor(who)), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
        return visible(made.actor(who), model).count(), cursor.fetchone()[0]


def test_every_case_has_its_reviewers_evenly_and_with_a_proof(made: Reviewing) -> None:
    panel = assigned(made)
    assert panel.state == "reviewing"
    (proof,) = panel.assignment["rounds"]
    assert proof["is_optimal"]
    assert proof["expertise"] == proof["bound"]
    loads = Counter(name for name in made.experts for _ in made.tasks(name))
    assert sum(loads.values()) == 6
    assert max(loads.values()) <= 2
    with acting(made.office):
        assert sorted(panel.members.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_reviewers_read_nothing_of_who_applies(made: Reviewing) -> None:
    assigned(made)
    named = {made.cases[title].title for title in made.cases} | {f"{title}的学校" for title in made.cases}
    for name in made.experts:
        for task in made.tasks(name):
            content = task.entry.content
            assert not any(each in content for each in named)
            assert "建设思路若干" in content
            assert json.loads(content)["title"] == f"{task.entry.number:03d} 号"
        assert counted(made, name, Case) == (0, 0)


def test_marks_are_sealed_until_the_panel_closes(made: Reviewing) -> None:
    panel = assigned(made)
    name = next(name for name in made.experts if made.tasks(name))
    task = made.tasks(name)[0]
    actor = made.actor(name)
    with pytest.raises(ValidationError, match="尚未评分"):
        save_review(actor=actor, task_id=task.pk, marks={"plan": "50"}, words="", hand_in=True)
    with pytest.raises(ValidationError, match="0 到 60"):
        save_review(actor=actor, task_id=task.pk, marks={"plan": "61"}, words="")
    save_review(actor=actor, task_id=task.pk, marks={"plan": "50"}, words="未完")
    save_review(actor=actor, task_id=task.pk, marks={"plan": "50", "team": "30"}, words="好", hand_in=True)
    with pytest.raises(ValidationError, match="已经提交"):
        save_review(actor=actor, task_id=task.pk, marks={"plan": "60", "team": "30"}, words="好")
    assert counted(made, name, Review) == (1, 1)
    assert counted(made, "province_officer", Review) == (0, 0)
    for other in set(made.experts) - {name}:
        assert counted(made, other, Review) == (0, 0)
    with acting(actor):
        for statement in (
            "UPDATE cases_review SET words = words",
            "UPDATE cases_reviewtask SET handed_in_at = NULL WHERE handed_in_at IS NOT NULL",
        ):
            with pytest.raises(DatabaseError, match="sealed"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with pytest.raises(ValidationError, match="还有 5 份"):
        close_panel(actor=made.office, panel_id=panel.pk)
    with clock_at(date(2021, 10, 1)):
        close_panel(actor=made.office, panel_id=panel.pk)
    assert counted(made, "province_officer", Review) == (1, 1)
    late = next(each for other in made.experts for each in made.tasks(other) if each.handed_in_at is None)
    owner = next(other for other in made.experts if late.pk in {each.pk for each in made.tasks(other)})
    with pytest.raises(ValidationError, match="不处于该阶段"):
        save_review(actor=made.actor(owner), task_id=late.pk, marks={"plan": "1", "team": "1"}, words="")


def test_a_conflict_keeps_away_whoever_it_is_and_from_when_it_is_known(made: Reviewing) -> None:
    """By page and verb (the first wall) and by raw SQL, in lists, counts and deeds."""
    assigned(made)
    name = next(name for name in ("professor", "teacher", "forester") if made.tasks(name))
    task = made.tasks(name)[0]
    before = len(made.tasks(name))
    with acting(made.office):
        leader = ensure_people(actor=made.office, rows=[PersonRow("带头人", "62010219850101001X")])[0]
        CaseConcern.objects.create(case_id=task.case_id, person_id=leader)
        expert = made.experts[name]
        record_kinship(actor=made.office, one_id=leader, other_id=expert.person_id, relation="夫妻")
    assert len(made.tasks(name)) == before - 1
    for model in (ReviewTask, PanelEntry):
        shown, there = counted(made, name, model)
        assert shown == there == before - 1
    actor = made.actor(name)
    with pytest.raises(NotAllowed):
        save_review(actor=actor, task_id=task.pk, marks={"plan": "60", "team": "40"}, words="")
    with acting(actor):
        statement = (
            "INSERT INTO cases_review (id, recorded_at, origin_kind, void_reason, marks, words, task_id, panel_id,"
            " case_id, account_id) SELECT gen_random_uuid(), now(), 'page', '', '{}', '', %s, %s, %s, %s"
        )
        values = [task.pk, task.panel_id, task.case_id, task.account_id]
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    assert assign_reviewers(actor=made.office, panel_id=task.panel_id) == 1
    with acting(made.office):
        live = ReviewTask.objects.filter(entry=task.entry_id, voided_at__isnull=True)
        assert live.count() == 2
        assert made.world.accounts[name].pk not in live.values_list("account", flat=True)


def test_an_officer_in_conflict_sees_and_does_nothing_of_the_case(made: Reviewing) -> None:
    world, case = made.world, made.cases["化工团队"]
    officer = world.accounts["province_signer"]
    assert counted(made, "province_signer", Case) == (3, 3)
    with acting(made.actor("province_signer")):
        assert cases_of(made.actor("province_signer")).count() == 3
    enter_expert(
        actor=made.office,
        username="province_signer",
        organisation_id=world["province"].pk,
        expertise={},
        name="签发人",
        number="620102197505050011",
    )
    with acting(made.office):
        person = Person.objects.get(pk=_person_of(officer.pk))
    record_employment(
        actor=made.office,
        person_id=person.pk,
        organisation_id=world["petrochemical"].pk,
        since=date(2015, 1, 1),
        until=date(2020, 1, 1),
    )
    assert counted(made, "province_signer", Case) == (2, 2)
    actor = made.actor("province_signer")
    with acting(actor):
        assert cases_of(actor).count() == 2
    with pytest.raises(NotAllowed):
        act_on_case(actor=actor, case_id=case.pk, action="decline")
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET title = 'x' WHERE id = %s", [case.pk])
        assert cursor.rowcount == 0
        cursor.execute("SELECT count(*) FROM cases_caseentry WHERE case_id = %s", [case.pk])
        assert cursor.fetchone()[0] == 0
    with pytest.raises(NotAllowed, match="回避"):
        form_panel(actor=actor, intake_id=made.intake.pk, due_on=DUE)
    # Whoever acts for the applicant itself is a party of the case, not its judge.
    assert counted(made, "college_officer", Case) == (1, 1)


def _person_of(account: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM cases_expert WHERE account_id = %s", [account])
        return cursor.fetchone()[0]


def test_the_database_finds_conflicts_for_every_reason(made: Reviewing) -> None:
    world, office = made.world, made.office
    accounts = {name: world.accounts[name].pk for name in made.experts}

    def found() -> set[tuple[str, str]]:
        titles = {case.pk: title for title, case in made.cases.items()}
        names = {pk: name for name, pk in accounts.items()}
        with acting(office):
            return {(names[one], titles[case]) for one, case in conflicts_in(made.intake.pk, accounts.values())}

    assert found() == set()
    with acting(office):
        CaseConcern.objects.create(case=made.cases["化工团队"], organisation=world["firm"])
        CaseConcern.objects.create(case=made.cases["农牧团队"], person_id=made.experts["teacher"].person_id)
    own = {("teacher", title) for title in made.cases}
    assert found() == {("engineer", "化工团队"), *own}
    other = ensure_people(actor=office, rows=[PersonRow("某亲", "620102198806060012")])[0]
    with acting(office):
        Person.objects.filter(pk=other).update(merged_into=made.experts["teacher"].person_id)
    record_kinship(actor=office, one_id=other, other_id=made.experts["professor"].person_id, relation="父子")
    assert found() == {("engineer", "化工团队"), ("professor", "农牧团队"), *own}
    person = made.experts["forester"].person_id
    assert person is not None
    for school, until in (("county_school", date(2018, 9, 6)), ("petrochemical", date(2018, 9, 8))):
        record_employment(
            actor=office, person_id=person, organisation_id=world[school].pk, since=date(2010, 1, 1), until=until
        )
    assert found() == {("engineer", "化工团队"), ("professor", "农牧团队"), ("forester", "化工团队"), *own}
    with acting(office):
        Kinship.objects.update(voided_at="2021-09-06T00:00:00Z")
    assert ("professor", "农牧团队") not in found()


def test_what_a_form_names_is_kept_for_conflicts(made: Reviewing) -> None:
    world, who, number = made.world, "city_officer", "620102199202020011"
    firm, county = (
        {"id": str(world[name].pk), "label": world[name].name, "code": world[name].code}
        for name in ("firm", "yongdeng")
    )
    case = applied(world, made.intake, "另一团队", who, leader=f"张示例 {number}", partner=firm)
    with acting(world.actor(who)):
        assert number not in case.answers
        named = set(CaseConcern.objects.filter(case=case).values_list("organisation", "person"))
        leader = answers_of(case)["leader"]
    assert leader["label"] == "张示例"
    assert named == {(world["firm"].pk, None), (None, UUID(leader["id"]))}
    plain = applied(world, made.intake, "再一团队", who, partner=county)
    with acting(world.actor(who)):
        assert not CaseConcern.objects.filter(case=plain).exists(), "an authority is nobody's partner"
    with pytest.raises(ValidationError, match="另一姓名"):
        applied(world, made.intake, "错名团队", who, leader=f"赵示例 {number}")


def test_somebody_who_steps_back_is_replaced(made: Reviewing) -> None:
    panel = assigned(made)
    name = next(name for name in made.experts if made.tasks(name))
    task = made.tasks(name)[0]
    with pytest.raises(ValidationError, match="理由"):
        recuse(actor=made.actor(name), task_id=task.pk, reason=" ")
    recuse(actor=made.actor(name), task_id=task.pk, reason="曾共同申报")
    assert task.pk not in {each.pk for each in made.tasks(name)}
    assert assign_reviewers(actor=made.office, panel_id=panel.pk) == 1
    assert assign_reviewers(actor=made.office, panel_id=panel.pk) == 0
    with acting(made.office):
        assert ReviewTask.objects.filter(panel=panel, voided_at__isnull=True).count() == 6


def test_too_few_reviewers_are_told(made: Reviewing) -> None:
    with pytest.raises(ValidationError, match="无法分配"):
        assigned(made, "professor")


def test_a_decision_ranks_cuts_and_may_be_run_again(made: Reviewing) -> None:
    panel = marked(made, MARKS)
    with acting(made.office):
        entry = PanelEntry.objects.get(panel=panel, case=made.cases["农牧团队"])
        digests = {decide(panel.rule, panel.parameters, inputs_of(panel)).digest for _ in range(100)}
    assert len(digests) == 1
    with pytest.raises(ValidationError, match="理由"):
        agree_marks(actor=made.office, entry_id=entry.pk, marks={"plan": "58", "team": "40"}, why="")
    agree_marks(actor=made.office, entry_id=entry.pk, marks={"plan": "58", "team": "40"}, why="补充材料属实")
    decision = decide_panel(actor=made.office, panel_id=panel.pk)
    rows = {row["application"]: row for row in outcome_of(made, panel)["rows"]}
    told = {title: (rows[case.number]["rank"], rows[case.number]["status"]) for title, case in made.cases.items()}
    assert told == {
        "农牧团队": (1, "selected"),
        "化工团队": (2, "reserve"),
        "示教团队": (None, "below_minimum"),
    }
    assert rows[made.cases["化工团队"].number]["score"] == "85.00"
    assert replay_decision(actor=made.office, panel_id=panel.pk).ok
    assert replay_decision(actor=made.world.actor("auditor"), panel_id=panel.pk).ok
    with pytest.raises(NotAllowed):
        replay_decision(actor=made.world.actor("school_officer"), panel_id=panel.pk)
    with acting(made.office):
        document = bytes(DecisionDocument.objects.get(pk=panel.pk).content)
        assert {replay(document).digest for _ in range(100)} == {decision.digest}, "run again, the same digest"
        for name in made.experts:
            assert name.encode() not in document
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_decision SET digest = ''")
    with pytest.raises(ValidationError, match="不处于"):
        decide_panel(actor=made.office, panel_id=panel.pk)
    with pytest.raises(ValidationError, match="评审未入选"):
        act_on_case(actor=made.office, case_id=made.cases["化工团队"].pk, action="select")
    act_on_case(actor=made.office, case_id=made.cases["农牧团队"].pk, action="select")
    school = made.world.actor("school_officer")
    with acting(school):
        assert not visible(school, DecisionDocument).exists()
    publish_panel(actor=made.office, panel_id=panel.pk)


def outcome_of(made: Reviewing, panel: Panel) -> dict[str, Any]:
    """What the whole document of the decision says came of it."""
    with acting(made.office):
        whole: dict[str, Any] = json.loads(bytes(DecisionDocument.objects.get(pk=panel.pk).content))
    return whole["outcome"]  # type: ignore[no-any-return]


def test_reviews_in_conflict_are_struck_from_the_ranking(made: Reviewing) -> None:
    panel = marked(made, MARKS)
    with acting(made.office):
        review = Review.objects.filter(panel=panel, case=made.cases["化工团队"]).select_related("task").first()
        assert review is not None
        expert = next(each for each in made.experts.values() if each.account_id == review.account_id)
        CaseConcern.objects.create(case_id=review.case_id, organisation_id=expert.organisation_id)
    decide_panel(actor=made.office, panel_id=panel.pk)
    assert outcome_of(made, panel)["struck"] == 1


def test_only_the_office_runs_the_panel(made: Reviewing) -> None:
    city = made.world.actor("city_officer")
    with pytest.raises(NotAllowed):
        form_panel(actor=city, intake_id=made.intake.pk, due_on=DUE)
    panel = assigned(made)
    with pytest.raises(NotAllowed):
        close_panel(actor=city, panel_id=panel.pk)
    with pytest.raises(ValidationError, match="不能修改"):
        save_answers(actor=made.office, case_id=made.cases["化工团队"].pk, raw={"plan": "改"})
    with acting(made.office), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_panel SET rule = 'rank-median/1'")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  stage: review\n", "  stage: apply\n", "review.stage"),
        ("rule: rank-mean/1", "rule: rank-luck/1", "没有排名规则"),
        ("hides: [school]", "hides: [gone]", "表中没有 gone"),
        ("topics: field", "topics: plan", "应是表中的选择或专业"),
        ("criterion: plan}, {by", "criterion: gone}, {by", "review.ranking.ties[0].criterion"),
        ("  each: 2", "  every: 2", "review.every"),
    ],
)
def test_faults_of_a_review_are_named_with_their_lines(world: World, old: str, new: str, told: str) -> None:
    assert parse(TEXT).review is not None
    assert old in TEXT
    with pytest.raises(ValidationError) as refused:
        parse(TEXT.replace(old, new))
    assert told in " ".join(refused.value.messages)

"""Nobody acts on a case in which they have a conflict of interest: every deed, tried by somebody who may do it else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from jineng.cases import verbs
from jineng.cases.models import Case, CaseFile, PanelEntry, Recusal
from jineng.cases.verbs import (
    Opinion,
    SomeRefused,
    act_on_case,
    attach_file,
    begin_case,
    decide_panel,
    publish_panel,
    raise_objection,
    recommend_case,
    save_answers,
    save_review,
)
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from tests.cases.small_call import PDF, handed_in, intake
from tests.cases.small_panel import DUE, Reviewing, assigned, marked, reviewing
from tests.cases.test_reviews import MARKS
from tests.factories import World

NAMING = {"case_id", "entry_id", "task_id", "objection_id", "panel_id", "file_id", "seen", "ranks", "given", "case_ids"}
"""Parameters by which a verb names a case, or a review in which it is weighed."""
PARTIES_ALONE = {"save_answers": "by whoever acts at the stage: the applicant, a party", "attach_file": "likewise"}
BY_THE_PROGRAM = {"expire_case", "expire_some", "remind_of_case"}
GOOD = {"plan": "50", "team": "30"}


@dataclass
class Try:
    """Who does what to which case."""

    who: str
    case: Case
    what: dict[str, Any]


@pytest.fixture(autouse=True)
def september() -> Iterator[None]:
    with clock_at(date(2021, 9, 6)):
        yield


def in_recommendation(world: World, who: str, **what: Any) -> Try:
    case = handed_in(world, intake(world))
    return Try(who, case, {"case_id": case.pk, **what})


def under_notice(world: World) -> Case:
    case = in_recommendation(world, "").case
    recommend_case(actor=world.actor("city_officer"), case_id=case.pk, rank=1)
    act_on_case(actor=world.actor("city_officer"), case_id=case.pk, action="recommend")
    for action in ("pass", "approve"):
        act_on_case(actor=world.actor("province_officer"), case_id=case.pk, action=action)
    with acting(world.actor("province_officer")):
        case.refresh_from_db()
    assert case.stage == "notice"
    return case


def answering(world: World) -> Try:
    case = under_notice(world)
    found = raise_objection(actor=world.actor("city_officer"), case_id=case.pk, raised_by="某教师", text="成果有误")
    return Try("province_officer", case, {"objection_id": found.pk, "answer": "属实", "is_upheld": True})


def team_with_file(world: World, made: Reviewing) -> Case:
    school = world.actor("school_officer")
    case = begin_case(actor=school, intake_id=made.intake.pk, title="有附件的团队")
    attach_file(actor=school, case_id=case.pk, field="proof", name="佐证.pdf", content=PDF)
    return save_answers(actor=school, case_id=case.pk, raw={"school": "某校", "field": "chemistry", "plan": "若干"})


def with_file(world: World) -> Try:
    case = team_with_file(world, reviewing(world))
    with acting(world.actor("school_officer")):
        return Try("province_signer", case, {"file_id": CaseFile.objects.get(case=case).pk})


def of_panel(step: str = "", **what: Any) -> Callable[[World], Try]:
    """A panel as far as a step, and a case that it weighs."""

    def make(world: World) -> Try:
        made = reviewing(world)
        panel = assigned(made) if not step else marked(made, MARKS)
        if step in ("decided", "published"):
            decide_panel(actor=made.office, panel_id=panel.pk)
        if step == "published":
            publish_panel(actor=made.office, panel_id=panel.pk)
        given = {"expert_ids": [made.experts["engineer"].pk]} if "expert_ids" in what else what
        return Try("province_signer", made.cases["农牧团队"], {"panel_id": panel.pk, **given})

    return make


def of_late_panel(world: World) -> Try:
    """Everybody has handed in, and the panel waits to be closed."""
    made = reviewing(world)
    panel = assigned(made)
    for name in made.experts:
        for task in made.tasks(name):
            save_review(actor=made.actor(name), task_id=task.pk, marks=GOOD, words="", hand_in=True)
    return Try("province_signer", made.cases["农牧团队"], {"panel_id": panel.pk})


def of_entry(world: World) -> Try:
    made = reviewing(world)
    panel = marked(made, MARKS)
    with acting(made.office):
        entry = PanelEntry.objects.get(panel=panel, case=made.cases["化工团队"])
    return Try("province_signer", made.cases["农牧团队"], {"entry_id": entry.pk, "marks": GOOD, "why": "合议一致"})


def of_task(**what: Any) -> Callable[[World], Try]:
    def make(world: World) -> Try:
        made: Reviewing = reviewing(world)
        assigned(made)
        name = next(name for name in made.experts if made.tasks(name))
        task = made.tasks(name)[0]
        case = next(case for case in made.cases.values() if case.pk == task.case_id)
        return Try(name, case, {"task_id": task.pk, **what})

    return make


def of_review_file(world: World) -> Try:
    made = reviewing(world)
    case = made.cases["有附件的团队"] = team_with_file(world, made)
    act_on_case(actor=world.actor("school_officer"), case_id=case.pk, action="submit")
    assigned(made)
    name, task = next((name, task) for name in made.experts for task in made.tasks(name) if task.case_id == case.pk)
    with acting(world.actor("school_officer")):
        file = CaseFile.objects.get(case=case)
    return Try(name, case, {"task_id": task.pk, "file_id": file.pk})


TRIES: dict[str, Callable[[World], Try]] = {
    "act_on_case": lambda world: in_recommendation(world, "city_officer", action="return", reason="请补充"),
    "act_on_cases": lambda world: many(world),
    "recommend_case": lambda world: in_recommendation(world, "city_officer", rank=1),
    "recommend_cases": lambda world: ranked(world),
    "extend_case": lambda world: in_recommendation(
        world, "province_officer", until=date(2021, 12, 31), reason="汛期"
    ),
    "raise_objection": lambda world: noticed(world, raised_by="某教师", text="成果有误"),
    "answer_objection": answering,
    "open_file": with_file,
    "seat_experts": of_panel(expert_ids=()),
    "assign_reviewers": of_panel(),
    "close_panel": of_late_panel,
    "agree_marks": of_entry,
    "decide_panel": of_panel("closed"),
    "publish_panel": of_panel("decided"),
    "replay_decision": of_panel("published"),
    "save_review": of_task(marks=GOOD, words="好", hand_in=True),
    "save_reviews": lambda world: of_tasks(world),
    "recuse": of_task(reason="再次声明"),
    "open_review_file": of_review_file,
}  # fmt: skip


def many(world: World) -> Try:
    made = in_recommendation(world, "city_officer")
    return Try(
        "city_officer", made.case, {"seen": {made.case.pk: made.case.steps}, "action": "return", "reason": "请补充"}
    )


def ranked(world: World) -> Try:
    made = in_recommendation(world, "city_officer")
    return Try("city_officer", made.case, {"ranks": {made.case.pk: 1}})


def of_tasks(world: World) -> Try:
    made = of_task()(world)
    return Try(made.who, made.case, {"given": {made.what["task_id"]: Opinion(GOOD, "好")}, "hand_in": True})


def noticed(world: World, **what: Any) -> Try:
    case = under_notice(world)
    return Try("city_officer", case, {"case_id": case.pk, **what})


def test_every_deed_upon_a_case_is_tried() -> None:
    naming = {
        name
        for name in verbs.__all__
        if inspect.isfunction(found := getattr(verbs, name)) and set(inspect.signature(found).parameters) & NAMING
    }
    assert naming - PARTIES_ALONE.keys() - BY_THE_PROGRAM == TRIES.keys()


@pytest.mark.parametrize("name", TRIES)
def test_no_deed_passes_a_conflict_of_interest(world: World, name: str) -> None:
    """The same person, the same deed: done and undone, and refused once there is a conflict."""
    found, deed = TRIES[name](world), getattr(verbs, name)
    account = world.accounts[found.who]
    actor = world.actor(found.who)
    with transaction.atomic():
        deed(actor=actor, **found.what)
        transaction.set_rollback(True)
    with acting(actor):
        Recusal.objects.create(account=account, case=found.case, reason="亲属")
    with pytest.raises((NotAllowed, SomeRefused)), transaction.atomic():
        deed(actor=actor, **found.what)


def test_a_panel_is_not_formed_by_whoever_has_an_interest(world: World) -> None:
    made = reviewing(world)
    actor = world.actor("province_signer")
    with acting(actor):
        Recusal.objects.create(account=world.accounts["province_signer"], case=made.cases["农牧团队"], reason="亲属")
    with pytest.raises(NotAllowed, match="回避"):
        verbs.form_panel(actor=actor, intake_id=made.intake.pk, due_on=DUE + timedelta(days=1))
    verbs.form_panel(actor=made.office, intake_id=made.intake.pk, due_on=DUE)

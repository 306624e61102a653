"""The room's lines in the page shell, its tasks on the home page, and the doors to its records."""

from collections import Counter

from django.urls import reverse

from jineng.cases.models import Case
from jineng.cases.procedures import read
from jineng.cases.queries import LIMIT, waiting_for
from jineng.cases.review_queries import tasks_of
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_tasks

add_nav(
    NavItem("today", 12, "事项", "Cases", "cases", Right.VIEW_CASES),
    NavItem("today", 13, "受理批次", "Intakes", "intakes", Right.VIEW_CASES),
    NavItem("today", 14, "评审", "Reviews", "my_reviews", Right.REVIEW_CASES),
    NavItem("registers", 19, "评审专家", "Experts", "experts", Right.EDIT_PROCEDURES),
)
open_records("case", RecordDoor("cases.Case", "case", "事项"))
SOON = 5
"""Days before its deadline from which a case is urgent."""


def _task(case: Case) -> Task:
    stage = read(case.procedure).flow.by_key[case.stage].words
    left = (case.due_on - clock.today()).days if case.due_on else SOON + 1
    late = f"逾期 {-left} 天 {-left} days late" if left < 0 else f"{stage.zh} {stage.en}"
    urgency = 100 - left if left < 0 else 50 if left <= SOON else 10
    return Task(urgency, case.title, late, reverse("case", args=[case.pk]), f"{case.due_on or ''}")


def _cases(actor: Actor) -> list[Task]:
    """Cases in which it is one's own organisation's turn."""
    return [_task(case) for case in waiting_for(actor)[:LIMIT]] if actor.may(Right.ACT_ON_CASES) else []


def _reviews(actor: Actor) -> list[Task]:
    """How many cases one has to review, of each panel."""
    if not actor.may(Right.REVIEW_CASES):
        return []
    waiting = tasks_of(actor).filter(handed_in_at__isnull=True).order_by("panel__due_on")
    counted = Counter((task.panel.intake.name, task.panel.due_on) for task in waiting[:1000])
    return [
        Task(
            60,
            f"{name}：待评审 {number} 件",
            f"{number} to review",
            reverse("my_reviews"),
            f"{due_on}",
        )
        for (name, due_on), number in counted.items()
    ]


add_tasks(_cases)
add_tasks(_reviews)

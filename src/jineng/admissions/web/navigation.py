"""The room's lines in the page shell, the door to its records, and what waits at home."""

from __future__ import annotations

from django.urls import reverse

from jineng.admissions.indicators import ADMISSION_RECORD, PLAN_RECORD, ROUND_RECORD
from jineng.admissions.kinds import FileState
from jineng.admissions.queries import waiting_plans
from jineng.admissions.running_queries import refusals_to_decide
from jineng.kernel.actors import Actor
from jineng.kernel.measures import RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks

add_section("admissions", 50, "招生", "Admissions")
add_nav(
    NavItem("admissions", 40, "招生计划", "Admission plans", "admission_plans", Right.VIEW_ADMISSIONS),
    NavItem("admissions", 41, "计划完成情况", "Completion", "plan_completion", Right.VIEW_ADMISSIONS),
    NavItem("admissions", 42, "录取", "Admissions", "admissions", Right.VIEW_ADMISSIONS),
    NavItem("admissions", 43, "招生季", "Seasons", "seasons", Right.VIEW_ADMISSIONS),
    NavItem("admissions", 44, "考生", "Applicants", "admission_applicants", Right.VIEW_ADMISSIONS),
    NavItem("admissions", 45, "档案", "Files", "admission_files", Right.VIEW_ADMISSIONS),
    NavItem("admissions", 46, "未招生预警", "Without intake", "idle_offerings", Right.VIEW_ADMISSIONS),
)
open_records(ADMISSION_RECORD, RecordDoor("admissions.Admission", "admission", "录取"))
open_records(PLAN_RECORD, RecordDoor("admissions.Plan", "admission_plan", "招生计划"))
open_records(ROUND_RECORD, RecordDoor("admissions.Round", "admission_round", "招生轮次"))


def waiting_for_the_province(actor: Actor) -> list[Task]:
    """Plans to accept and refusals to decide on."""
    if not (actor.sees_all and actor.may(Right.DECIDE_ADMISSIONS)):
        return []
    plans, refusals = waiting_plans(actor), refusals_to_decide(actor)
    tasks = (
        plans
        and Task(
            30,
            f"{plans} 项招生计划待核准 Plans to accept",
            "学校已申报，尚未核准。 Filed by schools, not yet accepted.",
            f"{reverse('admission_plans')}?status=filed",
        ),
        refusals
        and Task(
            35,
            f"{refusals} 份档案拟退档，待审定 Refusals to decide",
            "学校已写明理由；审定后方可公布结果。 Schools gave their reasons; results wait for it.",
            f"{reverse('admission_files')}?state={FileState.REFUSAL}",
        ),
    )
    return [task for task in tasks if task]


add_tasks(waiting_for_the_province)

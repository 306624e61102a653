"""The room's lines in the page shell, the door to its records, and what waits at home."""

from __future__ import annotations

from django.urls import reverse

from jineng.admissions.indicators import ADMISSION_RECORD, PLAN_RECORD, ROUND_RECORD
from jineng.admissions.queries import waiting_plans
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


def waiting_for_acceptance(actor: Actor) -> list[Task]:
    """Plans that wait for the province."""
    if not (actor.sees_all and actor.may(Right.DECIDE_ADMISSIONS)):
        return []
    waiting = waiting_plans(actor)
    if not waiting:
        return []
    return [
        Task(
            30,
            f"{waiting} 项招生计划待核准 Plans to accept",
            "学校已申报，尚未核准。 Filed by schools, not yet accepted.",
            f"{reverse('admission_plans')}?status=filed",
        )
    ]


add_tasks(waiting_for_acceptance)

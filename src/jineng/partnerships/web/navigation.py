"""The room's lines in the page shell, the doors to its records, and the tasks that it gives."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks
from jineng.partnerships.indicators import BODY_RECORD, MEMBER_RECORD, PROJECT_RECORD
from jineng.partnerships.renewing import Asked, asked_of

URGENT, SOON = 80, 50
LAST_DAYS = 14
"""So many days before a term's end the task is urgent."""

add_section("partnerships", 80, "合作", "Partnerships")
add_nav(
    NavItem("partnerships", 50, "合作协议", "Agreements", "agreements", Right.VIEW_PARTNERSHIPS),
    NavItem("partnerships", 51, "合作机构", "Alliances and colleges", "bodies", Right.VIEW_PARTNERSHIPS),
    NavItem("partnerships", 52, "国际合作项目", "International projects", "projects", Right.VIEW_PARTNERSHIPS),
    NavItem("partnerships", 53, "产业集群", "Industry clusters", "clusters", Right.VIEW_PARTNERSHIPS),
)
PROJECTS = NaturalKey("international_projects", {"code": "code"})
open_records(BODY_RECORD, RecordDoor("partnerships.Body", "body", "合作机构", NaturalKey("bodies", {"code": "code"})))
open_records(MEMBER_RECORD, RecordDoor("partnerships.BodyMember", "body_member", "合作机构成员"))
open_records(PROJECT_RECORD, RecordDoor("partnerships.InternationalProject", "project", "国际合作项目", PROJECTS))


def renewal_tasks(actor: Actor) -> list[Task]:
    """Agreements whose renewal the actor's organisation has not answered yet, or over which the parties disagree."""
    if not actor.may(Right.EDIT_PARTNERSHIPS):
        return []
    day = clock.today()
    return [
        Task(
            urgency=URGENT if (asked.until - day).days <= LAST_DAYS else SOON,
            title=f"{_matter(asked, day)}：{asked.name}",
            detail="请与对方协商后更改答复。 Settle it with the other side and change an answer."
            if asked.answered
            else "请答复续签或不再续签。 Say whether to renew or to end it.",
            url=reverse("agreement", args=[asked.agreement_id]),
            due=str(asked.until),
        )
        for asked in asked_of(actor.organisation_id, day)
        if not asked.answered or asked.disagreed
    ]


def _matter(asked: Asked, day: date) -> str:
    if asked.answered:
        return "续签意见不一致"
    return "协议将到期" if day <= asked.until else "协议已到期"


add_tasks(renewal_tasks)

"""The room's lines in the page shell, its tasks on the home page, and the doors to its records."""

from django.urls import reverse

from jineng.governance.models import Assignment
from jineng.governance.queries import LIMIT, owed_by, waiting_for
from jineng.governance.rules import days_late, is_overdue, urgency
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks

add_section("governance", 110, "治理", "Governance")
add_nav(
    NavItem("today", 15, "任务", "Tasks", "task_shares", Right.VIEW_GOVERNANCE),
    NavItem("governance", 80, "政策文件", "Policies", "policies", Right.VIEW_GOVERNANCE),
    NavItem("governance", 81, "领导小组", "Leading groups", "leading_groups", Right.VIEW_GOVERNANCE),
    NavItem("governance", 82, "一县一校一中心", "Counties", "counties", Right.VIEW_GOVERNANCE),
    NavItem("governance", 83, "活动", "Events", "occasions", Right.VIEW_GOVERNANCE),
    NavItem("governance", 84, "宣传报道", "Press", "press_items", Right.VIEW_GOVERNANCE),
)
SIGNINGS = NaturalKey("policy_signings", {"number": "policy__number", "org_code": "organisation__code"})
GROUPS = NaturalKey(
    "leading_groups", {"org_code": "organisation__code", "group_name": "name", "formed_on": "formed_on"}
)
PRESS = NaturalKey("press_items", {"outlet": "outlet", "published_on": "published_on", "title": "title"})
OCCASIONS = NaturalKey("occasions", {"host_code": "host__code", "name": "name", "begins_on": "begins_on"})
EXHIBITS = NaturalKey(
    "exhibition_items",
    {
        "host_code": "occasion__host__code",
        "name": "occasion__name",
        "begins_on": "occasion__begins_on",
        "org_code": "organisation__code",
        "title": "title",
    },
)
SHARES = NaturalKey(
    "task_assignments",
    {"giver_code": "task__giver__code", "number": "task__number", "receiver_code": "receiver__code"},
)
open_records(
    "policy", RecordDoor("governance.Policy", "policy", "政策文件", NaturalKey("policies", {"number": "number"}))
)
open_records("policy_issuer", RecordDoor("governance.PolicyIssuer", "policy_issuer", "印发单位", SIGNINGS))
open_records("leading_group", RecordDoor("governance.LeadingGroup", "leading_group", "领导小组", GROUPS))
open_records("press_item", RecordDoor("governance.PressItem", "press_item", "宣传报道", PRESS))
open_records("occasion", RecordDoor("governance.Occasion", "occasion", "活动", OCCASIONS))
open_records("exhibition_item", RecordDoor("governance.ExhibitionItem", "exhibition_item", "展品", EXHIBITS))
open_records("assignment", RecordDoor("governance.Assignment", "share", "承办任务", SHARES))
open_records("county_fact", RecordDoor("governance.CountyFact", "county_fact", "一县一校一中心"))


def _task(share: Assignment, detail: str) -> Task:
    progress = share.progress
    return Task(
        urgency(progress.state, share.due_on, clock.today()),
        share.task.title,
        detail,
        reverse("share", args=[share.pk]),
        f"{share.due_on}",
    )


def _owed(share: Assignment) -> str:
    today = clock.today()
    if is_overdue(share.progress.state, share.due_on, today):
        days = days_late(share.due_on, today)
        return f"逾期 {days} 天 {days} days late"
    return f"{share.progress.get_state_display()}，请按期办理 To be done in time"


def _shares(actor: Actor) -> list[Task]:
    """Shares that one's own organisation owes, and reports that it has to judge."""
    if not actor.may(Right.EDIT_GOVERNANCE):
        return []
    owed = [_task(share, _owed(share)) for share in owed_by(actor)[:LIMIT]]
    reported = [_task(share, "已上报，待审 Reported: to be judged") for share in waiting_for(actor)[:LIMIT]]
    return owed + reported


add_tasks(_shares)

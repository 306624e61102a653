"""The room's lines in the page shell, its tasks, and the doors to its records."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks
from jineng.workforce.indicators import RECORD_TYPE
from jineng.workforce.queries import recognitions_of, school_standings

add_section("workforce", 100, "教师", "Workforce")
add_nav(
    NavItem("workforce", 60, "教师", "Teachers", "teachers", Right.VIEW_WORKFORCE),
    NavItem("workforce", 61, "双师型", "Dual-qualified", "dual_schools", Right.VIEW_WORKFORCE),
    NavItem("workforce", 62, "自主权", "Autonomies", "autonomies", Right.VIEW_WORKFORCE),
)
GRANTS = NaturalKey(
    "autonomies", {"org_code": "organisation__code", "autonomy": "autonomy", "granted_on": "granted_on"}
)
open_records(RECORD_TYPE, RecordDoor("workforce.AutonomyGrant", "autonomy", "自主权", GRANTS))
SOON = timedelta(days=90)
URGENCY = 30


def _tasks(actor: Actor) -> list[Task]:
    """For a school: who could be recognised now, and whose recognition runs out soon."""
    if actor.level != "institution" or not actor.may(Right.EDIT_WORKFORCE):
        return []
    day, found = clock.today(), []
    page = reverse("dual_candidates", args=[actor.organisation_id])
    ready = sum(bool(one.reachable) for one in school_standings(actor, actor.organisation_id, day).values())
    if ready:
        found.append(
            Task(
                URGENCY,
                f"{ready} 名教师已达到双师型认定条件",
                f"{ready} teachers meet the conditions of a dual-qualified level",
                f"{page}?state=ready",
            )
        )
    ending = recognitions_of(actor).filter(
        organisation=actor.organisation_id, until__gt=day, until__lte=day + SOON, recognised_on__lte=day
    )
    count = ending.count()
    if count:
        found.append(
            Task(
                URGENCY + 5,
                f"{count} 项双师型认定将在 90 天内到期",
                f"{count} recognitions run out within 90 days",
                reverse("recognitions"),
            )
        )
    return found


add_tasks(_tasks)

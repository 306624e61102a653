"""The room's lines in the page shell, its tasks, and the door to its records."""

from datetime import timedelta

from django.urls import reverse

from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks
from jineng.learning.indicators import RECORD_TYPE
from jineng.learning.queries import Clash, clashes_of, waiting_classes

CLASH, OVERDUE = 60, 40
AHEAD = timedelta(days=60)

add_section("learning", 60, "培训", "Learning")
add_nav(
    NavItem("learning", 50, "班次", "Classes", "classes", Right.VIEW_LEARNING),
    NavItem("learning", 51, "课程", "Courses", "courses", Right.VIEW_LEARNING),
    NavItem("learning", 52, "学习领域", "Fields", "learning_fields", Right.VIEW_LEARNING),
    NavItem("learning", 53, "开放大学", "Open university", "open_university", Right.VIEW_LEARNING),
)
open_records(RECORD_TYPE, RecordDoor("learning.Enrolment", "enrolment", "学员记录"))


def _tasks(actor: Actor) -> list[Task]:
    """For those who run classes: learners in two classes at one hour, and classes over that want their list."""
    if actor.level != "institution" or not actor.may(Right.EDIT_LEARNING):
        return []
    day = clock.today()
    tasks = []
    by_class: dict[object, set[object]] = {}
    first: dict[object, Clash] = {}
    for clash in clashes_of(actor, day, day + AHEAD):
        by_class.setdefault(clash.offering_id, set()).add(clash.enrolment_id)
        first.setdefault(clash.offering_id, clash)
    for offering_id, learners in by_class.items():
        clash = first[offering_id]
        tasks.append(
            Task(
                CLASH,
                f"{len(learners)} 名学员同一时段另有课",
                f"{clash.held_on} {clash.starts:%H:%M}，另一班由{clash.other_organiser}举办 In two classes at one hour",
                f"{reverse('class', args=[offering_id])}#clashes",
                str(clash.held_on),
            )
        )
    ended = waiting_classes(actor, day)
    if ended["first"] is not None:
        held = ended["first"]
        tasks.append(
            Task(
                OVERDUE,
                f"{ended['ended']} 个班次已到期，尚未结班",
                f"最早的：{held.code} Classes that ended and want their completion list",
                reverse("class", args=[held.pk]),
                str(held.ends_on),
            )
        )
    return tasks


add_tasks(_tasks)

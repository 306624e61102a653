"""What the room tells of a person's whole way: classes, courses of the open university, micro-courses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.learning.kinds import CourseKind, EnrolmentState
from jineng.learning.models import Enrolment
from jineng.learning.web.tables import STATE_MARKS
from jineng.registry.lifelong import Stage, tell_stages
from jineng.registry.scope import visible

KINDS = {
    CourseKind.TRAINING: "职业培训 Training",
    CourseKind.OPEN_UNIVERSITY: "开放教育 Open university",
    CourseKind.MICRO_COURSE: "微课 Micro-course",
    CourseKind.DEGREE: "学历教育 Degree course",
}


def of_person(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """Every class that somebody signed up for."""
    rows = visible(actor, Enrolment).filter(STANDS, person__in=person_ids, offering__voided_at__isnull=True)
    for row in rows.select_related("offering__course"):
        state = EnrolmentState(row.state)
        yield Stage(
            row.enrolled_on or row.applied_on,
            KINDS[CourseKind(row.offering.course.kind)],
            f"{row.offering}，{row.offering.hours} 学时",
            row.organiser_id,
            str(state.label),
            STATE_MARKS[state],
            "enrolment",
            row.pk,
            row.ended_on,
        )


tell_stages(Right.VIEW_LEARNING, of_person)

"""The room's lines in the page shell, the doors to its records, and the tasks that it gives."""

from __future__ import annotations

from django.urls import reverse

from jineng.facilities.indicators import RECORD_TYPE
from jineng.facilities.queries import overdue_phases
from jineng.kernel import clock
from jineng.kernel.actors import Actor
from jineng.kernel.measures import NaturalKey, RecordDoor, open_records
from jineng.kernel.rights import Right
from jineng.kernel.web.shell import NavItem, Task, add_nav, add_section, add_tasks

OVERDUE = 70

add_section("facilities", 90, "园区", "Parks")
add_nav(
    NavItem("facilities", 60, "职教园区", "Parks", "parks", Right.VIEW_FACILITIES),
    NavItem("facilities", 61, "园区分期", "Phases", "phases", Right.VIEW_FACILITIES),
    NavItem("facilities", 62, "共享设施", "Shared facilities", "facilities", Right.VIEW_FACILITIES),
)
BOOKINGS = NaturalKey(
    "investments", {"park_code": "phase__park__code", "number": "phase__number", "voucher": "voucher"}
)
open_records(RECORD_TYPE, RecordDoor("facilities.InvestmentBooking", "booking", "投资入账", BOOKINGS))


def phase_tasks(actor: Actor) -> list[Task]:
    """Phases of the actor's own park that should have been completed."""
    if not actor.may(Right.EDIT_FACILITIES):
        return []
    return [
        Task(
            urgency=OVERDUE,
            title=f"已过计划完工日期：{phase.name}",
            detail="请报告建成，或说明进度。 Report its completion, or how it stands.",
            url=reverse("phase", args=[phase.pk]),
            due=str(phase.planned_completion),
        )
        for phase in overdue_phases(actor.organisation_id, clock.today())
    ]


add_tasks(phase_tasks)

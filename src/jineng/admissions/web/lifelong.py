"""What the room tells of a person's whole way: seasons taken part in and where they led, up to a bachelor's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from jineng.admissions.kinds import SeasonKind
from jineng.admissions.models import Admission, Applicant
from jineng.admissions.web.tables import MARKS, STATUS
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.lifelong import Stage, tell_stages
from jineng.registry.scope import visible

ENTERED = "招生报名 Registered for admission"
PLACED = {
    SeasonKind.CLASSIFIED: "高职录取 Admitted to a college",
    SeasonKind.UPGRADE: "专升本 Upgrade to bachelor's",
    SeasonKind.EXPANSION: "高职扩招 Expanded enrolment",
    SeasonKind.VOCATIONAL_BACHELOR: "职业本科 Vocational bachelor's",
    SeasonKind.JOINT: "合作办学 Joint programme",
    SeasonKind.SECONDARY: "中职录取 Admitted to secondary",
}


def of_person(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """Every season that somebody registered for, dated by its opening, and every placement."""
    entered = list(visible(actor, Applicant).filter(STANDS, person__in=person_ids).select_related("season"))
    for row in entered:
        yield Stage(
            row.season.opens_on,
            ENTERED,
            row.season.name,
            row.registered_at_id,
            row.get_category_display(),
            url_name="admission_applicant",
            key=row.pk,
        )
    # Through a join the walls would be asked of every admission first.
    placed = visible(actor, Admission).filter(STANDS, applicant__in=[row.pk for row in entered])
    for one in placed.select_related("plan__season"):
        days = [day for day in (one.confirmed_on, one.admitted_on, one.placed_on) if day]
        yield Stage(
            days[0],
            PLACED[SeasonKind(one.plan.season.kind)],
            f"{one.plan.programme_name}（{one.plan.get_level_display()}）",
            one.organisation_id,
            str(STATUS[one.status]),
            MARKS.get(one.status, "warn"),
            "admission",
            one.pk,
            one.ended_on,
        )


tell_stages(Right.VIEW_ADMISSIONS, of_person)

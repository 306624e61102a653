"""What the room tells of a person's whole way: where the person teaches, and whether dual-qualified."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.lifelong import Stage, tell_stages
from jineng.registry.scope import visible
from jineng.workforce.models import Qualification, Recognition, Teacher
from jineng.workforce.web.tables import MARKS, STATUS


def taught(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """Posts as a teacher."""
    for row in visible(actor, Teacher).filter(STANDS, person__in=person_ids):
        state, mark, kind = STATUS[row.status], MARKS[row.status], row.get_kind_display()
        yield Stage(row.since, "任教 Teaching", kind, row.organisation_id, state, mark, "teacher", row.pk, row.until)


def qualified(actor: Actor, person_ids: Collection[UUID]) -> Iterator[Stage]:
    """Certificates that were reported, and recognitions as dual-qualified."""
    for row in visible(actor, Qualification).filter(STANDS, person__in=person_ids):
        named = f"{row}（{row.issuer}）" if row.issuer else str(row)
        yield Stage(row.issued_on, f"{row.get_kind_display()} Qualification", named, None, until=row.until)
    for one in visible(actor, Recognition).filter(STANDS, person__in=person_ids):
        yield Stage(
            one.recognised_on,
            "双师型认定 Dual-qualified",
            one.get_level_display(),
            one.recognised_by_id,
            url_name="recognition",
            key=one.pk,
            until=one.until,
        )


tell_stages(Right.VIEW_WORKFORCE, taught)
tell_stages(Right.VIEW_WORKFORCE, qualified)

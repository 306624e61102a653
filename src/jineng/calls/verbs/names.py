"""Read the names of the people who hold an award; each reading leaves a line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from jineng.calls.models import Award, AwardHolder
from jineng.calls.verbs.reach import OUTSIDE
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.models import Person
from jineng.registry.scope import visible


@verb(Right.VIEW_PERSONAL_DATA, room="calls")
def read_names(*, actor: Actor, award_id: UUID) -> dict[UUID, str]:
    """Names of the people who hold an award, by holder; those outside the actor's scope are left out.

    Raises:
        NotAllowed: the award lies outside the scope.
    """
    award = visible(actor, Award).filter(pk=award_id).first()
    if award is None:
        raise NotAllowed(OUTSIDE)
    people = dict(AwardHolder.objects.filter(STANDS, award=award, person__isnull=False).values_list("person_id", "id"))
    names: dict[UUID, Any] = {
        people[pk]: name for pk, name in visible(actor, Person).filter(pk__in=people).values_list("pk", "name")
    }
    current_deed().note("查看姓名", subject=award, people=len(names))
    return names

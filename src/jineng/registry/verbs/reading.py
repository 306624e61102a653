"""Read who people are, in full; each reading leaves a line."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Model

from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, verb
from jineng.registry.identities import Identity, identities_of


@verb(Right.VIEW_PERSONAL_DATA, room="registry")
def read_people(*, actor: Actor, person_ids: Collection[UUID], subject: Model) -> dict[UUID, Identity]:
    """The people of ``person_ids`` whom the actor sees; the audit line says on whose record, and how many they were.

    ``subject`` is the record whose page shows them; whether the actor may see it is the caller's to find out.
    """
    found = identities_of(actor, person_ids)
    current_deed().note(f"查看个人信息：{subject._meta.verbose_name}", subject=subject, people=len(found))
    return found

"""What exports need of the registry: who people are, in full, for files that whoever may read names hands in again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.kinds import DocumentKind
from jineng.registry.models import Person, PersonDocument
from jineng.registry.scope import visible


@dataclass(frozen=True)
class Identity:
    """A person as a sheet names them."""

    name: str
    number: str
    is_synthetic: bool


def identities_of(actor: Actor, person_ids: Collection[UUID]) -> dict[UUID, Identity]:
    """Name and resident ID number of people whom the actor sees; who has no such number is left out.

    Two queries, whatever the number of people. Whoever writes them down leaves the audit line.

    Raises:
        NotAllowed: the actor may not read personal data.
    """
    actor.require(Right.VIEW_PERSONAL_DATA)
    people: Any = visible(actor, Person).filter(pk__in=person_ids).values_list("pk", "name", "is_synthetic")
    documents = PersonDocument.objects.filter(STANDS, kind=DocumentKind.RESIDENT_ID, person__in=person_ids)
    numbers: dict[UUID, Any] = dict(documents.values_list("person", "number"))
    return {pk: Identity(name, numbers[pk], synthetic) for pk, name, synthetic in people if pk in numbers}

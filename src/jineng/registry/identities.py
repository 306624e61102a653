"""Who people are, in full: for files that are handed in again, and for whoever asks to see one person."""

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
    """A person in full; ``number`` is that of the resident ID, empty where the register has none."""

    name: str
    number: str
    is_synthetic: bool


def identities_of(actor: Actor, person_ids: Collection[UUID]) -> dict[UUID, Identity]:
    """Name and resident ID number of those people whom the actor sees, in two queries whatever their number.

    It leaves no trace by itself: who shows them calls ``read_people``, who writes them to a file notes it.

    Raises:
        NotAllowed: the actor may not read personal data.
    """
    actor.require(Right.VIEW_PERSONAL_DATA)
    people: Any = visible(actor, Person).filter(pk__in=person_ids).values_list("pk", "name", "is_synthetic")
    documents = PersonDocument.objects.filter(STANDS, kind=DocumentKind.RESIDENT_ID, person__in=person_ids)
    numbers: dict[UUID, Any] = dict(documents.values_list("person", "number"))
    return {pk: Identity(name, numbers.get(pk, ""), synthetic) for pk, name, synthetic in people}

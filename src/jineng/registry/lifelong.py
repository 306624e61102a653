"""A person's whole way through the rooms, from a class at a county centre to a bachelor's programme.

Rooms do not know each other. Each tells which stages of people it keeps (``tell_stages``), as far as the actor sees
them; the page asks all of them and puts what they tell in the order of time. Identities found to be one count as one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.registry.models import Organisation, Person
from jineng.registry.scope import visible


@dataclass(frozen=True)
class Stage:
    """One thing that a room knows of a person: since when (and until when), what sort of thing, what, where, and what
    became of it; ``url_name`` and ``key`` lead to its record, where it has a page. ``kind`` is ``中文 English``."""

    on: date
    kind: str
    what: str
    organisation_id: UUID | None
    state: str = ""
    mark: str = "plain"
    url_name: str = ""
    key: object = None
    until: date | None = None


Giver = Callable[[Actor, Collection[UUID]], Iterable[Stage]]
_givers: list[tuple[Right, Giver]] = []


def tell_stages(right: Right, giver: Giver) -> None:
    """Let a room tell stages of people, by their ids, to whoever holds the right; called when its app is ready.

    A giver reads through ``visible`` alone, by the same few queries however many stages there are.
    """
    _givers.append((right, giver))


@dataclass(frozen=True)
class Life:
    """What lies in an actor's sight of a person: the identity that stands, all of its ids, the stages in order, and the
    names of the organisations in sight."""

    person: Person
    ids: frozenset[UUID]
    stages: tuple[Stage, ...]
    names: Mapping[UUID, str]


def life_of(actor: Actor, person_id: UUID) -> Life | None:
    """The whole way of a person, named by any of their identities; ``None`` where nobody in sight is meant."""
    asked = visible(actor, Person).filter(STANDS, pk=person_id).first()
    if asked is None:
        return None
    root = asked.merged_into_id or asked.pk
    known = {each.pk: each for each in visible(actor, Person).filter(STANDS, Q(pk=root) | Q(merged_into=root))}
    ids = frozenset(known)
    told = [stage for right, giver in _givers if actor.may(right) for stage in giver(actor, ids)]
    stages = tuple(sorted(told, key=lambda stage: (stage.on, stage.until or stage.on)))
    places = {stage.organisation_id for stage in stages if stage.organisation_id}
    names = dict(visible(actor, Organisation).filter(pk__in=places).values_list("pk", "name"))
    return Life(known.get(root, asked), ids, stages, names)

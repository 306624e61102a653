"""How one room names what another keeps: by a code that people write, answered with a stable id.

Domain rooms do not import each other. A room offers its things under a kind (``offer_references``); another room's
sheet or form that names one asks here (``look_up``) and stores the id. What an id leads to is told by ``describe``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from jineng.kernel.actors import Actor


@dataclass(frozen=True)
class Reference:
    """A thing of another room: its id, the organisation that answers for it, its label now, its page, its code."""

    id: UUID
    organisation_id: UUID | None
    label: str
    url: str
    code: str = ""


@dataclass(frozen=True)
class ReferenceKind:
    """What a room offers: ``by_code`` and ``by_id`` answer for what the actor may see; both in one query."""

    name: str
    label: str
    label_en: str
    by_code: Callable[[Actor, Collection[str]], Mapping[str, Reference]]
    by_id: Callable[[Actor, Collection[UUID]], Mapping[UUID, Reference]]


_kinds: dict[str, ReferenceKind] = {}


def offer_references(kind: ReferenceKind) -> None:
    """A room says under which kind its things may be named; called when its app is ready."""
    _kinds[kind.name] = kind


def reference_kind(name: str) -> ReferenceKind:
    """The kind of that name.

    Raises:
        LookupError: no room offers it.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"没有登记“{name}”这类引用。 No room offers references of kind {name!r}.") from None


def look_up(name: str, actor: Actor, codes: Collection[str]) -> Mapping[str, Reference]:
    """The things of a kind with these codes, as far as the actor sees them; unknown codes are missing."""
    return reference_kind(name).by_code(actor, codes) if codes else {}


def describe(name: str, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Reference]:
    """The things of a kind with these ids, as far as the actor sees them."""
    return reference_kind(name).by_id(actor, ids) if ids else {}

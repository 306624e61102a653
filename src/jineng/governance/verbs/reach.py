"""Who may write what: the scope checks that the room's verbs and pages share."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.governance.models import CountyFact, LeadingGroup, Occasion, Policy, PressItem, Task
from jineng.governance.scope import own_policies
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin, Recorded
from jineng.kernel.verbs import came_through, current_deed
from jineng.registry.scope import in_reach, visible

R = TypeVar("R", bound=Recorded)
OUTSIDE = "此项不在本岗位管辖范围内。 This lies outside your scope."
OWNERS: dict[type[Recorded], str] = {
    LeadingGroup: "organisation_id",
    PressItem: "organisation_id",
    Occasion: "host_id",
    CountyFact: "office_id",
    Task: "giver_id",
}
"""The organisation that a record belongs to, and within whose reach it may be changed."""


def may_change(actor: Actor, record: Recorded) -> bool:
    """Whether the record stands and lies in the actor's hands; who merely sees it may not change it."""
    if record.is_void:
        return False
    if isinstance(record, Policy):
        return actor.sees_all or Policy.objects.filter(own_policies(actor), pk=record.pk).exists()
    return in_reach(actor, getattr(record, OWNERS[type(record)]))


def require_change(actor: Actor, record: Recorded) -> None:
    """Let pass who may change the record.

    Raises:
        NotAllowed: it was struck out, or somebody else answers for it.
    """
    if not may_change(actor, record):
        raise NotAllowed(OUTSIDE)


def changeable(actor: Actor, model: type[R], record_id: UUID) -> R:
    """The standing record, locked, for an actor who may change it.

    Raises:
        NotAllowed: there is no such record in the actor's hands.
    """
    found = visible(actor, model).filter(pk=record_id).first()
    if found is None:
        raise NotAllowed(OUTSIDE)
    require_change(actor, found)
    return model._default_manager.select_for_update().get(pk=record_id)


def require_place(actor: Actor, organisation_id: UUID) -> None:
    """Let pass who may speak for the organisation.

    Raises:
        NotAllowed: it lies outside the actor's scope.
    """
    if not in_reach(actor, organisation_id):
        raise NotAllowed("该机构不在本岗位管辖范围内。 The organisation lies outside your scope.")


def note_door(through: str) -> None:
    """Say by which door the running verb's records come in, where that is the API."""
    if through == Origin.API:
        came_through(through, current_deed().id)


def require_after(field: str, later: date, earlier: date) -> None:
    """Refuse an end that does not lie after its beginning.

    Raises:
        ValidationError: it does not.
    """
    if later <= earlier:
        raise ValidationError({field: "应晚于开始日期。 It must lie after the beginning."})

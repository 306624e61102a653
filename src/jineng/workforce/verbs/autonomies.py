"""Autonomies: grant one to an institution, revoke it from a day on, strike out a grant that never was."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach
from jineng.workforce.models import AutonomyGrant
from jineng.workforce.verbs.saving import ROOM, find, need_reach, save, strike, through_door


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def grant_autonomy(
    *,
    actor: Actor,
    organisation_id: UUID,
    autonomy: str,
    granted_on: date,
    document: str = "",
    through: str = Origin.PAGE,
) -> AutonomyGrant:
    """The actor's authority grants an autonomy to an institution in its scope, from ``granted_on`` on.

    Raises:
        NotAllowed: the institution lies outside the scope, or the actor acts for no authority.
        ValidationError: the institution has it already on some of these days.
    """
    need_reach(actor, organisation_id)
    _need_authority(actor)
    if organisation_id == actor.organisation_id:
        raise NotAllowed("不能下放给本单位。 Nobody grants an autonomy to themselves.")
    through_door(through)
    earlier = AutonomyGrant.objects.filter(STANDS, organisation=organisation_id, autonomy=autonomy)
    if earlier.filter(revoked_on__gt=granted_on).exists():
        raise ValidationError({"granted_on": "当时已有此项自主权。 The institution had it on that day already."})
    made = AutonomyGrant(
        organisation_id=organisation_id,
        autonomy=autonomy,
        granted_by_id=actor.organisation_id,
        granted_on=granted_on,
        document=document.strip(),
        **origin(),
    )
    save(made)
    current_deed().note(f"下放{made}，自 {granted_on}", subject=made)
    return made


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def revoke_autonomy(*, actor: Actor, grant_id: UUID, revoked_on: date, document: str = "") -> AutonomyGrant:
    """Revoke a grant: from ``revoked_on`` on it no longer holds; up to that day everything stays as it was.

    Raises:
        NotAllowed: no such grant of the actor's own authority, or of one below it.
        ValidationError: void or revoked already, or the day does not lie after the grant.
    """
    grant = _own(actor, grant_id)
    if grant.revoked_on is not None:
        raise ValidationError(f"已自 {grant.revoked_on} 起收回。 It is revoked already.")
    if revoked_on <= grant.granted_on:
        raise ValidationError({"revoked_on": "应晚于下放之日；从未下放的请作废。 It must lie after the grant."})
    grant.revoked_on = revoked_on
    save(grant)
    current_deed().note(f"收回{grant}，自 {revoked_on}", subject=grant, document=document.strip())
    return grant


@verb(Right.EDIT_WORKFORCE, room=ROOM)
def void_autonomy(*, actor: Actor, grant_id: UUID, reason: str) -> AutonomyGrant:
    """Strike out a grant that never was.

    Raises:
        NotAllowed: no such grant of the actor's own authority, or of one below it.
        ValidationError: void already, or no reason.
    """
    grant = _own(actor, grant_id)
    strike(grant, reason)
    return grant


def _own(actor: Actor, grant_id: UUID) -> AutonomyGrant:
    grant = find(actor, AutonomyGrant, grant_id)
    _need_authority(actor)
    if not in_reach(actor, grant.granted_by_id):
        raise NotAllowed("只有下放单位或其上级可以更改。 Only who granted it, or an authority above, may change it.")
    return grant


def _need_authority(actor: Actor) -> None:
    if actor.level == "institution":
        raise NotAllowed("自主权由主管单位下放。 Autonomies are granted by authorities.")

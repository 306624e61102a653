"""Found and end what comes of agreements; record who belongs to it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.partnerships.countries import HOME
from jineng.partnerships.kinds import MemberRole
from jineng.partnerships.models import Agreement, Body, BodyMember
from jineng.partnerships.rules import AUTHORITY_WITHOUT_PROVINCE, END_TOO_EARLY, LEFT_TOO_EARLY
from jineng.partnerships.verbs.keeping import (
    ROOM,
    Partner,
    fault,
    locked,
    require_reach,
    save,
    standing,
    strike,
    through_door,
)
from jineng.registry.scope import visible


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def found_body(
    *,
    actor: Actor,
    organisation_id: UUID,
    code: str,
    name: str,
    kind: str,
    founded_on: date | None,
    agreement_id: UUID | None = None,
    document: str = "",
    through: str = Origin.PAGE,
) -> Body:
    """Record a body led by an organisation of the scope; one that is still prepared has no ``founded_on``.

    Raises:
        NotAllowed: the lead lies outside the scope, or the agreement out of sight.
        ValidationError: the code is taken, or the lead has a body of this kind and name.
    """
    require_reach(actor, organisation_id)
    through_door(through)
    if agreement_id is not None and not visible(actor, Agreement).filter(STANDS, pk=agreement_id).exists():
        raise NotAllowed("依据的协议不在可见范围内。 The agreement lies out of sight.")
    body = Body(
        organisation_id=organisation_id,
        code=code.strip(),
        name=name.strip(),
        kind=kind,
        founded_on=founded_on,
        agreement_id=agreement_id,
        document=document.strip(),
        **origin(),
    )
    save(body)
    current_deed().note(f"登记 {body}", subject=body)
    return body


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def end_body(*, actor: Actor, body_id: UUID, ended_on: date, document: str = "", through: str = Origin.PAGE) -> Body:
    """End a body from ``ended_on`` on, whatever becomes of its agreement.

    Raises:
        NotAllowed: no such body led in the scope.
        ValidationError: void, ended already, or the day does not lie after its founding.
    """
    body = locked(actor, Body, body_id)
    through_door(through)
    if body.ended_on is not None:
        raise ValidationError(f"已自 {body.ended_on} 起终止。 It has ended already.")
    if body.founded_on is not None and ended_on <= body.founded_on:
        raise fault(END_TOO_EARLY)
    body.ended_on = ended_on
    body.document = body.document or document.strip()
    save(body)
    current_deed().note(f"终止 {body}，自 {ended_on}", subject=body, document=document.strip())
    return body


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def void_body(*, actor: Actor, body_id: UUID, reason: str) -> Body:
    """Strike a body out as never having been.

    Raises:
        NotAllowed: no such body led in the scope.
        ValidationError: void already, or no reason.
    """
    return strike(locked(actor, Body, body_id), reason)


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def add_member(
    *,
    actor: Actor,
    body_id: UUID,
    partner: Partner,
    joined_on: date,
    role: str = MemberRole.MEMBER,
    founding: bool = False,
    authority: bool = False,
) -> BodyMember:
    """Record that ``partner`` belongs to a body from ``joined_on`` on.

    Raises:
        NotAllowed: no such body led in the scope.
        ValidationError: void, a member on these days already, or an education authority without its province.
    """
    body = locked(actor, Body, body_id)
    if authority and partner.organisation_id is None and partner.country == HOME and not partner.province:
        raise fault(AUTHORITY_WITHOUT_PROVINCE)
    member = BodyMember(
        body=body,
        joined_on=joined_on,
        role=role,
        founding=founding,
        authority=authority,
        **partner.columns(),
        **origin(),
    )
    save(member)
    current_deed().note(f"{body} 成员 {member.name}，自 {joined_on}", subject=body)
    return member


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def leave_body(*, actor: Actor, member_id: UUID, left_on: date) -> BodyMember:
    """Say that a member no longer belongs to its body from ``left_on`` on.

    Raises:
        NotAllowed: no such member of a body led in the scope.
        ValidationError: it left already, or the day does not lie after its joining.
    """
    member = _member(actor, member_id)
    if member.left_on is not None:
        raise ValidationError(f"已自 {member.left_on} 起退出。 It has left already.")
    if left_on <= member.joined_on:
        raise fault(LEFT_TOO_EARLY)
    member.left_on = left_on
    save(member)
    current_deed().note(f"{member.name} 退出 {member.body}，自 {left_on}", subject=member)
    return member


@verb(Right.EDIT_PARTNERSHIPS, room=ROOM)
def void_member(*, actor: Actor, member_id: UUID, reason: str) -> BodyMember:
    """Strike a membership out as never having been.

    Raises:
        NotAllowed: no such member of a body led in the scope.
        ValidationError: no reason.
    """
    return strike(_member(actor, member_id), reason)


def _member(actor: Actor, member_id: UUID) -> BodyMember:
    member = standing(actor, BodyMember, member_id)
    locked(actor, Body, member.body_id)
    return member

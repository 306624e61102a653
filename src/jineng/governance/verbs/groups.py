"""Form leading groups, name their members, dissolve them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from jineng.governance.kinds import MemberRole
from jineng.governance.models import GroupMember, LeadingGroup
from jineng.governance.verbs.reach import changeable, require_after, require_place
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb

ROOM = "governance"


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def form_group(
    *, actor: Actor, organisation_id: UUID, name: str, level: str, formed_on: date, document: str = ""
) -> LeadingGroup:
    """Record a leading group that an organisation in the actor's scope formed.

    Raises:
        NotAllowed: the organisation lies outside the scope.
        ValidationError: the group stands already.
    """
    require_place(actor, organisation_id)
    group = LeadingGroup(
        organisation_id=organisation_id,
        name=name.strip(),
        level=level,
        formed_on=formed_on,
        document=document.strip(),
        **origin(),
    )
    group.full_clean()
    group.save(force_insert=True)
    current_deed().note(f"成立 {group.name}", subject=group)
    return group


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def add_member(
    *,
    actor: Actor,
    group_id: UUID,
    organisation_id: UUID,
    post_title: str = "",
    role: str = MemberRole.MEMBER,
    since: date | None = None,
) -> GroupMember:
    """Name an organisation, or the holder of a post in it, as a member; ``since`` is the forming unless given.

    Raises:
        NotAllowed: no such group in the actor's hands.
        ValidationError: the member stands already, or would have joined before the group was formed.
    """
    group = changeable(actor, LeadingGroup, group_id)
    day = since or group.formed_on
    if day != group.formed_on:
        require_after("since", day, group.formed_on)
    member = GroupMember(
        group=group,
        organisation_id=organisation_id,
        post_title=post_title.strip(),
        role=role,
        since=day,
        **origin(),
    )
    member.full_clean()
    member.save(force_insert=True)
    current_deed().note(f"{group.name} 增加成员", subject=group, role=role)
    return member


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def dissolve_group(*, actor: Actor, group_id: UUID, dissolved_on: date) -> LeadingGroup:
    """End a group: from ``dissolved_on`` on it is no longer in being.

    Raises:
        NotAllowed: no such group in the actor's hands.
        ValidationError: the day does not lie after its forming.
    """
    group = changeable(actor, LeadingGroup, group_id)
    require_after("dissolved_on", dissolved_on, group.formed_on)
    group.dissolved_on = dissolved_on
    group.save(update_fields=["dissolved_on"])
    current_deed().note(f"撤销 {group.name}，自 {dissolved_on}", subject=group)
    return group

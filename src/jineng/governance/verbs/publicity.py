"""Record press coverage, events, who took part and what was shown."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from jineng.governance.kinds import ParticipantRole
from jineng.governance.models import ExhibitionItem, Occasion, OccasionParticipant, PressItem
from jineng.governance.verbs.reach import changeable, require_place
from jineng.kernel.actors import Actor
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb

ROOM = "governance"


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def record_press(
    *,
    actor: Actor,
    organisation_id: UUID,
    outlet: str,
    published_on: date,
    title: str,
    level: str,
    topic: str = "",
) -> PressItem:
    """Record a piece of coverage about an organisation in the actor's scope.

    Raises:
        NotAllowed: the organisation lies outside the scope.
        ValidationError: the piece stands already.
    """
    require_place(actor, organisation_id)
    item = PressItem(
        organisation_id=organisation_id,
        outlet=outlet.strip(),
        published_on=published_on,
        title=title.strip(),
        level=level,
        topic=topic.strip(),
        **origin(),
    )
    item.full_clean()
    item.save(force_insert=True)
    current_deed().note(f"登记报道 {item}", subject=item)
    return item


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def record_occasion(
    *,
    actor: Actor,
    host_id: UUID,
    name: str,
    kind: str,
    level: str,
    begins_on: date,
    ends_on: date | None = None,
    place: str = "",
    attendance: int | None = None,
) -> Occasion:
    """Record an event that an organisation in the actor's scope holds; without ``ends_on`` it lasts a day.

    Raises:
        NotAllowed: the host lies outside the scope.
        ValidationError: the event stands already, or ends before it begins.
    """
    require_place(actor, host_id)
    occasion = Occasion(
        host_id=host_id,
        name=name.strip(),
        kind=kind,
        level=level,
        begins_on=begins_on,
        ends_on=ends_on or begins_on,
        place=place.strip(),
        attendance=attendance,
        **origin(),
    )
    occasion.full_clean()
    occasion.save(force_insert=True)
    current_deed().note(f"登记活动 {occasion.name}", subject=occasion)
    return occasion


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def add_participant(
    *,
    actor: Actor,
    occasion_id: UUID,
    organisation_id: UUID,
    role: str = ParticipantRole.PARTICIPANT,
    people: int | None = None,
) -> OccasionParticipant:
    """Record who took part in an event that the actor's scope holds.

    Raises:
        NotAllowed: no such event in the actor's hands.
        ValidationError: the organisation is among its participants.
    """
    occasion = changeable(actor, Occasion, occasion_id)
    made = OccasionParticipant(occasion=occasion, organisation_id=organisation_id, role=role, people=people, **origin())
    made.full_clean()
    made.save(force_insert=True)
    current_deed().note(f"{occasion.name} 增加参加单位", subject=occasion)
    return made


@verb(Right.EDIT_GOVERNANCE, room=ROOM)
def add_exhibit(
    *, actor: Actor, occasion_id: UUID, organisation_id: UUID, title: str, kind: str, notes: str = ""
) -> ExhibitionItem:
    """Record what an organisation showed at an event that the actor's scope holds.

    Raises:
        NotAllowed: no such event in the actor's hands.
        ValidationError: the thing stands already.
    """
    occasion = changeable(actor, Occasion, occasion_id)
    made = ExhibitionItem(
        occasion=occasion,
        organisation_id=organisation_id,
        title=title.strip(),
        kind=kind,
        notes=notes.strip(),
        **origin(),
    )
    made.full_clean()
    made.save(force_insert=True)
    current_deed().note(f"{occasion.name} 增加展品", subject=occasion)
    return made

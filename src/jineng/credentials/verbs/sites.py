"""Set up assessment sites, give them rooms, end them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from jineng.credentials.bookings import is_used, lock_site
from jineng.credentials.models import AssessmentRoom, AssessmentSite
from jineng.credentials.verbs.reach import OUTSIDE, ROOM, require_reach, save_valid, strike_out
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach, visible

ENDED = "该站点已停用。 The site has ended already."
TOO_EARLY = "停用日期应晚于批准日期。 The end must lie after the approval."
NO_SEATS = "座位数至少为 1。 A room has one seat at least."
TAKEN = "该站点已有此名称的考场。 The site has a room of this name."
KNOWN = "该单位已有此代码的站点。 The organisation has a site of this code."
STILL_USED = "该日及以后已有场次排在此站点，请先改排。 Sessions are held there from that day on; move them."
IN_USE = (
    "已有场次排在该站点，考场不能作废：座位会移位。可停用站点，另建新站点。 "
    "Sessions are held at the site, so that its rooms stay: seats would move. End the site and set up another."
)


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def set_up_site(
    *, actor: Actor, organisation_id: UUID, code: str, name: str, address: str, approved_on: date
) -> AssessmentSite:
    """Record a site that an organisation runs; its rooms follow by ``add_room``.

    Raises:
        NotAllowed: the organisation lies outside the actor's scope.
        ValidationError: the organisation has a site of that code, or a field is empty.
    """
    require_reach(actor, organisation_id)
    if AssessmentSite.objects.filter(STANDS, organisation=organisation_id, code=code.strip()).exists():
        raise ValidationError({"code": KNOWN})
    site: AssessmentSite = save_valid(
        AssessmentSite(
            organisation_id=organisation_id,
            code=code.strip(),
            name=name.strip(),
            address=address.strip(),
            approved_on=approved_on,
            **origin(),
        ),
        exclude=("organisation",),
    )
    current_deed().note(f"设立考核站点 {site}", subject=site)
    return site


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def add_room(*, actor: Actor, site_id: UUID, name: str, seats: int) -> AssessmentRoom:
    """Give a site one room more; it is filled after those that the site has.

    Raises:
        NotAllowed: the site lies outside the actor's scope.
        ValidationError: the site has ended, or has a room of that name; no seats.
    """
    site = _own_site(actor, site_id)
    if site.ended_on is not None:
        raise ValidationError(ENDED)
    if seats < 1:
        raise ValidationError({"seats": NO_SEATS})
    rooms = AssessmentRoom.objects.filter(STANDS, site=site)
    if rooms.filter(name=name.strip()).exists():
        raise ValidationError({"name": TAKEN})
    last = rooms.aggregate(last=Max("order"))["last"] or 0
    room: AssessmentRoom = save_valid(
        AssessmentRoom(site=site, order=last + 1, name=name.strip(), seats=seats, **origin()), exclude=("site",)
    )
    current_deed().note(f"增加考场 {site} {room}", subject=site, seats=seats)
    return room


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def void_room(*, actor: Actor, room_id: UUID, reason: str) -> AssessmentRoom:
    """Strike out a room that was recorded wrongly, while no session is held at the site.

    Raises:
        NotAllowed: the site lies outside the actor's scope.
        ValidationError: no reason, or a session is or was held at the site, whose seats would move.
    """
    room = visible(actor, AssessmentRoom).filter(STANDS, pk=room_id).first()
    if room is None:
        raise NotAllowed(OUTSIDE)
    site = _own_site(actor, room.site_id)
    if is_used(site.pk):
        raise ValidationError(IN_USE)
    strike_out(room, reason)
    current_deed().note(f"作废考场 {site} {room}", subject=site)
    return room


@verb(Right.EDIT_CREDENTIALS, room=ROOM)
def end_site(*, actor: Actor, site_id: UUID, on: date) -> AssessmentSite:
    """End a site from a day on; what was held there before stays.

    Raises:
        NotAllowed: the site lies outside the actor's scope.
        ValidationError: it has ended already, ``on`` is too early, or a session is held there on that day or later.
    """
    site = _own_site(actor, site_id)
    if site.ended_on is not None:
        raise ValidationError(ENDED)
    if on <= site.approved_on:
        raise ValidationError({"on": TOO_EARLY})
    if is_used(site.pk, on):
        raise ValidationError({"on": STILL_USED})
    site.ended_on = on
    site.save(update_fields=["ended_on"])
    current_deed().note(f"停用考核站点 {site}", subject=site, on=on.isoformat())
    return site


def _own_site(actor: Actor, site_id: UUID) -> AssessmentSite:
    """The standing site, locked, for who answers for whoever runs it.

    Raises:
        NotAllowed: there is no such site in the actor's scope.
    """
    found = AssessmentSite.objects.filter(STANDS, pk=site_id).first()
    if found is None or not in_reach(actor, found.organisation_id):
        raise NotAllowed(OUTSIDE)
    lock_site(site_id)
    found.refresh_from_db()
    return found

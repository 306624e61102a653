"""Open shared facilities, record who shares them and for how many hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from jineng.facilities.models import SharedFacility, SharingMember, UseHours
from jineng.facilities.rules import NOT_SHARING, UNTIL_TOO_EARLY, month_of, open_hours, shares_in
from jineng.facilities.verbs.keeping import (
    OUTSIDE,
    ROOM,
    fault,
    kept_facility,
    kept_park,
    save,
    seen_facility,
    strike,
    through_door,
)
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach


@verb(Right.EDIT_FACILITIES, room=ROOM)
def open_facility(
    *,
    actor: Actor,
    park_id: UUID,
    code: str,
    name: str,
    kind: str,
    capacity: int,
    weekly_hours: Decimal,
    opened_on: date,
) -> SharedFacility:
    """Record a facility that a park of the scope lets others share.

    Raises:
        NotAllowed: no such park in the scope.
        ValidationError: the code is taken.
    """
    facility = SharedFacility(
        park=kept_park(actor, park_id),
        code=code.strip(),
        name=name.strip(),
        kind=kind,
        capacity=capacity,
        weekly_hours=weekly_hours,
        opened_on=opened_on,
        **origin(),
    )
    save(facility)
    current_deed().note(f"启用 {facility}", subject=facility)
    return facility


@verb(Right.EDIT_FACILITIES, room=ROOM)
def share_facility(
    *, actor: Actor, facility_id: UUID, organisation_id: UUID, name: str, since: date, until: date | None = None
) -> SharingMember:
    """Record that an organisation shares a facility from ``since`` up to the day before ``until``.

    Raises:
        NotAllowed: no such facility in the scope.
        ValidationError: the end does not lie after the start, or the stretch overlaps another of the organisation's.
    """
    facility = kept_facility(actor, facility_id)
    if until is not None and until <= since:
        raise fault(UNTIL_TOO_EARLY)
    member = SharingMember(
        facility=facility, organisation_id=organisation_id, name=name.strip(), since=since, until=until, **origin()
    )
    save(member)
    current_deed().note(f"{member.name} 共享 {facility}，自 {since}", subject=member)
    return member


@verb(Right.EDIT_FACILITIES, room=ROOM)
def stop_sharing(*, actor: Actor, member_id: UUID, until: date) -> SharingMember:
    """Say that a member no longer shares its facility from ``until`` on.

    Raises:
        NotAllowed: no such member of a facility in the scope.
        ValidationError: it stopped already, or the day does not lie after its start.
    """
    member = SharingMember.objects.select_for_update(of=("self",)).filter(STANDS, pk=member_id).first()
    if member is None:
        raise NotAllowed(OUTSIDE)
    facility = kept_facility(actor, member.facility_id)
    if member.until is not None:
        raise ValidationError(f"已自 {member.until} 起不再共享。 It has stopped already.")
    if until <= member.since:
        raise fault(UNTIL_TOO_EARLY)
    member.until = until
    save(member)
    current_deed().note(f"{member.name} 不再共享 {facility}，自 {until}", subject=member)
    return member


@verb(Right.EDIT_FACILITIES, room=ROOM)
def report_hours(
    *,
    actor: Actor,
    facility_id: UUID,
    organisation_id: UUID,
    month: date,
    hours: Decimal,
    person_times: int = 0,
    through: str = Origin.PAGE,
) -> UseHours:
    """Say for how many hours a member used a facility in the month of ``month``; saying it again corrects it.

    The park or the member itself reports.

    Raises:
        NotAllowed: the facility is out of sight, or neither the park nor the member lies in the scope.
        ValidationError: a month to come, the organisation does not share the facility in it, or more hours than
            the facility is open.
    """
    facility = seen_facility(facility_id)
    if not in_reach(actor, facility.park.organisation_id) and not in_reach(actor, organisation_id):
        raise NotAllowed(OUTSIDE)
    through_door(through)
    first = month_of(month)
    if first > clock.today():
        raise ValidationError({"month": "不能填报以后的月份。 The month is still to come."})
    stretches = SharingMember.objects.filter(STANDS, facility=facility, organisation=organisation_id)
    if not any(shares_in(first, *stretch) for stretch in stretches.values_list("since", "until")):
        raise ValidationError({"organisation": str(NOT_SHARING)})
    most = open_hours(first, facility.weekly_hours)
    if not 0 < hours <= most:
        raise ValidationError(
            {"hours": f"使用时数应大于零，且不超过该月开放的 {most} 小时。 Open for {most} hours in that month."}
        )
    known = UseHours.objects.filter(STANDS, facility=facility, organisation=organisation_id, month=first).first()
    said = known or UseHours(facility=facility, organisation_id=organisation_id, month=first, **origin())
    said.hours, said.person_times = hours, person_times
    save(said)
    current_deed().note(f"{facility} {first:%Y-%m} 使用 {hours} 小时", subject=said)
    return said


@verb(Right.EDIT_FACILITIES, room=ROOM)
def void_sharing(*, actor: Actor, member_id: UUID, reason: str) -> SharingMember:
    """Strike a stretch of sharing out as never having held.

    Raises:
        NotAllowed: no such member of a facility in the scope.
        ValidationError: void already, or no reason.
    """
    member = SharingMember.objects.filter(pk=member_id).first()
    if member is None:
        raise NotAllowed(OUTSIDE)
    kept_facility(actor, member.facility_id)
    return strike(member, reason)

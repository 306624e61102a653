"""What the room's verbs share: who may change a record, and what the database refuses, in words."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.facilities.models import Park, Phase, SharedFacility
from jineng.facilities.rules import SHARING_OVERLAPS, TAKEN
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import Origin, Recorded
from jineng.kernel.verbs import came_through, current_deed
from jineng.majors.rules import Fault
from jineng.registry.scope import in_reach

ROOM = "facilities"
OUTSIDE = "此项不存在或不在本岗位管辖范围内。 There is no such record in your scope."
REFUSALS: dict[str, dict[str, str]] = {
    "booking_once": {"voucher": "此凭证号在该期已入账。 The voucher stands on this phase already."},
    "phase_report_once_a_day": {"since": "该日已有进度报告，请先作废。 The day has a report; void that first."},
    "facility_once": {"code": str(TAKEN)},
    "sharing_member_once": {"since": str(SHARING_OVERLAPS)},
    "facilities_sharingmember_overlap": {"since": str(SHARING_OVERLAPS)},
}
"""What the database's constraints say, by name."""
AnyRecord = TypeVar("AnyRecord", bound=Recorded)


def locked_phase(actor: Actor, phase_id: UUID) -> Phase:
    """The standing phase of a park in the actor's reach, locked, so that bookings and reports wait for each other.

    Raises:
        NotAllowed: there is none.
    """
    phases = Phase.objects.select_for_update(of=("self",)).select_related("park")
    phase = phases.filter(pk=phase_id, voided_at__isnull=True, park__voided_at__isnull=True).first()
    if phase is None or not in_reach(actor, phase.park.organisation_id):
        raise NotAllowed(OUTSIDE)
    return phase


def kept_park(actor: Actor, park_id: UUID) -> Park:
    """The standing park in the actor's reach.

    Raises:
        NotAllowed: there is none.
    """
    park = Park.objects.filter(pk=park_id, voided_at__isnull=True).first()
    if park is None or not in_reach(actor, park.organisation_id):
        raise NotAllowed(OUTSIDE)
    return park


def seen_facility(facility_id: UUID) -> SharedFacility:
    """The standing facility, as far as the database lets the actor see it.

    Raises:
        NotAllowed: there is none.
    """
    facility = SharedFacility.objects.select_related("park").filter(pk=facility_id, voided_at__isnull=True).first()
    if facility is None:
        raise NotAllowed(OUTSIDE)
    return facility


def kept_facility(actor: Actor, facility_id: UUID) -> SharedFacility:
    """The standing facility of a park in the actor's reach.

    Raises:
        NotAllowed: there is none.
    """
    facility = seen_facility(facility_id)
    if not in_reach(actor, facility.park.organisation_id):
        raise NotAllowed(OUTSIDE)
    return facility


def save(record: Recorded) -> None:
    """Save; what the database's constraints refuse is told in words.

    Raises:
        ValidationError: a natural key is taken, or stretches overlap.
    """
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in REFUSALS:
            raise
        raise ValidationError(REFUSALS[name]) from error


def strike(record: AnyRecord, reason: str) -> AnyRecord:
    """Mark a standing record as never having held.

    Raises:
        ValidationError: it is void already, or no reason is given.
    """
    if record.is_void:
        raise ValidationError("此项已作废。 It is void already.")
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因。 Give a reason."})
    record.voided_at, record.void_reason = clock.now(), reason.strip()
    record.save(update_fields=["voided_at", "void_reason"])
    current_deed().note(f"作废 {record}：{reason.strip()}", subject=record)
    return record


def through_door(through: str) -> None:
    """Say that the deed came by the API, where it did."""
    if through == Origin.API:
        came_through(through, current_deed().id)


def fault(found: Fault) -> ValidationError:
    """A fault of the rules as the error of its field."""
    return ValidationError({found.field: str(found)})

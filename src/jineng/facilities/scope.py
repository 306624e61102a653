"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second.

Parks are announced. What is built and booked is seen by the park's authorities; a facility by them and by the
members that share it; a member's stretch, hours and move by the park's authorities and its own.
"""

from __future__ import annotations

from django.db.models import Q

from jineng.facilities.models import (
    FacilitySight,
    InvestmentBooking,
    Park,
    Phase,
    PhaseReport,
    Relocation,
    SharedFacility,
    SharingMember,
    UseHours,
)
from jineng.kernel.actors import Actor
from jineng.registry.scope import reach, sees


@sees(Park)
def _announced(actor: Actor) -> Q:
    return Q()


@sees(Phase)
def _phase(actor: Actor) -> Q:
    return Q(park__organisation__in=reach(actor))


@sees(PhaseReport)
@sees(InvestmentBooking)
def _of_phase(actor: Actor) -> Q:
    return Q(phase__park__organisation__in=reach(actor))


@sees(SharedFacility)
def _facility(actor: Actor) -> Q:
    sharing = FacilitySight.objects.filter(organisation__in=reach(actor)).values("facility")
    return Q(park__organisation__in=reach(actor)) | Q(id__in=sharing)


@sees(SharingMember)
@sees(UseHours)
def _of_member(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor)) | Q(facility__park__organisation__in=reach(actor))


@sees(Relocation)
def _relocation(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor)) | Q(park__organisation__in=reach(actor))


@sees(FacilitySight)
def _own(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))

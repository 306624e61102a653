"""The facilities in the matrix of rights.

``shared_facility`` is kept by one school's park and shared by another school: that side sees it, and reports its own
hours.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jineng.facilities.models import Park, Phase, Relocation, SharedFacility, UseHours
from jineng.kernel.actors import acting
from tests.facilities.parks import STARTED, book, complete, facility, park, phase, share

if TYPE_CHECKING:
    from tests.rights.forms import Make
    from tests.rights.stage import Persona, Stage

SCHOOLS = ("petrochemical", "city_school", "county_school", "other_school")
MANY = 48
PAGES = """
parks                       GET     +    +    +    +    +    .     -                200
park                        GET     +    +    +    +    +    .     park             200  200   -     200
open_facility               GET     +    +    +    +    .    .     park             200  200   -     200
open_facility               POST    +    +    +    +    .    .     park             302  302   -     403
phases                      GET     +    +    +    +    +    .     -                200
phase                       GET     +    +    +    +    +    .     phase            200  200   -     404
report_phase                GET     +    +    +    +    .    .     phase            200  200   -     404
report_phase                POST    +    +    +    +    .    .     phase            302  302   -     404
book_investment             GET     +    +    +    +    .    .     phase            200  200   -     404
book_investment             POST    +    +    +    +    .    .     phase            302  302   -     404
booking                     GET     +    +    +    +    +    .     booking          200  200   -     404
void_booking                GET     +    +    +    +    .    .     booking          200  200   -     404
void_booking                POST    +    +    +    +    .    .     booking          302  302   -     404
facilities                  GET     +    +    +    +    +    .     -                200
facility                    GET     +    +    +    +    +    .     facility         200  200   -     404
facility                    GET     +    +    +    +    +    .     shared_facility  -    -     -     200
share_facility              GET     +    +    +    +    .    .     facility         200  200   -     404
share_facility              POST    +    +    +    +    .    .     facility         302  302   -     404
share_facility              POST    +    +    +    +    .    .     shared_facility  -    -     -     403
report_hours                GET     +    +    +    +    .    .     facility         200  200   -     404
report_hours                POST    +    +    +    +    .    .     facility         302  302   -     404
report_hours                POST    +    +    +    +    .    .     shared_facility  -    -     -     302
stop_sharing                GET     +    +    +    +    .    .     sharing          200  200   -     404
stop_sharing                POST    +    +    +    +    .    .     sharing          302  302   -     404
"""
API = """
/api/v1/parks                                       GET  +  +  +  +  +  .  -                200
/api/v1/park-phases                                 GET  +  +  +  +  +  .  -                200
/api/v1/park-phases/{phase_id}                      GET  +  +  +  +  +  .  phase            200  200   -     404
/api/v1/park-phases/{phase_id}/bookings             GET  +  +  +  +  +  .  phase            200  200   -     404
/api/v1/park-phases/{phase_id}/bookings             POST +  +  +  +  .  .  phase            201  201   -     404
/api/v1/park-phases/{phase_id}/reports              POST +  +  +  +  .  .  phase            200  200   -     404
/api/v1/shared-facilities                           GET  +  +  +  +  +  .  -                200
/api/v1/shared-facilities/{facility_id}             GET  +  +  +  +  +  .  facility         200  200   -     404
/api/v1/shared-facilities/{facility_id}             GET  +  +  +  +  +  .  shared_facility  -    -     -     200
/api/v1/shared-facilities/{facility_id}/members     GET  +  +  +  +  +  .  facility         200  200   -     404
/api/v1/shared-facilities/{facility_id}/hours       POST +  +  +  +  .  .  facility         200  200   -     404
/api/v1/shared-facilities/{facility_id}/hours       POST +  +  +  +  .  .  shared_facility  -    -     -     200
"""


def _sharer(who: Persona, name: str) -> str:
    """Who uses the facility of that school's park: itself, or the county's school where that is shared."""
    return "county_school" if who.place != "province" and name == "other_school" else name


BOOKING = {"voucher": "V-9", "booked_on": "2021-06-01", "amount": "1000", "funding": "own"}
PAGE_FORMS: dict[str, Make] = {
    "open_facility": lambda stage, who, name: {
        "code": "F-new",
        "name": "新设施",
        "kind": "library",
        "capacity": "20",
        "weekly_hours": "40",
        "opened_on": "2021-06-01",
    },
    "report_phase": lambda stage, who, name: {"status": "suspended", "since": "2021-06-01"},
    "book_investment": lambda stage, who, name: BOOKING,
    "void_booking": lambda stage, who, name: {"reason": "误记"},
    "share_facility": lambda stage, who, name: {
        "organisation": stage.world["university"].code,
        "name": "示例大学",
        "since": "2021-06-01",
    },
    "report_hours": lambda stage, who, name: {
        "organisation": str(stage.world[_sharer(who, name)].pk),
        "month": "2021-06-01",
        "hours": "12",
        "person_times": "30",
    },
    "stop_sharing": lambda stage, who, name: {"until": "2021-06-10"},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/park-phases/{phase_id}/bookings": lambda stage, who, name: BOOKING,
    "/api/v1/park-phases/{phase_id}/reports": lambda stage, who, name: {"status": "suspended", "since": "2021-06-01"},
    "/api/v1/shared-facilities/{facility_id}/hours": lambda stage, who, name: {
        "organisation_code": stage.world[_sharer(who, name)].code,
        "month": "2021-06-01",
        "hours": "12",
    },
}
LISTS: dict[str, str] = {
    "parks": "province_officer",
    "phases": "province_officer",
    "facilities": "province_officer",
}
ASKED: dict[str, str] = {}


def furnish(stage: Stage) -> None:
    """A park with a phase, money, a facility and its hours at each school; one facility shared with another school."""
    world = stage.world
    kinds = ("park", "phase", "booking", "facility", "sharing")
    made: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    province = world.actor("province_officer")
    with acting(province):
        for name in SCHOOLS:
            of = park(world, name)
            first, place = phase(world, of), facility(world, of, f"F-{name}")
            made["park"][name], made["phase"][name], made["facility"][name] = of.pk, first.pk, place.pk
            made["booking"][name] = book(world, first, 1_000_000).pk
            complete(world, first)
            made["sharing"][name] = share(world, place, name).pk
            UseHours.objects.create(
                facility=place, organisation=world[name], month=date(2021, 5, 1), hours=Decimal(8), person_times=20
            )
            Relocation.objects.create(park=of, organisation=world[name], name=name, moved_on=STARTED)
            if name == "other_school":
                shared = facility(world, of, "F-shared")
                share(world, shared, "county_school")
    stage.objects |= made
    stage.objects["shared_facility"] = {"other_school": shared.pk}


def fill(stage: Stage) -> None:
    """Forty-eight more of everything that the room lists."""
    organisations = [stage.world["county_school"]]
    first = Park.objects.get(organisation=organisations[0])
    Phase.objects.bulk_create(
        Phase(park=first, number=2 + n, name=f"批量{n}", planned_investment=Decimal(1000)) for n in range(MANY)
    )
    SharedFacility.objects.bulk_create(
        SharedFacility(
            park=first,
            code=f"B-{n}",
            name=f"批量{n}",
            kind="other",
            capacity=1,
            weekly_hours=Decimal(10),
            opened_on=STARTED,
        )
        for n in range(MANY)
    )

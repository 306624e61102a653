"""Parks and shared facilities by machine: phases with plan and money, completion, members and hours.

Annotations are evaluated here on purpose: the API's framework reads them at run time.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate

from jineng.facilities.kinds import Funding, PhaseStatus
from jineng.facilities.models import InvestmentBooking, Park, Phase, SharedFacility
from jineng.facilities.queries import (
    bookings_of,
    facilities_of,
    parks_of,
    phase_status,
    phases_of,
    sharing_of,
    usage_of,
)
from jineng.facilities.verbs import book_investment, report_hours, report_phase
from jineng.kernel import clock
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.exchange import resolve_organisations

router = Router()
MISSING = "没有此项，或不在可见范围内。 There is no such record in your sight."


class ParkOut(Schema):
    """A park of vocational education; ``area_mu`` in mu (1/15 hectare)."""

    id: UUID
    code: str
    name: str
    area_mu: Decimal | None


class PhaseOut(Schema):
    """A phase of a park; money in yuan, ``status`` as of the business day."""

    id: UUID
    park_code: Annotated[str, Field(alias="park.code")]
    number: int
    name: str
    planned_investment: Decimal
    booked: Decimal
    started_on: date | None
    planned_completion: date | None
    status: str

    @staticmethod
    def resolve_status(found: Phase) -> str:
        """The status of the day."""
        return phase_status(found, clock.today())


class BookingOut(Schema):
    """Money booked on a phase, in yuan."""

    id: UUID
    phase_id: UUID
    voucher: str
    booked_on: date
    amount: Decimal
    funding: str
    document: str
    void_reason: str


class BookingIn(Schema):
    """Money to book on a phase, in yuan."""

    voucher: Annotated[str, Field(min_length=1, max_length=60)]
    booked_on: date
    amount: Annotated[Decimal, Field(gt=0, max_digits=16, decimal_places=2)]
    funding: Funding
    document: Annotated[str, Field(max_length=100)] = ""


class ReportIn(Schema):
    """What a phase is from a day on; a completion off its plan needs a reason."""

    status: PhaseStatus
    since: date
    document: Annotated[str, Field(max_length=100)] = ""
    reason: Annotated[str, Field(max_length=300)] = ""


class FacilityOut(Schema):
    """A shared facility; ``capacity`` in places, ``weekly_hours`` open in a week."""

    id: UUID
    park_code: Annotated[str, Field(alias="park.code")]
    code: str
    name: str
    kind: str
    capacity: int
    weekly_hours: Decimal
    opened_on: date
    closed_on: date | None


class SharerOut(Schema):
    """A member of a facility and its hours and person-times of the year."""

    organisation_id: UUID
    name: str
    since: date
    until: date | None
    hours: Decimal
    person_times: int


class HoursIn(Schema):
    """Hours of a month; ``month`` is any day of it."""

    organisation_code: str
    month: date
    hours: Annotated[Decimal, Field(gt=0, le=744, max_digits=6, decimal_places=1)]
    person_times: Annotated[int, Field(ge=0, le=10_000_000)] = 0


@router.get("/parks", response=list[ParkOut], url_name="parks", summary="职教园区 Parks")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_FACILITIES)
def list_parks(request: ActorRequest) -> QuerySet[Park]:
    """All standing parks, by code."""
    return parks_of(request.actor).order_by("code", "id")


@router.get("/park-phases", response=list[PhaseOut], url_name="phases", summary="园区分期 Phases in scope")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_FACILITIES)
def list_phases(request: ActorRequest) -> QuerySet[Phase]:
    """Phases of the parks in scope with plan and money."""
    return phases_of(request.actor).order_by("park__code", "number", "id")


@router.get("/park-phases/{uuid:phase_id}", response=PhaseOut, url_name="phase", summary="一期 One phase")
@api_door(Right.VIEW_FACILITIES)
def get_phase(request: ActorRequest, phase_id: UUID) -> Phase:
    """One phase in scope; 404 where there is none."""
    found: Phase = _found(phases_of(request.actor), phase_id)
    return found


@router.get(
    "/park-phases/{uuid:phase_id}/bookings",
    response=list[BookingOut],
    url_name="bookings",
    summary="投资入账 Bookings of a phase",
)
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_FACILITIES)
def list_bookings(request: ActorRequest, phase_id: UUID) -> QuerySet[InvestmentBooking]:
    """Standing bookings of a phase in scope, by day."""
    found = _found(phases_of(request.actor), phase_id)
    return bookings_of(request.actor).filter(phase=found).order_by("booked_on", "id")


@router.post(
    "/park-phases/{uuid:phase_id}/bookings",
    response={201: BookingOut},
    url_name="book_investment",
    summary="投资入账 Book money",
)
@api_door(Right.EDIT_FACILITIES)
def add_booking(request: ActorRequest, phase_id: UUID, given: BookingIn) -> Status[InvestmentBooking]:
    """Book money on a phase; 422 says what is wrong."""
    _found(phases_of(request.actor), phase_id)
    made = book_investment(actor=request.actor, phase_id=phase_id, through=Origin.API, **given.model_dump())
    return Status(201, made)


@router.post(
    "/park-phases/{uuid:phase_id}/reports", response=PhaseOut, url_name="report_phase", summary="报告进度 Report"
)
@api_door(Right.EDIT_FACILITIES)
def add_report(request: ActorRequest, phase_id: UUID, given: ReportIn) -> Phase:
    """Report what a phase is; 422 where its money is off the plan and no reason is given."""
    _found(phases_of(request.actor), phase_id)
    report_phase(actor=request.actor, phase_id=phase_id, through=Origin.API, **given.model_dump())
    found: Phase = _found(phases_of(request.actor), phase_id)
    return found


@router.get("/shared-facilities", response=list[FacilityOut], url_name="facilities", summary="共享设施 Facilities")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_FACILITIES)
def list_facilities(request: ActorRequest) -> QuerySet[SharedFacility]:
    """Facilities that the caller's scope keeps or shares, by code."""
    return facilities_of(request.actor).order_by("code", "id")


@router.get(
    "/shared-facilities/{uuid:facility_id}", response=FacilityOut, url_name="facility", summary="一处设施 One facility"
)
@api_door(Right.VIEW_FACILITIES)
def get_facility(request: ActorRequest, facility_id: UUID) -> SharedFacility:
    """One facility in sight; 404 where there is none."""
    found: SharedFacility = _found(facilities_of(request.actor), facility_id)
    return found


@router.get(
    "/shared-facilities/{uuid:facility_id}/members",
    response=list[SharerOut],
    url_name="facility_members",
    summary="共享单位与时数 Members and hours",
)
@api_door(Right.VIEW_FACILITIES)
def list_members(
    request: ActorRequest, facility_id: UUID, year: Annotated[int | None, Query(ge=1990, le=2100)] = None
) -> list[dict[str, Any]]:
    """Members of a facility as far as they are seen, with hours and person-times of the year (this one unless said)."""
    _found(facilities_of(request.actor), facility_id)
    usage = usage_of(request.actor, facility_id, year or clock.today().year)
    return [
        {
            "organisation_id": member.organisation_id,
            "name": member.name,
            "since": member.since,
            "until": member.until,
            "hours": usage[member.organisation_id].hours if member.organisation_id in usage else Decimal(0),
            "person_times": usage[member.organisation_id].person_times if member.organisation_id in usage else 0,
        }
        for member in sharing_of(request.actor, facility_id)
    ]


@router.post(
    "/shared-facilities/{uuid:facility_id}/hours",
    response=FacilityOut,
    url_name="report_hours",
    summary="填报时数 Report hours",
)
@api_door(Right.EDIT_FACILITIES)
def add_hours(request: ActorRequest, facility_id: UUID, given: HoursIn) -> SharedFacility:
    """Report a member's hours of a month; saying it again corrects it."""
    found: SharedFacility = _found(facilities_of(request.actor), facility_id)
    known = resolve_organisations(request.actor, [given.organisation_code]).get(given.organisation_code)
    if known is None:
        raise ValidationError({"organisation_code": "登记册中没有此代码。 The registry holds no such code."})
    report_hours(
        actor=request.actor,
        facility_id=facility_id,
        organisation_id=known.id,
        through=Origin.API,
        **given.model_dump(exclude={"organisation_code"}),
    )
    return found


def _found(rows: QuerySet[Any], pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise HttpError(404, MISSING)
    return found

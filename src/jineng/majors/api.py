"""The majors by machine: the catalogue, offerings, and the same verbs that pages use.

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

from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.majors.models import Major, MajorOffering
from jineng.majors.queries import being_on, catalogue, major_by_code, matches_major, offerings_of
from jineng.majors.verbs import open_offering, revoke_offering
from jineng.registry.exchange import resolve_organisations

router = Router()


class MajorOut(Schema):
    """A major of the catalogue; ``code`` has six digits, ``full_code`` a K behind them where state-controlled."""

    edition: Annotated[int, Field(alias="edition_id")]
    code: str
    full_code: str
    name: str
    level: str
    category_number: Annotated[int, Field(alias="category.number")]
    category: Annotated[str, Field(alias="category.name")]
    major_class: Annotated[str, Field(alias="major_class.name")]
    state_controlled: bool
    since: int
    since_certain: bool


class OfferingOut(Schema):
    """A major that an organisation offers with one duration; ``revoked_on`` is the first day without it."""

    id: UUID
    organisation_id: UUID
    organisation_code: Annotated[str, Field(alias="organisation.code")]
    organisation: Annotated[str, Field(alias="organisation.name")]
    major_code: Annotated[str, Field(alias="major.full_code")]
    major: Annotated[str, Field(alias="major.name")]
    level: Annotated[str, Field(alias="major.level")]
    category: Annotated[str, Field(alias="major.category.name")]
    duration_years: Decimal
    opened_on: date
    revoked_on: date | None
    document: str
    status: str
    void_reason: str


class MajorChoice(Schema):
    """Which majors to list."""

    edition: int | None = None
    level: str = ""
    category: int | None = None
    state_controlled: bool | None = None
    q: str = ""


class OfferingChoice(Schema):
    """Which offerings to list; ``on`` means in being on that day, ``status`` is standing, void or all."""

    organisation_code: str = ""
    major: str = ""
    category: int | None = None
    level: str = ""
    on: date | None = None
    added: Annotated[int | None, Field(ge=1900, le=2100)] = None
    revoked: Annotated[int | None, Field(ge=1900, le=2100)] = None
    status: Annotated[str, Field(pattern="^(standing|void|all)$")] = "standing"


class OfferingIn(Schema):
    """A new offering, by the codes of organisation and major."""

    organisation_code: str
    major_code: str
    duration_years: Annotated[Decimal, Field(gt=0, le=8, max_digits=3, decimal_places=1)]
    opened_on: date
    document: Annotated[str, Field(max_length=100)] = ""


class RevocationIn(Schema):
    """From when an offering is no longer in being, and the document that says so."""

    revoked_on: date
    document: Annotated[str, Field(max_length=100)] = ""


@router.get("/majors", response=list[MajorOut], url_name="majors", summary="专业目录 Majors of the catalogue")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_MAJORS)
def list_majors(request: ActorRequest, choice: Query[MajorChoice]) -> QuerySet[Major]:
    """Majors by code."""
    return catalogue(
        edition=choice.edition,
        level=choice.level,
        category=choice.category,
        state_controlled=choice.state_controlled,
        text=choice.q,
    )


@router.get("/offerings", response=list[OfferingOut], url_name="offerings", summary="专业点 Offerings in scope")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_MAJORS)
def list_offerings(request: ActorRequest, choice: Query[OfferingChoice]) -> QuerySet[MajorOffering]:
    """Offerings in the actor's scope, the latest opened first."""
    offerings = offerings_of(request.actor, standing=choice.status == "standing")
    if choice.status == "void":
        offerings = offerings.filter(voided_at__isnull=False)
    wanted: dict[str, Any] = {
        "organisation__code": choice.organisation_code,
        "major__category__number": choice.category,
        "major__level": choice.level,
        "opened_on__year": choice.added,
        "revoked_on__year": choice.revoked,
    }
    offerings = offerings.filter(**{name: value for name, value in wanted.items() if value})
    if choice.major.strip():
        offerings = offerings.filter(matches_major(choice.major, "major__"))
    if choice.on is not None:
        offerings = offerings.filter(being_on(choice.on))
    return offerings.order_by("-opened_on", "id")


@router.get(
    "/offerings/{uuid:offering_id}", response=OfferingOut, url_name="offering", summary="一个专业点 One offering"
)
@api_door(Right.VIEW_MAJORS)
def get_offering(request: ActorRequest, offering_id: UUID) -> MajorOffering:
    """One offering in the actor's scope, void or not; 404 where there is none."""
    return _found(request, offering_id)


@router.post("/offerings", response={201: OfferingOut}, url_name="open_offering", summary="新增专业点 Open an offering")
@api_door(Right.EDIT_MAJORS)
def add_offering(request: ActorRequest, given: OfferingIn) -> Status[MajorOffering]:
    """Open an offering; 422 says which rule it breaks."""
    known = resolve_organisations(request.actor, [given.organisation_code]).get(given.organisation_code)
    if known is None or not known.in_scope:
        raise ValidationError(
            {"organisation_code": "管辖范围内没有此代码的机构。 No organisation in your scope has this code."}
        )
    major = major_by_code(given.major_code)
    if major is None:
        raise ValidationError({"major_code": "专业目录中没有此代码。 The catalogue holds no such code."})
    made = open_offering(
        actor=request.actor,
        organisation_id=known.id,
        major=major,
        duration_years=given.duration_years,
        opened_on=given.opened_on,
        document=given.document,
        through=Origin.API,
    )
    return Status(201, _found(request, made.pk))


@router.post(
    "/offerings/{uuid:offering_id}/revocation",
    response=OfferingOut,
    url_name="revoke_offering",
    summary="撤销专业点 Revoke an offering",
)
@api_door(Right.EDIT_MAJORS)
def end_offering(request: ActorRequest, offering_id: UUID, given: RevocationIn) -> MajorOffering:
    """Revoke an offering from a day on; 422 says which rule forbids it."""
    _found(request, offering_id)
    revoke_offering(actor=request.actor, offering_id=offering_id, revoked_on=given.revoked_on, document=given.document)
    return _found(request, offering_id)


def _found(request: ActorRequest, offering_id: UUID) -> MajorOffering:
    found = offerings_of(request.actor, standing=False).filter(pk=offering_id).first()
    if found is None:
        raise HttpError(404, "没有此专业点，或不在管辖范围内。 There is no such offering in your scope.")
    return found

"""The admissions by machine: seasons, plans, completion, admissions, and the same verbs that pages use.

Annotations are evaluated here on purpose: the API's framework reads them at run time.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status
from ninja.pagination import LimitOffsetPagination, paginate

from jineng.admissions.kinds import Channel, Ending, Pool
from jineng.admissions.models import Season
from jineng.admissions.own_api import router as own
from jineng.admissions.queries import admissions_of, cap_states, completion, plans_of, rounds_of, seasons_of
from jineng.admissions.running_queries import runs_of, scheme_in
from jineng.admissions.verbs import accept_plan, confirm_admission, end_admission, file_plan, withdraw_plan
from jineng.kernel import clock
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.exchange import resolve_organisations

router = Router()
router.add_router("", own)


class SeasonOut(Schema):
    """A season of admission."""

    id: UUID
    code: str
    kind: str
    year: int
    name: str
    document: str
    opens_on: date
    closes_on: date | None


class RoundOut(Schema):
    """A round of a season; ``supplement`` above nought is a supplementary sub-round of it."""

    id: UUID
    ordinal: int
    supplement: int
    name: str
    channel: str
    opens_on: date
    closes_on: date | None
    cancelled_on: date | None


class CapOut(Schema):
    """A cap as it binds one institution: what it allows, what is used, what still fits."""

    code: str
    name: str
    kind: str
    channels: str
    category: int
    allowed: int
    used: int
    fits: int


class PlanOut(Schema):
    """A plan; ``held`` says how many of its seats are taken now."""

    id: UUID
    season: Annotated[str, Field(alias="season.code")]
    organisation_id: UUID
    organisation_code: Annotated[str, Field(alias="organisation.code")]
    organisation: Annotated[str, Field(alias="organisation.name")]
    programme_code: str
    programme_name: str
    level: str
    joint_college: str
    channel: str
    pool: str
    county_code: str
    seats: int
    held: int
    filed_on: date
    accepted_on: date | None
    withdrawn_on: date | None
    status: str
    document: str


class AdmissionOut(Schema):
    """An admission; the applicant is named by id only."""

    id: UUID
    person_id: Annotated[UUID, Field(alias="applicant.person_id")]
    category: Annotated[str, Field(alias="applicant.category")]
    home: Annotated[str | None, Field(alias="applicant.home_id")]
    season: Annotated[str, Field(alias="plan.season.code")]
    plan_id: UUID
    organisation_id: UUID
    programme_name: Annotated[str, Field(alias="plan.programme_name")]
    round: Annotated[str, Field(alias="round.name")]
    placed_on: date | None
    admitted_on: date | None
    confirmed_on: date | None
    ended_on: date | None
    ending: str
    status: str


class SideOut(Schema):
    """Seats taken and planned in a year."""

    taken: Decimal
    planned: Decimal


class CompletionOut(Schema):
    """An institution's completion in a year and the year before."""

    organisation_id: UUID
    name: str
    now: SideOut
    before: SideOut


class SchemeOut(Schema):
    """The newest scheme of a season as data."""

    version: int
    declared_on: date
    document: str
    data: dict[str, Any]


class RunOut(Schema):
    """A run of a round; ``certificate`` and ``sealed`` (the signed root over all rows) once it is published."""

    id: UUID
    season: Annotated[str, Field(alias="opening.round.season.code")]
    round: Annotated[str, Field(alias="opening.round.name")]
    number: int
    what_if: bool
    state: str
    input_digest: str
    result_digest: str
    counts: dict[str, int]
    certificate: dict[str, Any] | None
    sealed: dict[str, Any] | None


class PlanChoice(Schema):
    """Which plans to list."""

    season: str = ""
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None
    organisation_code: str = ""
    channel: str = ""
    pool: str = ""


class PlanIn(Schema):
    """A new plan, by the codes of season, institution and programme."""

    season: str
    organisation_code: str
    programme_code: Annotated[str, Field(max_length=8)]
    programme_name: Annotated[str, Field(max_length=60)] = ""
    joint_college: Annotated[str, Field(max_length=60)] = ""
    channel: Channel = Channel.DIRECT
    pool: Pool = Pool.ORDINARY
    county_code: Annotated[str, Field(max_length=6)] = ""
    seats: Annotated[int, Field(ge=1, le=100_000)]
    document: Annotated[str, Field(max_length=100)] = ""


class AcceptanceIn(Schema):
    """From when a plan is accepted, and by which document."""

    accepted_on: date
    document: Annotated[str, Field(max_length=100)] = ""


class WithdrawalIn(Schema):
    """From when a plan is withdrawn, and why."""

    withdrawn_on: date
    reason: Annotated[str, Field(max_length=300)]


class ConfirmationIn(Schema):
    """From when the applicant takes the seat."""

    confirmed_on: date


class EndingIn(Schema):
    """How and when an admission ends."""

    ended_on: date
    ending: Ending
    reason: Annotated[str, Field(max_length=200)] = ""


@router.get("/admission-seasons", response=list[SeasonOut], operation_id="list_seasons")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_ADMISSIONS)
def seasons(request: ActorRequest, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> Any:
    """Seasons, the latest first."""
    rows = seasons_of(request.actor)
    return rows.filter(year=year) if year is not None else rows


@router.get("/admission-seasons/{code}/rounds", response=list[RoundOut], operation_id="list_rounds")
@api_door(Right.VIEW_ADMISSIONS)
def rounds(request: ActorRequest, code: str) -> Any:
    """Rounds of a season in order."""
    return rounds_of(request.actor, _season(request, code))


@router.get("/admission-seasons/{code}/scheme", response=SchemeOut, operation_id="get_scheme")
@api_door(Right.VIEW_ADMISSIONS)
def scheme(request: ActorRequest, code: str) -> Any:
    """The newest scheme of a season."""
    found = scheme_in(request.actor, _season(request, code))
    if found is None:
        raise Http404
    return found


@router.get("/admission-runs/{run_id}", response=RunOut, operation_id="get_run")
@api_door(Right.VIEW_ADMISSIONS)
def run(request: ActorRequest, run_id: UUID) -> Any:
    """A run, with its certificate once it is published."""
    return get_object_or_404(runs_of(request.actor), pk=run_id)


@router.get("/admission-seasons/{code}/caps", response=list[CapOut], operation_id="list_caps")
@api_door(Right.VIEW_ADMISSIONS)
def caps(request: ActorRequest, code: str, organisation_code: str = Query("")) -> Any:
    """What the caps of a season leave to an institution; without a code, to the caller's own."""
    organisation_id = request.actor.organisation_id
    if organisation_code:
        organisation_id = _institution(request, organisation_code)
    return cap_states(_season(request, code).pk, organisation_id)


@router.get("/admission-plans", response=list[PlanOut], operation_id="list_admission_plans")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_ADMISSIONS)
def plans(request: ActorRequest, choice: Query[PlanChoice]) -> Any:
    """Standing plans in the caller's scope, the latest recorded first."""
    wanted: dict[str, Any] = {
        "season__code": choice.season,
        "season__year": choice.year,
        "organisation__code": choice.organisation_code,
        "channel": choice.channel,
        "pool": choice.pool,
    }
    rows = plans_of(request.actor).filter(**{name: value for name, value in wanted.items() if value})
    return rows.order_by("-recorded_at", "id")


@router.get("/admission-plans/{uuid:plan_id}", response=PlanOut, operation_id="get_admission_plan")
@api_door(Right.VIEW_ADMISSIONS)
def plan(request: ActorRequest, plan_id: UUID) -> Any:
    """One plan in the caller's scope, void or not."""
    return _plan(request, plan_id)


@router.post("/admission-plans", response={201: PlanOut}, operation_id="file_admission_plan")
@api_door(Right.EDIT_ADMISSIONS)
def add_plan(request: ActorRequest, given: PlanIn) -> Any:
    """File a plan; 422 says which rule or cap it breaks, and what would fit."""
    season = seasons_of(request.actor).filter(code=given.season).first()
    if season is None:
        raise ValidationError({"season": "没有此代码的招生季。 There is no season of this code."})
    made = file_plan(
        actor=request.actor,
        season_id=season.pk,
        organisation_id=_institution(request, given.organisation_code),
        programme=given.programme_code,
        name=given.programme_name,
        joint_college=given.joint_college,
        channel=given.channel,
        pool=given.pool,
        county_code=given.county_code,
        seats=given.seats,
        document=given.document,
        door=Origin.API,
    )
    return Status(201, _plan(request, made.pk))


@router.post("/admission-plans/{uuid:plan_id}/acceptance", response=PlanOut, operation_id="accept_admission_plan")
@api_door(Right.DECIDE_ADMISSIONS)
def accept(request: ActorRequest, plan_id: UUID, given: AcceptanceIn) -> Any:
    """Accept a filed plan."""
    _plan(request, plan_id)
    accept_plan(actor=request.actor, plan_id=plan_id, door=Origin.API, **given.dict())
    return _plan(request, plan_id)


@router.post("/admission-plans/{uuid:plan_id}/withdrawal", response=PlanOut, operation_id="withdraw_admission_plan")
@api_door(Right.EDIT_ADMISSIONS)
def withdraw(request: ActorRequest, plan_id: UUID, given: WithdrawalIn) -> Any:
    """Withdraw a plan from a day on."""
    _plan(request, plan_id)
    withdraw_plan(actor=request.actor, plan_id=plan_id, door=Origin.API, **given.dict())
    return _plan(request, plan_id)


@router.get("/admission-completion", response=list[CompletionOut], operation_id="plan_completion")
@api_door(Right.VIEW_ADMISSIONS)
def completed(request: ActorRequest, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> Any:
    """Plan completion by institution in the caller's scope, in a year (this one unless said) and the year before."""
    return [
        {
            "organisation_id": row.organisation_id,
            "name": row.name,
            "now": {"taken": Decimal(int(row.now.taken)), "planned": Decimal(int(row.now.planned))},
            "before": {"taken": Decimal(int(row.before.taken)), "planned": Decimal(int(row.before.planned))},
        }
        for row in completion(request.actor, year or clock.today().year).rows
    ]


@router.get("/admissions", response=list[AdmissionOut], operation_id="list_admissions")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_ADMISSIONS)
def admissions(request: ActorRequest, season: str = Query(""), plan_id: UUID | None = None) -> Any:
    """Standing admissions in the caller's scope, the latest recorded first."""
    rows = admissions_of(request.actor).order_by("-recorded_at", "id")
    rows = rows.filter(plan__season__code=season) if season else rows
    return rows.filter(plan=plan_id) if plan_id is not None else rows


@router.get("/admissions/{uuid:admission_id}", response=AdmissionOut, operation_id="get_admission")
@api_door(Right.VIEW_ADMISSIONS)
def admission(request: ActorRequest, admission_id: UUID) -> Any:
    """One admission in the caller's scope, void or not."""
    return _admission(request, admission_id)


@router.post("/admissions/{uuid:admission_id}/confirmation", response=AdmissionOut, operation_id="confirm_admission")
@api_door(Right.EDIT_ADMISSIONS)
def confirm(request: ActorRequest, admission_id: UUID, given: ConfirmationIn) -> Any:
    """The applicant takes the seat."""
    _admission(request, admission_id)
    confirm_admission(actor=request.actor, admission_id=admission_id, door=Origin.API, **given.dict())
    return _admission(request, admission_id)


@router.post("/admissions/{uuid:admission_id}/ending", response=AdmissionOut, operation_id="end_admission")
@api_door(Right.EDIT_ADMISSIONS)
def end(request: ActorRequest, admission_id: UUID, given: EndingIn) -> Any:
    """The applicant declines, or the admission is withdrawn."""
    _admission(request, admission_id)
    end_admission(actor=request.actor, admission_id=admission_id, door=Origin.API, **given.dict())
    return _admission(request, admission_id)


def _season(request: ActorRequest, code: str) -> Season:
    found = seasons_of(request.actor).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _institution(request: ActorRequest, code: str) -> UUID:
    known = resolve_organisations(request.actor, [code]).get(code)
    if known is None or not known.in_scope:
        raise ValidationError(
            {"organisation_code": "管辖范围内没有此代码的机构。 No organisation in your scope has this code."}
        )
    return known.id


def _plan(request: ActorRequest, plan_id: UUID) -> Any:
    found = plans_of(request.actor, standing=False).filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def _admission(request: ActorRequest, admission_id: UUID) -> Any:
    found = admissions_of(request.actor, standing=False).filter(pk=admission_id).first()
    if found is None:
        raise Http404
    return found

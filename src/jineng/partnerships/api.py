"""The partnerships by machine: agreements and their renewal, what came of them, international projects, clusters.

Annotations are evaluated here on purpose: the API's framework reads them at run time.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate

from jineng.kernel import clock
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.countries import HOME
from jineng.partnerships.kinds import AgreementKind, Answer, BodyKind, ProjectKind
from jineng.partnerships.models import Agreement, Body, Cluster, InternationalProject
from jineng.partnerships.queries import agreements_of, being_on, bodies_of, clusters_of, in_force_on, projects_of
from jineng.partnerships.renewing import state_of
from jineng.partnerships.verbs import (
    Partner,
    answer_renewal,
    end_agreement,
    end_body,
    found_body,
    record_agreement,
    record_project,
)
from jineng.registry.exchange import resolve_organisations
from jineng.registry.models import Organisation

router = Router()
MISSING = "没有此项，或不在可见范围内。 There is no such record in your sight."


class TermOut(Schema):
    """A stretch of days, both included; without ``until`` it has no end."""

    since: date
    until: date | None


class PartyOut(Schema):
    """A party of an agreement, of the registry or outside."""

    id: UUID
    organisation_id: UUID | None
    name: str
    country: str
    province: str
    role: str


class AgreementOut(Schema):
    """An agreement; ``state`` is coming, running, nearing, lapsed, ended or void as of the business day."""

    id: UUID
    code: str
    name: str
    kind: str
    organisation_id: UUID
    organisation: Annotated[str, Field(alias="keeper_name")]
    signed_on: date
    document: str
    ended_on: date | None
    end_reason: str
    terms: Annotated[list[TermOut], Field(alias="standing_terms")]
    parties: Annotated[list[PartyOut], Field(alias="signatories")]
    state: str

    @staticmethod
    def resolve_state(found: Agreement) -> str:
        """The state of the day."""
        return "void" if found.is_void else state_of(found, clock.today()).value


class BodyOut(Schema):
    """What came of an agreement; ``ended_on`` is the first day without it."""

    id: UUID
    code: str
    name: str
    kind: str
    organisation_id: UUID
    organisation: Annotated[str, Field(alias="keeper_name")]
    agreement_id: UUID | None
    founded_on: date | None
    ended_on: date | None
    document: str
    void_reason: str


class ProjectOut(Schema):
    """An international project; ``until`` is its last day."""

    id: UUID
    code: str
    name: str
    kind: str
    organisation_code: Annotated[str, Field(alias="organisation.code")]
    organisation: Annotated[str, Field(alias="organisation.name")]
    country: str
    partner: str
    since: date
    until: date | None
    belt_and_road: bool
    document: str
    void_reason: str


class ClusterOut(Schema):
    """An industry cluster."""

    id: UUID
    code: str
    name: str
    field: str
    organisation: Annotated[str, Field(alias="keeper_name")]
    founded_on: date
    ended_on: date | None


class Choice(Schema):
    """Which records to list; ``on`` means in force, or in being, on that day."""

    kind: str = ""
    on: date | None = None


class PartnerIn(Schema):
    """The other side: an organisation's code, or a name with country (ISO 3166-1) and province."""

    code: Annotated[str, Field(max_length=18)] = ""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = HOME
    province: Annotated[str, Field(pattern=r"^([0-9]{2})?$")] = ""


class AgreementIn(Schema):
    """A new agreement with its first term."""

    organisation_code: str
    partner: PartnerIn
    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: AgreementKind
    signed_on: date
    since: date
    until: date | None = None
    document: Annotated[str, Field(max_length=100)] = ""


class AnswerIn(Schema):
    """What a party says of a renewal."""

    party_id: UUID
    answer: Answer
    until: date | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class EndIn(Schema):
    """From when an agreement no longer holds, and why."""

    ended_on: date
    reason: Annotated[str, Field(max_length=300)]


class BodyIn(Schema):
    """A new body; one that is still prepared has no ``founded_on``."""

    organisation_code: str
    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    kind: BodyKind
    agreement_id: UUID | None = None
    founded_on: date | None = None
    document: Annotated[str, Field(max_length=100)] = ""


class EndBodyIn(Schema):
    """From when a body is no more."""

    ended_on: date
    document: Annotated[str, Field(max_length=100)] = ""


class ProjectIn(Schema):
    """A new international project."""

    organisation_code: str
    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: ProjectKind
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    partner: Annotated[str, Field(min_length=1, max_length=200)]
    since: date
    until: date | None = None
    belt_and_road: bool = False
    document: Annotated[str, Field(max_length=100)] = ""


@router.get("/agreements", response=list[AgreementOut], url_name="agreements", summary="合作协议 Agreements in sight")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_PARTNERSHIPS)
def list_agreements(request: ActorRequest, choice: Query[Choice]) -> QuerySet[Agreement]:
    """Standing agreements that the caller keeps or is party to, the latest signed first."""
    rows = _narrowed(agreements_of(request.actor), choice)
    return (
        rows.filter(in_force_on(choice.on)).order_by("-signed_on", "id")
        if choice.on
        else rows.order_by("-signed_on", "id")
    )


@router.get("/agreements/{uuid:agreement_id}", response=AgreementOut, url_name="agreement", summary="一份协议 One")
@api_door(Right.VIEW_PARTNERSHIPS)
def get_agreement(request: ActorRequest, agreement_id: UUID) -> Agreement:
    """One agreement in sight, void or not; 404 where there is none."""
    return _found(agreements_of(request.actor, standing=False), agreement_id)


@router.post("/agreements", response={201: AgreementOut}, url_name="record_agreement", summary="登记协议 Record")
@api_door(Right.EDIT_PARTNERSHIPS)
def add_agreement(request: ActorRequest, given: AgreementIn) -> Status[Agreement]:
    """Record an agreement with its first term; 422 says which rule it breaks."""
    keeper = _organisation(request, given.organisation_code)
    made = record_agreement(
        actor=request.actor,
        organisation_id=keeper.pk,
        organisation_name=keeper.name,
        partner=_partner(request, given.partner),
        through=Origin.API,
        **given.model_dump(exclude={"organisation_code", "partner"}),
    )
    return Status(201, _found(agreements_of(request.actor), made.pk))


@router.post(
    "/agreements/{uuid:agreement_id}/answers",
    response=AgreementOut,
    url_name="answer_renewal",
    summary="答复续签 Answer a renewal",
)
@api_door(Right.EDIT_PARTNERSHIPS)
def answer(request: ActorRequest, agreement_id: UUID, given: AnswerIn) -> Agreement:
    """Say for a party whether to renew; when all would, the next term is recorded."""
    _found(agreements_of(request.actor, standing=False), agreement_id)
    answer_renewal(actor=request.actor, agreement_id=agreement_id, through=Origin.API, **given.model_dump())
    return _found(agreements_of(request.actor), agreement_id)


@router.post(
    "/agreements/{uuid:agreement_id}/end", response=AgreementOut, url_name="end_agreement", summary="提前终止 End"
)
@api_door(Right.EDIT_PARTNERSHIPS)
def end(request: ActorRequest, agreement_id: UUID, given: EndIn) -> Agreement:
    """End an agreement, and what came of it with it."""
    _found(agreements_of(request.actor, standing=False), agreement_id)
    end_agreement(actor=request.actor, agreement_id=agreement_id, through=Origin.API, **given.model_dump())
    return _found(agreements_of(request.actor), agreement_id)


@router.get("/bodies", response=list[BodyOut], url_name="bodies", summary="合作机构 What came of agreements")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_PARTNERSHIPS)
def list_bodies(request: ActorRequest, choice: Query[Choice]) -> QuerySet[Body]:
    """Standing bodies in sight, by code."""
    rows = _narrowed(bodies_of(request.actor), choice)
    return (rows.filter(being_on(choice.on)) if choice.on else rows).order_by("code", "id")


@router.get("/bodies/{uuid:body_id}", response=BodyOut, url_name="body", summary="一个合作机构 One body")
@api_door(Right.VIEW_PARTNERSHIPS)
def get_body(request: ActorRequest, body_id: UUID) -> Body:
    """One body in sight, void or not; 404 where there is none."""
    return _found(bodies_of(request.actor, standing=False), body_id)


@router.post("/bodies", response={201: BodyOut}, url_name="found_body", summary="登记合作机构 Record a body")
@api_door(Right.EDIT_PARTNERSHIPS)
def add_body(request: ActorRequest, given: BodyIn) -> Status[Body]:
    """Record a body; 422 says which rule it breaks."""
    lead = _organisation(request, given.organisation_code)
    made = found_body(
        actor=request.actor,
        organisation_id=lead.pk,
        through=Origin.API,
        **given.model_dump(exclude={"organisation_code"}),
    )
    return Status(201, _found(bodies_of(request.actor), made.pk))


@router.post("/bodies/{uuid:body_id}/end", response=BodyOut, url_name="end_body", summary="终止合作机构 End a body")
@api_door(Right.EDIT_PARTNERSHIPS)
def stop_body(request: ActorRequest, body_id: UUID, given: EndBodyIn) -> Body:
    """End a body from a day on."""
    _found(bodies_of(request.actor, standing=False), body_id)
    end_body(actor=request.actor, body_id=body_id, through=Origin.API, **given.model_dump())
    return _found(bodies_of(request.actor), body_id)


@router.get("/international-projects", response=list[ProjectOut], url_name="projects", summary="国际合作项目 Projects")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_PARTNERSHIPS)
def list_projects(request: ActorRequest, choice: Query[Choice]) -> QuerySet[InternationalProject]:
    """Standing international projects in scope, by code."""
    rows = _narrowed(projects_of(request.actor), choice)
    if choice.on:
        rows = rows.filter(since__lte=choice.on).exclude(until__lt=choice.on)
    return rows.order_by("code", "id")


@router.get(
    "/international-projects/{uuid:project_id}", response=ProjectOut, url_name="project", summary="一个项目 One project"
)
@api_door(Right.VIEW_PARTNERSHIPS)
def get_project(request: ActorRequest, project_id: UUID) -> InternationalProject:
    """One project in scope, void or not; 404 where there is none."""
    return _found(projects_of(request.actor, standing=False), project_id)


@router.post(
    "/international-projects",
    response={201: ProjectOut},
    url_name="record_project",
    summary="登记项目 Record a project",
)
@api_door(Right.EDIT_PARTNERSHIPS)
def add_project(request: ActorRequest, given: ProjectIn) -> Status[InternationalProject]:
    """Record an international project; 422 says which rule it breaks."""
    institution = _organisation(request, given.organisation_code)
    made = record_project(
        actor=request.actor,
        organisation_id=institution.pk,
        through=Origin.API,
        **given.model_dump(exclude={"organisation_code"}),
    )
    return Status(201, _found(projects_of(request.actor), made.pk))


@router.get("/clusters", response=list[ClusterOut], url_name="clusters", summary="产业集群 Industry clusters")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_PARTNERSHIPS)
def list_clusters(request: ActorRequest) -> QuerySet[Cluster]:
    """All standing clusters, by code."""
    return clusters_of(request.actor).order_by("code", "id")


def _narrowed(rows: Any, choice: Choice) -> Any:
    return rows.filter(kind=choice.kind) if choice.kind else rows


def _found(rows: QuerySet[Any], pk: UUID) -> Any:
    found: Model | None = rows.filter(pk=pk).first()
    if found is None:
        raise HttpError(404, MISSING)
    return found


def _organisation(request: ActorRequest, code: str) -> Organisation:
    known = resolve_organisations(request.actor, [code]).get(code)
    if known is None or not known.in_scope:
        raise ValidationError(
            {"organisation_code": "管辖范围内没有此代码的机构。 No organisation in your scope has this code."}
        )
    return Organisation.objects.get(pk=known.id)


def _partner(request: ActorRequest, given: PartnerIn) -> Partner:
    known = resolve_organisations(request.actor, [given.code]).get(given.code) if given.code else None
    if given.code and known is None:
        raise ValidationError({"partner": "登记册中没有此代码。 The registry holds no such code."})
    return Partner(given.name, known.id if known else None, given.country, given.province)

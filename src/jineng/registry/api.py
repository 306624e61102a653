"""The registry by machine: organisations and their history, within the caller's scope."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from ninja import Router, Schema
from ninja.pagination import PageNumberPagination, paginate

from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.models import Division
from jineng.registry.queries import history_of, organisations_of

router = Router()


class DivisionOut(Schema):
    """An administrative division."""

    code: str
    name: str
    level: str
    parent_id: str | None = None
    is_civil: bool
    is_ethnic_area: bool


class OrganisationOut(Schema):
    """An organisation as it stands."""

    id: UUID
    code: str
    name: str
    kind: str
    nature: str
    division_id: str
    authority_id: UUID | None = None
    closed_on: date | None = None
    is_synthetic: bool


class StateOut(Schema):
    """What an organisation was from a date on."""

    id: UUID
    change: str
    since: date
    name: str
    kind: str
    division_id: str
    authority_id: UUID | None = None
    closed: bool
    voided: bool
    document: str


@router.get("/divisions", response=list[DivisionOut], operation_id="list_divisions")
@api_door(Right.VIEW_REGISTRY)
def divisions(request: ActorRequest) -> Any:
    """All divisions, parents before children."""
    return Division.objects.all()


@router.get("/organisations", response=list[OrganisationOut], operation_id="list_organisations")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_REGISTRY)
def organisations(request: ActorRequest, kind: str = "", division: str = "", text: str = "") -> Any:
    """Organisations within scope, by kind, division or part of the name."""
    rows = organisations_of(request.actor).order_by("code")
    if kind:
        rows = rows.filter(kind=kind)
    if division:
        rows = rows.filter(division_id=division)
    return rows.filter(name__icontains=text) if text else rows


@router.get("/organisations/{organisation_id}", response=OrganisationOut, operation_id="get_organisation")
@api_door(Right.VIEW_REGISTRY)
def organisation(request: ActorRequest, organisation_id: UUID) -> Any:
    """One organisation."""
    found = organisations_of(request.actor).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    return found


@router.get("/organisations/{organisation_id}/states", response=list[StateOut], operation_id="list_states")
@api_door(Right.VIEW_REGISTRY)
def states(request: ActorRequest, organisation_id: UUID) -> Any:
    """What an organisation was, from the earliest state on; struck-out states are marked."""
    if not organisations_of(request.actor).filter(pk=organisation_id).exists():
        raise Http404
    return history_of(request.actor, organisation_id)

"""The credit bank by machine: accounts with their sealed lines, achievements stated, schemes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from ninja import Router, Schema, Status
from ninja.pagination import PageNumberPagination, paginate

from jineng.credentials.credit_queries import accounts_of, postings_of, schemes_of
from jineng.credentials.kinds import AchievementKind
from jineng.credentials.verbs import state_achievement
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.registry.verbs.people import PersonRow

router = Router()


class CreditSchemeOut(Schema):
    """A version of a school's scheme."""

    id: UUID
    school_id: UUID
    version: int
    since: date
    cap: Decimal


class CreditAccountOut(Schema):
    """An account; its holder is named by id only."""

    id: UUID
    person_id: UUID
    opened_on: date
    balance: Decimal


class TranscriptOut(CreditAccountOut):
    """An account with its sealed lines in order: counted from zero they come to the balance."""

    lines: list[dict[str, Any]]


class AchievementIn(Schema):
    """What a learner achieved; a certificate states itself."""

    institution_code: str
    name: str
    number: str
    kind: AchievementKind
    code: str
    title: str
    on: date


class AchievementOut(Schema):
    """A stated achievement with its sealed statement."""

    id: UUID
    person_id: UUID
    kind: str
    code: str
    title: str
    obtained_on: date
    statement: dict[str, Any]


@router.get("/credit-schemes", response=list[CreditSchemeOut], operation_id="list_credit_schemes")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CREDENTIALS)
def schemes(request: ActorRequest) -> Any:
    """Schemes of all schools."""
    return schemes_of(request.actor).order_by("-since", "pk")


@router.get("/credit-accounts", response=list[CreditAccountOut], operation_id="list_credit_accounts")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CREDENTIALS)
def accounts(request: ActorRequest) -> Any:
    """Accounts of learners in the caller's sight."""
    return accounts_of(request.actor).order_by("-opened_on", "pk")


@router.get("/credit-accounts/{account_id}", response=TranscriptOut, operation_id="get_credit_account")
@api_door(Right.VIEW_CREDENTIALS)
def account(request: ActorRequest, account_id: UUID) -> Any:
    """The transcript of one account."""
    found = accounts_of(request.actor).filter(pk=account_id).first()
    if found is None:
        raise Http404
    told = {name: getattr(found, name) for name in ("id", "person_id", "opened_on", "balance")}
    return {**told, "lines": [line.statement for line in postings_of(request.actor, found)]}


@router.post("/achievements", response={201: AchievementOut}, operation_id="state_achievement")
@api_door(Right.EDIT_CREDENTIALS)
def state(request: ActorRequest, payload: AchievementIn) -> Any:
    """State what a learner achieved, under the institution's seal."""
    institution = visible(request.actor, Organisation).filter(code=payload.institution_code).first()
    if institution is None:
        raise ValidationError("没有此单位。 There is no such organisation.")
    made = state_achievement(
        actor=request.actor,
        institution_id=institution.pk,
        person=PersonRow(payload.name.strip(), payload.number.strip().upper()),
        kind=payload.kind,
        code=payload.code,
        title=payload.title,
        on=payload.on,
    )
    return Status(201, made)

"""The calls by machine: calls, batches, awards, and what becomes of an award, within the caller's scope."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema, Status
from ninja.pagination import PageNumberPagination, paginate

from jineng.calls import kinds
from jineng.calls.models import Batch
from jineng.calls.queries import (
    awards_of,
    counted_calls_of,
    having_status_on,
    holders_of,
    showing_status_on,
    timeline_of,
)
from jineng.calls.verbs import set_status
from jineng.kernel import clock
from jineng.kernel.records import STANDS, Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.scope import visible

router = Router()


class CallOut(Schema):
    """A call and the codes of the departments that decide it, in the order of signing."""

    id: UUID
    code: str
    name: str
    level: str
    holder_form: str
    deciders: list[str]
    batch_count: int
    award_count: int

    @staticmethod
    def resolve_deciders(row: Any) -> list[str]:
        """Codes of the deciding departments."""
        return [decider.organisation.code for decider in row.signing]


class BatchOut(Schema):
    """A batch of a call."""

    id: UUID
    call: str
    number: int
    year: int
    decided_on: date | None = None
    document: str

    @staticmethod
    def resolve_call(row: Batch) -> str:
        """The call's code."""
        return row.call.code


class AwardOut(Schema):
    """An award and what it is on the day asked for (null: nothing by then)."""

    id: UUID
    call: str
    batch: int
    organisation_id: UUID
    organisation: str
    title: str
    level: str
    project_number: str
    status: str | None = None
    status_since: date | None = None

    @staticmethod
    def resolve_call(row: Any) -> str:
        """The call's code."""
        return str(row.batch.call.code)

    @staticmethod
    def resolve_batch(row: Any) -> int:
        """The batch's number."""
        return int(row.batch.number)

    @staticmethod
    def resolve_organisation(row: Any) -> str:
        """The responsible organisation's name."""
        return str(row.organisation_name)

    @staticmethod
    def resolve_status(row: Any) -> str | None:
        """The status on the day."""
        return row.reached[0].status if row.reached else None

    @staticmethod
    def resolve_status_since(row: Any) -> date | None:
        """Since when."""
        return row.reached[0].since if row.reached else None


class StatusOut(Schema):
    """A status that an award reached."""

    id: UUID
    status: str
    since: date
    document: str
    voided: bool

    @staticmethod
    def resolve_voided(row: Any) -> bool:
        """Whether it was struck out."""
        return bool(row.is_void)


class HolderOut(Schema):
    """A holder; a person is named by id only."""

    kind: str
    role: str
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    team_name: str


class AwardDetail(AwardOut):
    """One award with its timeline and its holders."""

    statuses: list[StatusOut]
    holders: list[HolderOut]

    @staticmethod
    def resolve_statuses(row: Any) -> list[Any]:
        """Its timeline, the earliest first."""
        return list(row.timeline)

    @staticmethod
    def resolve_holders(row: Any) -> list[Any]:
        """Who holds it."""
        return list(row.named)


class StatusIn(Schema):
    """What an award is from a day on, and by which document."""

    status: str
    since: date
    document: str = ""


@router.get("/calls", response=list[CallOut], operation_id="list_calls")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CALLS)
def calls(request: ActorRequest, level: str = Query(""), text: str = Query("")) -> Any:
    """Calls by level or part of the name."""
    rows = counted_calls_of(request.actor).order_by("code")
    if level:
        rows = rows.filter(level=level)
    return rows.filter(name__icontains=text) if text else rows


@router.get("/calls/{code}/batches", response=list[BatchOut], operation_id="list_batches")
@api_door(Right.VIEW_CALLS)
def batches(request: ActorRequest, code: str) -> Any:
    """Batches of a call."""
    rows = visible(request.actor, Batch).filter(STANDS, call__code=code, call__voided_at__isnull=True)
    return rows.select_related("call").order_by("number")


@router.get("/awards", response=list[AwardOut], operation_id="list_awards")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CALLS)
def awards(
    request: ActorRequest,
    call: str = Query(""),
    batch: int | None = None,
    level: str = Query(""),
    status: Annotated[kinds.Status | None, Query()] = None,
    on: date | None = None,
    organisation_id: UUID | None = None,
    text: str = Query(""),
) -> Any:
    """Standing awards; ``status`` is that of the day ``on``, today if none is given."""
    day = on or clock.today()
    rows = showing_status_on(awards_of(request.actor), day).order_by("-recorded_at", "pk")
    wanted = {
        "batch__call__code": call,
        "batch__number": batch,
        "level": level,
        "organisation_id": organisation_id,
        "title__icontains": text,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return having_status_on(rows, status, day) if status else rows


@router.get("/awards/{award_id}", response=AwardDetail, operation_id="get_award")
@api_door(Right.VIEW_CALLS)
def award(request: ActorRequest, award_id: UUID) -> Any:
    """One award with its timeline and its holders."""
    return _detail(request, award_id)


@router.post("/awards/{award_id}/statuses", response={201: StatusOut}, operation_id="set_award_status")
@api_door(Right.EDIT_CALLS)
def add_status(request: ActorRequest, award_id: UUID, payload: StatusIn) -> Any:
    """Recognise, refuse or withdraw an award from a day on."""
    _detail(request, award_id)
    made = set_status(actor=request.actor, award_id=award_id, through=Origin.API, **payload.dict())
    return Status(201, made)


def _detail(request: ActorRequest, award_id: UUID) -> Any:
    found: Any = showing_status_on(awards_of(request.actor), clock.today()).filter(pk=award_id).first()
    if found is None:
        raise Http404
    found.timeline, found.named = timeline_of(request.actor, found), holders_of(request.actor, found)
    return found

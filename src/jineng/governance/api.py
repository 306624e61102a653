"""The governance by machine: tasks and their shares, policies, groups, events, the state of counties."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema, Status
from ninja.pagination import PageNumberPagination, paginate

from jineng.governance import kinds, queries
from jineng.governance.verbs import accept_share, give_task, record_policy, report_share, send_back_share, split_share
from jineng.kernel import clock
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest

router = Router()


class PolicyOut(Schema):
    """A policy and the codes of those who issue it, in the order of signing; ``issued_on`` is null for a draft."""

    id: UUID
    number: str
    title: str
    level: str
    kind: str
    topic: str
    scope: str
    issued_on: date | None = None
    repealed_on: date | None = None
    issuers: list[str]

    @staticmethod
    def resolve_issuers(row: Any) -> list[str]:
        """Codes of those who issue it."""
        return [issuer.organisation.code for issuer in row.signing]


class PolicyIn(Schema):
    """A new policy; without ``issued_on`` a draft."""

    number: str
    title: str
    issuer_ids: list[UUID]
    level: str
    kind: str = "issued"
    topic: str = ""
    scope: str = ""
    issued_on: date | None = None
    replaces_id: UUID | None = None


class ShareOut(Schema):
    """A share of a task: who gave it to whom, how far it is."""

    id: UUID
    task_id: UUID
    number: str
    title: str
    unit: str
    giver_id: UUID
    giver_name: str
    receiver_id: UUID
    receiver_name: str
    share: Decimal
    done: Decimal
    state: str
    sent_back: int
    due_on: date
    withdrawn: bool

    @staticmethod
    def resolve_number(row: Any) -> str:
        """The task's number."""
        return str(row.task.number)

    @staticmethod
    def resolve_title(row: Any) -> str:
        """The task's title."""
        return str(row.task.title)

    @staticmethod
    def resolve_unit(row: Any) -> str:
        """The task's unit."""
        return str(row.task.unit)

    @staticmethod
    def resolve_done(row: Any) -> Decimal:
        """How much is done."""
        return Decimal(row.progress.done)

    @staticmethod
    def resolve_state(row: Any) -> str:
        """Where it stands."""
        return str(row.progress.state)

    @staticmethod
    def resolve_sent_back(row: Any) -> int:
        """How often it was sent back."""
        return int(row.progress.sent_back)

    @staticmethod
    def resolve_withdrawn(row: Any) -> bool:
        """Whether the task was withdrawn."""
        return row.task.withdrawn_on is not None


class StepOut(Schema):
    """Something that happened to a share."""

    sequence: int
    kind: str
    happened_on: date
    value: Decimal | None = None
    text: str


class ShareDetail(ShareOut):
    """A share with what happened to it."""

    steps: list[StepOut]

    @staticmethod
    def resolve_steps(row: Any) -> list[Any]:
        """What happened, in order."""
        return list(row.timeline)


class SharePart(Schema):
    """How much an organisation gets."""

    receiver_id: UUID
    share: Decimal


class TaskIn(Schema):
    """A new task of one's own organisation."""

    title: str
    due_on: date
    shares: list[SharePart]
    number: str = ""
    description: str = ""
    unit: str = "项"
    policy_id: UUID | None = None


class SplitIn(Schema):
    """A share among those below."""

    due_on: date
    shares: list[SharePart]


class TaskOut(Schema):
    """A task as it was given."""

    id: UUID
    number: str
    title: str
    given_on: date
    due_on: date


class ReportIn(Schema):
    """How far a share is; of one that was split, no value."""

    value: Decimal | None = None
    text: str = ""


class JudgementIn(Schema):
    """A report accepted, or sent back with a reason."""

    accepted: bool
    text: str = ""


class GroupOut(Schema):
    """A leading group."""

    id: UUID
    name: str
    level: str
    organisation_id: UUID
    organisation_name: str
    formed_on: date
    dissolved_on: date | None = None
    member_count: int


class EventOut(Schema):
    """An event."""

    id: UUID
    name: str
    kind: str
    level: str
    host_id: UUID
    host_name: str
    begins_on: date
    ends_on: date
    place: str
    attendance: int | None = None


class PressOut(Schema):
    """A piece of coverage."""

    id: UUID
    outlet: str
    title: str
    level: str
    topic: str
    published_on: date
    organisation_id: UUID
    organisation_name: str


class CountyOut(Schema):
    """What a county has of 一县一校一中心 on a day, and what it lacks."""

    code: str
    name: str
    city: str
    office_id: UUID
    complete: bool
    pooled: list[str]
    missing: list[str]

    @staticmethod
    def resolve_pooled(row: Any) -> list[str]:
        """Departments that its centre pools."""
        return [fact.department for fact in row.pooled]


def _parts(shares: list[SharePart]) -> dict[UUID, Decimal]:
    return {part.receiver_id: part.share for part in shares}


@router.get("/policies", response=list[PolicyOut], operation_id="list_policies")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_GOVERNANCE)
def policies(
    request: ActorRequest,
    topic: str = Query(""),
    level: str = Query(""),
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
    text: str = Query(""),
) -> Any:
    """Policies by topic, level, year of issue or part of the title; drafts only to those who draw them up."""
    rows = queries.policies_of(request.actor).order_by("-issued_on", "number")
    wanted = {"topic": topic, "level": level, "issued_on__year": year, "title__icontains": text}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


@router.post("/policies", response={201: PolicyOut}, operation_id="record_policy")
@api_door(Right.EDIT_GOVERNANCE)
def add_policy(request: ActorRequest, payload: PolicyIn) -> Any:
    """Record a policy or a draft."""
    made = record_policy(actor=request.actor, through=Origin.API, **payload.dict())
    return Status(201, queries.policies_of(request.actor).get(pk=made.pk))


@router.get("/policies/{policy_id}", response=PolicyOut, operation_id="get_policy")
@api_door(Right.VIEW_GOVERNANCE)
def policy(request: ActorRequest, policy_id: UUID) -> Any:
    """One policy."""
    return _one(queries.policies_of(request.actor), policy_id)


@router.post("/tasks", response={201: TaskOut}, operation_id="give_task")
@api_door(Right.EDIT_GOVERNANCE)
def add_task(request: ActorRequest, payload: TaskIn) -> Any:
    """Give a task to organisations below one's own."""
    fields = payload.dict()
    fields["shares"] = _parts(payload.shares)
    return Status(201, give_task(actor=request.actor, through=Origin.API, **fields))


@router.get("/task-shares", response=list[ShareOut], operation_id="list_task_shares")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_GOVERNANCE)
def shares(
    request: ActorRequest, state: kinds.TaskState | None = None, task_id: UUID | None = None, mine: bool = False
) -> Any:
    """Shares of tasks in sight, the earliest deadline first; ``mine``: those of one's own organisation."""
    rows = queries.shares_of(request.actor).order_by("due_on", "pk")
    wanted = {
        "progress__state": state,
        "task_id": task_id,
        "receiver_id": request.actor.organisation_id if mine else None,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


@router.get("/task-shares/{share_id}", response=ShareDetail, operation_id="get_task_share")
@api_door(Right.VIEW_GOVERNANCE)
def share(request: ActorRequest, share_id: UUID) -> Any:
    """One share with what happened to it."""
    return _share(request, share_id)


@router.post("/task-shares/{share_id}/split", response={201: TaskOut}, operation_id="split_task_share")
@api_door(Right.EDIT_GOVERNANCE)
def split(request: ActorRequest, share_id: UUID, payload: SplitIn) -> Any:
    """Split one's own share among organisations below."""
    _share(request, share_id)
    made = split_share(
        actor=request.actor,
        assignment_id=share_id,
        shares=_parts(payload.shares),
        due_on=payload.due_on,
        through=Origin.API,
    )
    return Status(201, made)


@router.post("/task-shares/{share_id}/reports", response={201: StepOut}, operation_id="report_task_share")
@api_door(Right.EDIT_GOVERNANCE)
def report(request: ActorRequest, share_id: UUID, payload: ReportIn) -> Any:
    """Report how far one's own share is."""
    _share(request, share_id)
    made = report_share(actor=request.actor, assignment_id=share_id, through=Origin.API, **payload.dict())
    return Status(201, made)


@router.post("/task-shares/{share_id}/judgements", response={201: StepOut}, operation_id="judge_task_share")
@api_door(Right.EDIT_GOVERNANCE)
def judge(request: ActorRequest, share_id: UUID, payload: JudgementIn) -> Any:
    """Accept a report on a task that one gave, or send it back with a reason."""
    _share(request, share_id)
    if payload.accepted:
        made = accept_share(actor=request.actor, assignment_id=share_id, text=payload.text, through=Origin.API)
    else:
        made = send_back_share(actor=request.actor, assignment_id=share_id, reason=payload.text, through=Origin.API)
    return Status(201, made)


@router.get("/leading-groups", response=list[GroupOut], operation_id="list_leading_groups")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_GOVERNANCE)
def groups(request: ActorRequest, level: str = Query("")) -> Any:
    """Leading groups in sight."""
    rows = queries.groups_of(request.actor).order_by("-formed_on", "pk")
    return rows.filter(level=level) if level else rows


@router.get("/events", response=list[EventOut], operation_id="list_events")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_GOVERNANCE)
def events(
    request: ActorRequest,
    kind: kinds.OccasionKind | None = None,
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
) -> Any:
    """Events in sight, the latest first."""
    rows = queries.occasions_of(request.actor).order_by("-begins_on", "pk")
    wanted = {"kind": kind, "begins_on__year": year}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


@router.get("/press", response=list[PressOut], operation_id="list_press")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_GOVERNANCE)
def press(
    request: ActorRequest, level: str = Query(""), year: Annotated[int | None, Query(ge=1990, le=2100)] = None
) -> Any:
    """Press coverage in sight, the latest first."""
    rows = queries.press_of(request.actor).order_by("-published_on", "pk")
    wanted = {"level": level, "published_on__year": year}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


@router.get("/counties", response=list[CountyOut], operation_id="list_counties")
@api_door(Right.VIEW_GOVERNANCE)
def counties(request: ActorRequest, on: date | None = None) -> Any:
    """Counties in sight with what each has of 一县一校一中心 on a day, today if none is given."""
    return queries.counties_on(request.actor, on or clock.today())


def _share(request: ActorRequest, share_id: UUID) -> Any:
    found = _one(queries.shares_of(request.actor), share_id)
    found.timeline = queries.steps_of(request.actor, found)
    return found


def _one(rows: Any, pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

"""The cases by machine: intakes, cases and their log; begin one, fill it in, do what its flow offers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from ninja import Query, Router, Schema, Status
from ninja.pagination import PageNumberPagination, paginate

from jineng.cases.facts import FactsOf
from jineng.cases.models import Case, CaseEntry, Intake
from jineng.cases.procedures import read
from jineng.cases.queries import cases_of, counted_intakes, entries_of, open_intakes, whose_turn
from jineng.cases.situations import answers_of, members_of, situation_of
from jineng.cases.verbs import (
    Draft,
    act_on_case,
    act_on_cases,
    begin_case,
    begin_cases,
    recommend_cases,
    save_answers,
)
from jineng.cases.verbs.reach import NOT_A_PARTY
from jineng.cases.web.words import audience_of, stage_words
from jineng.engines.casework import Entry, State, check, offers, opened, timeline
from jineng.kernel import clock
from jineng.kernel.actors import NotAllowed
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest

router = Router()


class IntakeOut(Schema):
    """A time in which cases are taken, and by which version of which procedure."""

    id: UUID
    name: str
    office_id: UUID
    procedure: str
    version: int
    opens_on: date
    closes_on: date
    announcement: str
    case_count: int

    @staticmethod
    def resolve_procedure(row: Intake) -> str:
        """The procedure's code."""
        return row.procedure.code

    @staticmethod
    def resolve_version(row: Intake) -> int:
        """The version's number."""
        return row.procedure.version


class CaseOut(Schema):
    """A case and where it stands, in the words of whoever asks."""

    id: UUID
    number: str
    intake_id: UUID
    applicant_id: UUID
    applicant: str
    title: str
    stage: str
    outcome: str
    steps: int
    started_on: date
    due_on: date | None = None

    @staticmethod
    def resolve_applicant(row: Any) -> str:
        """The applicant's name; empty where it lies out of sight."""
        return str(row.applicant_name)

    @staticmethod
    def resolve_stage(row: Any, context: Any) -> str:
        """The stage; an applicant reads the inner ones as one."""
        actor = context["request"].actor
        return stage_words(row, read(row.procedure).flow, audience_of(row, actor)).zh


class OfferOut(Schema):
    """What the caller's organisation may do now, or might but for what ``why`` says."""

    action: str
    name: str
    open: bool
    why: list[str]


class StepOut(Schema):
    """A line of the log, in the words of whoever asks."""

    at: datetime
    deed: str
    stage: str
    by: str
    reason: str


class CaseDetail(CaseOut):
    """One case with its log and what may be done."""

    offers: list[OfferOut]
    log: list[StepOut]
    lacking: list[str]


class BeginIn(Schema):
    """A new case of the caller's own organisation."""

    intake_id: UUID
    title: str


class DraftIn(Schema):
    """A case to be begun with answers by the keys of their fields."""

    title: str
    answers: dict[str, Any] = {}


class DraftsIn(Schema):
    """Cases to be begun together; with an action each takes it at once."""

    drafts: list[DraftIn]
    action: str = ""


class BegunOut(Schema):
    """A case that was begun."""

    id: UUID
    number: str
    title: str


class RanksIn(Schema):
    """Ranks by the ids of cases."""

    ranks: dict[UUID, int]


class ActsIn(Schema):
    """An action by its key, why, and of each case how many steps it had when it was decided upon."""

    action: str
    reason: str = ""
    seen: dict[UUID, int]


class NumberOut(Schema):
    """How many cases were dealt with."""

    number: int


class AnswersIn(Schema):
    """Answers by the keys of their fields, and how many steps the case had when they were written."""

    answers: dict[str, Any]
    seen: int | None = None


class ActIn(Schema):
    """An action by its key, why, and how many steps the case had when it was decided upon."""

    action: str
    reason: str = ""
    seen: int | None = None


@router.get("/intakes", response=list[IntakeOut], operation_id="list_intakes")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CASES)
def intakes(request: ActorRequest, is_open: bool = False, text: str = Query("")) -> Any:
    """Intakes, the latest first; with ``is_open`` those that take cases today."""
    rows: QuerySet[Intake] = counted_intakes(request.actor).order_by("-opens_on", "name")
    rows = open_intakes(request.actor) if is_open else rows
    return rows.filter(name__icontains=text) if text else rows


@router.get("/cases", response=list[CaseOut], operation_id="list_cases")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CASES)
def cases(
    request: ActorRequest,
    intake_id: UUID | None = None,
    applicant_id: UUID | None = None,
    outcome: str = Query(""),
    text: str = Query(""),
    waiting: bool = False,
) -> Any:
    """Cases in sight, the latest first; with ``waiting`` those in which it is the caller's organisation's turn."""
    rows = cases_of(request.actor).order_by("-serial")
    wanted = {"intake": intake_id, "applicant": applicant_id, "outcome": outcome, "title__icontains": text}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(whose_turn(request.actor)) if waiting else rows


@router.get("/cases/{case_id}", response=CaseDetail, operation_id="get_case")
@api_door(Right.VIEW_CASES)
def case(request: ActorRequest, case_id: UUID) -> Any:
    """One case with its log, and what the caller may do."""
    return _detail(request, case_id)


@router.post("/cases", response={201: CaseDetail}, operation_id="begin_case")
@api_door(Right.ACT_ON_CASES)
def begin(request: ActorRequest, payload: BeginIn) -> Any:
    """Begin a case; it is a draft until its first action."""
    made = begin_case(actor=request.actor, intake_id=payload.intake_id, title=payload.title)
    return Status(201, _detail(request, made.pk))


@router.post("/cases/{case_id}/answers", response=CaseDetail, operation_id="save_answers")
@api_door(Right.ACT_ON_CASES)
def answer(request: ActorRequest, case_id: UUID, payload: AnswersIn) -> Any:
    """Keep answers of fields that are open now, as typed; ``lacking`` tells what is still to be put right."""
    _find(request, case_id)
    save_answers(actor=request.actor, case_id=case_id, raw=payload.answers, seen=payload.seen)
    return _detail(request, case_id)


@router.post("/cases/{case_id}/acts", response={201: CaseDetail}, operation_id="act_on_case")
@api_door(Right.ACT_ON_CASES)
def act(request: ActorRequest, case_id: UUID, payload: ActIn) -> Any:
    """Do one of the actions that the flow offers."""
    found = _find(request, case_id)
    stage = read(found.procedure).flow.by_key.get(found.stage)
    wanted = stage.by_key.get(payload.action) if stage else None
    mine = {member.party for member in members_of(found, request.actor)}
    if stage and wanted and mine.isdisjoint(stage.parties_of(wanted)):
        raise NotAllowed(NOT_A_PARTY)
    act_on_case(
        actor=request.actor, case_id=case_id, action=payload.action, reason=payload.reason, seen=payload.seen
    )  # fmt: skip
    return Status(201, _detail(request, case_id))


@router.post("/intakes/{intake_id}/cases", response={201: list[BegunOut]}, operation_id="begin_cases")
@api_door(Right.ACT_ON_CASES)
def begin_many(request: ActorRequest, intake_id: UUID, payload: DraftsIn) -> Any:
    """Begin many cases of the caller's organisation with their answers, all or none."""
    drafts = [Draft(each.title, each.answers) for each in payload.drafts]
    return Status(201, begin_cases(actor=request.actor, intake_id=intake_id, drafts=drafts, action=payload.action))


@router.post("/intakes/{intake_id}/ranks", response={201: NumberOut}, operation_id="recommend_cases")
@api_door(Right.ACT_ON_CASES)
def rank_many(request: ActorRequest, intake_id: UUID, payload: RanksIn) -> Any:
    """Put many cases of an intake at their ranks, all or none."""
    _require_of(request, intake_id, payload.ranks)
    return Status(201, {"number": recommend_cases(actor=request.actor, ranks=payload.ranks)})


@router.post("/intakes/{intake_id}/acts", response={201: NumberOut}, operation_id="act_on_cases")
@api_door(Right.ACT_ON_CASES)
def act_on_many(request: ActorRequest, intake_id: UUID, payload: ActsIn) -> Any:
    """Do one action for many cases of an intake, all or none."""
    _require_of(request, intake_id, payload.seen)
    number = act_on_cases(
        actor=request.actor, seen=payload.seen, action=payload.action, reason=payload.reason
    )  # fmt: skip
    return Status(201, {"number": number})


def _require_of(request: ActorRequest, intake_id: UUID, case_ids: Collection[UUID]) -> None:
    """Some cases, all of them in sight and of the intake."""
    if not case_ids:
        raise ValidationError("请给出要办理的事项。 Give the cases to be dealt with.")
    if cases_of(request.actor).filter(intake=intake_id, pk__in=case_ids).count() != len(case_ids):
        raise Http404


def _find(request: ActorRequest, case_id: UUID) -> Any:
    found = cases_of(request.actor).filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def _detail(request: ActorRequest, case_id: UUID) -> Any:
    found = _find(request, case_id)
    found.offers, found.log = _offers(request, found), _log(found, entries_of(request.actor, found), request)
    found.lacking = _lacking(request, found)
    return found


def _offers(request: ActorRequest, found: Case) -> list[dict[str, Any]]:
    if not request.actor.may(Right.ACT_ON_CASES):
        return []
    known = read(found.procedure)
    told = offers(
        known.flow,
        State.from_data(found.state),
        members_of(found, request.actor),
        clock.now(),
        situation_of(found, known, request.actor),
    )
    return [
        {
            "action": each.action.key,
            "name": each.action.name,
            "open": each.open,
            "why": [words.zh for words in each.why],
        }
        for each in told
    ]


def _log(found: Case, entries: list[CaseEntry], request: ActorRequest) -> list[dict[str, Any]]:
    flow, audience = read(found.procedure).flow, audience_of(found, request.actor)
    lines = timeline((Entry.from_data(each.data) for each in entries), audience, flow)
    return [
        {
            "at": line.at,
            "deed": line.deed.zh if line.deed else "",
            "stage": line.stage.zh,
            "by": line.by.zh if line.by else "",
            "reason": line.reason,
        }
        for line in lines
    ]


def _lacking(request: ActorRequest, found: Case) -> list[str]:
    """What is still to be put right, told to those whose turn it is."""
    known = read(found.procedure)
    stage = known.flow.by_key.get(found.stage)
    if stage is None or stage.actor not in {member.party for member in members_of(found, request.actor)}:
        return []
    resolve = situation_of(found, known, request.actor).resolve
    open_now = opened(known.flow, known.form, found.stage)
    return [f"{each.zh}" for each in check(known.form, answers_of(found), FactsOf(found), open_now, resolve)]

"""The credentials by machine: standards, pilots, sessions with their results, certificates, in the caller's scope."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from ninja import Query, Router, Status
from ninja.pagination import PageNumberPagination, paginate

from jineng.credentials import kinds
from jineng.credentials.credit_api import router as credit_bank
from jineng.credentials.marking import Entry
from jineng.credentials.models import AssessmentSession, Candidate, CertificateType, PilotBatch
from jineng.credentials.public_api import router as public
from jineng.credentials.queries import (
    candidates_of,
    certificate_status_on,
    certificates_of,
    parts_of,
    pilot_status_on,
    pilots_of,
    session_stage,
    sessions_of,
    standards_of,
)
from jineng.credentials.schemas import (
    CertificateOut,
    DayIn,
    DecisionIn,
    IssueIn,
    MarkIn,
    MarksIn,
    PilotIn,
    PilotOut,
    ReasonIn,
    RevocationIn,
    SessionDetail,
    SessionOut,
    SettlementIn,
    SheetOut,
    StandardOut,
)
from jineng.credentials.verbs import (
    apply_for_pilot,
    decide_pilot,
    enter_marks,
    issue_certificates,
    lift_suspension,
    revoke_certificate,
    settle_results,
    suspend_certificate,
    withdraw_pilot,
)
from jineng.credentials.verbs.entering import Cell
from jineng.credentials.verbs.settling import Resolution
from jineng.kernel import clock
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.models import Organisation
from jineng.registry.scope import visible

router = Router()
router.add_router("", public)
router.add_router("", credit_bank)


@router.get("/skill-standards", response=list[StandardOut], operation_id="list_skill_standards")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CREDENTIALS)
def standards(request: ActorRequest, text: str = Query("")) -> Any:
    """Standing standards by part of their name."""
    rows = standards_of(request.actor).filter(STANDS).order_by("code")
    return rows.filter(name__icontains=text) if text else rows


@router.get("/certificate-pilots", response=list[PilotOut], operation_id="list_certificate_pilots")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CREDENTIALS)
def pilots(
    request: ActorRequest,
    batch: int | None = None,
    certificate: str = Query(""),
    level: str = Query(""),
    institution_id: UUID | None = None,
    status: Annotated[kinds.PilotStatus | None, Query()] = None,
    on: date | None = None,
) -> Any:
    """Standing pilots; ``status`` is that of the day ``on``, today if none is given."""
    wanted = {
        "batch__number": batch,
        "certificate_type__code": certificate,
        "level": level,
        "institution_id": institution_id,
    }
    rows = pilots_of(request.actor).order_by("-applied_on", "pk")
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(pilot_status_on(status, on or clock.today())) if status else rows


@router.get("/certificate-pilots/{pilot_id}", response=PilotOut, operation_id="get_certificate_pilot")
@api_door(Right.VIEW_CREDENTIALS)
def pilot(request: ActorRequest, pilot_id: UUID) -> Any:
    """One pilot."""
    return _one(pilots_of(request.actor, standing=False), pilot_id)


@router.post("/certificate-pilots", response={201: PilotOut}, operation_id="apply_for_pilot")
@api_door(Right.EDIT_CREDENTIALS)
def apply(request: ActorRequest, payload: PilotIn) -> Any:
    """Apply for a pilot."""
    institution = visible(request.actor, Organisation).filter(STANDS, code=payload.institution_code).first()
    batch = PilotBatch.objects.filter(STANDS, number=payload.batch).first()
    certificate = CertificateType.objects.filter(STANDS, code=payload.certificate).first()
    if institution is None or batch is None or certificate is None:
        raise ValidationError("没有此批次、机构或证书。 There is no such batch, institution or certificate.")
    made = apply_for_pilot(
        actor=request.actor,
        batch_id=batch.pk,
        institution_id=institution.pk,
        certificate_type_id=certificate.pk,
        level=payload.level,
        planned=payload.planned,
        applied_on=payload.applied_on,
    )
    return Status(201, _one(pilots_of(request.actor), made.pk))


@router.post("/certificate-pilots/{pilot_id}/decision", response=PilotOut, operation_id="decide_pilot")
@api_door(Right.EDIT_CREDENTIALS)
def decide(request: ActorRequest, pilot_id: UUID, payload: DecisionIn) -> Any:
    """Approve or refuse an application; the province's to do."""
    decide_pilot(actor=request.actor, pilot_id=pilot_id, **payload.dict())
    return _one(pilots_of(request.actor), pilot_id)


@router.post("/certificate-pilots/{pilot_id}/withdrawal", response=PilotOut, operation_id="withdraw_pilot")
@api_door(Right.EDIT_CREDENTIALS)
def withdraw(request: ActorRequest, pilot_id: UUID, payload: DayIn) -> Any:
    """Withdraw a pilot from a day on."""
    _one(pilots_of(request.actor), pilot_id)
    withdraw_pilot(actor=request.actor, pilot_id=pilot_id, on=payload.on)
    return _one(pilots_of(request.actor), pilot_id)


@router.get("/assessment-sessions", response=list[SessionOut], operation_id="list_assessment_sessions")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CREDENTIALS)
def sessions(
    request: ActorRequest,
    certificate: str = Query(""),
    level: str = Query(""),
    host_id: UUID | None = None,
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
    stage: Annotated[kinds.Stage | None, Query()] = None,
) -> Any:
    """Sessions in the caller's sight."""
    wanted = {"certificate_type__code": certificate, "level": level, "host_id": host_id, "held_on__year": year}
    rows = sessions_of(request.actor).order_by("-held_on", "pk")
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(session_stage(stage)) if stage else rows


@router.get("/assessment-sessions/{session_id}", response=SessionDetail, operation_id="get_assessment_session")
@api_door(Right.VIEW_CREDENTIALS)
def session(request: ActorRequest, session_id: UUID) -> Any:
    """One session with its parts and candidates."""
    return _detail(request, session_id)


@router.post("/assessment-sessions/{session_id}/marks", response=SheetOut, operation_id="enter_marks")
@api_door(Right.EDIT_CREDENTIALS)
def marks(request: ActorRequest, session_id: UUID, payload: MarksIn) -> Any:
    """Write on the caller's own sheet."""
    seats = _seats(request, session_id)
    entered = {_cell(seats, mark): Entry(mark.score) for mark in payload.marks}
    return enter_marks(actor=request.actor, session_id=session_id, marks=entered, hand_in=payload.hand_in)


@router.post("/assessment-sessions/{session_id}/settlement", response=SessionDetail, operation_id="settle_results")
@api_door(Right.EDIT_CREDENTIALS)
def settlement(request: ActorRequest, session_id: UUID, payload: SettlementIn) -> Any:
    """Settle the results; every difference needs its resolution."""
    seats = _seats(request, session_id)
    told = {_cell(seats, item): Resolution(Entry(item.score), item.reason) for item in payload.resolutions}
    settle_results(actor=request.actor, session_id=session_id, resolutions=told)
    return _detail(request, session_id)


@router.post(
    "/assessment-sessions/{session_id}/certificates",
    response={201: list[CertificateOut]},
    operation_id="issue_certificates",
)
@api_door(Right.EDIT_CREDENTIALS)
def issue(request: ActorRequest, session_id: UUID, payload: IssueIn) -> Any:
    """Issue the certificates of a session."""
    _one(sessions_of(request.actor), session_id)
    issue_certificates(actor=request.actor, session_id=session_id, issued_on=payload.issued_on)
    return Status(201, list(certificates_of(request.actor).filter(session=session_id).order_by("number")))


@router.get("/certificates", response=list[CertificateOut], operation_id="list_certificates")
@paginate(PageNumberPagination, page_size=100)
@api_door(Right.VIEW_CREDENTIALS)
def certificates(
    request: ActorRequest,
    number: str = Query(""),
    certificate: str = Query(""),
    level: str = Query(""),
    session_id: UUID | None = None,
    status: Annotated[kinds.CertificateStatus | None, Query()] = None,
    on: date | None = None,
) -> Any:
    """Certificates; void ones only where asked for. ``status`` is that of the day ``on``, today if none is given."""
    wanted = {"number": number, "certificate_type__code": certificate, "level": level, "session_id": session_id}
    void = status == kinds.CertificateStatus.VOID
    rows = certificates_of(request.actor, standing=not void).order_by("-issued_on", "pk")
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(certificate_status_on(status, on or clock.today())) if status else rows


@router.get("/certificates/{certificate_id}", response=CertificateOut, operation_id="get_certificate")
@api_door(Right.VIEW_CREDENTIALS)
def certificate(request: ActorRequest, certificate_id: UUID) -> Any:
    """One certificate."""
    return _one(certificates_of(request.actor, standing=False), certificate_id)


@router.post("/certificates/{certificate_id}/revocation", response=CertificateOut, operation_id="revoke_certificate")
@api_door(Right.EDIT_CREDENTIALS)
def revoke(request: ActorRequest, certificate_id: UUID, payload: RevocationIn) -> Any:
    """Revoke a certificate from a day on."""
    _one(certificates_of(request.actor), certificate_id)
    revoke_certificate(actor=request.actor, certificate_id=certificate_id, **payload.dict())
    return _one(certificates_of(request.actor), certificate_id)


@router.post("/certificates/{certificate_id}/suspension", response=CertificateOut, operation_id="suspend_certificate")
@api_door(Right.EDIT_CREDENTIALS)
def suspend(request: ActorRequest, certificate_id: UUID, payload: ReasonIn) -> Any:
    """Suspend a certificate from today on."""
    _one(certificates_of(request.actor), certificate_id)
    suspend_certificate(actor=request.actor, certificate_id=certificate_id, reason=payload.reason)
    return _one(certificates_of(request.actor), certificate_id)


@router.post("/certificates/{certificate_id}/lifting", response=CertificateOut, operation_id="lift_suspension")
@api_door(Right.EDIT_CREDENTIALS)
def lift(request: ActorRequest, certificate_id: UUID, payload: ReasonIn) -> Any:
    """Lift the suspension of a certificate."""
    _one(certificates_of(request.actor), certificate_id)
    lift_suspension(actor=request.actor, certificate_id=certificate_id, reason=payload.reason)
    return _one(certificates_of(request.actor), certificate_id)


def _one(rows: QuerySet[Any], pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _detail(request: ActorRequest, session_id: UUID) -> Any:
    found: Any = _one(sessions_of(request.actor), session_id)
    found.own_parts = parts_of(found)
    found.own_seats = candidates_of(request.actor).filter(session=found).order_by("seat", "id")
    return found


def _seats(request: ActorRequest, session_id: UUID) -> dict[int, UUID]:
    found: AssessmentSession = _one(sessions_of(request.actor), session_id)
    rows = visible(request.actor, Candidate).filter(STANDS, session=found, seat__isnull=False)
    return {seat: pk for seat, pk in rows.values_list("seat", "id") if seat is not None}


def _cell(seats: dict[int, UUID], mark: MarkIn) -> Cell:
    if mark.seat not in seats:
        raise ValidationError(f"没有 {mark.seat} 号座位。 There is no seat {mark.seat}.")
    return seats[mark.seat], mark.part

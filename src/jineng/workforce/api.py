"""The workforce by machine: teachers by id, never by name, what each lacks, recognitions, autonomies.

Annotations are evaluated here on purpose: the API's framework reads them at run time.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate

from jineng.kernel import clock
from jineng.kernel.records import Origin
from jineng.kernel.rights import Right
from jineng.kernel.web.api import api_door
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.exchange import resolve_organisations
from jineng.registry.models import Organisation
from jineng.registry.scope import visible
from jineng.workforce import verbs
from jineng.workforce.kinds import Autonomy, DualLevel, QualificationKind, SkillGrade, StayKind, TeacherKind
from jineng.workforce.models import AutonomyGrant, Recognition, Teacher
from jineng.workforce.queries import (
    autonomies_of,
    held_on,
    judge_in_force,
    recognitions_of,
    school_standings,
    standard_in_force,
    standings_of,
    teachers_of,
)
from jineng.workforce.rules import Standing

router = Router()
Text = Annotated[str, Field(max_length=100)]


class TeacherOut(Schema):
    """Somebody who teaches at a school; who it is, pages tell to those who may read it."""

    id: UUID
    organisation_id: UUID
    organisation_code: Annotated[str, Field(alias="organisation.code")]
    organisation: Annotated[str, Field(alias="organisation.name")]
    masked_name: Annotated[str, Field(alias="person.masked_name")]
    kind: str
    field: str
    since: date
    until: date | None
    status: str


class FindingOut(Schema):
    """One item of a level: the kinds of its conditions, whether it is met, in words what by or what is missing."""

    item: int
    kinds: list[str]
    met: bool
    text: str


class AssessmentOut(Schema):
    """How a teacher stands to one level."""

    level: str
    ready: bool
    findings: list[FindingOut]


class StandingOut(Schema):
    """How a teacher stands on a day: the level recognised, the highest within reach (empty: none), each level."""

    teacher_id: UUID
    on: date
    standard: str
    recognised: str
    reachable: str
    assessments: list[AssessmentOut]


class RecognitionOut(Schema):
    """A recognition; ``until`` is the first day without it."""

    id: UUID
    organisation_code: Annotated[str, Field(alias="organisation.code")]
    masked_name: Annotated[str, Field(alias="person.masked_name")]
    level: str
    standard: Annotated[str, Field(alias="standard.code")]
    recognised_by: Annotated[str, Field(alias="recognised_by.code")]
    recognised_on: date
    until: date | None
    document: str


class AutonomyOut(Schema):
    """An autonomy granted to an institution; ``revoked_on`` is the first day without it."""

    id: UUID
    organisation_code: Annotated[str, Field(alias="organisation.code")]
    organisation: Annotated[str, Field(alias="organisation.name")]
    autonomy: str
    granted_by: Annotated[str, Field(alias="granted_by.code")]
    granted_on: date
    revoked_on: date | None
    document: str
    status: str


class TeacherChoice(Schema):
    """Which teachers to list."""

    organisation_code: str = ""
    kind: TeacherKind | None = None
    on: date | None = None


class GrantChoice(Schema):
    """Which autonomies, or recognitions, to list; ``on`` means holding on that day."""

    organisation_code: str = ""
    on: date | None = None


class Day(Schema):
    """The day that is asked about; today unless said."""

    on: date | None = None


class QualificationIn(Schema):
    """A certificate."""

    kind: QualificationKind
    name: Annotated[str, Field(min_length=1, max_length=80)]
    grade: SkillGrade | None = None
    issuer: Text = ""
    issued_on: date
    until: date | None = None


class PracticeIn(Schema):
    """A stay in an enterprise."""

    kind: StayKind
    place: Annotated[str, Field(min_length=1, max_length=100)]
    first_day: date
    last_day: date
    days: Annotated[int, Field(ge=1, le=3660)]
    content: Annotated[str, Field(max_length=200)] = ""


class RecognitionIn(Schema):
    """On which level a teacher is recognised, from when (today unless said), by which document."""

    level: DualLevel
    recognised_on: date | None = None
    document: Text = ""


class GrantIn(Schema):
    """An autonomy for an institution."""

    organisation_code: str
    autonomy: Autonomy
    granted_on: date
    document: Text = ""


class RevocationIn(Schema):
    """From when an autonomy is no longer held."""

    revoked_on: date
    document: Text = ""


class Recorded(Schema):
    """The id of what was recorded."""

    id: UUID


@router.get("/teachers", response=list[TeacherOut], url_name="teachers", summary="教师 Teachers in scope")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_WORKFORCE)
def list_teachers(request: ActorRequest, choice: Query[TeacherChoice]) -> QuerySet[Teacher]:
    """Teachers in the actor's scope, by masked name."""
    teachers = teachers_of(request.actor, on=choice.on)
    wanted = {"organisation__code": choice.organisation_code, "kind": choice.kind}
    return teachers.filter(**{name: value for name, value in wanted.items() if value}).order_by("-since", "id")


@router.get("/teachers/{uuid:teacher_id}", response=TeacherOut, url_name="teacher", summary="一名教师 One teacher")
@api_door(Right.VIEW_WORKFORCE)
def get_teacher(request: ActorRequest, teacher_id: UUID) -> Teacher:
    """One teacher in the actor's scope; 404 where there is none."""
    return _found(request, teacher_id)


@router.get(
    "/teachers/{uuid:teacher_id}/standing",
    response=StandingOut,
    url_name="teacher_standing",
    summary="达标情况 How a teacher stands to each level",
)
@api_door(Right.VIEW_WORKFORCE)
def get_standing(request: ActorRequest, teacher_id: UUID, day: Query[Day]) -> dict[str, Any]:
    """What a teacher meets and what is missing on a day; 409 where no standard is in force."""
    teacher, on = _found(request, teacher_id), day.on or clock.today()
    in_force = judge_in_force(on)
    if in_force is None:
        raise HttpError(409, "当日没有施行的认定标准。 No standard is in force on that day.")
    standing = standings_of(request.actor, [teacher], in_force[1])[teacher.pk]
    return _told(teacher.pk, on, in_force[0].code, standing)


@router.get(
    "/schools/{uuid:organisation_id}/dual-candidates",
    response=list[StandingOut],
    url_name="dual_candidates",
    summary="可认定教师 Who could be recognised",
)
@api_door(Right.VIEW_WORKFORCE)
def list_candidates(request: ActorRequest, organisation_id: UUID, day: Query[Day]) -> list[dict[str, Any]]:
    """How every teacher of a school stands on a day; 404 where the school lies out of sight."""
    if not visible(request.actor, Organisation).filter(pk=organisation_id).exists():
        raise HttpError(404, "没有此机构，或不在可见范围内。 There is no such organisation in your sight.")
    on = day.on or clock.today()
    in_force = standard_in_force(on)
    standings = school_standings(request.actor, organisation_id, on)
    return [_told(pk, on, in_force[1].code if in_force else "", standing) for pk, standing in standings.items()]


@router.post(
    "/teachers/{uuid:teacher_id}/qualifications",
    response={201: Recorded},
    url_name="record_qualification",
    summary="登记证书 Record a certificate",
)
@api_door(Right.EDIT_WORKFORCE)
def add_qualification(request: ActorRequest, teacher_id: UUID, given: QualificationIn) -> Status[Any]:
    """Record a certificate of a teacher; 422 says what is wrong."""
    _found(request, teacher_id)
    values = given.dict() | {"grade": given.grade or ""}
    return Status(
        201,
        verbs.record_qualification(actor=request.actor, teacher_id=teacher_id, through=Origin.API, **values),
    )


@router.post(
    "/teachers/{uuid:teacher_id}/practice",
    response={201: Recorded},
    url_name="record_practice",
    summary="登记企业实践 Record a stay in an enterprise",
)
@api_door(Right.EDIT_WORKFORCE)
def add_practice(request: ActorRequest, teacher_id: UUID, given: PracticeIn) -> Status[Any]:
    """Record a stay of a teacher; 422 says what is wrong."""
    _found(request, teacher_id)
    return Status(
        201,
        verbs.record_practice(actor=request.actor, teacher_id=teacher_id, through=Origin.API, **given.dict()),
    )


@router.post(
    "/teachers/{uuid:teacher_id}/recognitions",
    response={201: RecognitionOut},
    url_name="recognise_teacher",
    summary="认定双师型 Recognise a teacher",
)
@api_door(Right.EDIT_WORKFORCE)
def add_recognition(request: ActorRequest, teacher_id: UUID, given: RecognitionIn) -> Status[Any]:
    """Recognise a teacher; 422 says which conditions are not met, and by how much."""
    _found(request, teacher_id)
    made = verbs.recognise_teacher(actor=request.actor, teacher_id=teacher_id, through=Origin.API, **given.dict())
    return Status(201, recognitions_of(request.actor).get(pk=made.pk))


@router.get("/recognitions", response=list[RecognitionOut], url_name="recognitions", summary="双师型认定 Recognitions")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_WORKFORCE)
def list_recognitions(request: ActorRequest, choice: Query[GrantChoice]) -> QuerySet[Recognition]:
    """Recognitions that the actor sees, the latest first."""
    found = recognitions_of(request.actor)
    if choice.organisation_code:
        found = found.filter(organisation__code=choice.organisation_code)
    if choice.on is not None:
        found = found.filter(held_on(choice.on, "recognised_on"))
    return found.order_by("-recognised_on", "id")


@router.get("/autonomies", response=list[AutonomyOut], url_name="autonomies", summary="自主权 Autonomies")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_WORKFORCE)
def list_autonomies(request: ActorRequest, choice: Query[GrantChoice]) -> QuerySet[AutonomyGrant]:
    """Autonomies that the actor sees, the latest granted first."""
    found = autonomies_of(request.actor)
    if choice.organisation_code:
        found = found.filter(organisation__code=choice.organisation_code)
    if choice.on is not None:
        found = found.filter(held_on(choice.on, "granted_on", "revoked_on"))
    return found.order_by("-granted_on", "id")


@router.post("/autonomies", response={201: AutonomyOut}, url_name="grant_autonomy", summary="下放自主权 Grant")
@api_door(Right.EDIT_WORKFORCE)
def add_autonomy(request: ActorRequest, given: GrantIn) -> Status[Any]:
    """Grant an autonomy to an institution in the actor's scope; 422 says what is wrong."""
    known = resolve_organisations(request.actor, [given.organisation_code]).get(given.organisation_code)
    if known is None or not known.in_scope:
        raise ValidationError(
            {"organisation_code": "管辖范围内没有此代码的机构。 No organisation in your scope has this code."}
        )
    values = given.dict()
    values.pop("organisation_code")
    made = verbs.grant_autonomy(actor=request.actor, organisation_id=known.id, through=Origin.API, **values)
    return Status(201, autonomies_of(request.actor).get(pk=made.pk))


@router.post(
    "/autonomies/{uuid:grant_id}/revocation",
    response=AutonomyOut,
    url_name="revoke_autonomy",
    summary="收回自主权 Revoke",
)
@api_door(Right.EDIT_WORKFORCE)
def end_autonomy(request: ActorRequest, grant_id: UUID, given: RevocationIn) -> AutonomyGrant:
    """Revoke an autonomy from a day on; 404 where it lies out of sight."""
    if not autonomies_of(request.actor, standing=False).filter(pk=grant_id).exists():
        raise HttpError(404, "没有此记录，或不在可见范围内。 There is no such grant in your sight.")
    verbs.revoke_autonomy(actor=request.actor, grant_id=grant_id, **given.dict())
    return autonomies_of(request.actor).get(pk=grant_id)


def _found(request: ActorRequest, teacher_id: UUID) -> Teacher:
    found = teachers_of(request.actor, standing=False).filter(pk=teacher_id).first()
    if found is None:
        raise HttpError(404, "没有此教师，或不在管辖范围内。 There is no such teacher in your scope.")
    return found


def _told(teacher_id: UUID, on: date, code: str, standing: Standing) -> dict[str, Any]:
    return {
        "teacher_id": teacher_id,
        "on": on,
        "standard": code,
        "recognised": standing.recognised,
        "reachable": standing.reachable,
        "assessments": [
            {"level": one.level, "ready": one.ready, "findings": one.findings} for one in standing.assessments
        ],
    }

"""The learning by machine: courses, classes, their learners by id, and the verbs by which a class is run.

Annotations are evaluated here on purpose: the API's framework reads them at run time.
"""

from datetime import date, time
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
from jineng.learning.kinds import ClassStatus, CourseKind, Department, Mode
from jineng.learning.models import Course, CourseOffering, Enrolment
from jineng.learning.queries import (
    Clash,
    being,
    clashes_of,
    classes_of,
    course_named,
    courses_of,
    learners_of,
)
from jineng.learning.verbs import complete_class, enrol, open_class, withdraw
from jineng.registry.exchange import resolve_organisations
from jineng.registry.kinds import DocumentKind
from jineng.registry.scope import visible

router = Router()
Code = Annotated[str, Field(min_length=1, max_length=30)]
Text = Annotated[str, Field(max_length=100)]


class CourseOut(Schema):
    """A course of an owner's catalogue."""

    id: UUID
    owner_id: UUID
    code: str
    name: str
    kind: str
    field_code: str
    hours: int | None


class ClassOut(Schema):
    """A class; ``taken`` seats of ``capacity`` (null: no limit), how many wait, how many finished."""

    id: UUID
    organiser_code: Annotated[str, Field(alias="organiser.code")]
    organiser: Annotated[str, Field(alias="organiser.name")]
    code: str
    course_code: Annotated[str, Field(alias="course.code")]
    course: Annotated[str, Field(alias="course.name")]
    kind: Annotated[str, Field(alias="course.kind")]
    field_code: Annotated[str, Field(alias="course.field_code")]
    department: str
    mode: str
    hours: int
    capacity: int | None
    taken: int
    waiting: int
    finished: int
    signup_from: date | None
    starts_on: date
    ends_on: date
    completed_on: date | None
    cancelled_on: date | None
    project_id: UUID | None
    status: str


class EnrolmentOut(Schema):
    """Somebody in a class; who it is, pages tell to those who may read it."""

    id: UUID
    masked_name: Annotated[str, Field(alias="person.masked_name")]
    state: str
    applied_on: date
    enrolled_on: date | None
    ended_on: date | None
    list_number: str


class ClashOut(Schema):
    """Somebody sits in two classes at one hour: the own session, and whose the other class is and when."""

    enrolment_id: UUID
    session_id: UUID
    held_on: date
    starts: time
    ends: time
    other_organiser: str
    other_starts: time
    other_ends: time


class CourseChoice(Schema):
    """Which courses to list."""

    kind: CourseKind | None = None
    field_code: str = ""
    q: str = ""


class ClassChoice(Schema):
    """Which classes to list; ``on`` means that the day lies in the class, ``status`` is that of today."""

    organiser_code: str = ""
    department: Department | None = None
    kind: CourseKind | None = None
    status: ClassStatus | None = None
    on: date | None = None


class ClassIn(Schema):
    """A new class, by the codes of organiser and course; without ``course_owner`` the course is the organiser's own."""

    organiser_code: str
    course_owner: str = ""
    course_code: Code
    code: Code
    department: Department
    mode: Mode = Mode.PLACE
    place: Text = ""
    hours: Annotated[int, Field(ge=1, le=100_000)]
    capacity: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
    signup_from: date | None = None
    starts_on: date
    ends_on: date


class EnrolmentIn(Schema):
    """Somebody who signs up."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    document: DocumentKind = DocumentKind.RESIDENT_ID
    number: Annotated[str, Field(min_length=1, max_length=20)]


class LeavingIn(Schema):
    """From when somebody is no longer in the class."""

    left_on: date


class CompletionIn(Schema):
    """Who finished a class (ids of enrolments), when, on which list."""

    completed_on: date
    list_number: Annotated[str, Field(max_length=60)] = ""
    completed: Annotated[list[UUID], Field(max_length=10_000)] = []


@router.get("/courses", response=list[CourseOut], url_name="courses", summary="课程 Courses")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_LEARNING)
def list_courses(request: ActorRequest, choice: Query[CourseChoice]) -> QuerySet[Course]:
    """Standing courses by code."""
    courses = courses_of()
    if choice.kind is not None:
        courses = courses.filter(kind=choice.kind)
    if choice.field_code:
        courses = courses.filter(field_code=choice.field_code)
    if choice.q.strip():
        courses = courses.filter(name__icontains=choice.q.strip())
    return courses.order_by("code", "id")


@router.get("/classes", response=list[ClassOut], url_name="classes", summary="班次 Classes in scope")
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_LEARNING)
def list_classes(request: ActorRequest, choice: Query[ClassChoice]) -> QuerySet[CourseOffering]:
    """Classes in the actor's scope, the latest first; void ones only where asked for."""
    held = classes_of(request.actor, standing=choice.status != ClassStatus.VOID)
    wanted: dict[str, Any] = {
        "organiser__code": choice.organiser_code,
        "department": choice.department,
        "course__kind": choice.kind,
    }
    held = held.filter(**{name: value for name, value in wanted.items() if value})
    if choice.status is not None:
        held = held.filter(being(choice.status, clock.today()))
    if choice.on is not None:
        held = held.filter(starts_on__lte=choice.on, ends_on__gte=choice.on)
    return held.order_by("-starts_on", "id")


@router.get("/classes/{uuid:class_id}", response=ClassOut, url_name="class", summary="一个班次 One class")
@api_door(Right.VIEW_LEARNING)
def get_class(request: ActorRequest, class_id: UUID) -> CourseOffering:
    """One class in the actor's scope, void or not; 404 where there is none."""
    return _found(request, class_id)


@router.get(
    "/classes/{uuid:class_id}/enrolments",
    response=list[EnrolmentOut],
    url_name="enrolments",
    summary="学员 Learners of a class",
)
@paginate(LimitOffsetPagination)
@api_door(Right.VIEW_LEARNING)
def list_enrolments(request: ActorRequest, class_id: UUID) -> QuerySet[Enrolment]:
    """Standing enrolments of a class: those in it, those who wait in their order, those who left."""
    _found(request, class_id)
    return learners_of(request.actor, class_id)


@router.get(
    "/classes/{uuid:class_id}/clashes",
    response=list[ClashOut],
    url_name="clashes",
    summary="同一时段在两个班 Learners in two classes at one hour",
)
@api_door(Right.VIEW_LEARNING)
def list_clashes(request: ActorRequest, class_id: UUID) -> list[Clash]:
    """Who of a class sits in another one at the same hour."""
    held = _found(request, class_id)
    return clashes_of(request.actor, held.starts_on, held.ends_on, class_id)


@router.post("/classes", response={201: ClassOut}, url_name="open_class", summary="开设班次 Open a class")
@api_door(Right.EDIT_LEARNING)
def add_class(request: ActorRequest, given: ClassIn) -> Status[CourseOffering]:
    """Open a class; 422 says which rule it breaks."""
    known = resolve_organisations(request.actor, [given.organiser_code]).get(given.organiser_code)
    if known is None or not known.in_scope:
        raise ValidationError(
            {"organiser_code": "管辖范围内没有此代码的机构。 No organisation in your scope has this code."}
        )
    course = course_named(given.course_owner or given.organiser_code, given.course_code)
    if course is None:
        raise ValidationError({"course_code": "该机构没有此代码的课程。 This owner has no course of this code."})
    facts = given.model_dump(exclude={"organiser_code", "course_owner", "course_code"})
    made = open_class(actor=request.actor, organiser_id=known.id, course=course, through=Origin.API, **facts)
    return Status(201, _found(request, made.pk))


@router.post(
    "/classes/{uuid:class_id}/enrolments",
    response={201: EnrolmentOut},
    url_name="enrol",
    summary="报名 Sign somebody up",
)
@api_door(Right.EDIT_LEARNING)
def add_enrolment(request: ActorRequest, class_id: UUID, given: EnrolmentIn) -> Status[Enrolment]:
    """Sign somebody up: with a seat while there is one, else on the waiting list."""
    _found(request, class_id)
    made = enrol(
        actor=request.actor,
        offering_id=class_id,
        name=given.name,
        number=given.number,
        document=given.document,
        through=Origin.API,
    )
    return Status(201, made)


@router.post(
    "/enrolments/{uuid:enrolment_id}/leaving",
    response=EnrolmentOut,
    url_name="leave_class",
    summary="退出 Leave a class",
)
@api_door(Right.EDIT_LEARNING)
def leave(request: ActorRequest, enrolment_id: UUID, given: LeavingIn) -> Enrolment:
    """Record that somebody left; the seat goes to who waits first."""
    if not visible(request.actor, Enrolment).filter(pk=enrolment_id).exists():
        raise HttpError(404, "没有此学员记录，或不在管辖范围内。 There is no such enrolment in your scope.")
    return withdraw(actor=request.actor, enrolment_id=enrolment_id, left_on=given.left_on)


@router.post(
    "/classes/{uuid:class_id}/completion",
    response=ClassOut,
    url_name="complete_class",
    summary="结班 Complete a class",
)
@api_door(Right.EDIT_LEARNING)
def complete(request: ActorRequest, class_id: UUID, given: CompletionIn) -> CourseOffering:
    """Close a class with its completion list; 422 says what forbids it."""
    _found(request, class_id)
    complete_class(
        actor=request.actor,
        offering_id=class_id,
        completed_on=given.completed_on,
        list_number=given.list_number,
        completed=given.completed,
    )
    return _found(request, class_id)


def _found(request: ActorRequest, class_id: UUID) -> CourseOffering:
    found = classes_of(request.actor, standing=False).filter(pk=class_id).first()
    if found is None:
        raise HttpError(404, "没有此班次，或不在管辖范围内。 There is no such class in your scope.")
    return found

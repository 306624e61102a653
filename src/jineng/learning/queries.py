"""What others may ask of this room; everything about classes is scoped to the actor, courses and fields are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS, Recorded
from jineng.kernel.remembering import remembered
from jineng.learning.kinds import CAME, PENDING, SEATED, ClassStatus, CourseKind, Department, EnrolmentState, Tier
from jineng.learning.models import Attendance, ClassSession, Course, CourseOffering, Enrolment, FieldState
from jineng.learning.rules import tier_of
from jineng.registry.kinds import OrganisationKind
from jineng.registry.models import Organisation
from jineng.registry.queries import Told, told_of
from jineng.registry.scope import visible

DONE = Q(state=EnrolmentState.COMPLETED)


def _owner_name(field: str) -> Coalesce:
    """Name of a course's owner, empty where it lies out of sight: a join would lose the course."""
    name = Organisation.objects.filter(pk=OuterRef(field)).values("name")[:1]
    return Coalesce(Subquery(name), Value(""))


def courses_of(*, standing: bool = True) -> QuerySet[Course]:
    """Courses of all owners, with the owner's name (``owner_name``) as far as it is in sight."""
    courses = Course.objects.annotate(owner_name=_owner_name("owner_id"))
    return courses.filter(STANDS) if standing else courses


def course_named(owner_code: str, code: str) -> Course | None:
    """The standing course of an owner's catalogue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_organisations_by_code(%s)", [[owner_code]])
        row = cursor.fetchone()
    return Course.objects.filter(STANDS, owner_id=row[0], code=code).first() if row else None


def fields_of() -> QuerySet[FieldState]:
    """The list of fields, all states that stand."""
    return FieldState.objects.filter(STANDS)


def field_names() -> dict[str, str]:
    """Names of fields by code, as they are now."""
    return dict(FieldState.objects.filter(STANDS).order_by("since", "recorded_at", "id").values_list("code", "name"))


def _seats(*states: str) -> Coalesce:
    told = Enrolment.objects.filter(STANDS, offering=OuterRef("pk"), state__in=states).order_by().values("offering")
    return Coalesce(Subquery(told.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def classes_of(actor: Actor, *, standing: bool = True) -> QuerySet[CourseOffering]:
    """Classes in the actor's scope with course and organiser at hand; void ones only where asked for.

    Each says how many seats are ``taken``, how many people ``wait``, how many ``finished``.
    """
    held = (
        visible(actor, CourseOffering)
        .select_related("course", "organiser", "division")
        .annotate(taken=_seats(*SEATED), waiting=_seats(*PENDING), finished=_seats(EnrolmentState.COMPLETED))
    )
    return held.filter(STANDS) if standing else held


def being(status: str, day: date) -> Q:
    """The condition that a class has this status on ``day``; the same law as ``rules.status_on``."""
    if status == ClassStatus.VOID:
        return Q(voided_at__isnull=False)
    cancelled, completed = Q(cancelled_on__lte=day), Q(completed_on__lte=day)
    going = STANDS & ~_known(cancelled, "cancelled_on") & ~_known(completed, "completed_on")
    if status == ClassStatus.CANCELLED:
        return STANDS & cancelled
    if status == ClassStatus.COMPLETED:
        return STANDS & completed & ~_known(cancelled, "cancelled_on")
    if status == ClassStatus.RUNNING:
        return going & Q(starts_on__lte=day)
    signup = _known(Q(signup_from__lte=day), "signup_from")
    return going & Q(starts_on__gt=day) & (signup if status == ClassStatus.OPEN else ~signup)


def _known(condition: Q, field: str) -> Q:
    """``condition`` that is false rather than unknown where the date is missing."""
    return Q(**{f"{field}__isnull": False}) & condition


def learners_of(actor: Actor, offering_id: UUID) -> QuerySet[Enrolment]:
    """Standing enrolments of a class: those in it first, then those who wait in their order, then who left."""
    order = Case(
        When(state__in=SEATED, then=Value(0)),
        When(state__in=PENDING, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        visible(actor, Enrolment)
        .filter(STANDS, offering=offering_id)
        .select_related("person")
        .annotate(order=order)
        .order_by("order", "applied_on", "recorded_at", "id")
    )


def sessions_of(actor: Actor, offering_id: UUID) -> QuerySet[ClassSession]:
    """Standing sessions of a class, with how many marks there are (``marked``) and how many came (``came``)."""
    marks = Q(attendances__voided_at__isnull=True, attendances__isnull=False)
    return (
        visible(actor, ClassSession)
        .filter(STANDS, offering=offering_id)
        .annotate(
            marked=Count("attendances", filter=marks),
            came=Count("attendances", filter=marks & Q(attendances__presence__in=CAME)),
        )
        .order_by("held_on", "starts", "id")
    )


def attendance_of(actor: Actor, session_id: UUID) -> dict[UUID, str]:
    """How people attended a session, by enrolment."""
    marks = visible(actor, Attendance).filter(STANDS, session=session_id)
    return dict(marks.values_list("enrolment_id", "presence"))


def came_by_learner(actor: Actor, offering_id: UUID) -> dict[UUID, tuple[int, int]]:
    """Of a class: by enrolment, at how many of its marked sessions somebody came, and how many those are."""
    marks = visible(actor, Attendance).filter(STANDS, session__offering=offering_id, session__voided_at__isnull=True)
    told = (
        marks.order_by().values("enrolment_id").annotate(n=Count("id"), came=Count("id", filter=Q(presence__in=CAME)))
    )
    return {row["enrolment_id"]: (row["came"], row["n"]) for row in told}


@dataclass(frozen=True)
class Clash:
    """Somebody sits in two classes at one hour: the own session, and whose the other one is and when.

    ``other_offering_id`` is None where the other class lies out of sight.
    """

    enrolment_id: UUID
    offering_id: UUID
    session_id: UUID
    held_on: date
    starts: time
    ends: time
    other_organiser: str
    other_starts: time
    other_ends: time
    other_offering_id: UUID | None


def clashes_of(actor: Actor, since: date, until: date, offering_id: UUID | None = None) -> list[Clash]:
    """Clashes of sessions from ``since`` to ``until`` in classes of the actor's scope, the earliest first.

    The database tells them across scopes, and of the other class no more than its organiser and its hours.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM learning_clashes(%s, %s, %s)", [offering_id, since, until])
        return [Clash(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Funded:
    """What an organiser did in a year with one department's money: person-times and persons are two measures."""

    department: str
    label: str
    classes: int
    person_times: int
    persons: int


def funded_by(actor: Actor, organiser_id: UUID, year: int) -> list[Funded]:
    """Classes that began in ``year`` and completions in it, by department; identities found to be one count once.

    Remembered.
    """
    return remembered(("funded by", organiser_id, year), lambda: _funded_by(actor, organiser_id, year), len)


def _funded_by(actor: Actor, organiser_id: UUID, year: int) -> list[Funded]:
    held = visible(actor, CourseOffering).filter(STANDS, organiser=organiser_id)
    classes = dict(held.filter(starts_on__year=year).order_by().values_list("department").annotate(n=Count("pk")))
    told = (
        _done(actor, organiser_id, year)
        .order_by()
        .values("offering__department")
        .annotate(n=Count("pk"), persons=Count(_WHOM, distinct=True))
    )
    finished = {row["offering__department"]: (row["n"], row["persons"]) for row in told}
    return [
        Funded(value, str(label), classes.get(value, 0), *finished.get(value, (0, 0)))
        for value, label in Department.choices
    ]


def persons_of(actor: Actor, organiser_id: UUID, year: int) -> tuple[int, int]:
    """Completions in ``year`` at an organiser, and how many persons that were, over all departments; remembered."""

    def count() -> tuple[int, int]:
        told = _done(actor, organiser_id, year).aggregate(n=Count("pk"), persons=Count(_WHOM, distinct=True))
        return int(told["n"]), int(told["persons"])

    return remembered(("persons of", organiser_id, year), count)


_WHOM = Coalesce("person__merged_into_id", F("person_id"))


def _done(actor: Actor, organiser_id: UUID, year: int) -> QuerySet[Enrolment]:
    """Completions in ``year``, found by the organiser's classes: of them there is an index."""
    classes = Q(offering__organiser=organiser_id, offering__voided_at__isnull=True)
    return visible(actor, Enrolment).filter(STANDS, DONE, classes, ended_on__year=year)


@dataclass(frozen=True)
class Place:
    """An organisation of the open university, with its classes and learners of the day."""

    organisation: Organisation
    classes: int
    learners: int


def tiers_of(actor: Actor) -> dict[Tier, list[Place]]:
    """The three tiers of the open university as far as the actor sees them, with what each runs.

    A county centre stands among the counties once it has run a class of the open university. Remembered.
    """
    question = ("open university", actor.organisation_id, actor.sees_all)
    return remembered(question, lambda: _tiers(actor), lambda tiers: 10 * sum(map(len, tiers.values())))


def _tiers(actor: Actor) -> dict[Tier, list[Place]]:
    held = visible(actor, CourseOffering).filter(STANDS, course__kind=CourseKind.OPEN_UNIVERSITY)
    classes = dict(held.order_by().values_list("organiser").annotate(n=Count("pk")))
    seats = visible(actor, Enrolment).filter(
        STANDS,
        state__in=SEATED,
        offering__voided_at__isnull=True,
        offering__course__kind=CourseKind.OPEN_UNIVERSITY,
    )
    learners = dict(seats.order_by().values_list("organiser").annotate(n=Count("pk")))
    kinds = (OrganisationKind.OPEN_UNIVERSITY, OrganisationKind.OPEN_UNIVERSITY_BRANCH)
    rows = visible(actor, Organisation).filter(STANDS, closed_on__isnull=True)
    rows = rows.filter(Q(kind__in=kinds) | Q(pk__in=list(classes), kind=OrganisationKind.COUNTY_CENTRE))
    found: dict[Tier, list[Place]] = {tier: [] for tier in Tier}
    authority = Organisation.objects.filter(pk=OuterRef("authority_id")).values("kind")[:1]
    for body in (
        rows.select_related("division").annotate(over=Coalesce(Subquery(authority), Value(""))).order_by("code")
    ):
        tier = tier_of(body.kind, body.over)
        if tier is not None:
            found[tier].append(Place(body, classes.get(body.pk, 0), learners.get(body.pk, 0)))
    return found


def history_of(record: Recorded) -> list[Told]:
    """What a record said over time, the earliest first."""
    return told_of(record)


def waiting_classes(actor: Actor, day: date) -> dict[str, Any]:
    """How many classes of the actor's own organisation have ended and still want their completion list."""
    own = visible(actor, CourseOffering).filter(STANDS, organiser=actor.organisation_id)
    ended = own.filter(being(ClassStatus.RUNNING, day), ends_on__lt=day, ends_on__year__gte=day.year - 1)
    return {"ended": ended.count(), "first": ended.order_by("ends_on", "id").first()}

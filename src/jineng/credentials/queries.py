"""What others may ask of the credentials. Everything here is scoped to whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from jineng.credentials.kinds import Attendance, CertificateStatus, PilotStatus, Stage
from jineng.credentials.marking import Entry
from jineng.credentials.models import (
    AssessmentComponent,
    AssessmentRoom,
    AssessmentSession,
    AssessmentSite,
    Candidate,
    Certificate,
    CertificatePilot,
    ComponentResult,
    EntrySheet,
    PilotBatch,
    SkillStandard,
    StandardDeveloper,
)
from jineng.credentials.scope import own_sessions
from jineng.credentials.seating import Chair, Room, room_of
from jineng.kernel.actors import Actor
from jineng.kernel.lookups import there_is
from jineng.kernel.records import STANDS
from jineng.registry.models import Organisation
from jineng.registry.scope import visible

BEING_ENTERED = there_is(EntrySheet.objects.filter(session=OuterRef("pk")))
RESULTS_TOLD = Q(compared_at__isnull=True) & Q(
    there_is(Candidate.objects.filter(STANDS, session=OuterRef("pk")).exclude(attendance=Attendance.REGISTERED))
)
"""Results that came by a return, not by two entries."""
CERTIFICATES_TOLD = Q(certified_at__isnull=True, compared_at__isnull=True) & Q(
    there_is(Certificate.objects.filter(STANDS, session=OuterRef("pk")))
)


def name_of(column: str) -> Coalesce:
    """The name of the organisation that ``column`` names; empty where it lies out of sight."""
    return Coalesce(Subquery(Organisation.objects.filter(pk=OuterRef(column)).values("name")[:1]), Value(""))


def _counted(rows: QuerySet[Any], of: str) -> Coalesce:
    """How many of ``rows`` name the outer record by ``of``."""
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def standards_of(actor: Actor) -> QuerySet[SkillStandard]:
    """All standards with their ``named`` developers, each with ``organisation_name``, empty where out of sight."""
    developers = visible(actor, StandardDeveloper).filter(STANDS).order_by("role", "id")
    return visible(actor, SkillStandard).prefetch_related(
        Prefetch("developers", developers.annotate(organisation_name=name_of("organisation_id")), "named")
    )


def editions_of(actor: Actor, standard: SkillStandard) -> list[SkillStandard]:
    """The standing editions that a standard belongs to, itself included, the first of them first."""
    found = SkillStandard.objects.raw(EDITIONS, [standard.pk])
    return list(visible(actor, SkillStandard).filter(STANDS, pk__in=[each.pk for each in found]).order_by("edition"))


EDITIONS = """
WITH RECURSIVE earlier AS (
  SELECT id, revises_id FROM credentials_skillstandard WHERE id = %s
  UNION SELECT one.id, one.revises_id FROM credentials_skillstandard AS one JOIN earlier ON one.id = earlier.revises_id
), family AS (
  SELECT id FROM earlier
  UNION SELECT one.id FROM credentials_skillstandard AS one JOIN family ON one.revises_id = family.id
) SELECT id FROM family
"""


def batches_of(actor: Actor) -> QuerySet[PilotBatch]:
    """Standing batches with the number of pilots in sight."""
    pilots = visible(actor, CertificatePilot).filter(STANDS)
    return (
        visible(actor, PilotBatch)
        .filter(STANDS)
        .annotate(pilot_count=_counted(pilots, "batch"), organisation_name=name_of("organisation_id"))
    )


def pilots_of(actor: Actor, *, standing: bool = True) -> QuerySet[CertificatePilot]:
    """Pilots in the actor's sight with batch, certificate and ``institution_name``."""
    pilots = visible(actor, CertificatePilot).select_related("batch", "certificate_type")
    pilots = pilots.annotate(institution_name=name_of("institution_id"))
    return pilots.filter(STANDS) if standing else pilots


def pilot_status_on(status: str, day: date) -> Q:
    """The condition that a pilot is ``status`` on ``day``."""
    gone, refused = Q(withdrawn_on__lte=day), Q(refused_on__lte=day)
    stands = Q(approved_on__lte=day)
    return {
        PilotStatus.WITHDRAWN: gone,
        PilotStatus.REFUSED: refused & ~gone,
        PilotStatus.STANDING: stands & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)),
        PilotStatus.APPLIED: (Q(approved_on__isnull=True) | Q(approved_on__gt=day))
        & (Q(refused_on__isnull=True) | Q(refused_on__gt=day))
        & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)),
    }[PilotStatus(status)]


def sessions_of(actor: Actor) -> QuerySet[AssessmentSession]:
    """Standing sessions as :func:`any_session_of` tells them, with the number of candidates in sight."""
    candidates = visible(actor, Candidate).filter(STANDS)
    return any_session_of(actor).filter(STANDS).annotate(candidate_count=_counted(candidates, "session"))


def any_session_of(actor: Actor) -> QuerySet[AssessmentSession]:
    """Sessions in the actor's sight, void ones too, with certificate, names of host and body, and how far they are."""
    return (
        visible(actor, AssessmentSession)
        .select_related("certificate_type")
        .annotate(
            host_name=name_of("host_id"),
            body_name=name_of("body_id"),
            being_entered=BEING_ENTERED,
            results_told=RESULTS_TOLD,
            certificates_told=CERTIFICATES_TOLD,
        )
    )


def session_stage(stage: str) -> Q:
    """The condition that a session's results are at ``stage``."""
    certified = Q(certified_at__isnull=False) | CERTIFICATES_TOLD
    settled = Q(settled_at__isnull=False) | RESULTS_TOLD
    compared, begun = Q(compared_at__isnull=False), Q(BEING_ENTERED)
    return {
        Stage.OPEN: ~certified & ~settled & ~compared & ~begun,
        Stage.ENTERING: ~certified & ~settled & ~compared & begun,
        Stage.COMPARED: ~certified & ~settled & compared,
        Stage.SETTLED: ~certified & settled,
        Stage.CERTIFIED: certified,
    }[Stage(stage)]


def parts_of(session: AssessmentSession) -> list[AssessmentComponent]:
    """The components of a session in order."""
    return list(AssessmentComponent.objects.filter(STANDS, session=session).order_by("order"))


def sheets_of(actor: Actor, session: AssessmentSession) -> list[EntrySheet]:
    """Who enters the session's results, as far as the actor may know."""
    return list(visible(actor, EntrySheet).filter(session=session).order_by("slot"))


def candidates_of(actor: Actor, *, standing: bool = True) -> QuerySet[Candidate]:
    """Candidates in the actor's sight with person, session and ``institution_name``."""
    candidates = visible(actor, Candidate).select_related("person", "session__certificate_type")
    candidates = candidates.annotate(institution_name=name_of("institution_id"))
    return candidates.filter(STANDS) if standing else candidates


def sites_of(actor: Actor) -> QuerySet[AssessmentSite]:
    """Standing sites with the name of who runs them, their seats and how many rooms they have."""
    rooms = AssessmentRoom.objects.filter(STANDS, site=OuterRef("pk")).order_by().values("site")
    seats = rooms.annotate(total=Sum("seats")).values("total")
    return (
        visible(actor, AssessmentSite)
        .filter(STANDS)
        .annotate(
            organisation_name=name_of("organisation_id"),
            seat_count=Coalesce(Subquery(seats, output_field=IntegerField()), Value(0)),
            room_count=_counted(AssessmentRoom.objects.filter(STANDS), "site"),
        )
    )


def rooms_of(site: AssessmentSite) -> list[AssessmentRoom]:
    """The standing rooms of a site in the order in which they are filled."""
    return list(AssessmentRoom.objects.filter(STANDS, site=site).order_by("order"))


def seated_of(actor: Actor, *, standing: bool = True) -> QuerySet[Candidate]:
    """Candidates as :func:`candidates_of` tells them, with what :func:`chair_of` asks of their sites."""
    rooms = Prefetch("session__site__rooms", AssessmentRoom.objects.filter(STANDS).order_by("order"), "standing_rooms")
    candidates = candidates_of(actor, standing=standing).select_related("session__site")
    return candidates.prefetch_related(rooms)


def chair_of(candidate: Candidate) -> Chair | None:
    """The room and the seat in it of somebody told by :func:`seated_of`; nothing where the session has no site."""
    session = candidate.session
    if session.site is None or session.first_seat is None or candidate.seat is None:
        return None
    rooms: list[AssessmentRoom] = getattr(session.site, "standing_rooms", [])
    return room_of(session.first_seat + candidate.seat - 1, [Room(room.name, room.seats) for room in rooms])


def results_of(actor: Actor, candidate: Candidate) -> list[ComponentResult]:
    """What holds of a candidate in each component."""
    rows = visible(actor, ComponentResult).filter(STANDS, candidate=candidate)
    return list(rows.select_related("component").order_by("component__order"))


def said_before(results: Sequence[ComponentResult]) -> dict[UUID, list[Entry]]:
    """What was said of these results before they were corrected, the earliest first; nothing of those that were not."""
    said: dict[UUID, list[Entry]] = {}
    events = apps.get_model("credentials", "ComponentResultEvent").objects
    rows = events.filter(pgh_obj__in=[result.pk for result in results]).order_by("pgh_id")
    for result, score in rows.values_list("pgh_obj_id", "score") if results else ():
        said.setdefault(result, []).append(Entry(score))
    return said


def certificates_of(actor: Actor, *, standing: bool = True) -> QuerySet[Certificate]:
    """Certificates in the actor's sight with person, type and ``institution_name``."""
    certificates = visible(actor, Certificate).select_related("person", "certificate_type", "session")
    certificates = certificates.annotate(institution_name=name_of("institution_id"))
    return certificates.filter(STANDS) if standing else certificates


def sealing_of(actor: Actor, session: AssessmentSession) -> tuple[int, int]:
    """How many of a session's certificates in sight are sealed, and how many there are."""
    certificates = visible(actor, Certificate).filter(STANDS, session=session)
    told = certificates.aggregate(sealed=Count("pk", filter=Q(seal__isnull=False)), all=Count("pk"))
    return told["sealed"], told["all"]


def certificate_status_on(status: str, day: date) -> Q:
    """The condition that a certificate is ``status`` on ``day``."""
    revoked, suspended = Q(revoked_on__lte=day), Q(suspended_on__lte=day)
    standing = STANDS & (Q(revoked_on__isnull=True) | Q(revoked_on__gt=day))
    return {
        CertificateStatus.VOID: ~STANDS,
        CertificateStatus.REVOKED: STANDS & revoked,
        CertificateStatus.SUSPENDED: standing & suspended,
        CertificateStatus.HELD: standing & (Q(suspended_on__isnull=True) | Q(suspended_on__gt=day)),
    }[CertificateStatus(status)]


def waiting_sessions(actor: Actor) -> list[AssessmentSession]:
    """Sessions that the actor answers for whose results are on their way, with ``own_sheets`` of all who enter them."""
    sessions = visible(actor, AssessmentSession).filter(STANDS, certified_at__isnull=True)
    if not actor.sees_all:
        sessions = sessions.filter(own_sessions(actor))
    begun = sessions.filter(pk__in=visible(actor, EntrySheet).values("session")).select_related("certificate_type")
    return list(begun.prefetch_related(Prefetch("sheets", to_attr="own_sheets")).order_by("held_on", "id")[:20])

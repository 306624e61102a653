"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second."""

from __future__ import annotations

from django.db.models import Q

from jineng.credentials.models import (
    Achievement,
    AssessmentComponent,
    AssessmentRoom,
    AssessmentSession,
    AssessmentSite,
    Candidate,
    Certificate,
    CertificatePilot,
    CertificateType,
    ComponentResult,
    ConversionRule,
    CreditAccount,
    CreditPosting,
    CreditScheme,
    CreditUse,
    EntrySheet,
    Issuer,
    Mark,
    NumberSeries,
    PilotBatch,
    SealedCertificate,
    SessionParty,
    SkillStandard,
    StandardDeveloper,
    StatusList,
)
from jineng.kernel.actors import Actor
from jineng.registry.models import PersonParty
from jineng.registry.scope import reach, sees


def own_sessions(actor: Actor, path: str = "") -> Q:
    """Sessions that the actor answers for: its reach hosts them or assesses in them."""
    mine = reach(actor)
    return Q(**{f"{path}host__among": mine}) | Q(**{f"{path}body__among": mine})


def _seen_session(actor: Actor, path: str = "") -> Q:
    parties = SessionParty.objects.filter(organisation__in=reach(actor)).values("session")
    return own_sessions(actor, path) | Q(**{f"{path}id__among": parties})


def _learner(actor: Actor, path: str = "") -> Q:
    sessions = AssessmentSession.objects.filter(own_sessions(actor)).order_by().values("id")
    return Q(**{f"{path}institution__among": reach(actor)}) | Q(**{f"{path}session__among": sessions})


@sees(SkillStandard)
@sees(StandardDeveloper)
@sees(CertificateType)
@sees(PilotBatch)
@sees(Issuer)
@sees(StatusList)
@sees(CreditScheme)
@sees(ConversionRule)
@sees(AssessmentSite)
@sees(AssessmentRoom)
def _announced(actor: Actor) -> Q:
    return Q()


@sees(NumberSeries)
def _nobody(actor: Actor) -> Q:
    return Q(pk__in=[])


@sees(AssessmentSession)
def _session(actor: Actor) -> Q:
    return _seen_session(actor)


@sees(AssessmentComponent)
def _component(actor: Actor) -> Q:
    return _seen_session(actor, "session__")


@sees(SessionParty)
def _party(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))


@sees(CertificatePilot)
def _pilot(actor: Actor) -> Q:
    return Q(institution__among=reach(actor)) | Q(
        certificate_type__among=CertificateType.objects.filter(body__in=reach(actor)).values("id")
    )


@sees(Candidate)
@sees(Certificate)
def _of_learner(actor: Actor) -> Q:
    return _learner(actor)


@sees(ComponentResult)
def _result(actor: Actor) -> Q:
    return _learner(actor, "candidate__")


@sees(SealedCertificate)
def _sealed(actor: Actor) -> Q:
    return _learner(actor, "certificate__")


def _known_learner(actor: Actor, path: str = "") -> Q:
    return Q(**{f"{path}person__in": PersonParty.objects.filter(organisation__in=reach(actor)).values("person")})


@sees(Achievement)
@sees(CreditAccount)
def _of_known_learner(actor: Actor) -> Q:
    return _known_learner(actor)


@sees(CreditPosting)
def _posting(actor: Actor) -> Q:
    return _known_learner(actor, "account__")


@sees(CreditUse)
def _use(actor: Actor) -> Q:
    return _known_learner(actor, "achievement__")


@sees(EntrySheet)
def _sheet(actor: Actor) -> Q:
    return own_sessions(actor, "session__")


@sees(Mark)
def _mark(actor: Actor) -> Q:
    return own_sessions(actor, "sheet__session__") & (
        Q(sheet__account=actor.account_id) | Q(sheet__session__compared_at__isnull=False)
    )

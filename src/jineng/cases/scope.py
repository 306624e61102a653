"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from jineng.cases.kinds import OPENED, PanelState, ProcedureState
from jineng.cases.models import (
    Case,
    CaseConcern,
    CaseEntry,
    CaseFile,
    CaseSight,
    Decision,
    DecisionDocument,
    Expert,
    Intake,
    IntakeDecider,
    Objection,
    Panel,
    PanelEntry,
    PanelMember,
    Procedure,
    Quota,
    Recusal,
    Review,
    ReviewTask,
)
from jineng.kernel.actors import Actor
from jineng.kernel.models import AuditLine, Mail, Notice
from jineng.registry.scope import bars, reach, sees


def _in_sight(actor: Actor) -> QuerySet[CaseSight, UUID]:
    """Ids of the cases in which somebody of one's own scope takes part, as applicant or otherwise."""
    return CaseSight.objects.filter(organisation=actor.organisation_id).values_list("case_id", flat=True)


@sees(Procedure)
def _procedure(actor: Actor) -> Q:
    return Q(owner__in=reach(actor)) | ~Q(state=ProcedureState.DRAFT)


def conflicts_of(actor: Actor) -> RawSQL:
    """Ids of the cases in which the actor's account has a conflict of interest, as a subquery."""
    return RawSQL("SELECT case_id FROM cases_conflicts(%s)", [actor.account_id])


@sees(Intake)
@sees(IntakeDecider)
@sees(Quota)
@sees(Panel)
def _announced(actor: Actor) -> Q:
    return Q()


@sees(Case)
def _case(actor: Actor) -> Q:
    return Q(id__in=_in_sight(actor))


@sees(CaseSight)
def _sight(actor: Actor) -> Q:
    return Q(organisation=actor.organisation_id)


@bars(CaseSight)
def _sight_in_conflict(actor: Actor) -> Q:
    return Q(applicant=actor.organisation_id) | ~Q(case_id__in=conflicts_of(actor))


@bars(Case)
def _case_in_conflict(actor: Actor) -> Q:
    return Q(applicant=actor.organisation_id) | ~Q(pk__in=conflicts_of(actor))


@bars(CaseEntry)
@bars(CaseFile)
@bars(Objection)
@bars(CaseConcern)
def _of_case_in_conflict(actor: Actor) -> Q:
    return Q(case__applicant=actor.organisation_id) | ~Q(case_id__in=conflicts_of(actor))


def _barred(actor: Actor) -> RawSQL:
    """Ids, as text, of the cases that a conflict of interest keeps from the actor."""
    return RawSQL("SELECT case_id::text FROM cases_barred(%s, %s)", [actor.account_id, actor.organisation_id])


@bars(Notice)
def _notice_of_case(actor: Actor) -> Q:
    return ~Q(about_type="cases.Case") | ~Q(about_id__in=_barred(actor))


@bars(AuditLine)
def _line_of_case(actor: Actor) -> Q:
    return ~Q(subject_type="cases.Case") | ~Q(subject_id__in=_barred(actor))


@bars(Mail)
def _mail_of_case(actor: Actor) -> Q:
    barred = RawSQL("SELECT notice_id FROM cases_barred_notices(%s, %s)", [actor.account_id, actor.organisation_id])
    return Q(notice__isnull=True) | ~Q(notice__in=barred)


@sees(CaseEntry)
@sees(CaseFile)
@sees(Objection)
@sees(CaseConcern)
def _of_case(actor: Actor) -> Q:
    return Q(case_id__in=_in_sight(actor))


@sees(Recusal)
def _recusal(actor: Actor) -> Q:
    seen = Case.objects.filter(_case_in_conflict(actor), pk__in=_in_sight(actor)).order_by().values("pk")
    return Q(account=actor.account_id) | Q(case_id__in=seen)


@sees(Expert)
def _expert(actor: Actor) -> Q:
    return Q(office__in=reach(actor)) | Q(account=actor.account_id)


def _office(actor: Actor, path: str = "panel__") -> Q:
    return Q(**{f"{path}intake__office__in": reach(actor)})


@sees(PanelMember)
def _member(actor: Actor) -> Q:
    return _office(actor) | Q(expert__in=Expert.objects.filter(account=actor.account_id).values("pk"))


@sees(PanelEntry)
def _entry(actor: Actor) -> Q:
    tasks = ReviewTask.objects.filter(account=actor.account_id, voided_at__isnull=True).values("entry")
    return _office(actor) | Q(pk__in=tasks)


@sees(ReviewTask)
@sees(Review)
def _task(actor: Actor) -> Q:
    return _office(actor) | Q(account=actor.account_id)


@bars(PanelEntry)
@bars(ReviewTask)
def _free(actor: Actor) -> Q:
    return ~Q(case_id__in=conflicts_of(actor))


@bars(Review)
def _sealed(actor: Actor) -> Q:
    return _free(actor) & (Q(account=actor.account_id) | Q(panel__state__in=OPENED))


def _judges(actor: Actor, path: str) -> Q:
    deciders = IntakeDecider.objects.filter(organisation__in=reach(actor), voided_at__isnull=True).values("intake")
    return _office(actor, path) | Q(**{f"{path}intake__in": deciders})


@sees(Decision)
def _decision(actor: Actor) -> Q:
    return _judges(actor, "panel__") | Q(panel__state=PanelState.PUBLISHED)


@bars(DecisionDocument)
def _free_of_interest(actor: Actor) -> Q:
    return ~Q(pk__in=RawSQL("SELECT panel_id FROM cases_barred_panels(%s)", [actor.account_id]))


@bars(Decision)
def _published_or_free(actor: Actor) -> Q:
    return Q(panel__state=PanelState.PUBLISHED) | _free_of_interest(actor)


@sees(DecisionDocument)
def _document(actor: Actor) -> Q:
    return _judges(actor, "decision__panel__")

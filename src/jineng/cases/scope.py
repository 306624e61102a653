"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import (
    Case,
    CaseEntry,
    CaseFile,
    CaseParty,
    Intake,
    IntakeDecider,
    Objection,
    Procedure,
    Quota,
)
from jineng.kernel.actors import Actor
from jineng.registry.scope import reach, sees


def _in_sight(actor: Actor) -> QuerySet[Any, UUID]:
    """Ids of the cases of one's own scope, and of those in which somebody of it takes part."""
    own = Case.objects.filter(applicant__in=reach(actor)).order_by().values_list("id", flat=True)
    parties = CaseParty.objects.filter(organisation__in=reach(actor)).order_by().values_list("case_id", flat=True)
    return own.union(parties)


@sees(Procedure)
def _procedure(actor: Actor) -> Q:
    return Q(owner__in=reach(actor)) | ~Q(state=ProcedureState.DRAFT)


@sees(Intake)
@sees(IntakeDecider)
@sees(Quota)
def _announced(actor: Actor) -> Q:
    return Q()


@sees(Case)
def _case(actor: Actor) -> Q:
    return Q(id__in=_in_sight(actor))


@sees(CaseEntry)
@sees(CaseFile)
@sees(Objection)
def _of_case(actor: Actor) -> Q:
    return Q(case_id__in=_in_sight(actor))

"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.governance.models import (
    Assignment,
    AssignmentProgress,
    CountyFact,
    ExhibitionItem,
    GroupMember,
    LeadingGroup,
    Occasion,
    OccasionParticipant,
    Policy,
    PolicyIssuer,
    PooledDepartment,
    PressItem,
    Task,
    TaskStep,
)
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.models import Reach
from jineng.registry.scope import reach, sees


def above(actor: Actor) -> QuerySet[Reach, UUID]:
    """Ids of the organisations that the actor's answers to, itself included, as a subquery."""
    return Reach.objects.filter(organisation_id=actor.organisation_id).values_list("authority_id", flat=True)


def own_policies(actor: Actor) -> Q:
    """Policies that the actor may change: its reach leads, reported or signs them."""
    signed = PolicyIssuer.objects.filter(STANDS, organisation__in=reach(actor)).values("policy")
    return Q(organisation__in=reach(actor)) | Q(reporter_id__in=reach(actor)) | Q(id__in=signed)


@sees(Policy)
def _policy(actor: Actor) -> Q:
    return Q(issued_on__isnull=False) | own_policies(actor)


@sees(PolicyIssuer)
def _issuer(actor: Actor) -> Q:
    return (
        Q(organisation__in=reach(actor))
        | Q(reporter_id__in=reach(actor))
        | Q(policy__issued_on__isnull=False)
        | Q(policy__organisation__in=reach(actor))
    )


@sees(LeadingGroup)
@sees(PressItem)
def _from_below(actor: Actor) -> Q:
    return Q(organisation__among=reach(actor)) | Q(organisation__among=above(actor))


@sees(GroupMember)
def _member(actor: Actor) -> Q:
    return Q(group__organisation__in=reach(actor)) | Q(group__organisation__in=above(actor))


@sees(Task)
def _task(actor: Actor) -> Q:
    held = Assignment.objects.filter(receiver__in=reach(actor)).values("task")
    return Q(giver__among=reach(actor)) | Q(id__among=held)


@sees(Assignment)
def _assignment(actor: Actor) -> Q:
    return Q(giver__among=reach(actor)) | Q(receiver__among=reach(actor))


@sees(TaskStep)
@sees(AssignmentProgress)
def _of_assignment(actor: Actor) -> Q:
    return Q(assignment__giver__among=reach(actor)) | Q(assignment__receiver__among=reach(actor))


@sees(Occasion)
def _occasion(actor: Actor) -> Q:
    joined = OccasionParticipant.objects.filter(organisation__in=reach(actor)).values("occasion")
    return Q(host__among=reach(actor)) | Q(host__among=above(actor)) | Q(id__among=joined)


@sees(OccasionParticipant)
@sees(ExhibitionItem)
def _of_occasion(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor)) | Q(occasion__host__in=reach(actor)) | Q(occasion__host__in=above(actor))


@sees(CountyFact)
def _county(actor: Actor) -> Q:
    return Q(office__in=reach(actor))


@sees(PooledDepartment)
def _pooled(actor: Actor) -> Q:
    return Q()

"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import reach, sees
from jineng.workforce.models import (
    AutonomyGrant,
    CareerBridge,
    PracticeStay,
    Qualification,
    Recognition,
    Standard,
    StandardCondition,
    StandardLevel,
    Teacher,
    Title,
)


def taught(actor: Actor) -> QuerySet[Any]:
    """People who teach, or taught, at a school in the actor's scope, as a subquery."""
    return Teacher.objects.filter(STANDS, organisation__in=reach(actor)).order_by().values("person")


@sees(Teacher)
def _teacher(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))


@sees(Qualification)
@sees(Title)
@sees(PracticeStay)
def _evidence(actor: Actor) -> Q:
    return Q(person__in=taught(actor))


@sees(Recognition)
def _recognition(actor: Actor) -> Q:
    mine = reach(actor)
    return Q(organisation__among=mine) | Q(recognised_by__among=mine) | Q(person__among=taught(actor))


@sees(AutonomyGrant)
def _autonomy(actor: Actor) -> Q:
    return Q(organisation__among=reach(actor)) | Q(granted_by__among=reach(actor))


@sees(Standard)
@sees(StandardLevel)
@sees(StandardCondition)
@sees(CareerBridge)
def _declared(actor: Actor) -> Q:
    return Q()

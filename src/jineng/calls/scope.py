"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.calls.models import Award, AwardHolder, AwardParty, AwardStatus, Batch, Call, CallDecider
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.registry.scope import reach, sees


def decided_calls(actor: Actor) -> QuerySet[CallDecider, UUID]:
    """Ids of the calls that a department in the actor's reach decides, as a subquery."""
    return CallDecider.objects.filter(STANDS, organisation__in=reach(actor)).values_list("call_id", flat=True)


def responsible(actor: Actor, path: str = "") -> Q:
    """Awards that the actor may write: its reach is responsible for them, or decides their call.

    ``path`` leads from the queried model to the award, such as ``award__``.
    """
    return Q(**{f"{path}organisation__in": reach(actor)}) | Q(**{f"{path}batch__call__in": decided_calls(actor)})


def _in_sight(actor: Actor) -> QuerySet[Any, UUID]:
    """Ids of the awards that the actor's reach is responsible for, decides or is party to.

    One set instead of three conditions joined by OR: the planner then walks the key's index, not the whole table.
    """
    own = Award.objects.filter(organisation__in=reach(actor)).order_by().values_list("id", flat=True)
    decided = Award.objects.filter(batch__call__in=decided_calls(actor)).order_by().values_list("id", flat=True)
    parties = AwardParty.objects.filter(organisation__in=reach(actor)).order_by().values_list("award_id", flat=True)
    return own.union(decided, parties)


@sees(Call)
@sees(CallDecider)
@sees(Batch)
def _announced(actor: Actor) -> Q:
    return Q()


@sees(Award)
def _award(actor: Actor) -> Q:
    return Q(id__in=_in_sight(actor))


@sees(AwardStatus)
@sees(AwardHolder)
def _of_award(actor: Actor) -> Q:
    return Q(award_id__in=_in_sight(actor))

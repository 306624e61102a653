"""How the room's models follow the scope of whoever acts: the first wall. ``policies.py`` is the second.

An agreement is seen by its keeper's authorities and by its parties, a body by its lead's authorities, its members
and the parties of its agreement; what hangs on them follows them. Clusters are announced.
"""

from __future__ import annotations

from django.db.models import Q

from jineng.kernel.actors import Actor
from jineng.partnerships.models import (
    Agreement,
    AgreementParty,
    AgreementSight,
    AgreementTerm,
    Body,
    BodyMember,
    BodySight,
    Cluster,
    ClusterMember,
    InternationalProject,
    RenewalAnswer,
)
from jineng.registry.scope import reach, sees


def _agreements(actor: Actor, path: str = "") -> Q:
    party = AgreementSight.objects.filter(organisation__in=reach(actor)).values("agreement")
    return Q(**{f"{path}organisation__among": reach(actor)}) | Q(**{f"{path}id__among": party})


def _bodies(actor: Actor, path: str = "") -> Q:
    member = BodySight.objects.filter(organisation__in=reach(actor)).values("body")
    party = Agreement.objects.filter(_agreements(actor)).values("id")
    return (
        Q(**{f"{path}organisation__among": reach(actor)})
        | Q(**{f"{path}id__among": member})
        | Q(**{f"{path}agreement__among": party})
    )


@sees(Agreement)
def _agreement(actor: Actor) -> Q:
    return _agreements(actor)


@sees(AgreementTerm)
@sees(AgreementParty)
def _of_agreement(actor: Actor) -> Q:
    return _agreements(actor, "agreement__")


@sees(RenewalAnswer)
def _of_term(actor: Actor) -> Q:
    return _agreements(actor, "term__agreement__")


@sees(Body)
def _body(actor: Actor) -> Q:
    return _bodies(actor)


@sees(BodyMember)
def _of_body(actor: Actor) -> Q:
    return _bodies(actor, "body__")


@sees(InternationalProject)
@sees(AgreementSight)
@sees(BodySight)
def _own(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))


@sees(Cluster)
def _announced(actor: Actor) -> Q:
    return Q()


@sees(ClusterMember)
def _cluster_member(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor)) | Q(cluster__organisation__in=reach(actor))

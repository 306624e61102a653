"""What others may ask of this room, scoped to whoever asks; and projects as other rooms name them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.references import Reference, ReferenceKind, offer_references
from jineng.partnerships.models import (
    Agreement,
    AgreementParty,
    AgreementTerm,
    Body,
    BodyMember,
    Cluster,
    ClusterMember,
    InternationalProject,
)
from jineng.registry.models import Organisation
from jineng.registry.scope import visible

KEEPER = Coalesce(Subquery(Organisation.objects.filter(pk=OuterRef("organisation_id")).values("name")[:1]), Value(""))
"""The name of whoever keeps a record; empty where that organisation is out of sight: a join would lose the record."""
TERMS = Prefetch("terms", AgreementTerm.objects.filter(STANDS).order_by("since"), to_attr="standing_terms")
PARTIES = Prefetch("parties", AgreementParty.objects.filter(STANDS).order_by("role", "name"), to_attr="signatories")


def agreements_of(actor: Actor, *, standing: bool = True) -> QuerySet[Agreement]:
    """Agreements in sight with ``keeper_name``, ``standing_terms`` and ``signatories``; void ones where asked for."""
    agreements = visible(actor, Agreement).annotate(keeper_name=KEEPER).prefetch_related(TERMS, PARTIES)
    return agreements.filter(STANDS) if standing else agreements


def in_force_on(day: date, path: str = "") -> Q:
    """The condition that an agreement is in force on ``day``; ``path`` leads from the queried model to it."""
    covering = AgreementTerm.objects.filter(STANDS, since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))
    running = Q(**{f"{path}ended_on__isnull": True}) | Q(**{f"{path}ended_on__gt": day})
    return running & Q(**{f"{path}voided_at__isnull": True, f"{path}id__in": covering.values("agreement")})


def bodies_of(actor: Actor, *, standing: bool = True) -> QuerySet[Body]:
    """Bodies in sight with ``keeper_name`` and their agreement; void ones only where asked for."""
    terms = Prefetch(
        "agreement__terms", AgreementTerm.objects.filter(STANDS).order_by("since"), to_attr="standing_terms"
    )
    bodies = visible(actor, Body).annotate(keeper_name=KEEPER).select_related("agreement").prefetch_related(terms)
    return bodies.filter(STANDS) if standing else bodies


def being_on(day: date) -> Q:
    """The condition that a body is in being on ``day``."""
    own = Q(founded_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    return own & (Q(agreement__isnull=True) | in_force_on(day, "agreement__"))


def going_with(actor: Actor, agreement: Agreement, day: date) -> list[Body]:
    """Standing bodies of an agreement that have not ended by ``day``, which end when the agreement does."""
    bodies = visible(actor, Body).filter(STANDS, agreement=agreement).order_by("code")
    return list(bodies.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)))


def members_of(actor: Actor, *, standing: bool = True) -> QuerySet[BodyMember]:
    """Members of the bodies in sight, with their body; void ones only where asked for."""
    members = visible(actor, BodyMember).select_related("body")
    return members.filter(STANDS) if standing else members


def projects_of(actor: Actor, *, standing: bool = True) -> QuerySet[InternationalProject]:
    """International projects in the actor's scope with their institution at hand; void ones only where asked for."""
    projects = visible(actor, InternationalProject).select_related("organisation")
    return projects.filter(STANDS) if standing else projects


def clusters_of(actor: Actor) -> QuerySet[Cluster]:
    """All standing clusters with ``keeper_name``: they are announced."""
    return visible(actor, Cluster).filter(STANDS).annotate(keeper_name=KEEPER)


def cluster_members_of(actor: Actor, cluster_id: UUID) -> QuerySet[ClusterMember]:
    """Members of a cluster as far as the actor sees them, with ``keeper_name``: the member's own name."""
    members = visible(actor, ClusterMember).filter(STANDS, cluster_id=cluster_id).annotate(keeper_name=KEEPER)
    return members.order_by("role", "joined_on")


def offer() -> None:
    """Let other rooms name international projects."""
    offer_references(ReferenceKind("international_project", "国际合作项目", "international project", _by_code, _by_id))


def _by_code(actor: Actor, codes: Collection[str]) -> Mapping[str, Reference]:
    return {project.code: _reference(project) for project in projects_of(actor).filter(code__in=codes)}


def _by_id(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Reference]:
    return {project.pk: _reference(project) for project in projects_of(actor, standing=False).filter(pk__in=ids)}


def _reference(project: InternationalProject) -> Reference:
    return Reference(project.pk, project.organisation_id, project.name, reverse("project", args=[project.pk]))

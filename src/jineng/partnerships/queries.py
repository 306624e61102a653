"""What others may ask of this room, scoped to whoever asks; and projects as other rooms name them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.references import Reference, ReferenceKind, offer_references
from jineng.partnerships.models import InternationalProject
from jineng.registry.scope import visible


def projects_of(actor: Actor, *, standing: bool = True) -> QuerySet[InternationalProject]:
    """International projects in the actor's scope with their institution at hand; void ones only where asked for."""
    projects = visible(actor, InternationalProject).select_related("organisation")
    return projects.filter(STANDS) if standing else projects


def offer() -> None:
    """Let other rooms name international projects."""
    offer_references(ReferenceKind("international_project", "国际合作项目", "international project", _by_code, _by_id))


def _by_code(actor: Actor, codes: Collection[str]) -> Mapping[str, Reference]:
    return {project.code: _reference(project) for project in projects_of(actor).filter(code__in=codes)}


def _by_id(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Reference]:
    return {project.pk: _reference(project) for project in projects_of(actor, standing=False).filter(pk__in=ids)}


def _reference(project: InternationalProject) -> Reference:
    return Reference(
        project.pk, project.organisation_id, project.name, reverse("project", args=[project.pk]), project.code
    )

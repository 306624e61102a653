"""The first wall: which objects an actor sees. Nothing is fetched for a user but through :func:`visible`.

Rooms say how their models follow the scope with :func:`sees`; PostgreSQL's row-level security says the same
a second time (``policies.py``), and a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from jineng.kernel.actors import Actor
from jineng.kernel.models import AuditLine, Mail, Notice, Receipt
from jineng.kernel.notices.inbox import NOBODY
from jineng.registry.kinds import DIRECTORY_KINDS
from jineng.registry.models import Employment, Organisation, OrganisationState, Person, PersonParty, Post, Reach

M = TypeVar("M", bound=Model)
Rule = Callable[[Actor], Q]
_rules: dict[type[Model], Rule] = {}
_bars: dict[type[Model], Rule] = {}


def sees(model: type[Model]) -> Callable[[Rule], Rule]:
    """Register the rule by which ``model`` follows an actor's scope."""

    def register(rule: Rule) -> Rule:
        _rules[model] = rule
        return rule

    return register


def bars(model: type[Model]) -> Callable[[Rule], Rule]:
    """Register what holds for everybody, the root included: a conflict of interest, a seal."""

    def register(rule: Rule) -> Rule:
        _bars[model] = rule
        return rule

    return register


def reach(actor: Actor) -> QuerySet[Reach, UUID]:
    """Ids of the organisations in the actor's scope, as a subquery."""
    return Reach.objects.filter(authority_id=actor.organisation_id).values_list("organisation_id", flat=True)


def visible(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The objects of ``model`` that ``actor`` may see.

    Raises:
        KeyError: the model has no scope rule, so nobody may be shown it.
    """
    rule = _rules[model]
    objects: QuerySet[M] = model._default_manager.all()
    if model in _bars:
        objects = objects.filter(_bars[model](actor))
    return objects if actor.sees_all else objects.filter(rule(actor))


def ruled_models() -> frozenset[type[Model]]:
    """Models that have a scope rule."""
    return frozenset(_rules)


def in_reach(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the organisation answers, directly or through others, to the actor's."""
    return actor.sees_all or reach(actor).filter(organisation_id=organisation_id).exists()


def _above(actor: Actor) -> QuerySet[Reach, UUID]:
    return Reach.objects.filter(organisation_id=actor.organisation_id).values_list("authority_id", flat=True)


def _directory(actor: Actor) -> QuerySet[Any, UUID]:
    """Ids of one's own scope, of everybody above, of all authorities and assessment bodies.

    One set instead of three conditions joined by OR: the planner then walks the key's index, not the whole table.
    """
    listed = Organisation.objects.filter(kind__in=DIRECTORY_KINDS).values_list("id", flat=True)
    return reach(actor).union(_above(actor), listed.order_by())


@sees(Organisation)
def _organisation(actor: Actor) -> Q:
    return Q(id__in=_directory(actor))


@sees(OrganisationState)
def _state(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor).union(_above(actor))) | Q(kind__in=DIRECTORY_KINDS)


@sees(Person)
def _person(actor: Actor) -> Q:
    return Q(id__in=PersonParty.objects.filter(organisation__in=reach(actor)).values("person"))


@sees(Employment)
def _employment(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor))


@sees(Receipt)
def _receipt(actor: Actor) -> Q:
    return Q(organisation_id__among=reach(actor))


@sees(AuditLine)
def _audit_line(actor: Actor) -> Q:
    own = Q(account=actor.account_id) | Q(organisation_id=actor.organisation_id)
    return Q(organisation_id__in=reach(actor)) | own


@sees(Notice)
def _notice(actor: Actor) -> Q:
    return Q(account=actor.account_id or NOBODY) | Q(organisation_id=actor.organisation_id)


@sees(Mail)
def _mail(actor: Actor) -> Q:
    return Q(name_of_id__in=reach(actor))


@sees(Post)
def _post(actor: Actor) -> Q:
    return Q(organisation__in=reach(actor)) | Q(account=actor.account_id)

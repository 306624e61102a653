"""What others may ask of the governance. Everything here is scoped to whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from jineng.governance.kinds import CountyItem, Level, PolicyKind
from jineng.governance.models import (
    Assignment,
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
from jineng.governance.rules import OWED, REPORTED, missing_of_county
from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered
from jineng.registry.models import Organisation
from jineng.registry.scope import visible

LIMIT = 20
"""How many things of one kind the home page asks for."""


def name_of(path: str) -> Coalesce:
    """The name of the organisation whose id ``path`` holds, empty out of sight, where a join would lose the row."""
    return Coalesce(Subquery(Organisation.objects.filter(pk=OuterRef(path)).values("name")[:1]), Value(""))


def policies_of(actor: Actor, *, standing: bool = True) -> QuerySet[Policy]:
    """Policies that the actor sees with those who issue them (``signing``, in order)."""
    signing = PolicyIssuer.objects.filter(STANDS).select_related("organisation").order_by("order")
    rows = visible(actor, Policy).prefetch_related(Prefetch("issuers", signing, to_attr="signing"))
    return rows.filter(STANDS) if standing else rows


def policies_on(actor: Actor, topic: str, day: date, level: str = Level.PROVINCIAL) -> QuerySet[Policy]:
    """Policies of a topic that an authority of ``level`` issued itself and that are in force on ``day``."""
    return (
        policies_of(actor)
        .filter(topic=topic, level=level, kind=PolicyKind.ISSUED, issued_on__lte=day)
        .filter(Q(repealed_on__isnull=True) | Q(repealed_on__gt=day))
        .order_by("-issued_on", "number")
    )


def groups_of(actor: Actor, *, standing: bool = True) -> QuerySet[LeadingGroup]:
    """Leading groups that the actor sees, with the name of who formed each and how many belong to it."""
    belonging = GroupMember.objects.filter(STANDS, group=OuterRef("pk")).order_by().values("group")
    rows = (
        visible(actor, LeadingGroup)
        .annotate(organisation_name=name_of("organisation_id"))
        .annotate(member_count=Coalesce(Subquery(belonging.annotate(n=Count("pk")).values("n")), 0))
    )
    return rows.filter(STANDS) if standing else rows


def members_of(actor: Actor, group: LeadingGroup) -> list[Any]:
    """Standing members of a group, heads first, with the names of their organisations."""
    order = {"head": 0, "deputy": 1, "member": 2, "office": 3}
    rows = visible(actor, GroupMember).filter(STANDS, group=group)
    return sorted(
        rows.annotate(organisation_name=name_of("organisation_id")), key=lambda row: (order[row.role], row.since)
    )


def shares_of(actor: Actor) -> QuerySet[Any]:
    """Standing shares of standing tasks that the actor sees, with giver, receiver and progress."""
    rows: QuerySet[Any] = visible(actor, Assignment).filter(STANDS, task__voided_at__isnull=True)
    names: dict[str, Any] = {"giver_name": name_of("giver_id"), "receiver_name": name_of("receiver_id")}
    shares: QuerySet[Any] = rows.select_related("task", "progress").annotate(**names)
    return shares


def owed_by(actor: Actor) -> QuerySet[Any]:
    """Shares that the actor's own organisation still has to do something about, the earliest deadline first."""
    rows = shares_of(actor).filter(receiver=actor.organisation_id, task__withdrawn_on__isnull=True)
    return rows.filter(progress__state__in=OWED).order_by("due_on", "pk")


def waiting_for(actor: Actor) -> QuerySet[Any]:
    """Reported shares that the actor's own organisation has to judge, the longest waiting first."""
    rows = shares_of(actor).filter(giver=actor.organisation_id, task__withdrawn_on__isnull=True)
    return rows.filter(progress__state=REPORTED).order_by("progress__since", "pk")


def tasks_of(actor: Actor) -> QuerySet[Any]:
    """Standing tasks that the actor sees, with what all its visible shares come to (``share``, ``done``)."""
    zero = Value(Decimal(0), output_field=DecimalField(max_digits=14, decimal_places=2))
    stands = Q(assignments__voided_at__isnull=True)
    return (
        visible(actor, Task)
        .filter(STANDS)
        .select_related("policy")
        .annotate(
            giver_name=name_of("giver_id"),
            share=Coalesce(Sum("assignments__share", filter=stands), zero),
            done=Coalesce(Sum("assignments__progress__done", filter=stands), zero),
            receivers=Count("assignments", filter=stands),
            accepted=Count("assignments", filter=stands & Q(assignments__progress__state="accepted")),
        )
    )


def task_in_sight(actor: Actor, pk: UUID) -> Task | None:
    """A standing task that the actor sees, alone."""
    return visible(actor, Task).filter(STANDS, pk=pk).first()


def steps_of(actor: Actor, assignment: Assignment) -> list[TaskStep]:
    """What happened to a share, in order."""
    return list(visible(actor, TaskStep).filter(STANDS, assignment=assignment).order_by("sequence"))


def parts_of(actor: Actor, assignment: Assignment) -> QuerySet[Any]:
    """The shares into which a share was split, as far as the actor sees them."""
    return (
        shares_of(actor)
        .filter(task__parent=assignment.task_id, giver=assignment.receiver_id, task__withdrawn_on__isnull=True)
        .order_by("receiver_name", "pk")
    )


def press_of(actor: Actor, *, standing: bool = True) -> QuerySet[PressItem]:
    """Press coverage that the actor sees, with the name of whom it is about."""
    rows = visible(actor, PressItem).annotate(organisation_name=name_of("organisation_id"))
    return rows.filter(STANDS) if standing else rows


def occasions_of(actor: Actor, *, standing: bool = True) -> QuerySet[Occasion]:
    """Events that the actor sees, with the name of their host."""
    rows = visible(actor, Occasion).annotate(host_name=name_of("host_id"))
    return rows.filter(STANDS) if standing else rows


def participants_of(actor: Actor, occasion: Occasion) -> list[Any]:
    """Who took part in an event, as far as the actor sees it."""
    rows = visible(actor, OccasionParticipant).filter(STANDS, occasion=occasion)
    return list(rows.annotate(organisation_name=name_of("organisation_id")).order_by("role", "organisation_name"))


def exhibits_of(actor: Actor, occasion: Occasion) -> list[Any]:
    """What was shown at an event, as far as the actor sees it."""
    rows = visible(actor, ExhibitionItem).filter(STANDS, occasion=occasion)
    return list(rows.annotate(organisation_name=name_of("organisation_id")).order_by("organisation_name", "title"))


@dataclass
class CountyState:
    """What a county has of 一县一校一中心 on a day: the facts in force by item, and what it lacks."""

    office_id: UUID
    office_code: str
    code: str
    name: str
    city_code: str
    city: str
    facts: list[Any] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def of(self, item: str) -> list[Any]:
        """The facts of one kind."""
        return [fact for fact in self.facts if fact.item == item]

    @property
    def pooled(self) -> list[Any]:
        """The departments that its centre pools."""
        return self.of(CountyItem.DEPARTMENT)


def county_facts_of(actor: Actor, *, standing: bool = True) -> QuerySet[Any]:
    """Facts of counties that the actor sees, with the names of office and organisation."""
    rows = (
        visible(actor, CountyFact)
        .select_related("division__parent")
        .annotate(organisation_name=name_of("organisation_id"), office_name=name_of("office_id"))
    )
    return rows.filter(STANDS) if standing else rows


def required_on(day: date) -> list[str]:
    """Codes of the departments that a county centre has to pool on ``day``."""
    rows = PooledDepartment.objects.filter(STANDS, since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))
    return sorted(set(rows.values_list("department", flat=True)))


def counties_on(actor: Actor, day: date) -> list[CountyState]:
    """Every county in the actor's sight that has any fact, with what it has and lacks on ``day``; remembered."""
    question = ("counties", actor.organisation_id, actor.sees_all, day)
    return remembered(question, lambda: _counties(actor, day), lambda found: 50 * len(found))


def _counties(actor: Actor, day: date) -> list[CountyState]:
    required = required_on(day)
    found: dict[str, CountyState] = {}
    rows = county_facts_of(actor).order_by("division", "item", "since")
    codes = dict(Organisation.objects.filter(pk__in=rows.order_by().values("office")).values_list("pk", "code"))
    for fact in rows:
        division = fact.division
        state = found.get(division.code)
        if state is None:
            city = division.parent if division.parent and division.parent.level != "province" else division
            state = found[division.code] = CountyState(
                fact.office_id, codes.get(fact.office_id, ""), division.code, division.name, city.code, city.name
            )
        if fact.since <= day and (fact.until is None or fact.until > day):
            state.facts.append(fact)
    for state in found.values():
        state.missing = missing_of_county([(fact.item, fact.department) for fact in state.facts], required)
    return list(found.values())

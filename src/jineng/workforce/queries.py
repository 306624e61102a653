"""What others may ask of this room; everything within an actor's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import remembered
from jineng.registry.models import Organisation, Person
from jineng.registry.scope import visible
from jineng.workforce.judging import Judge
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
from jineng.workforce.rules import (
    Bridge,
    Condition,
    Evidence,
    Held,
    Level,
    Standing,
    Stay,
    Version,
    version_on,
)


def held_on(day: date, since: str = "since", until: str = "until") -> Q:
    """The condition that something holds on ``day``; ``until`` is the first day without it."""
    return Q(**{f"{since}__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))


def teachers_of(actor: Actor, *, on: date | None = None, standing: bool = True) -> QuerySet[Teacher]:
    """Teachers in the actor's scope with person and school at hand; ``on``: those who teach on that day."""
    teachers = visible(actor, Teacher).select_related("person", "organisation")
    if standing:
        teachers = teachers.filter(STANDS)
    return teachers.filter(held_on(on)) if on is not None else teachers


def recognitions_of(actor: Actor, *, standing: bool = True) -> QuerySet[Recognition]:
    """Recognitions that the actor sees, with what lists show of them."""
    found = visible(actor, Recognition).select_related("person", "organisation", "standard", "recognised_by")
    return found.filter(STANDS) if standing else found


def autonomies_of(actor: Actor, *, standing: bool = True) -> QuerySet[AutonomyGrant]:
    """Autonomies granted to, or by, organisations in the actor's scope."""
    found = visible(actor, AutonomyGrant).select_related("organisation__division", "granted_by")
    return found.filter(STANDS) if standing else found


def standards() -> QuerySet[Standard]:
    """All versions of the standard, with their levels and conditions, the newest first."""
    conditions = StandardCondition.objects.filter(STANDS).order_by("item", "alternative")
    levels = (
        StandardLevel.objects.filter(STANDS)
        .order_by("level")
        .prefetch_related(Prefetch("conditions", queryset=conditions))
    )
    return Standard.objects.filter(STANDS).prefetch_related(Prefetch("levels", queryset=levels))


def facts_of(standard: Standard) -> Version:
    """What the rules need to know of a version that came from :func:`standards`."""
    return Version(
        standard.code,
        standard.in_force_from,
        standard.in_force_until,
        standard.days_per_month,
        tuple(
            Level(
                level.level,
                level.recogniser,
                level.valid_years,
                tuple(
                    Condition(
                        row.item,
                        row.kind,
                        row.option,
                        row.series,
                        row.amount,
                        row.window_years,
                        row.bridged,
                    )
                    for row in level.conditions.all()
                ),
            )
            for level in standard.levels.all()
        ),
    )


def standard_in_force(day: date) -> tuple[Standard, Version] | None:
    """The version in force on ``day`` and its facts, remembered; ``None`` where none was declared."""
    return remembered(("standard in force", day), lambda: _standard_in_force(day), lambda found: 20)


def _standard_in_force(day: date) -> tuple[Standard, Version] | None:
    known = {facts.code: (standard, facts) for standard in standards() for facts in [facts_of(standard)]}
    found = version_on(day, [facts for _, facts in known.values()])
    return known[found.code] if found is not None else None


def bridges() -> list[Bridge]:
    """All bridges between skill grades and titles, whenever they hold."""
    rows = CareerBridge.objects.filter(STANDS).order_by("grade", "level")
    return [Bridge(*row) for row in rows.values_list("grade", "series", "level", "years", "since", "until")]


def judge_on(day: date, version: Version) -> Judge:
    """A judge by ``version`` and by the bridges of ``day``."""
    return Judge(version, day, bridges())


def evidence_of(actor: Actor, teachers: Sequence[Teacher]) -> dict[UUID, Evidence]:
    """What each of the ``teachers`` (by their id) can show, in a handful of queries whatever their number.

    What was recorded for an identity that was merged counts for the one that took it over.
    """
    identities = _identities(actor, {teacher.person_id for teacher in teachers})
    people = list(identities)
    found: dict[UUID, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def gather(name: str, rows: QuerySet[Any], make: type[Held] | type[Stay], *columns: str) -> None:
        for person, *values in rows.filter(STANDS, person__in=people).order_by("id").values_list("person", *columns):
            found[identities[person]][name].append(make(*values))

    gather("posts", visible(actor, Teacher), Held, "kind", "since", "until")
    gather("certificates", visible(actor, Qualification), Held, "kind", "issued_on", "until")
    grades = visible(actor, Qualification).exclude(grade="")
    gather("grades", grades, Held, "grade", "issued_on", "until")
    gather("titles", visible(actor, Title), Held, "level", "awarded_on", "until", "series")
    gather("stays", visible(actor, PracticeStay), Stay, "first_day", "last_day", "days")
    gather("recognitions", visible(actor, Recognition), Held, "level", "recognised_on", "until")
    return {
        teacher.pk: Evidence(
            teacher.kind, **{name: tuple(rows) for name, rows in found[identities[teacher.person_id]].items()}
        )
        for teacher in teachers
    }


def _identities(actor: Actor, people: Iterable[UUID]) -> dict[UUID, UUID]:
    """The identity that stands for each of ``people`` and for everybody who was merged with one of them."""
    seen = visible(actor, Person)
    own = dict(seen.filter(pk__in=list(people)).values_list("pk", "merged_into"))
    heads = {pk: head or pk for pk, head in own.items()} | {pk: pk for pk in people if pk not in own}
    absorbed = seen.filter(merged_into__in=set(heads.values())).values_list("pk", "merged_into")
    return {**{head: head for head in heads.values()}, **{pk: head for pk, head in absorbed if head}, **heads}


def standings_of(actor: Actor, teachers: Sequence[Teacher], judge: Judge) -> dict[UUID, Standing]:
    """How each of the ``teachers`` (by their id) stands on the judge's day."""
    return {pk: judge.standing(evidence) for pk, evidence in evidence_of(actor, teachers).items()}


def schools_with_teachers(actor: Actor, day: date) -> QuerySet[Organisation]:
    """Organisations with teachers on ``day``: how many there are, and how many of them are recognised.

    Both are counted school by school, so that a page counts for the schools that it shows.
    """
    teaching = teachers_of(actor, on=day).order_by()
    here = Teacher.objects.filter(STANDS, held_on(day), organisation=OuterRef("pk")).order_by()
    recognised = recognitions_of(actor).filter(held_on(day, "recognised_on"), person=OuterRef("person")).order_by()
    return (
        visible(actor, Organisation)
        .filter(pk__in=teaching.values("organisation"))
        .annotate(teaching=_number_of(here), dual=_number_of(here.filter(Exists(recognised))))
        .annotate(place=F("division__name"))
    )


def _number_of(teachers: QuerySet[Teacher]) -> Coalesce:
    counted = teachers.values("organisation").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def school_standings(actor: Actor, organisation_id: UUID, day: date) -> dict[UUID, Standing]:
    """How each teacher of a school (by the teacher's id) stands on ``day``; nobody where no version is in force."""
    found = standard_in_force(day)
    if found is None:
        return {}
    teachers = teachers_of(actor, on=day).filter(organisation=organisation_id)
    return standings_of(actor, list(teachers), judge_on(day, found[1]))


def identity_group(actor: Actor, person_id: UUID) -> list[UUID]:
    """The person's identity and all that were merged with it: what was recorded for any of them counts."""
    return list(_identities(actor, [person_id]))


def qualifications_of(actor: Actor, people: Sequence[UUID]) -> QuerySet[Qualification]:
    """Certificates of these people that the actor sees, void ones included, the latest first."""
    return visible(actor, Qualification).filter(person__in=people).order_by("-issued_on", "id")


def titles_of(actor: Actor, people: Sequence[UUID]) -> QuerySet[Title]:
    """Titles of these people that the actor sees, void ones included, the latest first."""
    return visible(actor, Title).filter(person__in=people).order_by("-awarded_on", "id")


def practice_of(actor: Actor, people: Sequence[UUID]) -> QuerySet[PracticeStay]:
    """Stays of these people that the actor sees, void ones included, the latest first."""
    return visible(actor, PracticeStay).filter(person__in=people).order_by("-first_day", "id")

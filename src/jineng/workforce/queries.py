"""What others may ask of this room; everything within an actor's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.kernel.remembering import as_they_stand, remembered
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


def judge_in_force(day: date) -> tuple[Standard, Judge] | None:
    """The version in force on ``day``, and a judge by it and by the bridges of the day; ``None`` where none was
    declared."""
    with as_they_stand():
        found = standard_in_force(day)
        return (found[0], Judge(found[1], day, remembered("bridges", bridges, len))) if found else None


def evidence_of(
    actor: Actor, teachers: Sequence[Teacher], identities: Mapping[UUID, UUID] | None = None
) -> dict[UUID, Evidence]:
    """What each of the ``teachers`` (by their id) can show, in a handful of queries whatever their number.

    What was recorded for an identity that was merged counts for the one that took it over; ``identities`` are those of
    the teachers where they are known already (:func:`identities_of`).
    """
    if identities is None:
        identities = identities_of(actor, {teacher.person_id for teacher in teachers})
    people = list(identities)
    found: dict[UUID, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def gather(name: str, rows: QuerySet[Any], make: type[Held] | type[Stay], *columns: str) -> None:
        for person, *values in rows.filter(STANDS, person__in=people).order_by("id").values_list("person", *columns):
            found[identities[person]][name].append(make(*values))

    gather("posts", visible(actor, Teacher), Held, "kind", "since", "until")
    held = visible(actor, Qualification).filter(STANDS, person__in=people).order_by("id")
    for person, kind, grade, since, until in held.values_list("person", "kind", "grade", "issued_on", "until"):
        found[identities[person]]["certificates"].append(Held(kind, since, until))
        if grade:
            found[identities[person]]["grades"].append(Held(grade, since, until))
    gather("titles", visible(actor, Title), Held, "level", "awarded_on", "until", "series")
    gather("stays", visible(actor, PracticeStay), Stay, "first_day", "last_day", "days")
    gather("recognitions", visible(actor, Recognition), Held, "level", "recognised_on", "until")
    return {
        teacher.pk: Evidence(
            teacher.kind, **{name: tuple(rows) for name, rows in found[identities[teacher.person_id]].items()}
        )
        for teacher in teachers
    }


def identities_of(actor: Actor, people: Collection[UUID]) -> dict[UUID, UUID]:
    """The identity that stands for each of ``people`` and for everybody who was merged with one of them: what was
    recorded for any of them counts."""
    known = _merged(actor, people)
    heads = {pk: known.get(pk) or pk for pk in people}
    standing = set(heads.values())
    if elsewhere := standing.difference(people):
        known |= _merged(actor, elsewhere)
    absorbed = {pk: head for pk, head in known.items() if head is not None and head in standing}
    return {**{head: head for head in standing}, **absorbed, **heads}


def _merged(actor: Actor, people: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Of these people and of all who were merged with them, those in sight: with whom they were merged, if at all."""
    rows = visible(actor, Person).filter(Q(pk__in=people) | Q(merged_into__in=people))
    return dict(rows.values_list("pk", "merged_into"))


def standings_of(
    actor: Actor, teachers: Sequence[Teacher], judge: Judge, identities: Mapping[UUID, UUID] | None = None
) -> dict[UUID, Standing]:
    """How each of the ``teachers`` (by their id) stands on the judge's day."""
    return {pk: judge.standing(evidence) for pk, evidence in evidence_of(actor, teachers, identities).items()}


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
    found = judge_in_force(day)
    if found is None:
        return {}
    teachers = visible(actor, Teacher).filter(STANDS, held_on(day), organisation=organisation_id)
    return standings_of(actor, list(teachers), found[1])


def qualifications_of(actor: Actor, people: Sequence[UUID]) -> QuerySet[Qualification]:
    """Certificates of these people that the actor sees, void ones included, the latest first."""
    return visible(actor, Qualification).filter(person__in=people).order_by("-issued_on", "id")


def titles_of(actor: Actor, people: Sequence[UUID]) -> QuerySet[Title]:
    """Titles of these people that the actor sees, void ones included, the latest first."""
    return visible(actor, Title).filter(person__in=people).order_by("-awarded_on", "id")


def practice_of(actor: Actor, people: Sequence[UUID]) -> QuerySet[PracticeStay]:
    """Stays of these people that the actor sees, void ones included, the latest first."""
    return visible(actor, PracticeStay).filter(person__in=people).order_by("-first_day", "id")

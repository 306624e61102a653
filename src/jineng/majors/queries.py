"""What others may ask of this room. Everything about offerings is scoped to the actor; the catalogue is open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from jineng.kernel.actors import Actor
from jineng.kernel.records import STANDS
from jineng.majors.models import Major, MajorOffering
from jineng.majors.rules import MajorFacts, bare_code
from jineng.registry.models import OrganisationState
from jineng.registry.queries import Told, told_of
from jineng.registry.scope import visible


def visible_offerings(actor: Actor) -> QuerySet[MajorOffering]:
    """All offerings in the actor's scope, void ones included, with no related rows fetched."""
    return visible(actor, MajorOffering)


def offerings_of(
    actor: Actor,
    *,
    organisation_id: UUID | None = None,
    on: date | None = None,
    standing: bool = True,
) -> QuerySet[MajorOffering]:
    """Offerings in the actor's scope with organisation, major and category at hand.

    ``on`` limits to what is in being on that day; ``standing=False`` gives void ones as well.
    """
    offerings = visible_offerings(actor).select_related(
        "organisation__division", "major__category", "major__major_class"
    )
    if organisation_id is not None:
        offerings = offerings.filter(organisation_id=organisation_id)
    if standing:
        offerings = offerings.filter(STANDS)
    return offerings.filter(being_on(on)) if on is not None else offerings


def offering_history(actor: Actor, offering_id: UUID) -> list[Told]:
    """What the offering said over time, the earliest first; nothing where it lies outside the scope."""
    offering = visible_offerings(actor).filter(pk=offering_id).first()
    return told_of(offering) if offering is not None else []


def being_on(day: date) -> Q:
    """The condition that an offering is in being on ``day``."""
    return Q(opened_on__lte=day) & (Q(revoked_on__isnull=True) | Q(revoked_on__gt=day))


def catalogue(
    *,
    edition: int | None = None,
    level: str = "",
    category: int | None = None,
    state_controlled: bool | None = None,
    text: str = "",
) -> QuerySet[Major]:
    """Majors of the catalogue, narrowed: by edition, level, category number, state control, code or name."""
    majors = Major.objects.select_related("category", "major_class")
    if edition is not None:
        majors = majors.filter(edition=edition)
    if level:
        majors = majors.filter(level=level)
    if category is not None:
        majors = majors.filter(category__number=category)
    if state_controlled is not None:
        majors = majors.filter(state_controlled=state_controlled)
    return majors.filter(matches_major(text)) if text.strip() else majors


def matches_major(text: str, prefix: str = "") -> Q:
    """The condition that a major's code begins with ``text``, or its name or its class' name contains it."""
    words = text.strip()
    digits = words.upper().removesuffix("K")
    found = Q(**{f"{prefix}name__icontains": words}) | Q(**{f"{prefix}major_class__name__icontains": words})
    return found | Q(**{f"{prefix}code__startswith": digits}) if digits.isdigit() else found


def major_by_code(code: str) -> Major | None:
    """The major of that code (six digits, ``K`` allowed for a state-controlled one) in the newest edition."""
    try:
        bare, marked = bare_code(code)
    except ValueError:
        return None
    major = Major.objects.filter(code=bare).select_related("category").order_by("-edition").first()
    return None if major is None or (marked and not major.state_controlled) else major


def major_facts(major: Major) -> MajorFacts:
    """What the rules need to know of ``major``."""
    later = major.since_certain and major.since > major.edition_id
    return MajorFacts(major.level, major.state_controlled, major.since if later else None)


@dataclass(frozen=True)
class Kinds:
    """Kinds of organisations over time: for each, the days of its states and the kind from each day on."""

    days: dict[UUID, list[date]]
    kinds: dict[UUID, list[str]]

    def on(self, organisation_id: UUID, day: date) -> str:
        """The kind on ``day``; before the first state, the first; empty for an unknown organisation."""
        days = self.days.get(organisation_id)
        if not days:
            return ""
        return self.kinds[organisation_id][max(bisect_right(days, day) - 1, 0)]


def kinds_by_day(organisation_ids: Iterable[UUID]) -> Kinds:
    """Kinds over time of the organisations, in one query."""
    found = Kinds({}, {})
    states = OrganisationState.objects.filter(STANDS, organisation_id__in=set(organisation_ids))
    for organisation_id, since, kind in states.order_by("since", "recorded_at", "id").values_list(
        "organisation_id", "since", "kind"
    ):
        found.days.setdefault(organisation_id, []).append(since)
        found.kinds.setdefault(organisation_id, []).append(kind)
    return found
